// Values that a provider's own rule judges, or that fail a form that they nearly have.

#pragma once

#include <string_view>

namespace watertight {

// It begins as a provider's tokens do, "ghp_…", or holds their mark, and is as long but for one
// character: when it then fails the provider's rule, nobody issued it, whatever name it is bound
// to. Of another length it may be another provider's. Also what is hexadecimal, base 32 or a UUID
// but for a character or two, which chance does not make; and what is turned around, in rot13, in
// base64 or in hexadecimal of such.
bool HasProvidersForm(std::string_view value);

// Turned around or in rot13 it is a token that passes the provider's rule.
bool IsHiddenToken(std::string_view value);

// It has the form of a provider's token, as above, and passes no provider's rule.
bool IsUnissuedToken(std::string_view value);

}  // namespace watertight
