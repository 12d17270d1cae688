#include "bench/accuracy/run/report.h"

#include <re2/re2.h>

#include <algorithm>
#include <set>
#include <utility>

#include "bench/accuracy/run/textproto.h"
#include "framework/image/path.h"
#include "watertight/error.h"

namespace watertight::bench {
namespace {

// From the root to a finding.
using Chain = std::vector<const Json*>;

[[noreturn]] void Fail(const std::string& why) {
  throw Error(ErrorCode::kBadJson, "its report " + why);
}

Json ParseWhole(const std::string& text) {
  Json json = Json::parse(IsUtf8(text) ? text : ToUtf8(text), nullptr, false);
  if (json.is_discarded()) Fail(text.empty() ? "is empty" : "is no JSON");
  return json;
}

// Lines of JSON, as one list.
Json ParseLines(const std::string& text) {
  Json list = Json::array();
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    if (line.find_first_not_of(" \r\t") != std::string::npos) list.push_back(ParseWhole(line));
    begin = end + 1;
  }
  return list;
}

Json Parse(const std::string& format, const std::string& bytes) {
  if (format == "jsonl") return ParseLines(bytes);
  if (format == "textproto") return ParseTextproto(bytes, "its report");
  return ParseWhole(bytes);
}

std::vector<std::string> Steps(const std::string& path) {
  std::vector<std::string> steps;
  for (std::size_t begin = 1; begin <= path.size() && !path.empty();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    steps.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return steps;
}

// Calls found with the chain to each finding: "/Results?/*/Secrets?/*".
class Walk {
 public:
  Walk(std::vector<std::string> steps, std::vector<Chain>* found)
      : steps_(std::move(steps)), found_(found) {}

  void Run(const Json& root) {
    chain_ = {&root};
    From(root, 0);
  }

 private:
  void From(const Json& json, std::size_t step) {
    if (step == steps_.size()) return found_->push_back(chain_);
    if (steps_[step] == "*") return Each(json, step);
    std::string key = steps_[step];
    const bool optional = key.ends_with('?');
    if (optional) key.pop_back();
    if (!json.is_object()) Fail("has no object where " + key + " should be a member");
    const auto member = json.find(key);
    if (member == json.end() || member->is_null()) {
      if (!optional) Fail("lacks " + key);
      return;
    }
    From(*member, step + 1);
  }

  void Each(const Json& json, std::size_t step) {
    if (!json.is_structured()) Fail("has no list where its findings should be");
    for (const Json& item : json) {
      chain_.push_back(&item);
      From(item, step + 1);
      chain_.pop_back();
    }
  }

  std::vector<std::string> steps_;
  std::vector<Chain>* found_;
  Chain chain_;
};

// The strings in it, in members whose names fit. name: of the member that it is.
void AddTexts(const Json& json, const Pattern& members, const std::string& name,
              std::vector<std::string>* texts) {
  if (json.is_string()) {
    if (!members || re2::RE2::FullMatch(name, *members)) texts->push_back(json.get<std::string>());
  } else if (json.is_object()) {
    for (const auto& [key, item] : json.items()) AddTexts(item, members, key, texts);
  } else if (json.is_array()) {
    for (const Json& item : json) AddTexts(item, members, name, texts);
  }
}

// As texts; more than one for "text" alone.
std::vector<std::string> TextsOf(const FieldSource& source, const Json& json) {
  std::vector<std::string> texts;
  if (source.take == "key") {
    if (json.is_object() && !json.empty()) texts.push_back(json.begin().key());
  } else if (source.take == "text") {
    AddTexts(json, source.members, "", &texts);
  } else if (json.is_string()) {
    texts.push_back(json.get<std::string>());
  } else if (json.is_number_integer()) {
    texts.push_back(std::to_string(json.get<std::int64_t>()));
  } else if (json.is_structured()) {
    Fail("has a structure where " + source.pointer + " should be a text");
  } else {
    texts.push_back(json.dump());
  }
  return texts;
}

// Of the text at a pointer; nullptr when there is none.
const std::string* TextAt(const Json& json, const std::string& text) {
  const Json::json_pointer pointer(text);
  return json.contains(pointer) ? json.at(pointer).get_ptr<const std::string*>() : nullptr;
}

// What of a text is the property.
std::optional<std::string> Part(const FieldSource& source, const Json& from, std::string text) {
  if (!source.behind.empty()) {
    const std::string* before = TextAt(from, source.behind);
    if (before == nullptr || !text.starts_with(*before) || text == *before) return std::nullopt;
    text.erase(0, before->size());
  }
  if (!source.pattern) return text;
  std::string group;
  if (!re2::RE2::PartialMatch(text, *source.pattern, &group)) return std::nullopt;
  return group;
}

std::vector<std::string> FindAll(const FieldSource& source, const Chain& chain) {
  const auto up = static_cast<std::size_t>(source.up);
  if (up >= chain.size()) return {};
  const Json& from = *chain[chain.size() - 1 - up];
  const Json::json_pointer pointer(source.pointer);
  if (!from.contains(pointer) || from.at(pointer).is_null()) {
    if (source.optional) return {};
    Fail("lacks " + source.pointer + " of a finding");
  }
  if (source.unless_pattern) {
    const std::string* text = TextAt(from, source.unless);
    if (text != nullptr && re2::RE2::PartialMatch(*text, *source.unless_pattern)) return {};
  }
  std::vector<std::string> parts;
  for (std::string& text : TextsOf(source, from.at(pointer))) {
    if (auto part = Part(source, from, std::move(text))) parts.push_back(std::move(*part));
  }
  return parts;
}

std::optional<std::string> Find(const FieldSource& source, const Chain& chain) {
  std::vector<std::string> all = FindAll(source, chain);
  return all.empty() ? std::nullopt : std::optional(std::move(all.front()));
}

bool IsOfOtherRule(const FieldSource& source, const std::string& rule) {
  const auto& except = source.except_rules;
  return std::find(except.begin(), except.end(), rule) != except.end();
}

const FieldSource* SourceThatIsThere(const std::vector<FieldSource>& sources, const Chain& chain,
                                     const std::string& rule, std::string* text) {
  for (const FieldSource& source : sources) {
    if (IsOfOtherRule(source, rule)) continue;
    if (auto found = Find(source, chain)) {
      *text = std::move(*found);
      return &source;
    }
  }
  return nullptr;
}

struct TextField {
  const char* name;
  std::string ReportedFinding::*member;
};

struct NumberField {
  const char* name;
  std::optional<std::int64_t> ReportedFinding::*member;
  std::int64_t least = 1;  // less, such as a line 0, stands for none
  // The line that a column is of.
  std::optional<std::int64_t> ReportedFinding::*line = nullptr;
};

// The rule comes first: other sources may depend on it.
constexpr TextField kTexts[] = {
    {"rule", &ReportedFinding::rule},
    {"path", &ReportedFinding::path},
    {"image", &ReportedFinding::image},
    {"layer", &ReportedFinding::layer},
    {"text", &ReportedFinding::text},
    {"carrier", &ReportedFinding::carrier},
    {"field", &ReportedFinding::field},
    {"value", &ReportedFinding::value},
    {"value_sha1", &ReportedFinding::value_sha1},
    {"value_sha256", &ReportedFinding::value_sha256},
};

constexpr NumberField kNumbers[] = {
    {"line", &ReportedFinding::line},
    {"end_line", &ReportedFinding::end_line},
    {"column", &ReportedFinding::column, 1, &ReportedFinding::line},
    {"end_column", &ReportedFinding::end_column, 1, &ReportedFinding::end_line},
    {"offset", &ReportedFinding::offset, 0},
    {"length", &ReportedFinding::length, 0},
};

void ReadNested(const ReportFormat& format, const Chain& chain, ReportedFinding* finding) {
  const auto sources = format.fields.find("nested");
  if (sources == format.fields.end()) return;
  const Json::json_pointer pointer(sources->second.front().pointer);
  if (!chain.back()->contains(pointer)) return;
  const Json& list = chain.back()->at(pointer);
  if (!list.is_array()) Fail("has no list where the members of archives should be");
  for (const Json& member : list) {
    if (!member.is_string()) Fail("has a member of an archive that is no text");
    finding->nested.push_back(member.get<std::string>());
  }
}

std::int64_t NumberOf(const std::string& text, const char* name) {
  const Json number = Json::parse(text, nullptr, false);
  if (!number.is_number()) Fail(std::string("has no number for ") + name);
  return number.get<std::int64_t>();
}

void ReadNumbers(const ReportFormat& format, const Chain& chain, ReportedFinding* finding) {
  for (const NumberField& field : kNumbers) {
    const auto sources = format.fields.find(field.name);
    if (sources == format.fields.end()) continue;
    std::string text;
    const FieldSource* source = SourceThatIsThere(sources->second, chain, finding->rule, &text);
    if (source == nullptr) continue;
    std::int64_t number = NumberOf(text, field.name) + source->add;
    const bool later = field.line != nullptr && (finding->*field.line).value_or(1) > 1;
    if (later) number += source->add_later_lines;
    if (number >= field.least) finding->*field.member = number;
  }
  if (!finding->line) finding->end_line = finding->column = finding->end_column = std::nullopt;
}

ReportedFinding ReadFinding(const ReportFormat& format, const Chain& chain) {
  ReportedFinding finding;
  for (const TextField& field : kTexts) {
    const auto sources = format.fields.find(field.name);
    if (sources == format.fields.end()) continue;
    std::string text;
    if (SourceThatIsThere(sources->second, chain, finding.rule, &text) != nullptr) {
      finding.*field.member = std::move(text);
    }
  }
  ReadNested(format, chain, &finding);
  ReadNumbers(format, chain, &finding);
  if (finding.rule.empty()) Fail("has a finding without a rule");
  return finding;
}

// The finding, and one for each further value.
void AddFindings(const ReportFormat& format, const Chain& chain,
                 std::vector<ReportedFinding>* findings) {
  ReportedFinding finding = ReadFinding(format, chain);
  std::set<std::string> told = {"", finding.value};
  std::vector<std::string> more;
  for (const FieldSource& source : format.more_values) {
    if (IsOfOtherRule(source, finding.rule)) continue;
    for (std::string& value : FindAll(source, chain)) {
      if (told.insert(value).second) more.push_back(std::move(value));
    }
  }
  // One without a value of its own has the first of these.
  if (!finding.value.empty() || more.empty()) findings->push_back(finding);
  for (std::string& value : more) {
    finding.value = std::move(value);
    findings->push_back(finding);
  }
}

bool Fits(const ReportFormat& format, const Chain& chain) {
  return std::all_of(format.where.begin(), format.where.end(), [&](const Condition& condition) {
    const auto text = Find(condition.source, chain);
    return text && re2::RE2::PartialMatch(*text, *condition.pattern);
  });
}

FieldSource Optional(std::string pointer, int up = 0, std::int64_t add = 0) {
  FieldSource source;
  source.pointer = std::move(pointer);
  source.up = up;
  source.optional = true;
  source.add = add;
  return source;
}

// SARIF 2.1.0, section 3.27: what any scanner that writes it tells.
ReportFormat OfSarif(const ReportFormat& own) {
  ReportFormat format = own;
  const std::string place = "/locations/0/physicalLocation";
  if (format.findings.empty()) format.findings = "/runs/*/results?/*";
  const std::pair<const char*, FieldSource> fields[] = {
      {"rule", Optional("/ruleId")},
      {"path", Optional(place + "/artifactLocation/uri")},
      {"line", Optional(place + "/region/startLine")},
      {"end_line", Optional(place + "/region/endLine")},
      {"column", Optional(place + "/region/startColumn")},
      {"end_column", Optional(place + "/region/endColumn")},
      {"offset", Optional(place + "/region/byteOffset")},
      {"length", Optional(place + "/region/byteLength")},
  };
  for (const auto& [name, source] : fields) {
    if (!format.fields.contains(name)) format.fields[name] = {source};
  }
  return format;
}

}  // namespace

Report ReadReport(const ReportFormat& given, const std::string& bytes) {
  const ReportFormat format = given.format == "sarif" ? OfSarif(given) : given;
  const Json json = Parse(format.format, bytes);
  std::vector<Chain> chains;
  Walk(Steps(format.findings), &chains).Run(json);
  Report report;
  report.all = chains.size();
  for (const Chain& chain : chains) {
    if (Fits(format, chain)) AddFindings(format, chain, &report.findings);
  }
  return report;
}

}  // namespace watertight::bench
