// Drawing what credentials are made of, beside tokens (shape.h).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "generator/credentials/drbg.h"
#include "generator/credentials/shape.h"
#include "generator/credentials/words.h"
#include "generator/error.h"

namespace watertight::generator::credentials {

// Draws until what is drawn, an encoding of something, reads like no text behind its first `fixed`
// characters.
template <typename Function>
std::string DrawQuiet(std::size_t fixed, const Function& draw) {
  for (int attempt = 0; attempt < 10000; ++attempt) {
    std::string text = draw();
    if (!ReadsLikeText(std::string_view(text).substr(fixed))) return text;
  }
  throw Error("every draw reads like text");
}

// Draws keys until their text, which the function takes from them, holds nothing that scanners
// drop.
template <typename Draw, typename Text>
auto DrawKept(const Draw& draw, const Text& text) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    auto drawn = draw();
    if (!HoldsDroppedText(text(drawn))) return drawn;
  }
  throw Error("every draw holds what scanners drop");
}

// 24 letters and digits.
std::string DrawPassword(Drbg& random);
// "deploy", "build-agent" …
std::string DrawUser(Drbg& random);
// "SERVICE.eu2.internal"; `service` may be empty.
std::string DrawHost(std::string_view service, Drbg& random);
// Version 4.
std::string DrawUuid(Drbg& random);

}  // namespace watertight::generator::credentials
