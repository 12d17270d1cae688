#include "framework/scan/layer_findings.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "framework/image/decompress.h"
#include "framework/image/path.h"
#include "framework/scan/text_findings.h"
#include "framework/scan/text_lines.h"

namespace watertight {
namespace {

using internal::ImageState;
using internal::LayerBlob;
using internal::LayerState;

class LayerFindings {
 public:
  LayerFindings(const ImageState& image, int layer, const LayerHits& hits, const ValueSet& set)
      : image_(image),
        layer_(layer),
        state_(image.layer_states[static_cast<std::size_t>(layer)]),
        blob_(*state_.stored),
        hits_(hits),
        set_(set),
        entries_(blob_.index.entries) {}

  void AddTo(ValueSearch* result) {
    for (const FoundValue& found : hits_.plain) AddPlain(found);
    for (const auto& [entry, found] : in_headers_) AddFields(entry, found);
    AddSplitNames();
    for (const std::size_t entry : sparse_) AddSparse(entry);
    SetLines();
    for (const LayerHits::Inside& inside : hits_.inside) AddInside(inside);
    SetLinks();
    std::stable_sort(placed_.begin(), placed_.end(), [](const Placed& a, const Placed& b) {
      return std::pair(a.place, a.finding.offset) < std::pair(b.place, b.finding.offset);
    });
    for (Placed& placed : placed_) result->findings.push_back(std::move(placed.finding));
    AddNotes(result);
  }

 private:
  struct Placed {
    std::uint64_t place = 0;  // in the tar, for the order
    Finding finding;
    bool needs_line = false;
  };

  // The entry whose headers and content the offset lies in or behind; nothing before the first.
  std::optional<std::size_t> EntryAt(std::uint64_t offset) const {
    const auto after = std::partition_point(entries_.begin(), entries_.end(), [&](const Entry& e) {
      return e.header_offset() <= offset;
    });
    if (after == entries_.begin()) return std::nullopt;
    return static_cast<std::size_t>(after - entries_.begin()) - 1;
  }

  Finding NewFinding(const FoundValue& found, Carrier carrier) const {
    Finding finding = FindingOf(found, carrier, set_);
    finding.layer = layer_;
    finding.blob = state_.blob;
    return finding;
  }

  Finding NewFinding(const FoundValue& found, Carrier carrier, std::size_t entry) const {
    Finding finding = NewFinding(found, carrier);
    finding.entry = entry;
    finding.path = PathOf(entries_[entry]);
    return finding;
  }

  // Of a whiteout its own name, not what it removes.
  static std::string PathOf(const Entry& entry) {
    const bool whiteout =
        entry.type() == EntryType::kWhiteout || entry.type() == EntryType::kOpaque;
    return whiteout ? CleanName(entry.stored_name()).path : std::string(entry.path());
  }

  void AddPlain(const FoundValue& found) {
    const std::optional<std::size_t> at = EntryAt(found.offset);
    const std::uint64_t end = found.offset + found.length;
    if (at) {
      const Entry& entry = entries_[*at];
      const std::uint64_t content = entry.content_offset();
      if (found.offset < content) {
        in_headers_[*at].push_back(found);
        return;
      }
      if (end <= content + entry.stored_size()) {
        if (entry.sparse()) {
          sparse_.insert(*at);
          return;
        }
        Finding finding = NewFinding(found, Carrier::kFile, *at);
        finding.offset -= content;
        placed_.push_back({content, std::move(finding), true});
        return;
      }
    }
    // Padding, and what follows the end.
    placed_.push_back({found.offset, NewFinding(found, Carrier::kBlob), true});
  }

  struct Field {
    Carrier carrier = Carrier::kHeader;
    std::string name;
    std::string text;
  };

  static std::vector<Field> FieldsOf(const Entry& entry) {
    std::vector<Field> fields = {{Carrier::kPath, "", std::string(entry.stored_name())},
                                 {Carrier::kLink, "", std::string(entry.link())},
                                 {Carrier::kHeader, "uname", std::string(entry.uname())},
                                 {Carrier::kHeader, "gname", std::string(entry.gname())}};
    for (const auto& [key, value] : entry.pax()) {
      if (key == "path" || key == "linkpath" || key == "uname" || key == "gname") continue;
      const bool xattr = key.starts_with("SCHILY.xattr.") || key.starts_with("LIBARCHIVE.xattr.");
      fields.push_back({xattr ? Carrier::kXattr : Carrier::kHeader, key, value});
    }
    return fields;
  }

