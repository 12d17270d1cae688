#include "cli/score_reports.h"

#include "bench/accuracy/score/reports.h"
#include "cli/replace_file.h"
#include "cli/score_page.h"
#include "watertight/error.h"

namespace watertight::cli {
namespace {

struct Format {
  const char* name;
  std::string (*text)(const bench::Work&, const bench::Score&);
};

const Format kFormats[] = {
    {"text", bench::ScoreText},
    {"json", bench::ScoreJson},
    {"markdown", bench::ScoreMarkdown},
    {"labels",
     [](const bench::Work&, const bench::Score& score) { return bench::LabelsCsv(score); }},
    {"findings",
     [](const bench::Work&, const bench::Score& score) { return bench::FindingsCsv(score); }},
    {"html",
     [](const bench::Work& work, const bench::Score& score) {
       return ScorePageHtml(bench::ScoreJson(work, score));
     }},
};

const Format& FormatNamed(const std::string& name) {
  for (const Format& format : kFormats) {
    if (name == format.name) return format;
  }
  throw Error(ErrorCode::kUsage, "no report has the format " + name);
}

}  // namespace

std::string WriteScoreReports(const ScoreReports& reports) {
  const bench::Work work = bench::ReadWork(reports.work);
  const bench::Score score = bench::ScoreWork(work, reports.own);
  for (const ScoreFile& file : reports.files) {
    ReplaceFile(file.path, FormatNamed(file.format).text(work, score));
  }
  return FormatNamed(reports.format).text(work, score);
}

}  // namespace watertight::cli
