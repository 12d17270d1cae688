#include "cli/page.h"

#include <CLI/CLI.hpp>

#include "cli/page_document.h"
#include "cli/page_html.h"

namespace watertight::cli {

void AddHtml(CLI::App* command, std::string* path) {
  command
      ->add_option("--html", *path,
                   "Also writes all of it to this file, as one page to look at; - for standard "
                   "output, and nothing else there")
      ->type_name("FILE")
      ->check(
          [](const std::string& word) { return word.empty() ? "takes the name of a file" : ""; });
}

std::string Page(const std::vector<std::string>& images, PageKind kind,
                 const std::vector<std::string>& unopened) {
  return PageHtml(PageDocument(images, kind, unopened));
}

}  // namespace watertight::cli
