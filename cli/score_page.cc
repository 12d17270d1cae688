#include "cli/score_page.h"

#include "cli/page_html.h"

namespace watertight::cli {
namespace {

// In the order in which they run; those before are of cli/page.
constexpr std::string_view kScripts[] = {"model.js", "tables.js", "charts.js", "misses.js",
                                         "main.js"};

std::string_view ScorePageFile(std::string_view path) {
  for (const EmbeddedFile& file : ScorePageFiles()) {
    if (file.path == path) return file.content;
  }
  return {};
}

}  // namespace

std::string ScorePageHtml(std::string_view json) {
  std::string scripts(PageFile("format.js"));
  scripts += PageFile("parts.js");
  for (const std::string_view script : kScripts) scripts += ScorePageFile(script);
  std::string style(PageFile("page.css"));
  style += ScorePageFile("score.css");
  return PageAround(json, style, scripts);
}

}  // namespace watertight::cli
