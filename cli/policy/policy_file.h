// A policy as a file says it: with what the file includes, and what it says of single images.

#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "cli/policy/map_reader.h"
#include "cli/policy/policy.h"
#include "cli/policy/yaml.h"

namespace watertight::cli {

// An entry of `images`: which images it is for. What it says of them stays a node, since it is laid
// over what comes before it.
struct ImageEntry {
  std::string file;
  YamlPlace place;
  std::string folder;              // paths of `images` are from there
  std::vector<std::string> names;  // one of these: references, or patterns
  std::vector<std::string> tags;   // and one of these, with * and ?; empty: any
  std::string platform;            // empty: that of the command line
  YamlNode node;

  // Throws: Error.
  bool FitsName(const std::string& reference) const;
  bool FitsTag(const std::vector<std::string>& image) const;
};

class PolicyFile {
 public:
  // The default policy.
  PolicyFile() = default;
  explicit PolicyFile(Policy base) : base_(std::move(base)), plain_(base_) {}

  // text: of the file. Throws: Error, one line, which begins with the place: "policy.yaml:3:7: …".
  static PolicyFile Parse(const std::string& text, const std::string& file,
                          const std::string& today);
  // Today.
  static PolicyFile Read(const std::string& text, const std::string& file);

  // As given; empty: the default policy.
  const std::string& file() const { return file_; }
  // Of the file and of all that it includes: whoever has the same text has the same policy.
  const std::string& text() const { return text_; }
  // For images that no entry fits.
  const Policy& base() const { return base_; }
  const std::vector<ImageEntry>& entries() const { return entries_; }

  // The base with these entries laid over it, in their order. Throws: Error.
  Policy With(const std::vector<std::size_t>& entries) const;

 private:
  Policy base_;
  Policy plain_;  // the same before its `allow` is active
  std::vector<ImageEntry> entries_;
  std::string file_;
  std::string text_;
  std::string today_;
};

// All kinds of maps in the file, for the test of the schema.
std::vector<MapKeys> PolicyMaps();

}  // namespace watertight::cli
