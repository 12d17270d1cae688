// The texts that a document's strings give to search: each string itself, and what is embedded in
// it (crane flatten keeps the old history as JSON in a comment; BuildKit kept build arguments as
// base64 of JSON under moby.buildkit.buildinfo.v1).

#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "framework/scan/document.h"

namespace watertight {

struct SearchedText {
  std::size_t owner = 0;  // index of the document's string
  DocumentString string;  // its text decoded; key and list of the place where it is embedded
  // In the owner's text: where each byte of the text begins, and where it ends. Empty when the
  // texts are the same.
  std::vector<std::size_t> begins;
  std::vector<std::size_t> ends;
  std::vector<std::string> encoding;  // from the outside in
  bool has_embedded = false;          // further texts hold all of its values

  std::size_t OuterBegin(std::size_t at) const { return begins.empty() ? at : begins[at]; }
  // behind: of the last byte.
  std::size_t OuterEnd(std::size_t behind) const {
    return ends.empty() ? behind : behind == 0 ? begins[0] : ends[behind - 1];
  }
};

std::vector<SearchedText> SearchedTexts(std::vector<DocumentString> strings);

}  // namespace watertight
