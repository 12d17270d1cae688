#include "cli/page.h"

#include <CLI/CLI.hpp>

#include "cli/page_document.h"
#include "cli/page_html.h"
#include "cli/replace_file.h"

namespace watertight::cli {

void AddHtml(CLI::App* command, std::string* path) {
  command->add_option("--html", *path, "Also writes all of it to this file, as one page to look at")
      ->type_name("FILE");
}

void WritePage(const std::string& path, const std::vector<std::string>& images, PageKind kind,
               const std::vector<std::string>& unopened) {
  ReplaceFile(path, PageHtml(PageDocument(images, kind, unopened)));
}

}  // namespace watertight::cli
