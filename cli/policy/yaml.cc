#include "cli/policy/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <sstream>
#include <unordered_map>
#include <utility>

#include "cli/policy/yaml_mistakes.h"
#include "framework/image/path.h"

namespace watertight::cli {
namespace {

constexpr std::size_t kLongestFile = std::size_t{4} << 20;
constexpr std::size_t kDeepest = 64;
constexpr std::size_t kMostCopied = std::size_t{128} << 20;  // bytes, by aliases

YamlPlace PlaceOf(const YAML::Mark& mark) {
  if (mark.is_null()) return {};
  return {mark.line + 1, mark.column + 1};
}

// About the memory that a copy takes.
std::size_t BytesOf(const YamlNode& node) {
  std::size_t bytes = sizeof node + node.text.size();
  for (const YamlNode& key : node.keys) bytes += BytesOf(key);
  for (const YamlNode& item : node.items) bytes += BytesOf(item);
  return bytes;
}

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const std::string& file, YamlAliases aliases) : file_(file), aliases_(aliases) {}

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Refuse(mark, "", anchor);
    Add(NodeAt(mark, YamlNode::Kind::kNull), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (aliases_ == YamlAliases::kRefused) {
      throw YamlError(file_, PlaceOf(mark), "aliases are not read; write it out");
    }
    const auto named = anchors_.find(anchor);
    if (named == anchors_.end()) {
      throw YamlError(file_, PlaceOf(mark), "this alias stands inside of what it names");
    }
    copied_ += BytesOf(named->second);
    if (copied_ > kMostCopied) throw YamlError(file_, PlaceOf(mark), "aliases make it too large");
    Add(named->second, 0);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Refuse(mark, tag, anchor);
    YamlNode node = NodeAt(mark, YamlNode::Kind::kText);
    node.text = value;
    node.plain = tag == "?";
    if (tag == "!") last_quote_ = node.place;
    Add(std::move(node), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    Refuse(mark, tag, anchor);
    Open(NodeAt(mark, YamlNode::Kind::kList), anchor);
  }
  void OnSequenceEnd() override { Close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    Refuse(mark, tag, anchor);
    Open(NodeAt(mark, YamlNode::Kind::kMap), anchor);
  }
  void OnMapEnd() override { Close(); }

  // Of the last text in quotes; nothing without one.
  const std::optional<YamlPlace>& last_quote() const { return last_quote_; }

  std::optional<YamlNode> Take() { return std::move(root_); }

 private:
  static YamlNode NodeAt(const YAML::Mark& mark, YamlNode::Kind kind) {
    YamlNode node;
    node.kind = kind;
    node.place = PlaceOf(mark);
    return node;
  }

  // yaml-cpp gives "?" for a plain scalar or collection, and "!" for one in quotes.
  void Refuse(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) const {
    if (anchor != 0 && aliases_ == YamlAliases::kRefused) {
      throw YamlError(file_, PlaceOf(mark), "anchors are not read; write it out");
    }
    if (tag.empty() || tag == "?" || tag == "!") return;
    throw YamlError(file_, PlaceOf(mark), "tags are not read: " + Printable(tag));
  }

  void Open(YamlNode node, YAML::anchor_t anchor) {
    if (open_.size() >= kDeepest) throw YamlError(file_, node.place, "nested too deep");
    open_.push_back(std::move(node));
    open_anchors_.push_back(anchor);
    open_keys_.emplace_back();
  }

  void Close() {
    YamlNode node = std::move(open_.back());
    const YAML::anchor_t anchor = open_anchors_.back();
    open_.pop_back();
    open_anchors_.pop_back();
    open_keys_.pop_back();
    Add(std::move(node), anchor);
  }

  // anchor: 0 for none.
  void Add(YamlNode node, YAML::anchor_t anchor) {
    if (anchor != 0) anchors_[anchor] = node;
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    YamlNode& parent = open_.back();
    const bool is_key =
        parent.kind == YamlNode::Kind::kMap && parent.keys.size() == parent.items.size();
    if (!is_key) {
      // yaml-cpp has for a value that is missing the place of what follows.
      const bool missing = node.kind == YamlNode::Kind::kNull && !parent.keys.empty();
      if (missing) node.place = parent.keys.back().place;
      parent.items.push_back(std::move(node));
      return;
    }
    if (node.kind != YamlNode::Kind::kText) {
      throw YamlError(file_, node.place, "a key is a word, not " + std::string(Describe(node)));
    }
    const auto [key, added] = open_keys_.back().emplace(node.text, node.place.line);
    if (!added) {
      throw YamlError(file_, node.place,
                      "the key " + Printable(node.text) + " stands in line " +
                          std::to_string(key->second) + " already");
    }
    parent.keys.push_back(std::move(node));
  }

  const std::string& file_;
  const YamlAliases aliases_;
  std::vector<YamlNode> open_;
  std::vector<YAML::anchor_t> open_anchors_;
  std::vector<std::unordered_map<std::string, int>> open_keys_;  // of each, with their lines
  std::optional<YamlPlace> last_quote_;
  std::map<YAML::anchor_t, YamlNode> anchors_;
  std::size_t copied_ = 0;
  std::optional<YamlNode> root_;
};

}  // namespace

const char* Describe(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::kNull:
      return "nothing";
    case YamlNode::Kind::kText:
      return "a text";
    case YamlNode::Kind::kList:
      return "a list";
    case YamlNode::Kind::kMap:
      return "a map";
  }
  return "";
}

Error YamlError(const std::string& file, const YamlPlace& place, const std::string& why) {
  return {ErrorCode::kUsage, Printable(file) + ":" + std::to_string(place.line) + ":" +
                                 std::to_string(place.column) + ": " + why};
}

YamlNode ParseYaml(const std::string& text, const std::string& file, YamlAliases aliases) {
  if (text.size() > kLongestFile) throw YamlError(file, {}, "it is longer than 4 MiB");
  ExpectText(file, text);
  std::istringstream stream(text);
  TreeBuilder first(file, aliases);
  TreeBuilder second(file, aliases);
  try {
    YAML::Parser parser(stream);
    const bool any = parser.HandleNextDocument(first);
    ExpectClosed(file, text, first.last_quote());
    if (any && parser.HandleNextDocument(second)) {
      throw SecondDocument(file, text, second.Take().value_or(YamlNode()).place);
    }
  } catch (const YAML::Exception& error) {
    ExpectClosed(file, text, first.last_quote());
    throw YamlMistake(file, text, PlaceOf(error.mark), error.msg);
  }
  return first.Take().value_or(YamlNode());
}

std::string ReadYamlText(const std::string& file) {
  if (std::filesystem::is_directory(file)) {
    throw Error(ErrorCode::kIo, Printable(file) + ": is a directory");
  }
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw Error(ErrorCode::kNotFound, Printable(file) + ": cannot be opened");
  std::string text;
  char piece[4096];
  while (text.size() <= kLongestFile && stream.read(piece, sizeof piece).gcount() > 0) {
    text.append(piece, static_cast<std::size_t>(stream.gcount()));
  }
  if (stream.bad()) throw Error(ErrorCode::kIo, Printable(file) + ": cannot be read");
  return text;
}

}  // namespace watertight::cli
