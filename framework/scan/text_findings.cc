#include "framework/scan/text_findings.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "framework/image/path.h"
#include "framework/scan/step_text.h"

namespace watertight {
namespace {

constexpr std::size_t kPiece = std::size_t{16} << 10;

}  // namespace

TextSearch::TextSearch(const ValueSet& set)
    : search_(set, &scratch_, ByteSearch::Lines::kCounted, kPiece) {}

std::vector<FoundValue> TextSearch::Finish() {
  search_.Finish();
  std::vector<FoundValue> found = search_.found();
  unread_ = search_.unread().size();
  search_.Reset();
  return found;
}

std::vector<FoundValue> FindInText(const ValueSet& set, std::string_view text) {
  if (text.empty()) return {};
  TextSearch search(set);
  search.Take(text);
  return search.Finish();
}

Finding FindingOf(const FoundValue& found, Carrier carrier, const ValueSet& set) {
  Finding finding;
  if (found.secret < 0) {
    finding.rule = set.rules()->rows()[RuleOfNumber(found.secret)].id;
    finding.level = found.level;
    finding.value = found.value;
  } else {
    finding.rule = "known-value";
    finding.secret = found.secret;
    finding.value = set.values()[static_cast<std::size_t>(found.secret) - 1];
  }
  finding.carrier = carrier;
  finding.offset = found.offset;
  finding.length = found.length;
  finding.line = found.line;
  finding.column = found.column;
  finding.encoding = found.encoding;
  finding.nested = found.nested;
  return finding;
}

std::string DescribeFailure(const std::string& subject, const std::string& error) {
  constexpr std::string_view kVerbs[] = {"has ", "is ", "ends ", "expands ", "does ", "needs "};
  const bool lacks_subject =
      std::any_of(std::begin(kVerbs), std::end(kVerbs),
                  [&](std::string_view verb) { return error.starts_with(verb); });
  return subject + (lacks_subject ? " " : " cannot be read to its end: ") + error;
}

std::string DescribeUnread(std::size_t streams) {
  const bool one = streams == 1;
  return std::to_string(streams) + " encoded stream" + (one ? "" : "s") + " in it " +
         (one ? "is" : "are") + " damaged, cut off or too large, and not searched to the end";
}

std::string DescribeLeftOut(const ContentPath& path, const std::string& text) {
  std::string where;
  for (const std::string& encoding : path.encoding) where += (where.empty() ? "" : ", ") + encoding;
  for (const std::string& member : path.nested) {
    where += (where.empty() ? "" : ", ") + NameText(member);
  }
  return (where.empty() ? "" : "in " + where + ": ") + text;
}

void BoundedNotes::Add(std::optional<int> layer, std::string path, std::string text) {
  if (++count_ > kMost) return;
  notes_->push_back({kUnsearchedPart, layer, std::move(path), std::move(text)});
}

void BoundedNotes::Finish(std::optional<int> layer, std::string path) const {
  if (count_ <= kMost) return;
  notes_->push_back({kUnsearchedPart, layer, std::move(path),
                     std::to_string(count_ - kMost) + " more parts were not searched"});
}

std::string NameText(std::string_view name) {
  constexpr std::size_t kWidth = 100;
  return Cut(Printable(name.substr(0, 4 * kWidth)), kWidth);
}

}  // namespace watertight