  // Values that some field holds.
  std::set<int> AddFieldFindings(std::size_t entry) {
    std::set<int> values;
    for (const Field& field : FieldsOf(entries_[entry])) {
      for (const FoundValue& found : FindInText(set_, field.text)) {
        Finding finding = NewFinding(found, field.carrier, entry);
        finding.field = field.name;
        values.insert(found.secret);
        placed_.push_back({entries_[entry].header_offset(), std::move(finding)});
      }
    }
    return values;
  }

  // What no field holds stands elsewhere in the headers.
  void AddFields(std::size_t entry, const std::vector<FoundValue>& in_headers) {
    const std::set<int> values = AddFieldFindings(entry);
    for (const FoundValue& found : in_headers) {
      if (values.count(found.secret) != 0) continue;
      placed_.push_back(
          {entries_[entry].header_offset(), NewFinding(found, Carrier::kHeader, entry), true});
    }
  }

  // A ustar header keeps a long name in two parts.
  void AddSplitNames() {
    constexpr std::size_t kNameField = 100;
    constexpr std::uint64_t kOneHeader = 512;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const Entry& entry = entries_[i];
      if (entry.stored_name().size() <= kNameField || in_headers_.count(i) != 0) continue;
      if (entry.content_offset() - entry.header_offset() == kOneHeader) AddFieldFindings(i);
    }
  }

  // What stands in the tar is not the content.
  void AddSparse(std::size_t entry) {
    TextSearch search(set_);
    try {
      entries_[entry].ReadTo([&search](std::string_view piece) { search.Take(piece); });
    } catch (const Error&) {
      return;  // the layer itself could be read
    }
    const auto spans = hits_.sparse_spans.find(entries_[entry].content_offset());
    for (const FoundValue& found : search.Finish()) {
      if (spans != hits_.sparse_spans.end() && IsToldInside(found, spans->second)) continue;
      placed_.push_back(
          {entries_[entry].content_offset(), NewFinding(found, Carrier::kFile, entry)});
    }
  }

  // In the contents that were kept, or reads those that hold findings once more, up to these.
  void SetLines() {
    std::vector<Placed*> wanted;
    for (Placed& placed : placed_) {
      if (placed.needs_line) wanted.push_back(&placed);
    }
    if (wanted.empty()) return;
    const auto begin_of = [](const Placed* placed) {
      return placed->finding.carrier == Carrier::kFile ? placed->place : 0;
    };
    std::stable_sort(wanted.begin(), wanted.end(), [&](const Placed* a, const Placed* b) {
      return std::pair(begin_of(a), a->finding.offset) < std::pair(begin_of(b), b->finding.offset);
    });
    try {
      for (std::size_t i = 0; i < wanted.size();) {
        const std::uint64_t begin = begin_of(wanted[i]);
        std::vector<Finding*> findings;
        for (; i < wanted.size() && begin_of(wanted[i]) == begin; ++i) {
          findings.push_back(&wanted[i]->finding);
        }
        CountLines(begin, findings);
      }
    } catch (const Error&) {
      // A layer that cannot be read to its end: those behind stay at line 1.
    }
  }

  // A place in a content, and the line that holds it.
  struct LineAt {
    std::uint64_t offset = 0;
    std::uint64_t line = 1;
    std::uint64_t begin = 0;  // of the line

    void GoOver(std::string_view piece) {
      line += CountLineEnds(piece);
      const std::size_t line_end = piece.rfind('\n');
      if (line_end != std::string_view::npos) begin = offset + line_end + 1;
      offset += piece.size();
    }
    void Set(Finding* finding) const {
      finding->line = line;
      finding->column = offset - begin + 1;
    }
  };

  void CountLines(std::uint64_t begin, const std::vector<Finding*>& findings) {
    const auto kept = hits_.contents.find(begin);
    if (kept != hits_.contents.end()) return CountLinesIn(kept->second, findings);
    if (reader_ == nullptr || reader_->position() > begin) {
      reader_ = UncompressedReader(blob_.bytes, image_.options.limits);
    }
    reader_->Skip(begin - reader_->position());
    LineAt line;
    for (Finding* finding : findings) {
      const std::uint64_t at = begin + finding->offset;
      while (reader_->position() < at) {
        const std::string_view piece = reader_->Peek(static_cast<std::size_t>(
            std::min<std::uint64_t>(at - reader_->position(), Reader::kMaxPeek)));
        if (piece.empty()) return;
        line.GoOver(piece);
        reader_->Skip(piece.size());
      }
      line.Set(finding);
    }
  }

