#include "framework/scan/document_leaks.h"

#include <strings.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <utility>

#include "framework/scan/document.h"
#include "framework/scan/possible_secret.h"
#include "framework/scan/recorded_step.h"
#include "framework/scan/secret_names.h"
#include "framework/scan/secret_values.h"
#include "framework/scan/wildcard.h"

namespace watertight {
namespace {

// Shells write a list as one text, with what a document keeps apart.
bool IsWordOfCommand(const DocumentString& string) {
  const std::string& before = string.previous;
  return before.size() >= 2 && before.front() == '-' && before.back() == 'c';
}

// The whole text as NAME=value, of Env and of lists of arguments; nullopt when it is none.
std::optional<PossibleSecret> WholePair(const DocumentString& string) {
  if (!string.in_list || IsWordOfCommand(string)) return std::nullopt;
  const std::size_t equals = string.text.find('=');
  if (equals == std::string::npos || equals == 0) return std::nullopt;
  const std::string name = string.text.substr(0, equals);
  const bool env = strcasecmp(string.key.c_str(), "Env") == 0;
  if (!env && name.find_first_of(" \t\n\"'/:") != std::string::npos) return std::nullopt;
  return PossibleSecret{name, equals + 1, string.text.size() - equals - 1, "", false};
}

// A text that a builder recorded for an instruction.
bool IsRecorded(const DocumentString& string) { return string.step || string.in_list; }

KnownBindings Learn(const std::vector<DocumentString>& strings) {
  KnownBindings known;
  // Twice: what later steps make certain helps to read the earlier ones.
  for (int round = 0; round < 2; ++round) {
    for (const DocumentString& string : strings) {
      if (string.is_key) continue;
      if (const auto pair = WholePair(string)) {
        known.AddValue(pair->name, string.text.substr(pair->offset));
      }
      if (!string.in_list && !string.step && !string.key.empty()) {
        known.AddValue(string.key, string.text);
      }
      if (string.step) LearnFrom(string.text, &known);
    }
  }
  return known;
}

struct Ranked {
  int rank;  // of what found it; a lower one knows better where the value ends
  PossibleSecret candidate;
};

std::vector<Ranked> Candidates(const DocumentString& string, const KnownBindings& known) {
  std::vector<Ranked> ranked;
  const auto add = [&ranked](int rank, std::vector<PossibleSecret> candidates) {
    for (PossibleSecret& candidate : candidates) ranked.push_back({rank, std::move(candidate)});
  };
  std::vector<PossibleSecret> found;
  if (const auto pair = WholePair(string)) found.push_back(*pair);
  if (!string.in_list && !string.step)
    found.push_back({string.key, 0, string.text.size(), "", false});
  if (string.in_list && string.previous.starts_with('-')) {
    found.push_back(
        {string.previous.substr(string.previous.find_first_not_of('-') == std::string::npos
                                    ? 0
                                    : string.previous.find_first_not_of('-')),
         0, string.text.size(), "", false});
  }
  add(0, std::move(found));
  if (IsRecorded(string)) add(1, RecordedBindings(string.text, known));
  found.clear();
  FindByTextRules(string.text, &found);
  add(2, std::move(found));
  found.clear();
  FindAssignments(string.text, &found);
  add(3, std::move(found));
  return ranked;
}

bool IsAllowed(const std::string& name, const CleanOptions& options) {
  return std::any_of(
      options.allowed().begin(), options.allowed().end(),
      [&name](const std::string& allowed) { return MatchesWildcard(allowed, name); });
}

// The rule that makes the candidate a leak, or null.
const char* Verdict(const PossibleSecret& candidate, std::string_view value,
                    const CleanOptions& options) {
  if (!candidate.name.empty() && IsAllowed(candidate.name, options)) return nullptr;
  const SecretName name = ClassifyName(candidate.name);
  const bool by_name = candidate.rule.empty();
  if (by_name && name.rule == nullptr) return nullptr;
  const bool alone = by_name ? name.alone : candidate.alone;
  if (!IsSecretValue(candidate.name, value, alone)) return nullptr;
  return by_name ? name.rule : candidate.rule.c_str();
}

Finding Found(const DocumentString& string, const std::string& rule, std::size_t offset,
              std::size_t length) {
  Finding finding;
  finding.rule = rule;
  finding.carrier = string.step ? Carrier::kHistory : Carrier::kConfig;
  finding.step = string.step;
  finding.field = string.field;
  finding.offset = offset;
  finding.length = length;
  finding.value = string.text.substr(offset, length);
  return finding;
}

// Findings of one string, which do not lie inside of one another.
class Places {
 public:
  bool Covers(std::size_t begin, std::size_t end) const {
    auto after = ends_.upper_bound(begin);
    return after != ends_.begin() && std::prev(after)->second >= end;
  }
  void Add(std::size_t begin, std::size_t end) {
    auto at = ends_.upper_bound(begin);
    if (at != ends_.begin() && std::prev(at)->second >= begin) --at;
    while (at != ends_.end() && at->first <= end) {
      begin = std::min(begin, at->first);
      end = std::max(end, at->second);
      at = ends_.erase(at);
    }
    ends_[begin] = end;
  }

