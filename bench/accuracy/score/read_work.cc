#include "bench/accuracy/score/read_work.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string_view>

#include "framework/image/hash.h"
#include "framework/image/json.h"
#include "framework/image/sha256.h"
#include "watertight/error.h"

namespace watertight::bench {
namespace {

std::string ReadBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(ErrorCode::kIo, path + ": cannot be read");
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

Json Parsed(const std::string& text, const std::string& place) {
  std::vector<Note> notes;
  return ParseJson(text, place, &notes);
}

Json ReadDocument(const std::string& path, const std::string& schema) {
  Json document = Parsed(ReadBytes(path), path);
  const std::string found = JsonObject(document, path).String("schema");
  if (found != schema) {
    throw Error(ErrorCode::kBadJson, path + ": schema \"" + found + "\" instead of " + schema);
  }
  return document;
}

std::string HexOf(HashKind kind, std::string_view bytes) {
  Hash hash(kind);
  hash.Update(bytes);
  return hash.Hex();
}

std::optional<std::int64_t> OptionalWide(const JsonObject& object, const char* key) {
  if (object.Find(key) == nullptr) return std::nullopt;
  return object.Integer(key);
}

std::optional<int> OptionalInteger(const JsonObject& object, const char* key) {
  const auto wide = OptionalWide(object, key);
  return wide ? std::optional(static_cast<int>(*wide)) : std::nullopt;
}

double Number(const JsonObject& object, const char* key) {
  const Json* found = object.Find(key);
  return found != nullptr && found->is_number() ? found->get<double>() : 0;
}

// RFC 4648, 4.
std::string FromBase64(std::string_view text) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::size_t digit = kAlphabet.find(c);
    if (digit == std::string_view::npos) break;
    bits = (bits << 6 | static_cast<unsigned>(digit)) & 0xffffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> count & 0xff);
  }
  return bytes;
}

std::string ValueOf(const JsonObject& object) {
  if (object.Find("value_base64") != nullptr) return FromBase64(object.String("value_base64"));
  return object.String("value");
}

Label LabelOf(const JsonObject& object) {
  Label label;
  label.id = object.String("id");
  label.bundle = object.String("bundle");
  label.kind = object.String("kind");
  label.kind_class = object.String("class");
  label.channel = object.String("channel");
  label.carrier = object.String("carrier");
  label.layer = OptionalInteger(object, "layer");
  label.diff_id = object.String("diff_id");
  label.blob = object.String("blob");
  label.path = object.String("path");
  label.field = object.String("field");
  label.offset = object.Integer("offset");
  label.length = object.Integer("length");
  label.line = OptionalInteger(object, "line").value_or(0);
  label.column = OptionalInteger(object, "column").value_or(0);
  label.end_line = OptionalInteger(object, "end_line").value_or(label.line);
  label.end_column = OptionalInteger(object, "end_column").value_or(label.column);
  label.encoding = object.Strings("encoding");
  label.nested = object.Strings("nested");
  label.visibility = object.String("visibility");
  label.value = ValueOf(object);
  label.value_sha256 = object.String("value_sha256");
  label.value_sha1 = HexOf(HashKind::kSha1, label.value);
  return label;
}

std::vector<Label> LabelsOf(const JsonObject& truth, const char* key) {
  std::vector<Label> labels;
  for (const JsonObject& object : truth.Objects(key)) labels.push_back(LabelOf(object));
  return labels;
}

// Ids do not tell it: they follow digests, which differ between seeds. What no seed changes does,
// and among labels that are alike in it, the order of layers.
void NameUnits(const std::string& fixture, const char* type, std::vector<Label>* labels) {
  std::vector<Label*> by_layer;
  for (Label& label : *labels) by_layer.push_back(&label);
  std::stable_sort(by_layer.begin(), by_layer.end(),
                   [](const Label* a, const Label* b) { return a->layer < b->layer; });
  std::map<std::string, int> alike;
  for (Label* label : by_layer) {
    std::string name = fixture + "|" + type;
    for (const std::string& part :
         {label->bundle, label->kind, label->carrier, label->visibility}) {
      name += "|" + part;
    }
    for (const std::string& encoding : label->encoding) name += "+" + encoding;
    label->unit = name + "|" + std::to_string(++alike[name]);
  }
}

