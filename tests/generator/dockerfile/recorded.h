// The recorded results of the real parsers, under data/.
//
// Every file is {"origin": …, "cases": […]}; a case holds its input and, under the name of a
// builder, what that builder's own parser made of it. A case without an older builder's name had
// there the same result as with buildkit-0.25; "not_in" names the builders that cannot be asked,
// because they lack the option or crash.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace watertight::generator {

std::vector<nlohmann::json> ReadCases(const std::string& name);

// Compares every case with what `dump` makes of it; the line of an error counts only where the real
// parser names one.
void ExpectRecorded(const std::string& name, const std::string& builder,
                    const std::function<nlohmann::json(const nlohmann::json&)>& dump);

}  // namespace watertight::generator
