#include "cli/page.h"

#include <CLI/CLI.hpp>

#include "cli/page_document.h"
#include "cli/page_html.h"
#include "generator/archives/archive_file.h"
#include "generator/error.h"
#include "watertight/error.h"

namespace watertight::cli {

void AddHtml(CLI::App* command, std::string* path) {
  command->add_option("--html", *path, "Also writes all of it to this file, as one page to look at")
      ->type_name("FILE");
}

void WritePage(const std::string& path, const std::vector<CheckedImage>& images, PageKind kind) {
  try {
    generator::ReplaceFile(path, generator::Rope(PageHtml(PageDocument(images, kind))));
  } catch (const generator::Error& error) {
    throw Error(ErrorCode::kIo, error.what());
  }
}

}  // namespace watertight::cli