// Longest first, so that a part does not leave the rest of the whole.
std::vector<PlantedValue> ValuesOf(const JsonObject& truth, const std::vector<Label>& leaks) {
  std::vector<PlantedValue> values;
  for (const JsonObject& planted : truth.Objects("planted")) {
    values.push_back({ValueOf(planted), planted.String("value_sha256")});
  }
  for (const Label& leak : leaks) values.push_back({leak.value, leak.value_sha256});
  std::sort(values.begin(), values.end(), [](const PlantedValue& a, const PlantedValue& b) {
    return a.value.size() != b.value.size() ? a.value.size() > b.value.size() : a.value < b.value;
  });
  const auto same = [](const auto& a, const auto& b) { return a.value == b.value; };
  values.erase(std::unique(values.begin(), values.end(), same), values.end());
  return values;
}

LabelledImage TruthOf(const JsonObject& object) {
  LabelledImage image;
  image.fixture = object.String("fixture");
  image.builder = object.String("builder");
  image.archive = object.String("archive");
  image.sha256 = object.String("archive_sha256");
  image.clean = object.Boolean("clean");
  image.leaks = LabelsOf(object, "leaks");
  image.decoys = LabelsOf(object, "decoys");
  NameUnits(image.fixture, "leak", &image.leaks);
  NameUnits(image.fixture, "decoy", &image.decoys);
  image.values = ValuesOf(object, image.leaks);
  return image;
}

LabelledImage ReadImage(const std::string& folder, const JsonObject& row, std::string* truths) {
  const std::string path = folder + "/" + row.String("truth");
  *truths += Sha256Digest(ReadBytes(path)) + "\n";
  const Json truth = ReadDocument(path, "watertight.truth/1");
  LabelledImage image = TruthOf(JsonObject(truth, path));
  if (image.sha256 != row.String("sha256")) {
    throw Error(ErrorCode::kInconsistent,
                path + ": of another archive than " + row.String("file") + " of the catalogue");
  }
  image.title = row.String("title");
  image.channel = row.String("channel");
  image.twin = row.String("twin");
  image.file = row.String("file");
  std::error_code missing;
  const auto size = std::filesystem::file_size(folder + "/" + image.file, missing);
  if (!missing) image.bytes = size;
  return image;
}

RunState StateOf(const std::string& name, const std::string& place) {
  // Of a run: the program is not installed.
  if (name == "not-available") return RunState::kNotRun;
  for (const RunState state : {RunState::kOk, RunState::kError, RunState::kNotRun}) {
    if (name == ToString(state)) return state;
  }
  throw Error(ErrorCode::kBadJson, place + ": unknown state \"" + name + "\"");
}

Finding FindingOf(const Json& json, const std::string& place) {
  const JsonObject object(json, place);
  Finding finding;
  finding.rule = object.String("rule");
  finding.family = object.String("family");
  finding.carrier = object.String("carrier");
  finding.layer = OptionalInteger(object, "layer");
  finding.diff_id = object.String("diff_id");
  finding.path = object.String("path");
  finding.nested = object.Strings("nested");
  finding.field = object.String("field");
  finding.line = OptionalInteger(object, "line");
  finding.end_line = OptionalInteger(object, "end_line");
  finding.column = OptionalInteger(object, "column");
  finding.end_column = OptionalInteger(object, "end_column");
  finding.offset = OptionalWide(object, "offset");
  finding.length = OptionalWide(object, "length");
  finding.value = object.String("value");
  finding.masked = object.Boolean("masked");
  finding.value_sha1 = object.String("value_sha1");
  finding.value_sha256 = object.String("value_sha256");
  if (finding.has_value()) finding.value_sha256 = HexOf(HashKind::kSha256, finding.value);
  finding.canonical = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  return finding;
}

std::vector<ImageResult> ReadResults(const std::string& path) {
  std::vector<ImageResult> results;
  // A run that was not possible leaves none.
  if (!std::filesystem::exists(path)) return results;
  std::istringstream lines(ReadBytes(path));
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.empty()) continue;
    results.push_back(ParseResult(line, path + " line " + std::to_string(number)));
  }
  return results;
}

}  // namespace

