#include "framework/scan/searched_text.h"

#include <utility>

#include "framework/scan/embedded.h"

namespace watertight {
namespace {

constexpr int kDeepest = 4;                                // documents in documents
constexpr std::size_t kLongest = std::size_t{8} << 20;     // of an embedded document
constexpr std::string_view kBuildArgument = "build-arg:";  // BuildKit's names of attributes

void AddEmbedded(std::size_t parent, int depth, std::vector<SearchedText>* texts);

// document: what the parent's text holds; base64: that text encodes it.
void AddStrings(std::size_t parent, int depth, std::string_view document, bool base64,
                std::vector<SearchedText>* texts) {
  for (EmbeddedString& embedded : EmbeddedStrings(document)) {
    SearchedText text;
    text.owner = (*texts)[parent].owner;
    text.string.field = (*texts)[parent].string.field;
    text.string.step = (*texts)[parent].string.step;
    text.string.key = std::move(embedded.key);
    if (text.string.key.starts_with(kBuildArgument)) {
      text.string.key.erase(0, kBuildArgument.size());
    }
    text.string.in_list = text.string.key.empty();
    text.string.text = std::move(embedded.text);
    text.encoding = (*texts)[parent].encoding;
    if (base64) text.encoding.emplace_back("base64");
    if (embedded.escaped) text.encoding.emplace_back("json");
    for (std::size_t i = 0; i + 1 < embedded.offsets.size(); ++i) {
      // Three bytes are four letters; two bytes may share one.
      const std::size_t begin = embedded.offsets[i];
      const std::size_t end = embedded.offsets[i + 1];
      text.begins.push_back((*texts)[parent].OuterBegin(base64 ? begin * 4 / 3 : begin));
      text.ends.push_back((*texts)[parent].OuterEnd(base64 ? (end * 4 + 2) / 3 : end));
    }
    (*texts)[parent].has_embedded = true;
    texts->push_back(std::move(text));
    AddEmbedded(texts->size() - 1, depth + 1, texts);
  }
}

void AddEmbedded(std::size_t parent, int depth, std::vector<SearchedText>* texts) {
  const std::string text = (*texts)[parent].string.text;
  if (depth >= kDeepest || text.size() > kLongest || (*texts)[parent].string.is_key) return;
  AddStrings(parent, depth, text, false, texts);
  AddStrings(parent, depth, EmbeddedBase64(text), true, texts);
}

}  // namespace

std::vector<SearchedText> SearchedTexts(std::vector<DocumentString> strings) {
  std::vector<SearchedText> texts;
  for (std::size_t i = 0; i < strings.size(); ++i) {
    SearchedText text;
    text.owner = i;
    text.string = std::move(strings[i]);
    texts.push_back(std::move(text));
    AddEmbedded(texts.size() - 1, 0, &texts);
  }
  return texts;
}

}  // namespace watertight
