#include "bench/accuracy/run/scanner.h"

#include <re2/re2.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "bench/accuracy/run/description.h"
#include "bench/accuracy/run/files.h"
#include "bench/accuracy/run/views.h"
#include "framework/image/path.h"
#include "watertight/error.h"

namespace watertight::bench {
namespace {

constexpr const char* kSchema = "watertight.scanner/1";

[[noreturn]] void Fail(const std::string& place, const std::string& why) {
  throw Error(ErrorCode::kBadJson, place + ": " + why);
}

Pattern PatternOf(const std::string& text, const std::string& place) {
  auto pattern = std::make_shared<const re2::RE2>(text, re2::RE2::Quiet);
  if (!pattern->ok()) Fail(place, "the pattern " + text + ": " + pattern->error());
  return pattern;
}

// A pattern whose one group is what counts of it.
Pattern GroupPattern(const JsonObject& object, const char* key) {
  const std::string text = object.String(key);
  if (text.empty()) return nullptr;
  Pattern pattern = PatternOf(text, object.place());
  if (pattern->NumberOfCapturingGroups() != 1) {
    Fail(object.place(), std::string(key) + " has to have one group: what counts of a text");
  }
  return pattern;
}

Pattern WholePattern(const JsonObject& object, const char* key) {
  const std::string text = object.String(key);
  return text.empty() ? nullptr : PatternOf("^(?:" + text + ")$", object.place());
}

// "^^/a?" is "/a" of what encloses the encloser, where it is there.
FieldSource SourceOf(std::string pointer, const std::string& place) {
  FieldSource source;
  while (pointer.starts_with('^')) {
    ++source.up;
    pointer.erase(0, 1);
  }
  if (pointer.ends_with('?')) {
    source.optional = true;
    pointer.pop_back();
  }
  ExpectPointer(pointer, place);
  source.pointer = std::move(pointer);
  return source;
}

Condition ParseCondition(const JsonObject& object) {
  ExpectMembers(object, {"pointer", "pattern"});
  ExpectPresent(object, {"pointer", "pattern"});
  return {SourceOf(object.String("pointer"), object.place()),
          PatternOf(object.String("pattern"), object.place())};
}

FieldSource ParseSource(const Json& json, const std::string& place) {
  if (json.is_string()) return SourceOf(json.get<std::string>(), place);
  const JsonObject object(json, place);
  ExpectMembers(object, {"pointer", "take", "members", "behind", "pattern", "unless", "add",
                         "add_later_lines", "except_rules"});
  ExpectPresent(object, {"pointer"});
  ExpectOneOf(object, "take", {"key", "text"});
  FieldSource source = SourceOf(object.String("pointer"), place);
  source.take = object.String("take");
  source.members = WholePattern(object, "members");
  source.behind = object.String("behind");
  ExpectPointer(source.behind, place);
  source.pattern = GroupPattern(object, "pattern");
  if (const auto unless = object.Object("unless")) {
    Condition condition = ParseCondition(*unless);
    source.unless = std::move(condition.source.pointer);
    source.unless_pattern = std::move(condition.pattern);
  }
  source.add = object.Integer("add");
  source.add_later_lines = object.Integer("add_later_lines");
  source.except_rules = TextsOf(object, "except_rules");
  return source;
}

// "path[0]" of a list.
std::vector<FieldSource> ParseSources(const Json& json, const std::string& place) {
  if (!json.is_array()) return {ParseSource(json, place)};
  std::vector<FieldSource> sources;
  for (const Json& one : json) {
    sources.push_back(ParseSource(one, place + "[" + std::to_string(sources.size()) + "]"));
  }
  return sources;
}

std::map<std::string, std::vector<FieldSource>> ParseFields(const JsonObject& report) {
  std::map<std::string, std::vector<FieldSource>> fields;
  const auto object = report.Object("fields");
  if (!object) return fields;
  ExpectMembers(*object, {"rule", "path", "image", "layer", "carrier", "nested", "field", "text",
                          "value", "value_sha1", "value_sha256", "line", "end_line", "column",
                          "end_column", "offset", "length"});
  for (const auto& [name, json] : object->value().items()) {
    const std::string place = object->place() + "." + name;
    fields[name] = ParseSources(json, place);
    if (fields[name].empty()) Fail(place, "is an empty list");
  }
  return fields;
}

std::vector<FieldSource> ParseMoreValues(const JsonObject& report) {
  const Json* list = report.Find("more_values");
  if (list == nullptr) return {};
  if (!list->is_array()) Fail(report.place(), "more_values is no list");
  return ParseSources(*list, report.place() + ".more_values");
}

std::vector<Condition> ParseConditions(const JsonObject& object) {
  std::vector<Condition> conditions;
  for (const JsonObject& one : object.Objects("where")) conditions.push_back(ParseCondition(one));
  return conditions;
}

ReportFormat ParseReport(const JsonObject& object) {
  ExpectMembers(object, {"from", "format", "findings", "fields", "more_values", "where", "end"});
  ExpectPresent(object, {"from", "format"});
  ExpectOneOf(object, "from", {"stdout", "file"});
  ExpectOneOf(object, "format", {"json", "jsonl", "sarif", "textproto"});
  ReportFormat report;
  report.from = object.String("from");
  report.format = object.String("format");
  report.findings = object.String("findings");
  report.fields = ParseFields(object);
  report.more_values = ParseMoreValues(object);
  report.where = ParseConditions(object);
  if (const auto end = object.Object("end")) {
    ExpectMembers(*end, {"in", "pattern"});
    ExpectPresent(*end, {"in", "pattern"});
    ExpectOneOf(*end, "in", {"stdout", "stderr"});
    report.end_in = end->String("in");
    report.end = PatternOf(end->String("pattern"), end->place());
  }
  return report;
}

std::vector<std::string> CommandOf(const JsonObject& object, const char* key) {
  std::vector<std::string> words = TextsOf(object, key);
  if (words.empty()) Fail(object.place(), std::string(key) + " has no words");
  for (const std::string& word : words) {
    ExpectPlaceholders(word, {"program", "image", "tree", "report", "scanner", "tools", "own"},
                       object.place() + "." + key);
  }
  return words;
}

void ExpectViews(const JsonObject& object) { ExpectMembers(object, {"image", "layers", "rootfs"}); }

Configuration ParseConfiguration(const JsonObject& object) {
  Configuration configuration;
  ExpectMembers(object, {"about", "why_not", "where", "several", "views"});
  configuration.about = object.String("about");
  configuration.why_not = object.String("why_not");
  if (const auto several = object.Object("several")) {
    ExpectViews(*several);
    for (const char* view : kViews) ExpectOneOf(*several, view, {"folder", "repeat"});
    configuration.several = object.StringMap("several");
  }
  configuration.where = ParseConditions(object);
  if (const auto views = object.Object("views")) {
    ExpectViews(*views);
    for (const auto& item : views->value().items()) {
      configuration.commands[item.key()] = CommandOf(*views, item.key().c_str());
    }
  }
  return configuration;
}

std::vector<int> Codes(const JsonObject& exit, const char* key) {
  std::vector<int> codes;
  const Json* list = exit.Find(key);
  if (list == nullptr || !list->is_array()) Fail(exit.place(), std::string(key) + " is no list");
  for (const Json& code : *list) {
    if (!code.is_number_integer() || code < 0 || code > 255) {
      Fail(exit.place(), std::string(key) + " has what is no code; one is a number from 0 to 255");
    }
    codes.push_back(code.get<int>());
  }
  return codes;
}

void AddFamilies(const Json& document, const std::string& place, Scanner* scanner) {
  const JsonObject object(document, place);
  const Json* rows = object.Find("families");
  if (rows == nullptr) return;
  for (const Json& row : *rows) {
    if (!row.is_array() || row.size() != 2 || !row[0].is_string() || !row[1].is_string()) {
      Fail(place, "families: a row is a rule and its kind or class, both texts");
    }
    scanner->families.emplace_back(
        PatternOf("(?i)^(?:" + row.at(0).get<std::string>() + ")$", place),
        row.at(1).get<std::string>());
  }
}

void ParseVersion(const JsonObject& object, Scanner* scanner) {
  if (const auto version = object.Object("version")) {
    ExpectMembers(*version, {"command", "pattern"});
    ExpectPresent(*version, {"command", "pattern"});
    scanner->version_command = CommandOf(*version, "command");
    scanner->version_pattern = GroupPattern(*version, "pattern");
  }
  if (const auto package = object.Object("package")) {
    ExpectPresent(*package, {"registry", "name", "version"});
    ExpectOneOf(*package, "registry", {"debian", "go", "npm", "pypi"});
    for (const char* key : {"name", "version"}) package->String(key);  // which has to be a text
    scanner->package_version = package->String("version");
  }
}

std::string OrElse(std::string text, const char* otherwise) {
  return text.empty() ? otherwise : text;
}

Features ParseFeatures(const JsonObject& object) {
  Features features;
  const auto told = object.Object("features");
  if (!told) return features;
  ExpectMembers(*told, {"layer", "line", "column", "offset", "value"});
  ExpectOneOf(*told, "value", {"plain", "masked", "sha1", "sha256", "none"});
  features.layer = told->Boolean("layer");
  features.line = told->Boolean("line");
  features.column = told->Boolean("column");
  features.offset = told->Boolean("offset");
  features.value = OrElse(told->String("value"), "none");
  return features;
}

void ParsePlaces(const JsonObject& object, Scanner* scanner) {
  for (const JsonObject& rule : object.Objects("paths")) {
    ExpectMembers(rule, {"pattern", "carrier"});
    ExpectPresent(rule, {"pattern"});
    ExpectOneOf(rule, "carrier", {"file", "config", "history", "manifest"});
    scanner->paths.push_back(
        {PatternOf("^(?s:" + rule.String("pattern") + ")$", rule.place()), rule.String("carrier")});
  }
  scanner->separators = TextsOf(object, "separators");
  for (const std::string& separator : scanner->separators) {
    if (separator.empty()) Fail(object.place(), "separators has one that is empty");
  }
}

}  // namespace

Scanner ParseScanner(const Json& json, const Json& shared_families, const std::string& place) {
  const JsonObject object(json, place);
  if (object.String("schema") != kSchema) Fail(place, std::string("is no ") + kSchema);
  ExpectMembers(object, {"schema", "name", "about", "program", "package", "not_run", "version",
                         "derived_from", "environment", "network", "folder", "configurations",
                         "exit", "report", "features", "paths", "separators", "families"});
  ExpectPresent(object, {"name", "about"});
  ExpectOneOf(object, "network", {"off", "on"});
  ExpectOneOf(object, "folder", {"own", "tree"});
  Scanner scanner;
  scanner.name = object.String("name");
  scanner.about = object.String("about");
  scanner.program = OrElse(object.String("program"), scanner.name.c_str());
  scanner.derived_from = TextsOf(object, "derived_from");
  scanner.environment = object.StringMap("environment");
  scanner.network = OrElse(object.String("network"), "off");
  scanner.folder = OrElse(object.String("folder"), "own");
  scanner.not_run = object.String("not_run");
  ParseVersion(object, &scanner);
  for (const auto& [name, value] : scanner.environment) {
    ExpectPlaceholders(value, {"home", "own"}, object.place() + ": environment." + Printable(name));
  }
  if (const auto configurations = object.Object("configurations")) {
    ExpectPresent(object, {"exit", "report"});
    ExpectMembers(*configurations, {"default", "best"});
    for (const auto& [name, value] : configurations->value().items()) {
      scanner.configurations[name] =
          ParseConfiguration(JsonObject(value, configurations->place() + "." + name));
    }
  }
  if (const auto exit = object.Object("exit")) {
    ExpectMembers(*exit, {"clean", "findings"});
    scanner.clean_codes = Codes(*exit, "clean");
    scanner.finding_codes = Codes(*exit, "findings");
  }
  if (const auto report = object.Object("report")) scanner.report = ParseReport(*report);
  scanner.features = ParseFeatures(object);
  ParsePlaces(object, &scanner);
  AddFamilies(json, place, &scanner);
  AddFamilies(shared_families, "families.json", &scanner);
  return scanner;
}

std::vector<Scanner> ReadScanners(const std::string& directory) {
  const std::filesystem::path folder(directory);
  const auto read = [](const std::filesystem::path& path) {
    std::vector<Note> notes;
    return ParseJson(ReadFile(path.string()), path.string(), &notes);
  };
  const Json shared = read(folder / "families.json");
  std::vector<Scanner> scanners;
  for (const std::string& name : FoldersIn(directory)) {
    const std::filesystem::path path = folder / name / "scanner.json";
    if (!std::filesystem::exists(path)) continue;
    scanners.push_back(ParseScanner(read(path), shared, path.string()));
    if (scanners.back().name != name) {
      Fail(path.string(),
           "its name is " + Printable(scanners.back().name) + ", and not that of its folder");
    }
  }
  return scanners;
}

}  // namespace watertight::bench
