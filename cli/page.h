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

// images: as ImageDocument gives them. unopened: why others could not be opened, one line each.
std::string Page(const std::vector<std::string>& images, PageKind kind,
                 const std::vector<std::string>& unopened = {});

}  // namespace watertight::cli
