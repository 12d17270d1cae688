// Values that a provider's own rule judges, or that fail a form that they nearly have.

#pragma once

#include <string_view>

namespace watertight {

// It begins as a provider's tokens do, "ghp_…", or holds their mark. When it then fails the
// provider's rule, nobody issued it, whatever name it is bound to. Also what is hexadecimal, base
// 32 or a UUID but for a character or two, which chance does not make.
bool HasProvidersForm(std::string_view value);

}  // namespace watertight
