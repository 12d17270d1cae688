#include "bench/accuracy/run/scanner.h"

#include <re2/re2.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "bench/accuracy/run/description.h"
#include "bench/accuracy/run/files.h"
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

Pattern OptionalPattern(const JsonObject& object, const char* key) {
  const std::string text = object.String(key);
  return text.empty() ? nullptr : PatternOf(text, object.place());
}

Pattern WholePattern(const JsonObject& object, const char* key) {
  const std::string text = object.String(key);
  return text.empty() ? nullptr : PatternOf("^(?:" + text + ")$", object.place());
}

// "^^/a?" is "/a" of what encloses the encloser, where it is there.
FieldSource SourceOf(std::string pointer) {
  FieldSource source;
  while (pointer.starts_with('^')) {
    ++source.up;
    pointer.erase(0, 1);
  }
  if (pointer.ends_with('?')) {
    source.optional = true;
    pointer.pop_back();
  }
  source.pointer = std::move(pointer);
  return source;
}

FieldSource ParseSource(const Json& json, const std::string& place) {
  if (json.is_string()) return SourceOf(json.get<std::string>());
  const JsonObject object(json, place);
  FieldSource source = SourceOf(object.String("pointer"));
  source.take = object.String("take");
  source.members = WholePattern(object, "members");
  source.behind = object.String("behind");
  source.pattern = OptionalPattern(object, "pattern");
  if (const auto unless = object.Object("unless")) {
    source.unless = unless->String("pointer");
    source.unless_pattern = PatternOf(unless->String("pattern"), unless->place());
  }
  source.add = object.Integer("add");
  source.add_later_lines = object.Integer("add_later_lines");
  source.except_rules = object.Strings("except_rules");
  return source;
}

std::map<std::string, std::vector<FieldSource>> ParseFields(const JsonObject& report) {
  std::map<std::string, std::vector<FieldSource>> fields;
  const auto object = report.Object("fields");
  if (!object) return fields;
  for (const auto& [name, json] : object->value().items()) {
    const std::string place = object->place() + "." + name;
    const auto alternatives = json.is_array() ? json : Json::array({json});
    for (const Json& one : alternatives) fields[name].push_back(ParseSource(one, place));
  }
  return fields;
}

std::vector<FieldSource> ParseMoreValues(const JsonObject& report) {
  std::vector<FieldSource> sources;
  const Json* list = report.Find("more_values");
  if (list == nullptr) return sources;
  for (const Json& one : *list) {
    sources.push_back(ParseSource(one, report.place() + ".more_values"));
  }
  return sources;
}

std::vector<Condition> ParseConditions(const JsonObject& object) {
  std::vector<Condition> conditions;
  for (const JsonObject& condition : object.Objects("where")) {
    conditions.push_back({SourceOf(condition.String("pointer")),
                          PatternOf(condition.String("pattern"), condition.place())});
  }
  return conditions;
}

ReportFormat ParseReport(const JsonObject& object) {
  ReportFormat report;
  report.from = object.String("from");
  report.format = object.String("format");
  report.findings = object.String("findings");
  report.fields = ParseFields(object);
  report.more_values = ParseMoreValues(object);
  report.where = ParseConditions(object);
  if (const auto end = object.Object("end")) {
    report.end_in = end->String("in");
    report.end = PatternOf(end->String("pattern"), end->place());
  }
  return report;
}

Configuration ParseConfiguration(const JsonObject& object) {
  Configuration configuration;
  configuration.about = object.String("about");
  configuration.why_not = object.String("why_not");
  configuration.several = object.StringMap("several");
  configuration.where = ParseConditions(object);
  if (const auto views = object.Object("views")) {
    for (const auto& item : views->value().items()) {
      configuration.commands[item.key()] = views->Strings(item.key().c_str());
    }
  }
  return configuration;
}

std::vector<int> Codes(const JsonObject& exit, const char* key) {
  std::vector<int> codes;
  const Json* list = exit.Find(key);
  if (list == nullptr) return codes;
  for (const Json& code : *list) codes.push_back(code.get<int>());
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
    scanner->version_command = version->Strings("command");
    scanner->version_pattern = OptionalPattern(*version, "pattern");
  }
  if (const auto package = object.Object("package")) {
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
  features.layer = told->Boolean("layer");
  features.line = told->Boolean("line");
  features.column = told->Boolean("column");
  features.offset = told->Boolean("offset");
  features.value = OrElse(told->String("value"), "none");
  return features;
}

void ParsePlaces(const JsonObject& object, Scanner* scanner) {
  for (const JsonObject& rule : object.Objects("paths")) {
    scanner->paths.push_back(
        {PatternOf("^(?s:" + rule.String("pattern") + ")$", rule.place()), rule.String("carrier")});
  }
  scanner->separators = object.Strings("separators");
}

}  // namespace

Scanner ParseScanner(const Json& json, const Json& shared_families, const std::string& place) {
  const JsonObject object(json, place);
  if (object.String("schema") != kSchema) Fail(place, std::string("is no ") + kSchema);
  CheckDescription(json, place);
  Scanner scanner;
  scanner.name = object.String("name");
  scanner.about = object.String("about");
  scanner.program = OrElse(object.String("program"), scanner.name.c_str());
  scanner.derived_from = object.Strings("derived_from");
  scanner.environment = object.StringMap("environment");
  scanner.network = OrElse(object.String("network"), "off");
  scanner.folder = OrElse(object.String("folder"), "own");
  scanner.not_run = object.String("not_run");
  ParseVersion(object, &scanner);
  if (const auto configurations = object.Object("configurations")) {
    for (const auto& [name, value] : configurations->value().items()) {
      scanner.configurations[name] =
          ParseConfiguration(JsonObject(value, configurations->place() + "." + name));
    }
  }
  if (const auto exit = object.Object("exit")) {
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
      Fail(path.string(), "its name is " + scanners.back().name + ", and not that of its folder");
    }
  }
  return scanners;
}

}  // namespace watertight::bench
