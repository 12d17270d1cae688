// What a container of an image is started with, for a person.

#pragma once

#include <string>
#include <vector>

#include "cli/redaction.h"

namespace watertight::cli {

struct ConfigLine {
  std::string name;  // empty where a line goes on
  std::string text;
};

// config: redacted. Only what is set; environment variables by their names.
std::vector<ConfigLine> ConfigLines(const OrderedJson& config);

}  // namespace watertight::cli
