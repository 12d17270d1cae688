#include "cli/policy/map_reader.h"

#include <cmath>
#include <optional>

#include "cli/nearest.h"
#include "cli/policy/scalar.h"

namespace watertight::cli {

namespace {

using Kind = YamlNode::Kind;

}  // namespace

void Reading::Fail(const YamlNode& node, const std::string& why) const {
  throw YamlError(file, node.place, why);
}

const YamlNode& ValueOf(const YamlNode& map, const std::string& key) {
  for (std::size_t i = 0; i < map.keys.size(); ++i) {
    if (map.keys[i].text == key) return map.items[i];
  }
  return map;
}

std::string NearestOf(const std::string& word, const std::vector<std::string>& known) {
  const std::string nearest = Nearest(word, known);
  return nearest.empty() ? "" : "; did you mean " + nearest + "?";
}

std::string Text(const Reading& reading, const std::string& what, const YamlNode& node) {
  if (NumberOf(node) || BooleanOf(node)) {
    reading.Fail(
        node, what + " is a text, not " + DescribeType(node) + "; put it in quotes if it is one");
  }
  return Scalar(reading, what, node);
}

std::string Scalar(const Reading& reading, const std::string& what, const YamlNode& node) {
  if (node.kind != Kind::kText || node.text.empty()) {
    const bool empty = node.kind == Kind::kText;
    reading.Fail(node, what + " is a text, not " + (empty ? "an empty one" : Describe(node)));
  }
  return node.text;
}

bool IsTrue(const Reading& reading, const std::string& what, const YamlNode& node) {
  const std::optional<bool> is_true = BooleanOf(node);
  if (!is_true) reading.Fail(node, what + " is true or false");
  return *is_true;
}

const std::vector<YamlNode>& Items(const Reading& reading, const std::string& what,
                                   const YamlNode& node) {
  if (node.kind != Kind::kList) {
    reading.Fail(node, what + " is a list, not " + Describe(node));
  }
  return node.items;
}

std::vector<std::string> Texts(const Reading& reading, const std::string& what,
                               const YamlNode& node) {
  std::vector<std::string> texts;
  for (const YamlNode& item : Items(reading, what, node)) {
    texts.push_back(Text(reading, "an item of " + what, item));
  }
  return texts;
}

std::vector<Glob> Globs(const Reading& reading, const std::string& what, const YamlNode& node) {
  std::vector<Glob> globs;
  for (const YamlNode& item : Items(reading, what, node)) {
    const std::string pattern = Text(reading, "an item of " + what, item);
    try {
      globs.emplace_back(pattern);
    } catch (const Error& error) {
      reading.Fail(item, error.what());
    }
  }
  return globs;
}

double Number(const Reading& reading, const std::string& what, const YamlNode& node) {
  const std::optional<double> number = NumberOf(node);
  if (!number || !std::isfinite(*number)) reading.Fail(node, what + " is a number");
  return *number;
}

}  // namespace watertight::cli
