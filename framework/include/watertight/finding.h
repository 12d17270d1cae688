// A finding: one occurrence of something that an image gives away.
//
//   for (const watertight::Finding& finding : watertight::FindHistoryLeaks(image))
//     std::cout << finding.field << ": " << watertight::Redacted(finding.value) << "\n";

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace watertight {

// What holds the byte string of a finding.
enum class Carrier : std::uint8_t {
  kFile,         // the content of a file in a layer
  kPath,         // the name of an entry
  kLink,         // the target of a symlink or hard link
  kXattr,        // an extended attribute
  kHeader,       // another field of a tar header
  kConfig,       // the image's configuration, but for its history
  kHistory,      // history[] of the configuration
  kManifest,     // manifest.json, index.json, or what they lead to
  kAnnotation,   // an annotation of a manifest, index or descriptor
  kAttestation,  // an in-toto statement
  kBlob,         // a blob that nothing refers to or that is no known document
};

// "file", "path", "link", "xattr", "header", "config", "history", "manifest", "annotation",
// "attestation", "blob".
const char* ToString(Carrier carrier);
void PrintTo(Carrier carrier, std::ostream* out);

// SARIF's levels; only an error makes a check fail.
enum class Level : std::uint8_t { kError, kWarning, kNote };

// "error", "warning", "note".
const char* ToString(Level level);
void PrintTo(Level level, std::ostream* out);

struct Finding {
  std::string rule;  // "known-value", or the id of a rule: "generic-secret", "generic-url-password"
  Level level = Level::kError;
  int secret = 0;  // which known value, from 1; 0 for a rule's finding
  Carrier carrier = Carrier::kFile;
  std::optional<int> layer;          // of a history step, the one that it made, when the two agree
  std::optional<std::size_t> entry;  // index into the layer's entries, of what an entry holds
  std::optional<int> step;           // index into Image::history(), of a finding in the history
  std::string blob;    // the document or layer in the archive; empty for bytes of no member
  std::string path;    // of a file in the layer; else empty
  std::string field;   // place in a JSON document, from its root: "history[7].created_by",
                       // "config.Env[2]", "config.Labels[\"a.b\"]"; else empty
  std::string filter;  // jq's for the field, when it hides what a member's name gives away; else
                       // empty
  std::string name;    // the variable, argument or key that the value is bound to; may be empty
  std::uint64_t offset = 0;  // bytes, in the field's decoded text or in the file
  std::uint64_t length = 0;
  std::uint64_t line = 1;  // of offset, from 1
  std::uint64_t column = 1;
  std::vector<std::string> encoding;  // from the outside in; empty for plain text
  std::vector<std::string> nested;    // members of archives inside the file, outermost first
  std::vector<std::string> links;     // other names of the file: hard links
  std::string value;                  // the bytes. Print Redacted(value), never this.
  std::string package;  // what brought the file, when its list says so: "dpkg package openssl"
  std::string allowed;  // the reason of the AllowedFinding that covers it; else empty

  friend bool operator==(const Finding&, const Finding&) = default;
};

// One line, redacted.
void PrintTo(const Finding& finding, std::ostream* out);

}  // namespace watertight
