#include "tests/accuracy/score/labelled.h"

#include <algorithm>
#include <utility>

#include "bench/accuracy/score/read_work.h"

namespace watertight::bench {
namespace {

// SHA-256 of the values, by `printf %s VALUE | sha256sum`.
constexpr const char* kTruth = R"({
  "schema": "watertight.truth/1", "fixture": "copy/small", "builder": "buildkit-0.25", "archive": "docker-28",
  "seed": "s", "archive_sha256": "aa", "image_id": "sha256:1", "clean": false,
  "leaks": [
   {"id": "copy/small#1", "bundle": "t:one", "kind": "github-pat", "class": "vcs", "channel": "overwritten", "carrier": "file",
    "layer": 1, "diff_id": "sha256:l1", "blob": "blobs/sha256/l1", "path": "srv/a.env", "field": null, "offset": 6, "length": 16,
    "line": 1, "column": 7, "end_line": 1, "end_column": 23, "encoding": [], "nested": [], "visibility": "overwritten",
    "value_sha256": "2f0c", "value": "first-token-0001"},
   {"id": "copy/small#2", "bundle": "t:one", "kind": "github-pat", "class": "vcs", "channel": "overwritten", "carrier": "file",
    "layer": 2, "diff_id": "sha256:l2", "blob": "blobs/sha256/l2", "path": "srv/a.env", "field": null, "offset": 6, "length": 16,
    "line": 1, "column": 7, "end_line": 1, "end_column": 23, "encoding": [], "nested": [], "visibility": "live",
    "value_sha256": "2f0c", "value": "first-token-0001"},
   {"id": "copy/small#3", "bundle": "t:pair", "kind": "password", "class": "generic-password", "channel": "stage-copied",
    "carrier": "file", "layer": 2, "diff_id": "sha256:l2", "blob": "blobs/sha256/l2", "path": "srv/b.env", "field": null,
    "offset": 104, "length": 15, "line": 3, "column": 5, "end_line": 3, "end_column": 20, "encoding": [], "nested": [],
    "visibility": "live", "value_sha256": "5c1e", "value": "second-secret-2"},
   {"id": "copy/small#4", "bundle": "t:pair", "kind": "password", "class": "generic-password", "channel": "stage-copied",
    "carrier": "file", "layer": 2, "diff_id": "sha256:l2", "blob": "blobs/sha256/l2", "path": "srv/b.env", "field": null,
    "offset": 129, "length": 15, "line": 3, "column": 30, "end_line": 3, "end_column": 45, "encoding": [], "nested": [],
    "visibility": "live", "value_sha256": "77ab", "value": "third-secret-33"},
   {"id": "copy/small#5", "bundle": "t:arg", "kind": "password", "class": "generic-password", "channel": "arg-in-run",
    "carrier": "history", "layer": null, "diff_id": null, "blob": "blobs/sha256/cc", "path": null, "field": "history[2].created_by",
    "offset": 12, "length": 15, "line": 1, "column": 13, "end_line": 1, "end_column": 28, "encoding": [], "nested": [],
    "visibility": "metadata", "value_sha256": "90fe", "value": "fourth-secret-4"}],
  "decoys": [
   {"id": "copy/small!1", "bundle": "d:one", "kind": "github-pat", "class": "bad-checksum", "channel": "stage-copied",
    "carrier": "file", "layer": 2, "diff_id": "sha256:l2", "blob": "blobs/sha256/l2", "path": "srv/c.env", "field": null,
    "offset": 2, "length": 15, "line": 1, "column": 3, "end_line": 1, "end_column": 18, "encoding": [], "nested": [],
    "visibility": "live", "value_sha256": "0d0d", "value": "a-decoy-of-text", "why": "its checksum is wrong"}],
  "planted": [{"kind": "github-pat", "name": "one", "value_sha256": "2f0c", "value": "first-token-0001", "in_image": true}],
  "expect": null})";

}  // namespace

LabelledImage SmallImage() { return ParseTruth(kTruth, "truth"); }

Finding Exactly(const Label& label) {
  Finding finding;
  finding.rule = label.kind;
  finding.family = label.kind;
  finding.carrier = label.carrier;
  finding.layer = label.layer;
  finding.diff_id = label.diff_id;
  finding.path = label.path;
  finding.field = label.field;
  finding.value = label.value;
  if (label.carrier == "file") {
    finding.line = label.line;
    finding.end_line = label.end_line;
    finding.column = label.column;
    finding.end_column = label.end_column;
  }
  finding.canonical = label.id;
  return finding;
}

Finding FindingOf(std::string json) {
  std::replace(json.begin(), json.end(), '\'', '"');
  return ParseFinding(json, "finding");
}

std::vector<Finding> Report(std::vector<Finding> findings) {
  std::sort(findings.begin(), findings.end(),
            [](const Finding& a, const Finding& b) { return a.canonical < b.canonical; });
  return findings;
}

}  // namespace watertight::bench
