#include "bench/accuracy/run/run_files.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "bench/accuracy/run/files.h"

namespace watertight::bench {
namespace {

Json OrNull(const std::string& text) { return text.empty() ? Json() : Json(text); }

template <typename Number>
Json OrNull(const std::optional<Number>& number) {
  return number ? Json(*number) : Json();
}

// A value in which stars stand for what the scanner keeps to itself.
bool IsMasked(const std::string& value) { return value.find("***") != std::string::npos; }

Json ToJson(const PlacedFinding& placed) {
  const ReportedFinding& reported = placed.reported;
  return {{"rule", reported.rule},
          {"family", OrNull(placed.family)},
          {"carrier", OrNull(placed.carrier)},
          {"layer", OrNull(placed.layer)},
          {"diff_id", OrNull(placed.diff_id)},
          {"path", OrNull(placed.path)},
          {"nested", placed.nested},
          {"field", OrNull(placed.field)},
          {"line", OrNull(reported.line)},
          {"end_line", OrNull(reported.end_line)},
          {"column", OrNull(reported.column)},
          {"end_column", OrNull(reported.end_column)},
          {"offset", OrNull(reported.offset)},
          {"length", OrNull(reported.length)},
          {"value", OrNull(reported.value)},
          {"masked", IsMasked(reported.value)},
          {"value_sha1", OrNull(reported.value_sha1)},
          {"value_sha256", OrNull(reported.value_sha256)}};
}

std::string KeyOf(const std::string& fixture, const Layout& layout, const std::string& sha256) {
  return fixture + '\n' + layout.first + '\n' + layout.second + '\n' + sha256;
}

std::string KeyOf(const Json& row) {
  const Json& sha256 = row.at("archive_sha256");
  return KeyOf(row.at("fixture"), {row.at("builder"), row.at("archive")},
               sha256.is_string() ? sha256.get<std::string>() : "");
}

constexpr const char* kResults = "/results.jsonl";
constexpr const char* kEarlierResults = "/results.earlier.jsonl";

// Those that are whole, each with its line; none when there is no such file.
std::vector<std::pair<Json, std::string>> RowsOf(const std::string& path) {
  std::vector<std::pair<Json, std::string>> rows;
  if (!std::filesystem::exists(path)) return rows;
  const std::string bytes = ReadFile(path);
  for (std::size_t begin = 0; begin < bytes.size();) {
    const std::size_t end = bytes.find('\n', begin);
    if (end == std::string::npos) break;
    std::string line = bytes.substr(begin, end + 1 - begin);
    Json row = Json::parse(line, nullptr, false);
    begin = end + 1;
    if (row.is_object()) rows.emplace_back(std::move(row), std::move(line));
  }
  return rows;
}

std::string ProcessorName() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("model name")) continue;
    return line.substr(std::min(line.find(": ") + 2, line.size()));
  }
  return "unknown processor";
}

// What must be the same for results to belong together.
std::string IdentityOf(const Json& run) {
  Json identity = Json::array();
  for (const char* key : {"scanner", "version", "program_sha256", "configuration", "view",
                          "command", "environment", "batch", "seed", "catalogue_sha256"}) {
    identity.push_back(run.contains(key) ? run.at(key) : Json());
  }
  return identity.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool IsContinued(const std::string& folder, const RunRecord& record) {
  const std::string path = folder + "/run.json";
  if (!std::filesystem::exists(path)) return false;
  const Json earlier = Json::parse(ReadFile(path), nullptr, false);
  return earlier.is_object() && IdentityOf(earlier) == IdentityOf(bench::ToJson(record));
}

Json FeaturesJson(const Features& features) {
  return {{"layer", features.layer},
          {"line", features.line},
          {"column", features.column},
          {"offset", features.offset},
          {"value", features.value}};
}

}  // namespace

std::string MachineText() {
  utsname name{};
  uname(&name);
  return ProcessorName() + ", " + std::to_string(sysconf(_SC_NPROCESSORS_ONLN)) + " cores, " +
         name.sysname + " " + name.release;
}

std::string NowText() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

