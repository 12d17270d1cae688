// NoLeakedFile: well-known credential files, and those that the policy names.

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/check_work.h"
#include "cli/entry_lines.h"
#include "cli/image_run.h"
#include "cli/text.h"
#include "framework/image/contents.h"
#include "framework/image/path.h"
#include "framework/scan/credential_content.h"
#include "framework/scan/fate.h"
#include "framework/scan/recovery.h"
#include "watertight/credential_files.h"
#include "watertight/gtest.h"
#include "watertight/secret.h"

namespace watertight::cli {
namespace {

// What a file of such a name is.
struct FilePattern {
  Glob glob;
  std::string about;
};

std::vector<FilePattern> FilePatterns(const Policy& policy) {
  std::vector<FilePattern> patterns;
  for (const CredentialFile& file : CredentialFiles())
    patterns.push_back({file.pattern, file.what});
  for (const Glob& glob : policy.files.globs) patterns.push_back({glob, "named by the policy"});
  return patterns;
}

bool MatchesAny(const std::vector<Glob>& globs, std::string_view path) {
  return std::any_of(globs.begin(), globs.end(),
                     [path](const Glob& glob) { return glob.Matches(path); });
}

CheckFinding FileFinding(const Image& image, const StoredEntry& stored, const std::string& about) {
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

// Makes a note of a file whose content is proven to be no secret. A link is none: what it leads to
// is another file, here or where the container runs.
void LowerHarmless(CheckFinding* found) {
  const Entry& entry = *found->fate->entry;
  if (entry.type() != EntryType::kFile || entry.size() != found->finding.value.size()) return;
  const std::string why = WhyNoSecret(found->finding.path, found->finding.value);
  if (why.empty()) return;
  found->finding.level = Level::kNote;
  found->about += "; this one " + why;
}

// Of each file its bytes, and their first characters, length and fingerprint; or its length when it
// is large.
void ReadFiles(const Image& image, std::vector<CheckFinding>* findings) {
  constexpr std::uint64_t kLargest = std::uint64_t{1} << 20;
  std::map<int, std::vector<const Entry*>> wanted;
  for (const CheckFinding& found : *findings) {
    const StoredEntry& stored = *found.fate;
    if (stored.entry->size() <= kLargest) wanted[stored.layer].push_back(stored.entry);
  }
  std::map<const Entry*, std::string> contents;
  for (auto& [layer, entries] : wanted) {
    const Entry* at = nullptr;
    std::string bytes;
    const auto finish = [&] {
      if (at != nullptr) contents[at] = bytes;
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
    const auto content = contents.find(found.fate->entry);
    const bool read = content != contents.end();
    if (read) found.finding.value = content->second;
    found.redacted =
        read ? Redacted(content->second) : "… (" + Thousands(found.fate->entry->size()) + " bytes)";
  }
}

std::vector<CheckFinding> CredentialFindings(const Image& image, const Policy& policy) {
  const std::vector<FilePattern> patterns = FilePatterns(policy);
  std::vector<CheckFinding> findings;
  for (const StoredEntry& stored : image.stored()) {
    const std::string_view path = stored.entry->path();
    const auto pattern =
        std::find_if(patterns.begin(), patterns.end(),
                     [path](const FilePattern& one) { return one.glob.Matches(path); });
    if (pattern == patterns.end() || MatchesAny(policy.files.except, path)) continue;
    findings.push_back(FileFinding(image, stored, pattern->about));
  }
  ReadFiles(image, &findings);
  for (CheckFinding& found : findings) {
    if (!MatchesAny(policy.files.globs, found.finding.path)) LowerHarmless(&found);
  }
  return findings;
}

// A glob of this one path.
Glob ExactPath(const std::string& path) {
  std::string pattern = "/";
  for (const char c : path) {
    if (std::string_view("\\*?[]{},!^").find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

// Paths of which all that is stored is allowed, or no secret.
std::vector<Glob> AllowedPaths(const std::vector<CheckFinding>& findings) {
  std::map<std::string, bool> allowed;
  for (const CheckFinding& found : findings) {
    bool& all = allowed.emplace(found.finding.path, true).first->second;
    all = all && !IsError(found);
  }
  std::vector<Glob> globs;
  for (const auto& [path, all] : allowed) {
    if (all) globs.push_back(ExactPath(path));
  }
  return globs;
}

}  // namespace

CheckResult CheckFiles(ImageRun& run) {
  const Image& image = run.image();
  const Policy& policy = run.policy();
  CheckResult result;
  const bool readable = image.unreadable_layers().empty();
  if (readable) result.findings = CredentialFindings(image, policy);
  ApplyAllow(policy, &result);
  PathPatterns patterns;
  for (const FilePattern& pattern : FilePatterns(policy)) patterns.globs.push_back(pattern.glob);
  patterns.except = AllowedPaths(result.findings);
  patterns.except.insert(patterns.except.end(), policy.files.except.begin(),
                         policy.files.except.end());
  const Answer answer =
      Ask(image, NeverStores(patterns), "never stores a well-known credential file in any layer");
  result.status = StatusOf(answer.matches);
  result.message = answer.message;
  result.detail = BelowErrorText(result.findings);
  if (answer.matches) return result;
  if (!readable) {
    result.detail = "cannot be judged: not every layer can be read";
    return result;
  }
  const auto first = std::find_if(result.findings.begin(), result.findings.end(), IsError);
  if (first == result.findings.end()) return result;
  result.detail = Printable(first->finding.path) + ": " + FateText(*first->fate) +
                  AndMore(CountErrors(result.findings));
  return result;
}

}  // namespace watertight::cli
