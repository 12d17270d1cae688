#include "cli/checks.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <sstream>

#include "cli/entry_lines.h"
#include "cli/text.h"
#include "framework/image/contents.h"
#include "framework/image/path.h"
#include "framework/matchers/made_search.h"
#include "framework/matchers/verdict.h"
#include "framework/scan/fate.h"
#include "framework/scan/finding_text.h"
#include "framework/scan/recovery.h"
#include "framework/scan/secret_search.h"
#include "watertight/credential_files.h"
#include "watertight/glob.h"
#include "watertight/gtest.h"
#include "watertight/leaks.h"
#include "watertight/secrets.h"

namespace watertight::cli {
namespace {

constexpr char kCannotBeJudged[] = "cannot be judged: not every layer can be read";

// The answer of a matcher, with the message that GoogleTest would print.
struct Answer {
  bool matches = false;
  std::string message;
};

Answer Ask(const Image& image, const testing::Matcher<const Image&>& matcher,
           const std::string& claim) {
  const SilentUnknown silent;
  testing::StringMatchResultListener listener;
  Answer answer;
  answer.matches = matcher.MatchAndExplain(image, &listener);
  if (answer.matches) return answer;
  std::ostringstream text;
  text << "Expected: " << claim << "\n  Actual: ";
  PrintTo(image, &text);
  text << ", " << listener.str();
  answer.message = text.str();
  return answer;
}

std::string ClaimOf(const testing::Matcher<const Image&>& matcher) {
  std::ostringstream text;
  matcher.DescribeTo(&text);
  return text.str();
}

std::string AndMore(std::size_t count) {
  return count <= 1 ? "" : ", and " + Thousands(count - 1) + " more";
}

std::string SizeText(const Image& image) {
  std::string layers = Counted(image.layers().size(), "layer");
  try {
    return layers + ", " + HumanSize(image.size());
  } catch (const Error&) {
    return layers;
  }
}

CheckResult CheckIntact(const Image& image) {
  CheckResult result;
  const testing::Matcher<const Image&> matcher = IsIntact();
  const Answer answer = Ask(image, matcher, ClaimOf(matcher));
  result.passed = answer.matches;
  result.message = answer.message;
  if (answer.matches) {
    result.detail = SizeText(image);
  } else {
    const bool readable = image.unreadable_layers().empty();
    result.detail = readable ? "bytes are not what a document claims" : "a layer cannot be read";
  }
  return result;
}

CheckFinding FileFinding(const Image& image, const StoredEntry& stored, const char* about) {
  CheckFinding found;
  found.finding.rule = "generic-credential-file";
  found.finding.carrier = Carrier::kFile;
  found.finding.layer = stored.layer;
  found.finding.blob = image.layers()[static_cast<std::size_t>(stored.layer)].blob();
  found.finding.path = stored.entry->path();
  found.finding.length = stored.entry->size();
  found.about = about;
  found.recover = RecoverCommand(image, stored.layer, *stored.entry);
  found.fate = stored;
  return found;
}

// Of each file its first characters, length and fingerprint, or its length when it is large.
void RedactFiles(const Image& image, std::vector<CheckFinding>* findings) {
  constexpr std::uint64_t kLargest = std::uint64_t{1} << 20;
  std::map<int, std::vector<const Entry*>> wanted;
  for (const CheckFinding& found : *findings) {
    const StoredEntry& stored = *found.fate;
    if (stored.entry->size() <= kLargest) wanted[stored.layer].push_back(stored.entry);
  }
  std::map<const Entry*, std::string> redacted;
  for (auto& [layer, entries] : wanted) {
    const Entry* at = nullptr;
    std::string bytes;
    const auto finish = [&] {
      if (at != nullptr) redacted[at] = Redacted(bytes);
      bytes.clear();
    };
    ReadContents(image.layers()[static_cast<std::size_t>(layer)], std::move(entries),
                 [&](const Entry& entry, std::string_view piece) {
                   if (&entry != at) finish();
                   at = &entry;
                   bytes += piece;
                 });
    finish();
  }
  for (CheckFinding& found : *findings) {
    const auto text = redacted.find(found.fate->entry);
    found.redacted = text != redacted.end()
                         ? text->second
                         : "… (" + Thousands(found.fate->entry->size()) + " bytes)";
  }
}

std::vector<CheckFinding> CredentialFindings(const Image& image) {
  std::vector<Glob> globs;
  for (const CredentialFile& file : CredentialFiles()) globs.emplace_back(file.pattern);
  std::vector<CheckFinding> findings;
  for (const StoredEntry& stored : image.stored()) {
    for (std::size_t i = 0; i < globs.size(); ++i) {
      if (!globs[i].Matches(stored.entry->path())) continue;
      findings.push_back(FileFinding(image, stored, CredentialFiles()[i].what));
      break;
    }
  }
  RedactFiles(image, &findings);
  return findings;
}

CheckResult CheckFiles(const Image& image) {
  PathPatterns patterns;
  for (const CredentialFile& file : CredentialFiles()) patterns.globs.emplace_back(file.pattern);
  CheckResult result;
  const Answer answer =
      Ask(image, NeverStores(patterns), "never stores a well-known credential file in any layer");
  result.passed = answer.matches;
  result.message = answer.message;
  if (answer.matches) return result;
  if (!image.unreadable_layers().empty()) {
    result.detail = kCannotBeJudged;
    return result;
  }
  result.findings = CredentialFindings(image);
  if (result.findings.empty()) return result;
  const CheckFinding& first = result.findings.front();
  result.detail = Printable(first.finding.path) + ": " + FateText(*first.fate) +
                  AndMore(result.findings.size());
  return result;
}

CheckResult CheckDocument(const Image& image, const testing::Matcher<const Image&>& matcher,
                          std::vector<Finding> leaks) {
  CheckResult result;
  const Answer answer = Ask(image, matcher, ClaimOf(matcher));
  result.passed = answer.matches;
  result.message = answer.message;
  for (Finding& leak : leaks) {
    CheckFinding found;
    found.redacted = Redacted(leak.value);
    found.recover = RecoverCommand(image, leak);
    found.finding = std::move(leak);
    result.findings.push_back(std::move(found));
  }
  if (result.findings.empty()) return result;
  const Finding& first = result.findings.front().finding;
  result.detail = Printable(first.field) + ": " +
                  (first.name.empty() ? "" : Printable(first.name) + "=") +
                  result.findings.front().redacted + AndMore(result.findings.size());
  return result;
}

CheckResult CheckHistory(const Image& image) {
  CheckResult result = CheckDocument(image, HasCleanHistory(), FindHistoryLeaks(image));
  if (result.passed) result.detail = Counted(image.history().size(), "step");
  return result;
}

CheckResult CheckConfig(const Image& image) {
  CheckResult result = CheckDocument(image, HasCleanConfig(), FindConfigLeaks(image));
  if (result.passed) {
    result.detail = Counted(image.config().env.size(), "variable") + ", " +
                    Counted(image.config().labels.size(), "label");
  }
  return result;
}

// "app/.env: github-pat, ghp_… (40 bytes, 4f1a09c2)".
std::string SecretDetail(const std::vector<CheckFinding>& findings) {
  std::size_t count = 0;
  const Finding* first = nullptr;
  for (const CheckFinding& found : findings) {
    if (found.finding.level != Level::kError) continue;
    if (count++ == 0) first = &found.finding;
  }
  if (first == nullptr) return Counted(findings.size(), "finding") + " below an error";
  return PlaceText(*first) + ": " + first->rule + ", " + Redacted(first->value) + AndMore(count);
}

// The same place of a document, in part at least.
bool IsSamePlace(const Finding& a, const Finding& b) {
  return a.blob == b.blob && a.field == b.field && a.layer == b.layer && a.path == b.path &&
         a.offset < b.offset + b.length && b.offset < a.offset + a.length && !a.field.empty();
}

// Takes out what the checks before list; the names of these checks for what would fail, in order.
std::vector<std::string> DropTold(const std::vector<CheckResult>& before,
                                  std::vector<Finding>* findings) {
  std::vector<std::string> tellers;
  std::erase_if(*findings, [&](const Finding& finding) {
    const auto teller = std::find_if(before.begin(), before.end(), [&](const CheckResult& result) {
      return std::any_of(
          result.findings.begin(), result.findings.end(),
          [&](const CheckFinding& other) { return IsSamePlace(other.finding, finding); });
    });
    if (teller == before.end()) return false;
    const bool named = std::find(tellers.begin(), tellers.end(), teller->name) != tellers.end();
    if (finding.level == Level::kError && !named) tellers.push_back(teller->name);
    return true;
  });
  return tellers;
}

// "HistoryClean and ConfigClean tell".
std::string TellText(const std::vector<std::string>& tellers) {
  std::string text = tellers.front();
  for (std::size_t i = 1; i < tellers.size(); ++i) text += " and " + tellers[i];
  return text + (tellers.size() == 1 ? " tells" : " tell");
}

// A secret of the history is told once; the image fails here too.
CheckResult CheckSecrets(const Image& image, ValueSearch search,
                         const std::vector<CheckResult>& before) {
  CheckResult result;
  const std::vector<std::string> tellers = DropTold(before, &search.findings);
  const testing::Matcher<const Image&> matcher = HasNoSecretsIn(search);
  const Answer answer = Ask(image, matcher, ClaimOf(matcher));
  result.passed = answer.matches && tellers.empty();
  result.message = answer.message;
  result.notes = search.notes;
  if (!tellers.empty()) {
    if (answer.matches) {
      std::ostringstream text;
      text << "Expected: " << ClaimOf(matcher) << "\n  Actual: ";
      PrintTo(image, &text);
      result.message = text.str() + ", which holds no other than what " + TellText(tellers) + ".";
    } else {
      result.message += "\n  Beside these there is what " + TellText(tellers) + ".";
    }
  }
  for (Finding& finding : search.findings) {
    CheckFinding found;
    if (!finding.package.empty()) found.about = "from the " + finding.package;
    found.redacted = Redacted(finding.value);
    found.recover = RecoverCommand(image, finding);
    found.fate = FateOf(image, finding);
    found.finding = std::move(finding);
    result.findings.push_back(std::move(found));
  }
  if (!result.findings.empty()) result.detail = SecretDetail(result.findings);
  if (answer.matches && !tellers.empty()) result.detail = "what " + TellText(tellers);
  if (!search.notes.empty()) {
    if (!result.detail.empty()) result.detail += "; ";
    result.detail += Counted(search.notes.size(), "part") + " not searched or not listed";
  }
  return result;
}

struct Check {
  const char* name;
  CheckResult (*run)(const Image& image);
};
constexpr Check kBesideSecrets[] = {{"Intact", CheckIntact},
                                    {"NoLeakedFile", CheckFiles},
                                    {"HistoryClean", CheckHistory},
                                    {"ConfigClean", CheckConfig}};

}  // namespace

std::vector<CheckResult> RunChecks(const Image& image) {
  using Clock = std::chrono::steady_clock;
  std::vector<CheckResult> results;
  const auto add = [&](const char* name, double seconds, const auto& run) {
    const Clock::time_point start = Clock::now();
    CheckResult result = run();
    result.name = name;
    result.seconds = seconds + std::chrono::duration<double>(Clock::now() - start).count();
    results.push_back(std::move(result));
  };
  // First, since this pass over the bytes computes the digests for the others too.
  const Clock::time_point start = Clock::now();
  ValueSearch search = FindSecretsAndHash(image);
  const double searched = std::chrono::duration<double>(Clock::now() - start).count();
  for (const Check& check : kBesideSecrets) add(check.name, 0, [&] { return check.run(image); });
  add("NoSecrets", searched, [&] { return CheckSecrets(image, std::move(search), results); });
  return results;
}

}  // namespace watertight::cli
