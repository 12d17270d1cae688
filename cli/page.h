// What `inspect` and `check` show, as one page of HTML to look at: no network, no other file.

#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace watertight::cli {

enum class PageKind { kInspect, kCheck };

void AddHtml(CLI::App* command, std::string* path);

// Replaces the file, or makes it, in one step. images: as ImageDocument gives them. unopened: why
// others could not be opened, one line each. Throws: Error, kIo.
void WritePage(const std::string& path, const std::vector<std::string>& images, PageKind kind,
               const std::vector<std::string>& unopened = {});

}  // namespace watertight::cli
