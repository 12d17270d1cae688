#include "bench/accuracy/score/touch.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace watertight::bench {
namespace {

constexpr std::size_t kSharedBytes = 8;

constexpr std::string_view kFileCarriers[] = {"file", "path", "link", "xattr", "header"};

bool IsOfFile(std::string_view carrier) {
  return std::find(std::begin(kFileCarriers), std::end(kFileCarriers), carrier) !=
         std::end(kFileCarriers);
}

bool LayersAgree(const Finding& finding, const Label& label) {
  if (!label.layer) return true;
  if (!finding.diff_id.empty()) return finding.diff_id == label.diff_id;
  return !finding.layer || finding.layer == label.layer;
}

// A scanner may open less than the label's chain of archives, and then names less of it.
bool NestedAgree(const std::vector<std::string>& named, const std::vector<std::string>& nested) {
  return named.size() <= nested.size() && std::equal(named.begin(), named.end(), nested.begin());
}

// It opens what the label's chain ends at as an archive too: "app.asar!settings.js" for "app.asar".
bool IsWithin(const Finding& finding, const Label& label) {
  return IsOfFile(label.carrier) && (finding.carrier.empty() || IsOfFile(finding.carrier)) &&
         finding.path == label.path && finding.nested.size() > label.nested.size() &&
         std::equal(label.nested.begin(), label.nested.end(), finding.nested.begin());
}

// A scanner of Git histories names the repository's folder, and no file of it that holds the
// object.
bool IsBelow(const Finding& finding, const Label& label) {
  return IsOfFile(label.carrier) && !finding.path.empty() && IsOfFile(finding.carrier) &&
         label.path.starts_with(finding.path + "/");
}

// "history[3]" is the place of "history[3].created_by".
bool FieldsAgree(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (!b.starts_with(a)) return false;
  return a.empty() || a.size() == b.size() || b[a.size()] == '.' || b[a.size()] == '[';
}

bool IsConfigDocument(std::string_view carrier) {
  return carrier == "config" || carrier == "history";
}

bool DocumentsAgree(const Finding& finding, const Label& label) {
  if (!FieldsAgree(finding.field, label.field)) return false;
  if (!finding.path.empty() && finding.path == label.blob) return true;
  // One document holds both, and a line of it does not tell which.
  if (finding.carrier == "config" && finding.field.empty()) return IsConfigDocument(label.carrier);
  if (finding.carrier != label.carrier) return false;
  return finding.path.empty() || IsConfigDocument(label.carrier);
}

bool TellsPlace(const Finding& finding) {
  return !finding.path.empty() || !finding.carrier.empty() || !finding.field.empty();
}

// Scanners strip space at the ends, and show line ends as they are, as \n, or as nothing.
std::string Compact(std::string_view text) {
  std::string compact;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
    if (c == '\\' && i + 1 < text.size() && (text[i + 1] == 'n' || text[i + 1] == 'r')) {
      ++i;
      continue;
    }
    compact += c;
  }
  return compact;
}

bool ValuesAgree(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return false;
  if (a == b) return true;
  const std::string first = Compact(a);
  const std::string second = Compact(b);
  if (first == second) return true;
  if (std::min(first.size(), second.size()) < kSharedBytes) return false;
  return first.find(second) != std::string::npos || second.find(first) != std::string::npos;
}

bool HashesAgree(const Finding& finding, const Label& label) {
  return (!finding.value_sha256.empty() && finding.value_sha256 == label.value_sha256) ||
         (!finding.value_sha1.empty() && finding.value_sha1 == label.value_sha1);
}

// And not the value, whose hash is known then.
bool GivesHashAlone(const Finding& finding) {
  return !finding.has_value() && (!finding.value_sha256.empty() || !finding.value_sha1.empty());
}

// nullopt: the finding has no span.
std::optional<bool> SpansOverlap(const Finding& finding, const Label& label) {
  if (finding.offset) {
    const std::int64_t end =
        *finding.offset + std::max<std::int64_t>(1, finding.length.value_or(1));
    return *finding.offset < label.offset + label.length && label.offset < end;
  }
  if (!finding.line || !finding.column || !finding.end_column) return std::nullopt;
  using Place = std::pair<int, int>;
  const Place begin(*finding.line, *finding.column);
  const Place end(finding.end_line.value_or(*finding.line), *finding.end_column);
  return begin < Place(label.end_line, label.end_column) && Place(label.line, label.column) < end;
}

bool LinesOverlap(const Finding& finding, const Label& label) {
  return finding.line && label.line > 0 && *finding.line <= label.end_line &&
         label.line <= finding.end_line.value_or(*finding.line);
}

std::optional<Evidence> If(bool holds, Evidence evidence) {
  return holds ? std::optional(evidence) : std::nullopt;
}

// Offsets in a field are of its decoded text, and in a document that is no field of its bytes.
bool TellsOffsetInDocument(const Finding& finding, const Label& label) {
  if (IsOfFile(label.carrier) || !finding.offset || finding.field != label.field) return false;
  return !label.field.empty() || finding.path == label.blob;
}

std::optional<Evidence> TouchesWithin(const Finding& finding, const Label& label) {
  // Lines and offsets are of a file's content, not of its name or header.
  const bool has_text = label.carrier == "file";
  if (has_text || TellsOffsetInDocument(finding, label)) {
    if (const auto overlap = SpansOverlap(finding, label)) {
      return If(*overlap, Evidence::kSpan);
    }
  }
  if (finding.has_value() && label.encoding.empty()) return std::nullopt;
  if (has_text && finding.line) {
    const bool unsure = GivesHashAlone(finding) && label.encoding.empty();
    return If(LinesOverlap(finding, label) && (!unsure || FamilyFits(finding, label)),
              Evidence::kLine);
  }
  if (finding.has_value() || GivesHashAlone(finding)) return std::nullopt;
  return If(finding.tells_name_alone || FamilyFits(finding, label), Evidence::kPlace);
}

}  // namespace

const char* ToString(Evidence evidence) {
  constexpr const char* kNames[] = {"value", "hash", "span", "line", "place"};
  return kNames[static_cast<std::size_t>(evidence)];
}

bool FamilyFits(const Finding& finding, const Label& label) {
  return !finding.family.empty() &&
         (finding.family == label.kind || finding.family == label.kind_class);
}

bool PlacesAgree(const Finding& finding, const Label& label) {
  if (!TellsPlace(finding)) return true;
  if (!IsOfFile(label.carrier)) return DocumentsAgree(finding, label);
  if (!finding.carrier.empty() && !IsOfFile(finding.carrier)) return false;
  return finding.path == label.path && NestedAgree(finding.nested, label.nested);
}

std::optional<Evidence> Touches(const Finding& finding, const Label& label, LayerRule layers) {
  if (layers == LayerRule::kMustAgree && !LayersAgree(finding, label)) return std::nullopt;
  const bool same_place = PlacesAgree(finding, label);
  const bool is_other_name = label.channel == "links" && IsOfFile(finding.carrier);
  if (!same_place && !is_other_name && !IsWithin(finding, label) && !IsBelow(finding, label)) {
    return std::nullopt;
  }
  if (const auto certain = SharesValue(finding, label)) return certain;
  if (!same_place || !TellsPlace(finding)) return std::nullopt;
  return TouchesWithin(finding, label);
}

std::optional<Evidence> SharesValue(const Finding& finding, const Label& label) {
  if (finding.has_value() && ValuesAgree(finding.value, label.value)) return Evidence::kValue;
  return If(HashesAgree(finding, label), Evidence::kHash);
}

}  // namespace watertight::bench
