// A scanner as data: bench/accuracy/scanners/NAME/scanner.json, whose words
// bench/accuracy/scanners/scanner.schema.json explains.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "framework/image/json.h"

namespace re2 {
class RE2;
}

namespace watertight::bench {

using Pattern = std::shared_ptr<const re2::RE2>;

// Where one property of a finding stands in a report.
struct FieldSource {
  std::string pointer;    // RFC 6901, from the finding
  int up = 0;             // from what encloses the finding: one for each "^"
  bool optional = false;  // may be missing
  std::string take;       // "key": the name of the first member; "text": the first string in it
  Pattern members;        // of "text": the whole names of members whose strings count; null: all
  std::string behind;     // a pointer to a text; the property is what follows it
  Pattern pattern;        // the property is its first group; no match: there is no property
  std::string unless;     // a pointer to a text; where it matches there is no property
  Pattern unless_pattern;
  std::int64_t add = 0;                   // to a number
  std::int64_t add_later_lines = 0;       // to a column of any line but the first
  std::vector<std::string> except_rules;  // of which the property is something else
};

// Keeps a finding only where a text matches.
struct Condition {
  FieldSource source;
  Pattern pattern;
};

struct ReportFormat {
  std::string from;    // "stdout" or "file"
  std::string format;  // "json", "jsonl", "sarif", "textproto"
  std::string findings;
  std::map<std::string, std::vector<FieldSource>> fields;  // the first that is there counts
  // Further values: each that differs is one more finding at the same place.
  std::vector<FieldSource> more_values;
  std::vector<Condition> where;
  // What a run that came to its end wrote; absent: nothing in particular.
  std::string end_in;  // "stdout" or "stderr"
  Pattern end;
};

// How a path that a scanner prints leads to a place in the archive: what the named groups of the
// pattern match. blob, diff_id, digest, index name a layer, with path and nested; member is another
// file of the archive, history a step's number, field a place in the configuration.
struct PathRule {
  Pattern pattern;
  std::string carrier;
};

struct Configuration {
  std::string about;
  std::map<std::string, std::vector<std::string>> commands;  // by view
  // How it takes several images at once, by view: "folder" that holds them, or "repeat", the words
  // of the command that name the image. Absent: it takes one.
  std::map<std::string, std::string> several;
  std::string why_not;           // why it has not the other views
  std::vector<Condition> where;  // besides those of the report
};

// What a report tells of a finding.
struct Features {
  bool layer = false;
  bool line = false;
  bool column = false;
  bool offset = false;
  std::string value = "none";  // "plain", "masked", "sha1", "sha256", "none"
};

struct Scanner {
  std::string name;
  std::string about;
  std::string program;
  std::vector<std::string> version_command;
  Pattern version_pattern;
  std::string package_version;
  std::vector<std::string> derived_from;
  std::map<std::string, std::string> environment;
  std::string network;  // "off" or "on"
  std::string folder;   // where the scanner runs: "own" or "tree"
  std::string not_run;  // why it cannot be run at all; empty for those that can
  std::map<std::string, Configuration> configurations;
  std::vector<int> clean_codes;
  std::vector<int> finding_codes;
  ReportFormat report;
  Features features;
  std::vector<PathRule> paths;                            // of the view `image`
  std::vector<std::string> separators;                    // between a file and what is in it
  std::vector<std::pair<Pattern, std::string>> families;  // of rules; the first that fits
};

// place: for messages. shared_families: a document of {"families": […]}, which follow the
// scanner's own. Throws: Error, kBadJson.
Scanner ParseScanner(const Json& json, const Json& shared_families, const std::string& place);

// Scanners of a folder, by name. Throws: Error, kIo, kBadJson.
std::vector<Scanner> ReadScanners(const std::string& directory);

}  // namespace watertight::bench
