// watertight generate --list: what there is to choose from.

#pragma once

#include <string>

namespace watertight::cli {

class Output;

// "classic-20.10, classic-26, …"
std::string NamesOfBuilders();
std::string NamesOfArchives();

// `what`: builders or archives; `format`: text or json.
int RunGenerateList(const std::string& what, const std::string& format, Output& out);

}  // namespace watertight::cli
