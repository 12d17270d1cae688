#include "framework/scan/document_leaks.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string_view>
#include <utility>

#include "framework/scan/also_hidden.h"
#include "framework/scan/document.h"
#include "framework/scan/places.h"
#include "framework/scan/possible_secrets.h"
#include "framework/scan/searched_text.h"
#include "framework/scan/secret_values.h"
#include "framework/scan/shown_keys.h"
#include "framework/scan/text_findings.h"

namespace watertight {
namespace {

bool IsWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Stands by itself, and is no part of a longer word.
bool IsApart(std::string_view text, std::size_t begin, std::size_t end) {
  const bool escape = begin > 1 && text[begin - 2] == '\\' &&  // printf's "\nvalue"
                      std::string_view("nrt").find(text[begin - 1]) != std::string_view::npos;
  const bool left =
      begin == 0 || escape || !IsWordByte(text[begin - 1]) || !IsWordByte(text[begin]);
  const bool right = end == text.size() || !IsWordByte(text[end]) || !IsWordByte(text[end - 1]);
  return left && right;
}

class DocumentSearch {
 public:
  DocumentSearch(const std::string& json, const CleanOptions& options)
      : options_(options),
        strings_(ReadDocument(json)),
        places_(strings_.size()),
        found_(strings_.size()),
        texts_(SearchedTexts(strings_)),
        kinds_(ValueSet::OfBuiltInRules()) {}

  std::vector<Finding> Run() {
    std::vector<DocumentString> all;
    for (const SearchedText& text : texts_) all.push_back(text.string);
    const KnownBindings known = LearnBindings(all);
    for (const SearchedText& text : texts_) FindKnown(text);
    for (const SearchedText& text : texts_) FindByKinds(text);
    for (const SearchedText& text : texts_) FindByRules(text, known);
    FindRepeated();
    return Sorted();
  }

 private:
  void FindKnown(const SearchedText& text) {
    int number = 0;
    for (const Secret& secret : options_.known()) {
      ++number;
      for (const std::size_t at : Occurrences(text.string.text, secret.value())) {
        if (!text.begins.empty() && IsTaken(text, at, secret.value().size())) continue;
        Add(text, "known-value", at, secret.value().size()).secret = number;
      }
    }
  }

  // The rules of documents know more places of passwords.
  static bool IsPassword(const Rule& rule) {
    const std::string_view family = rule.family;
    return family == "generic-password" || family == "database-url";
  }

  // What is in a provider's form, whatever it is bound to.
  void FindByKinds(const SearchedText& text) {
    if (text.has_embedded) return;
    kinds_.Take(text.string.text);
    for (const FoundValue& found : kinds_.Finish()) {
      const Rule& rule = RuleSet::BuiltIn().rows()[RuleOfNumber(found.secret)];
      if (IsPassword(rule) || found.level != Level::kError) continue;
      if (IsTaken(text, found.offset, found.length)) continue;
      Add(text, rule.id, found.offset, found.length);
      if (IsDistinctive(found.value)) values_.emplace(found.value);
    }
  }

  void FindByRules(const SearchedText& text, const KnownBindings& known) {
    if (text.string.is_key || text.has_embedded) return;
    for (const PossibleSecret& possible : PossibleSecrets(text.string, known)) {
      const std::string_view value =
          std::string_view(text.string.text).substr(possible.offset, possible.length);
      if (IsTaken(text, possible.offset, possible.length)) continue;
      const char* rule = LeakRule(possible, value, options_);
      if (rule == nullptr) continue;
      Add(text, rule, possible.offset, possible.length).name = possible.name;
      if (IsDistinctive(value)) values_.emplace(value);
    }
  }

  // What one place proves to be a secret is one everywhere.
  void FindRepeated() {
    constexpr std::size_t kMost = 256;  // values; each is searched in the whole document
    std::size_t count = 0;
    for (const std::string& value : values_) {
      if (++count > kMost) return;
      for (const SearchedText& text : texts_) {
        for (const std::size_t at : Occurrences(text.string.text, value)) {
          if (IsTaken(text, at, value.size())) continue;
          if (!IsApart(text.string.text, at, at + value.size())) continue;
          Add(text, "generic-repeated-value", at, value.size());
        }
      }
    }
  }

  static std::vector<std::size_t> Occurrences(const std::string& text, const std::string& value) {
    std::vector<std::size_t> found;
    for (std::size_t at = text.find(value); at != std::string::npos;
         at = text.find(value, at + value.size())) {
      found.push_back(at);
    }
    return found;
  }

  bool IsTaken(const SearchedText& text, std::size_t offset, std::size_t length) const {
    return places_[text.owner].Covers(text.OuterBegin(offset), text.OuterEnd(offset + length));
  }

  Finding& Add(const SearchedText& text, const char* rule, std::size_t offset, std::size_t length) {
    const std::size_t begin = text.OuterBegin(offset);
    const std::size_t end = text.OuterEnd(offset + length);
    Finding finding;
    finding.rule = rule;
    finding.carrier = text.string.step ? Carrier::kHistory : Carrier::kConfig;
    finding.step = text.string.step;
    finding.field = text.string.field;
    finding.offset = begin;
    finding.length = end - begin;
    finding.value = text.string.text.substr(offset, length);
    // Escapes elsewhere in the text do not encode this value.
    if (strings_[text.owner].text.compare(begin, end - begin, finding.value) != 0) {
      finding.encoding = text.encoding;
    }
    places_[text.owner].Add(begin, end);
    return found_[text.owner].emplace_back(std::move(finding));
  }

  std::vector<Finding> Sorted() {
    std::vector<Finding> all;
    ShownKeys keys(strings_);
    for (std::size_t i = 0; i < strings_.size(); ++i) {
      std::stable_sort(found_[i].begin(), found_[i].end(),
                       [](const Finding& a, const Finding& b) { return a.offset < b.offset; });
      SetLines(strings_[i].text, &found_[i]);
      if (strings_[i].is_key) keys.AddName(i, &found_[i]);
      std::move(found_[i].begin(), found_[i].end(), std::back_inserter(all));
    }
    for (Finding& finding : all) keys.Hide(&finding);
    for (Finding& finding : all) finding.name = AlsoHidden::Without(std::move(finding.name));
    return all;
  }

  static void SetLines(std::string_view text, std::vector<Finding>* findings) {
    std::uint64_t line = 1;
    std::size_t line_begin = 0;
    std::size_t at = 0;
    for (Finding& finding : *findings) {
      for (; at < finding.offset; ++at) {
        if (text[at] != '\n') continue;
        ++line;
        line_begin = at + 1;
      }
      finding.line = line;
      finding.column = finding.offset - line_begin + 1;
    }
  }

  const CleanOptions& options_;
  std::vector<DocumentString> strings_;
  std::vector<Places> places_;               // by string
  std::vector<std::vector<Finding>> found_;  // by string
  std::vector<SearchedText> texts_;
  std::set<std::string> values_;
  TextSearch kinds_;
};

}  // namespace

std::vector<Finding> FindDocumentLeaks(const std::string& json, const CleanOptions& options) {
  return DocumentSearch(json, options).Run();
}

}  // namespace watertight
