// Text with the parts of a credential in it: "{{user}}:{{value >json}}".
#pragma once

#include <string>
#include <string_view>

#include "generator/credentials/credentials.h"

namespace watertight::generator::credentials {

// A part with encodings behind it, {{value >json >base64}}, or a block, {{#base64}}…{{/base64}};
// what is not among the few encodings that forms need is an error. Throws: Error.
std::string FillIn(std::string_view text, const Credential& credential);

// "{{value}}" or "{{part}}" without braces, of each place in the text; encodings taken off.
std::vector<std::string> PartsIn(std::string_view text);

}  // namespace watertight::generator::credentials
