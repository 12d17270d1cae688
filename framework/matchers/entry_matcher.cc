// Matchers of one entry's attributes.

#include "framework/image/path.h"
#include "framework/matchers/layer_table.h"
#include "framework/matchers/verdict.h"
#include "watertight/matchers/files.h"
#include "watertight/secret.h"

namespace watertight {
namespace internal {

struct EntryClaim {
  std::string claim;     // "has the mode 0755"
  std::string negation;  // "does not have the mode 0755"
  std::function<Verdict(const Entry&)> judge;
};

}  // namespace internal

namespace {

std::string DescriptionOf(const ::testing::Matcher<const std::string&>& matcher, bool negation) {
  std::ostringstream text;
  if (negation) {
    matcher.DescribeNegationTo(&text);
  } else {
    matcher.DescribeTo(&text);
  }
  return text.str();
}

std::string Owner(std::uint32_t uid, std::uint32_t gid) {
  return std::to_string(uid) + ":" + std::to_string(gid);
}

Verdict JudgeOwner(const Entry& entry, bool yes) {
  return {yes ? Answer::kYes : Answer::kNo, "whose owner is " + Owner(entry.uid(), entry.gid())};
}

}  // namespace

EntryMatcher::EntryMatcher(internal::EntryClaim claim)
    : claim_(std::make_shared<const internal::EntryClaim>(std::move(claim))) {}

// The attributes of a hard link are those of what it links to.
bool EntryMatcher::MatchAndExplain(const RootfsEntry& entry, std::ostream* out) const {
  return MatchAndExplain(entry.content(), out);
}

bool EntryMatcher::MatchAndExplain(const Entry& entry, std::ostream* out) const {
  return ReportJudgement([&] { return claim_->judge(entry); }, out);
}

void EntryMatcher::DescribeTo(std::ostream* out) const { *out << claim_->claim; }
void EntryMatcher::DescribeNegationTo(std::ostream* out) const { *out << claim_->negation; }

EntryMatcher HasMode(int bits) {
  const Mode mode{static_cast<std::uint16_t>(bits)};
  return EntryMatcher(
      internal::EntryClaim{"has mode " + ToString(mode), "has another mode than " + ToString(mode),
                           [mode](const Entry& entry) -> Verdict {
                             return {entry.mode() == mode ? Answer::kYes : Answer::kNo,
                                     "whose mode is " + ToString(entry.mode())};
                           }});
}

EntryMatcher HasContent(const ::testing::Matcher<const std::string&>& content) {
  const auto judge = [content](const Entry& entry) -> Verdict {
    const std::string bytes = entry.Read();
    return {content.Matches(bytes) ? Answer::kYes : Answer::kNo,
            "whose content is " + Redacted(bytes)};
  };
  return EntryMatcher(internal::EntryClaim{"has content that " + DescriptionOf(content, false),
                                           "has content that " + DescriptionOf(content, true),
                                           judge});
}

EntryMatcher OwnedBy(std::uint32_t uid) {
  const std::string user = std::to_string(uid);
  return EntryMatcher(internal::EntryClaim{
      "is owned by user " + user, "is owned by another user than " + user,
      [uid](const Entry& entry) { return JudgeOwner(entry, entry.uid() == uid); }});
}

EntryMatcher OwnedBy(std::uint32_t uid, std::uint32_t gid) {
  const std::string owner = Owner(uid, gid);
  return EntryMatcher(internal::EntryClaim{
      "is owned by " + owner, "is not owned by " + owner, [uid, gid](const Entry& entry) {
        return JudgeOwner(entry, entry.uid() == uid && entry.gid() == gid);
      }});
}

}  // namespace watertight