const char* ToString(RunState state) {
  constexpr const char* kNames[] = {"ok", "error", "not-run"};
  return kNames[static_cast<std::size_t>(state)];
}

LabelledImage ParseTruth(const std::string& json, const std::string& place) {
  const Json truth = Parsed(json, place);
  return TruthOf(JsonObject(truth, place));
}

Finding ParseFinding(const std::string& json, const std::string& place) {
  return FindingOf(Parsed(json, place), place);
}

ImageResult ParseResult(const std::string& json, const std::string& place) {
  const Json document = Parsed(json, place);
  const JsonObject object(document, place);
  ImageResult result;
  result.fixture = object.String("fixture");
  result.builder = object.String("builder");
  result.archive = object.String("archive");
  result.archive_sha256 = object.String("archive_sha256");
  result.state = StateOf(object.String("state"), place);
  result.reason = object.String("reason");
  result.seconds = Number(object, "seconds");
  result.peak_memory = static_cast<std::uint64_t>(object.Integer("peak_memory"));
  if (const Json* findings = object.Find("findings"); findings != nullptr) {
    for (const Json& finding : *findings) {
      result.findings.push_back(FindingOf(finding, place));
      result.findings.back().number = static_cast<int>(result.findings.size()) - 1;
    }
  }
  // So that nothing depends on the order in which a scanner reports.
  std::stable_sort(result.findings.begin(), result.findings.end(),
                   [](const Finding& a, const Finding& b) { return a.canonical < b.canonical; });
  return result;
}

Corpus ReadCorpus(const std::string& folder) {
  const std::string path = folder + "/catalogue.json";
  const Json document = ReadDocument(path, "watertight.catalogue/1");
  const JsonObject catalogue(document, path);
  Corpus corpus;
  corpus.seed = catalogue.String("seed");
  corpus.catalogue_sha256 = HexOf(HashKind::kSha256, ReadBytes(path));
  std::string truths;
  for (const JsonObject& row : catalogue.Objects("fixtures")) {
    if (row.String("fixture").starts_with("canary/")) continue;
    corpus.images.push_back(ReadImage(folder, row, &truths));
  }
  corpus.truth_sha256 = HexOf(HashKind::kSha256, truths);
  return corpus;
}

ScannerRun ReadScannerRun(const std::string& folder) {
  const std::string path = folder + "/run.json";
  const Json document = ReadDocument(path, "watertight.scanner-run/1");
  const JsonObject object(document, path);
  ScannerRun run;
  run.scanner = object.String("scanner");
  run.version = object.String("version");
  run.program_sha256 = object.String("program_sha256");
  run.configuration = object.String("configuration");
  run.view = object.String("view");
  run.seed = object.String("seed");
  run.network = object.String("network");
  run.machine = object.String("machine");
  run.started = object.String("started");
  run.catalogue_sha256 = object.String("catalogue_sha256");
  run.command = object.Strings("command");
  run.derived_from = object.Strings("derived_from");
  const Json* environment = object.Find("environment");
  run.environment = environment == nullptr ? "{}" : environment->dump();
  if (const auto features = object.Object("features"); features) {
    run.tells_line = features->Boolean("line");
    run.tells_value = features->String("value");
  }
  run.batch = std::max<std::int64_t>(1, object.Integer("batch"));
  run.state = StateOf(object.String("state"), path);
  run.reason = object.String("reason");
  for (const JsonObject& canary : object.Objects("canaries")) {
    run.canaries.push_back({canary.String("builder"), canary.String("archive"),
                            canary.String("carrier"), canary.Boolean("seen")});
  }
  run.images = ReadResults(folder + "/results.jsonl");
  for (ImageResult& image : run.images) {
    for (Finding& finding : image.findings) finding.tells_name_alone = run.reads_names_alone();
  }
  return run;
}

std::vector<std::string> FoldersOf(const std::string& path) {
  std::error_code failed;
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(path, failed)) {
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  }
  if (failed) throw Error(ErrorCode::kIo, path + ": " + failed.message());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace watertight::bench
