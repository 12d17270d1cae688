#include "framework/scan/content_search.h"

#include <algorithm>
#include <optional>

#include "framework/image/streams.h"
#include "framework/scan/containers.h"
#include "framework/scan/text_findings.h"

namespace watertight {

namespace {

// What all compressed streams inside of one content may expand to together: a bomb may be made of
// many.
class BudgetStream : public ByteStream {
 public:
  BudgetStream(ByteStream* stream, std::uint64_t* budget) : stream_(stream), budget_(budget) {}

  std::size_t Read(char* buffer, std::size_t count) override {
    const std::size_t got = stream_->Read(buffer, count);
    if (got > *budget_) {
      *budget_ = 0;
      throw Error(ErrorCode::kLimitExceeded, "expands to more than the limit");
    }
    *budget_ -= got;
    return got;
  }

 private:
  ByteStream* stream_;
  std::uint64_t* budget_;
};

std::uint64_t BudgetOf(std::uint64_t size, const SearchLimits& limits) {
  const bool large =
      size > limits.expanded_bytes / std::max<std::uint64_t>(1, limits.expansion_ratio);
  const std::uint64_t most = large ? limits.expanded_bytes : size * limits.expansion_ratio;
  return std::min(limits.expanded_bytes, std::max(most, limits.expansion_grace));
}

Limits LimitsOf(const SearchLimits& limits) {
  Limits all;
  all.entries = limits.members;
  all.expanded_bytes = limits.expanded_bytes;
  all.expansion_ratio = limits.expansion_ratio;
  all.expansion_grace = limits.expansion_grace;
  return all;
}

class Opener : public ContainerVisitor {
 public:
  Opener(ContentSearch* search, Reader* container, const ContentPath& path,
         const ContentSearch::Sink& sink, std::uint64_t* budget, ContentSpans* spans)
      : search_(search),
        container_(container),
        begin_(container->position()),
        path_(path),
        sink_(sink),
        budget_(budget),
        spans_(spans) {}

  void Stream(const char* encoding, ByteStream* content, std::uint64_t begin) override {
    ContentPath path = Below();
    path.encoding.emplace_back(encoding);
    SearchCompressed(content, path, begin);
  }

  void Member(const std::string& name, ByteStream* content, std::uint64_t begin) override {
    SearchCompressed(content, Below(name), begin);
  }

  void PlainMember(const std::string& name, Reader* reader, std::uint64_t size) override {
    const std::uint64_t begin = reader->position() - begin_;
    spans_->push_back({begin, begin + size, true, {}});
    const std::unique_ptr<ByteStream> content = PartStream(reader, size);
    search_->Search(content.get(), size, Below(name), sink_);
  }

  void LeftOut(const std::string& name, const std::string& why) override {
    sink_.left_out(path_, DescribeFailure("its member " + NameText(name), why));
  }

 private:
  void SearchCompressed(ByteStream* content, const ContentPath& path, std::uint64_t begin) {
    ContentSpan span;
    span.begin = begin - begin_;
    const ContentSearch::Sink noting = {[&](ContentFinding finding) {
                                          span.inside.emplace_back(finding.value.secret,
                                                                   finding.value.length);
                                          sink_.found(std::move(finding));
                                        },
                                        sink_.left_out};
    const auto finish = [&] {
      span.end = container_->position() - begin_;
      if (!span.inside.empty()) spans_->push_back(std::move(span));
    };
    BudgetStream limited(content, budget_);
    try {
      search_->Search(&limited, kUnknownSize, path, noting);
    } catch (const Error&) {
      finish();
      throw;
    }
    finish();
  }

  ContentPath Below() const {
    ContentPath path = path_;
    ++path.depth;
    return path;
  }

  ContentPath Below(const std::string& name) const {
    ContentPath path = Below();
    path.nested.push_back(name);
    return path;
  }

