// Values of a configuration as messages show them: redacted where they may be secrets.

#pragma once

#include <string>
#include <vector>

namespace watertight {

// "production" in quotes; redacted when its name or its form is that of a secret.
std::string ShownValue(const std::string& name, const std::string& value);
// {"/bin/sh", "-c", "…"}, each as long as it is no secret.
std::string ShownWords(const std::vector<std::string>& words);

}  // namespace watertight