 private:
  std::map<std::size_t, std::size_t> ends_;  // by begin; apart from one another
};

bool IsWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Stands by itself, and is no part of a longer word.
bool IsApart(std::string_view text, std::size_t begin, std::size_t end) {
  const bool left = begin == 0 || !IsWordByte(text[begin - 1]) || !IsWordByte(text[begin]);
  const bool right = end == text.size() || !IsWordByte(text[end]) || !IsWordByte(text[end - 1]);
  return left && right;
}

class Scan {
 public:
  Scan(const std::string& json, const CleanOptions& options)
      : options_(options),
        strings_(ReadDocument(json)),
        places_(strings_.size()),
        found_(strings_.size()) {}

  std::vector<Finding> Run() {
    const KnownBindings known = Learn(strings_);
    for (std::size_t i = 0; i < strings_.size(); ++i) {
      FindKnown(i);
      FindByRules(i, known);
    }
    FindRepeated();
    return Sorted();
  }

 private:
  void FindKnown(std::size_t i) {
    int number = 0;
    for (const Secret& secret : options_.known()) {
      ++number;
      const std::string& value = secret.value();
      const std::string& text = strings_[i].text;
      for (std::size_t at = text.find(value); at != std::string::npos;
           at = text.find(value, at + value.size())) {
        Finding finding = Found(strings_[i], "known-value", at, value.size());
        finding.secret = number;
        found_[i].push_back(std::move(finding));
        places_[i].Add(at, at + value.size());
      }
    }
  }

  void FindByRules(std::size_t i, const KnownBindings& known) {
    if (strings_[i].is_key) return;
    const std::string_view text = strings_[i].text;
    for (const Ranked& ranked : Candidates(strings_[i], known)) {
      const PossibleSecret& candidate = ranked.candidate;
      const std::size_t end = candidate.offset + candidate.length;
      if (places_[i].Covers(candidate.offset, end)) continue;
      const std::string_view value = text.substr(candidate.offset, candidate.length);
      const char* rule = Verdict(candidate, value, options_);
      if (rule == nullptr) continue;
      Finding finding = Found(strings_[i], rule, candidate.offset, candidate.length);
      finding.name = candidate.name;
      if (IsDistinctive(value)) values_.insert(finding.value);
      found_[i].push_back(std::move(finding));
      places_[i].Add(candidate.offset, end);
    }
  }

  // What one place proves to be a secret is one everywhere.
  void FindRepeated() {
    constexpr std::size_t kMost = 256;  // values; each is searched in the whole document
    std::size_t count = 0;
    for (const std::string& value : values_) {
      if (++count > kMost) return;
      for (std::size_t i = 0; i < strings_.size(); ++i) FindRepeated(i, value);
    }
  }

  void FindRepeated(std::size_t i, const std::string& value) {
    const std::string& text = strings_[i].text;
    for (std::size_t at = text.find(value); at != std::string::npos;
         at = text.find(value, at + value.size())) {
      const std::size_t end = at + value.size();
      if (places_[i].Covers(at, end) || !IsApart(text, at, end)) continue;
      found_[i].push_back(Found(strings_[i], "generic-repeated-value", at, value.size()));
      places_[i].Add(at, end);
    }
  }

  std::vector<Finding> Sorted() {
    std::vector<Finding> all;
    for (std::size_t i = 0; i < strings_.size(); ++i) {
      std::stable_sort(found_[i].begin(), found_[i].end(),
                       [](const Finding& a, const Finding& b) { return a.offset < b.offset; });
      std::size_t behind = 0;
      std::uint64_t line = 1;
      std::size_t line_begin = 0;
      for (Finding& finding : found_[i]) {
        for (; behind < finding.offset; ++behind) {
          if (strings_[i].text[behind] != '\n') continue;
          ++line;
          line_begin = behind + 1;
        }
        finding.line = line;
        finding.column = finding.offset - line_begin + 1;
        all.push_back(std::move(finding));
      }
    }
    return all;
  }

  const CleanOptions& options_;
  std::vector<DocumentString> strings_;
  std::vector<Places> places_;               // by string
  std::vector<std::vector<Finding>> found_;  // by string
  std::set<std::string> values_;
};

}  // namespace

std::vector<Finding> FindDocumentLeaks(const std::string& json, const CleanOptions& options) {
  return Scan(json, options).Run();
}

}  // namespace watertight
