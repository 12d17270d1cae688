#include "cli/score_reports.h"

#include <filesystem>

#include "bench/accuracy/score/reports.h"
#include "cli/replace_file.h"
#include "cli/score_page.h"
#include "watertight/error.h"

namespace watertight::cli {
namespace {

struct ReportFile {
  const char* format;
  const char* name;
  std::string (*text)(const bench::Work&, const bench::Score&);
};

const ReportFile kFiles[] = {
    {"json", "score.json", bench::ScoreJson},
    {"csv", "labels.csv",
     [](const bench::Work&, const bench::Score& score) { return bench::LabelsCsv(score); }},
    {"csv", "findings.csv",
     [](const bench::Work&, const bench::Score& score) { return bench::FindingsCsv(score); }},
    {"markdown", "score.md", bench::ScoreMarkdown},
    {"html", "score.html",
     [](const bench::Work& work, const bench::Score& score) {
       return ScorePageHtml(bench::ScoreJson(work, score));
     }},
};

void WriteFormat(const std::string& format, const std::string& folder, const bench::Work& work,
                 const bench::Score& score) {
  bool is_known = false;
  for (const ReportFile& file : kFiles) {
    if (format != file.format) continue;
    is_known = true;
    ReplaceFile(folder + "/" + file.name, file.text(work, score));
  }
  if (!is_known) throw Error(ErrorCode::kUsage, "no report has the format " + format);
}

}  // namespace

std::string WriteScoreReports(const ScoreReports& reports) {
  const bench::Work work = bench::ReadWork(reports.work);
  const bench::Score score = bench::ScoreWork(work, reports.own);
  if (!reports.folder.empty()) {
    std::error_code failed;
    std::filesystem::create_directories(reports.folder, failed);
    if (failed) throw Error(ErrorCode::kIo, reports.folder + ": " + failed.message());
    for (const std::string& format : reports.formats) {
      WriteFormat(format, reports.folder, work, score);
    }
  }
  return bench::ScoreText(work, score);
}

}  // namespace watertight::cli