Json ToJson(const RunRecord& record) {
  Json json = {{"schema", "watertight.scanner-run/1"},
               {"scanner", record.scanner},
               {"version", record.version},
               {"program_sha256", OrNull(record.program_sha256)},
               {"configuration", record.configuration},
               {"view", record.view},
               {"command", record.command},
               {"environment", record.environment},
               {"network", record.network},
               {"batch", record.batch},
               {"seed", record.seed},
               {"catalogue_sha256", record.catalogue_sha256},
               {"machine", MachineText()},
               {"started", record.started},
               {"features", FeaturesJson(record.features)},
               {"derived_from", record.derived_from},
               {"smoke", {{"hit", record.smoke_hit}, {"silent", record.smoke_silent}}},
               {"state", record.state},
               {"reason", OrNull(record.reason)}};
  json["canaries"] = Json::array();
  for (const CanarySeen& canary : record.canaries) {
    json["canaries"].push_back({{"builder", canary.layout.first},
                                {"archive", canary.layout.second},
                                {"carrier", canary.carrier},
                                {"seen", canary.seen}});
  }
  return json;
}

std::string ResultLine(const CatalogueImage& image, const ScanResult& result,
                       const std::string& folder) {
  std::error_code error;
  const bool has_raw = std::filesystem::exists(result.raw, error);
  Json json = {{"fixture", image.fixture},
               {"builder", image.layout.first},
               {"archive", image.layout.second},
               {"archive_sha256", OrNull(image.sha256)},
               {"state", result.state},
               {"reason", OrNull(result.reason)},
               {"exit_code", result.state == "not-run" ? Json() : Json(result.exit_code)},
               {"seconds", result.seconds},
               {"peak_memory", result.peak_memory},
               {"shared_by", result.shared_by},
               {"bytes", has_raw ? Json(std::filesystem::file_size(result.raw, error)) : Json(0)}};
  json["raw"] = has_raw ? Json(result.raw.substr(folder.size() + 1)) : Json();
  json["findings"] = Json::array();
  for (const PlacedFinding& placed : result.findings) json["findings"].push_back(ToJson(placed));
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

FinishedImages::FinishedImages(std::string folder, const RunRecord& record, bool rereads)
    : folder_(std::move(folder)) {
  if (!IsContinued(folder_, record)) {
    std::error_code error;
    std::filesystem::remove_all(folder_, error);
  } else if (rereads) {
    RecallAll();
  } else {
    KeepFinished();
  }
}

void FinishedImages::KeepFinished() {
  const std::string path = folder_ + kResults;
  std::string kept;
  for (const auto& [row, line] : RowsOf(path)) {
    if (row.value("state", "") == "not-run") continue;
    kept += line;
    done_.insert(KeyOf(row));
  }
  if (std::filesystem::exists(path) && kept != ReadFile(path)) ReplaceFile(path, kept);
}

// Rows go to another file first, so that an interruption loses none.
void FinishedImages::RecallAll() {
  std::string kept;
  for (const char* name : {kEarlierResults, kResults}) {
    for (const auto& [row, line] : RowsOf(folder_ + name)) {
      if (row.value("state", "") != "ok") continue;
      kept += line;
      EarlierRun& earlier = earlier_[KeyOf(row)];
      earlier.shared_by = row.at("shared_by");
      earlier.outcome.exit_code = row.at("exit_code");
      earlier.outcome.seconds =
          row.at("seconds").get<double>() * static_cast<double>(earlier.shared_by);
      earlier.outcome.peak_memory = row.at("peak_memory");
    }
  }
  ReplaceFile(folder_ + kEarlierResults, kept);
  std::error_code error;
  std::filesystem::remove(folder_ + kResults, error);
}

void FinishedImages::Forget() const {
  std::error_code error;
  std::filesystem::remove(folder_ + kEarlierResults, error);
}

bool FinishedImages::Contains(const CatalogueImage& image) const {
  return done_.contains(KeyOf(image.fixture, image.layout, image.sha256));
}

const EarlierRun* FinishedImages::Earlier(const CatalogueImage& image) const {
  const auto found = earlier_.find(KeyOf(image.fixture, image.layout, image.sha256));
  return found == earlier_.end() ? nullptr : &found->second;
}

}  // namespace watertight::bench
