// Which values are proven to be no secret.
//
// secret_values.h answers when something was found, and leaves what is most likely none. Here it
// is the other way round: the value stands in a file that is made for secrets, and what cannot be
// judged is one. `${TOKEN:-x}` may hold a secret, `example` may be a password.

#pragma once

#include <string_view>

namespace watertight {

// All of the value names what stands elsewhere: ${X}, $X, %X%, $(X), ${{ x.y }}, $(cat x).
bool IsVariable(std::string_view value);

// A variable, or a place that says itself that a value is still to come: changeme, <TOKEN>,
// your-token-here, ****.
bool IsFilledInLater(std::string_view value);

// Words, names, paths and small numbers, none of which looks drawn by chance, and no option that a
// secret could follow. An empty one too. This alone proves nothing of a password.
bool IsPlainText(std::string_view value);

// Words of a sentence and plain URLs, which name no secret: a comment may hold one that was in use.
bool IsPlainComment(std::string_view comment);

// Filled in later, at least behind a user or a scheme; empty; a switch, a plain URL or a public
// key; or plain text that stands under a name of what is no secret, such as registry or username.
// An empty name is that of what is a name itself.
bool IsHarmless(std::string_view name, std::string_view value);

}  // namespace watertight
