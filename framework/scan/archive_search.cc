#include "framework/scan/archive_search.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "framework/image/streams.h"
#include "framework/scan/text_findings.h"

namespace watertight {
namespace {

using internal::ImageState;

class ArchiveSearch {
 public:
  ArchiveSearch(const ImageState& image, const ValueSet& set, ContentSearch* contents,
                ValueSearch* result)
      : image_(image),
        set_(set),
        texts_(set),
        contents_(contents),
        result_(result),
        notes_(&result->notes) {}

  void Run() {
    for (const auto& [name, member] : image_.archive.members) {
      SearchName(name, Carrier::kPath, member.spelled);
      SearchName(name, Carrier::kLink, member.link);
    }
    for (const Remainder& remainder : image_.archive.remainders) {
      try {
        if (remainder.kind == Remainder::Kind::kHeader) {
          SearchHeader(remainder);
        } else {
          SearchBytes(remainder);
        }
      } catch (const Error& error) {
        result_->unreadable.push_back(image_.Name() + ": " + error.what());
      }
    }
    notes_.Finish(std::nullopt, "");
  }

 private:
  void SearchName(const std::string& name, Carrier carrier, const std::string& text) {
    texts_.Take(text);
    for (const FoundValue& found : texts_.Finish()) {
      in_names_[name].insert(found.secret);
      Add(found, carrier, name);
    }
  }

  // What no name shows stands elsewhere in the header.
  void SearchHeader(const Remainder& remainder) {
    texts_.Take(ReadAll(*Part(remainder), image_.options.limits.json_bytes));
    for (const FoundValue& found : texts_.Finish()) {
      const auto known = in_names_.find(remainder.name);
      if (known != in_names_.end() && known->second.count(found.secret) != 0) continue;
      Add(found, Carrier::kHeader, "", remainder.begin);
    }
  }

  void SearchBytes(const Remainder& remainder) {
    const SharedBytes bytes = Part(remainder);
    const std::uint64_t first = FirstNotZero(*bytes);
    if (first == bytes->size()) return;
    const ContentSearch::Sink sink = {[&](ContentFinding found) {
                                        Add(found.value, Carrier::kBlob, "",
                                            found.depth > 0 ? 0 : remainder.begin + first);
                                        result_->findings.back().nested = std::move(found.nested);
                                      },
                                      [&](const ContentPath& path, const std::string& text) {
                                        notes_.Add(std::nullopt, "", DescribeLeftOut(path, text));
                                      }};
    const std::unique_ptr<ByteStream> stream =
        StoredStream(PartOf(bytes, first, bytes->size() - first));
    contents_->Search(stream.get(), bytes->size() - first, {}, sink,
                      ContentSearch::Place::kBehindOthers);
  }

  SharedBytes Part(const Remainder& remainder) const {
    return PartOf(image_.archive.tar, remainder.begin, remainder.size);
  }

  static std::uint64_t FirstNotZero(const ByteSource& bytes) {
    std::string piece(std::size_t{64} << 10, '\0');
    for (std::uint64_t at = 0;;) {
      const std::size_t got = bytes.ReadAt(at, piece.data(), piece.size());
      const std::size_t other = std::string_view(piece.data(), got).find_first_not_of('\0');
      if (other != std::string_view::npos) return at + other;
      at += got;
      if (got == 0) return at;
    }
  }

  void Add(const FoundValue& found, Carrier carrier, const std::string& blob,
           std::uint64_t begin = 0) {
    Finding finding = FindingOf(found, carrier, set_);
    finding.blob = blob;
    finding.offset += begin;
    result_->findings.push_back(std::move(finding));
  }

  const ImageState& image_;
  const ValueSet& set_;
  TextSearch texts_;
  ContentSearch* contents_;
  ValueSearch* result_;
  BoundedNotes notes_;
  std::map<std::string, std::set<int>> in_names_;  // values, by the names that hold them
};

}  // namespace

void SearchArchive(const ImageState& image, const ValueSet& set, ContentSearch* contents,
                   ValueSearch* result) {
  ArchiveSearch(image, set, contents, result).Run();
}

}  // namespace watertight
