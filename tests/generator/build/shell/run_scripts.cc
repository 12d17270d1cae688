// Runs scripts in the modelled shells: for each JSON line on standard input one on standard output,
// as script_machine.h has them. For record.py, which compares them with real shells.

#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/generator/build/shell/script_machine.h"

int main() {
  using nlohmann::json;
  std::string line;
  while (std::getline(std::cin, line)) {
    const json result = watertight::generator::RunScriptCase(json::parse(line));
    std::cout << result.dump(-1, ' ', false, json::error_handler_t::replace) << std::endl;
  }
}