  static void CountLinesIn(std::string_view content, const std::vector<Finding*>& findings) {
    LineAt line;
    for (Finding* finding : findings) {
      line.GoOver(content.substr(line.offset, finding->offset - line.offset));
      line.Set(finding);
    }
  }

  void AddInside(const LayerHits::Inside& inside) {
    const Carrier carrier = inside.behind_end ? Carrier::kBlob : Carrier::kFile;
    Finding finding = NewFinding(inside.finding.value, carrier);
    finding.nested = inside.finding.nested;
    if (inside.behind_end) {
      placed_.push_back({inside.content_offset, std::move(finding)});
      return;
    }
    const auto entry = std::partition_point(entries_.begin(), entries_.end(), [&](const Entry& e) {
      return e.content_offset() < inside.content_offset;
    });
    if (entry != entries_.end() && entry->content_offset() == inside.content_offset) {
      finding.entry = static_cast<std::size_t>(entry - entries_.begin());
      finding.path = PathOf(*entry);
    } else {
      finding.path = CleanName(inside.name).path;
    }
    placed_.push_back({inside.content_offset, std::move(finding)});
  }

  void SetLinks() {
    std::map<std::string_view, std::vector<std::string>> links;
    const bool any = std::any_of(placed_.begin(), placed_.end(), [](const Placed& placed) {
      return placed.finding.carrier == Carrier::kFile;
    });
    if (!any) return;
    std::map<std::string, std::string> target_of;
    for (const Entry& entry : entries_) {
      if (entry.type() != EntryType::kHardlink) continue;
      std::string target = CleanName(entry.link()).path;
      const auto known = target_of.find(target);  // a link to a link
      if (known != target_of.end()) target = known->second;
      target_of[std::string(entry.path())] = target;
    }
    for (Placed& placed : placed_) {
      if (placed.finding.carrier != Carrier::kFile) continue;
      for (const auto& [name, target] : target_of) {
        if (target == placed.finding.path) placed.finding.links.push_back(name);
      }
    }
  }

  std::map<std::string, std::size_t> UnreadByPath() const {
    std::map<std::string, std::size_t> unread;
    for (const std::uint64_t offset : hits_.unread) {
      const std::optional<std::size_t> entry = EntryAt(offset);
      ++unread[entry ? PathOf(entries_[*entry]) : ""];
    }
    return unread;
  }

  void AddNotes(ValueSearch* result) const {
    BoundedNotes notes(&result->notes);
    for (const LayerHits::LeftOut& left_out : hits_.left_out) {
      notes.Add(layer_, CleanName(left_out.name).path,
                DescribeLeftOut(left_out.path, left_out.text));
    }
    for (const auto& [path, streams] : UnreadByPath()) {
      notes.Add(layer_, path, DescribeUnread(streams));
    }
    std::set<std::string> unopened;
    for (const std::uint64_t offset : hits_.zip_ends) {
      const std::optional<std::size_t> entry = EntryAt(offset);
      if (entry) unopened.insert(PathOf(entries_[*entry]));
    }
    for (const std::string& path : unopened) notes.Add(layer_, path, kUnopenedZip);
    notes.Finish(layer_, "");
    if (hits_.not_listed > 0) {
      result->notes.push_back(
          {kUnlistedFindings, layer_, "",
           std::to_string(hits_.not_listed) + " more occurrences are not listed"});
    }
  }

  const ImageState& image_;
  int layer_;
  const LayerState& state_;
  const LayerBlob& blob_;
  const LayerHits& hits_;
  const ValueSet& set_;
  const std::vector<Entry>& entries_;
  std::vector<Placed> placed_;
  std::map<std::size_t, std::vector<FoundValue>> in_headers_;  // by entry
  std::set<std::size_t> sparse_;
  std::unique_ptr<Reader> reader_;
};

}  // namespace

void AddLayerFindings(const ImageState& image, int layer, const LayerHits& hits,
                      const ValueSet& set, ValueSearch* result) {
  LayerFindings(image, layer, hits, set).AddTo(result);
}

}  // namespace watertight