  ContentSearch* search_;
  Reader* container_;
  std::uint64_t begin_;
  const ContentPath& path_;
  const ContentSearch::Sink& sink_;
  std::uint64_t* budget_;
  ContentSpans* spans_;
};

}  // namespace

namespace {

// The last span that begins at the offset or before; null when none does.
const ContentSpan* SpanBefore(std::uint64_t offset, const ContentSpans& spans) {
  const auto after = std::upper_bound(
      spans.begin(), spans.end(), offset,
      [](std::uint64_t place, const ContentSpan& span) { return place < span.begin; });
  return after == spans.begin() ? nullptr : &*std::prev(after);
}

}  // namespace

bool IsInside(std::uint64_t offset, const ContentSpans& spans) {
  const ContentSpan* span = SpanBefore(offset, spans);
  return span != nullptr && offset < span->end;
}

bool IsToldInside(const FoundValue& found, const ContentSpans& spans) {
  const ContentSpan* before = SpanBefore(found.offset, spans);
  if (before == nullptr) return false;
  const ContentSpan& span = *before;
  if (found.offset + found.length > span.end) return false;
  const std::pair<int, std::uint64_t> value(found.secret, found.length);
  return span.plain ||
         std::find(span.inside.begin(), span.inside.end(), value) != span.inside.end();
}

ContentSearch::ContentSearch(const ValueSet& set, const SearchLimits& limits, std::size_t encodings)
    : set_(set), limits_(limits), encodings_(encodings) {}

ContentSearch::~ContentSearch() = default;

ByteSearch& ContentSearch::SearchAt(std::size_t depth) {
  while (searches_.size() <= depth) {
    searches_.push_back(std::make_unique<ByteSearch>(set_, &scratch_, ByteSearch::Lines::kCounted,
                                                     kPiece, encodings_));
  }
  return *searches_[depth];
}

void ContentSearch::Search(ByteStream* content, std::uint64_t size, const ContentPath& path,
                           const Sink& sink, Place place) {
  ByteSearch& search = SearchAt(path.depth);
  search.Reset();
  ContentSpans spans;
  bool opened = false;
  std::optional<Error> failure;
  try {
    const std::unique_ptr<Reader> reader = StreamingReader(
        TeeStream(content, [&search](std::string_view piece) { search.Take(piece); }));
    opened = Open(reader.get(), size, path, sink, &spans, place);
    while (reader->Skip(Reader::kMaxPeek) > 0) {
    }
  } catch (const Error& error) {
    failure = error;
  }
  search.Finish();
  for (const FoundValue& found : search.found()) {
    if (IsToldInside(found, spans)) continue;
    ContentFinding finding{found, path.nested, path.depth};
    finding.nested.insert(finding.nested.end(), found.nested.begin(), found.nested.end());
    finding.value.encoding.insert(finding.value.encoding.begin(), path.encoding.begin(),
                                  path.encoding.end());
    sink.found(std::move(finding));
  }
  if (search.left_out() > 0) {
    sink.left_out(path, std::to_string(search.left_out()) + " more occurrences are not listed");
  }
  const auto unread = static_cast<std::size_t>(
      std::count_if(search.unread().begin(), search.unread().end(),
                    [&](std::uint64_t offset) { return !IsInside(offset, spans); }));
  if (unread > 0) sink.left_out(path, DescribeUnread(unread));
  if (!opened && !search.zip_ends().empty()) sink.left_out(path, kUnopenedZip);
  if (failure) throw *failure;
}

bool ContentSearch::Open(Reader* content, std::uint64_t size, const ContentPath& path,
                         const Sink& sink, ContentSpans* spans, Place place) {
  const std::string_view head = content->Peek(kContainerHead);
  const Container* container = FindContainer(
      head.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(size, head.size()))));
  if (container == nullptr && place == Place::kBehindOthers) container = &kWithArchive;
  if (place == Place::kGitObject && size > 0 && !IsZlib(container)) {
    sink.left_out(path, "it is no zlib stream, as objects of git are");
  }
  if (container == nullptr) return false;
  if (path.depth >= limits_.nesting) {
    sink.left_out(path, std::string("a ") + container->name + " in it is nested too deep");
    return true;
  }
  if (path.depth == 0) budget_ = BudgetOf(size, limits_);
  const std::uint64_t before = budget_;
  Opener opener(this, content, path, sink, &budget_, spans);
  try {
    container->open(content, size, LimitsOf(limits_), &opener);
  } catch (const Error& error) {
    // Of other bytes hardly any are taken for a stream, and these give next to nothing.
    constexpr std::uint64_t kProof = 1024;
    const bool uncertain = container->uncertain && place != Place::kGitObject;
    if (uncertain && before - budget_ < kProof) return false;
    sink.left_out(path, DescribeFailure(std::string("the ") + container->name, error.what()));
  }
  return true;
}

}  // namespace watertight
