// What `inspect` and `check` show, as one page of HTML to look at: no network, no other file.

#pragma once

#include <string>
#include <vector>

#include "cli/reports/report.h"

namespace CLI {
class App;
}

namespace watertight::cli {

enum class PageKind { kInspect, kCheck };

void AddHtml(CLI::App* command, std::string* path);

// Replaces the file, or makes it, in one step. Throws: Error, kIo.
void WritePage(const std::string& path, const std::vector<CheckedImage>& images, PageKind kind);

}  // namespace watertight::cli
