#include "bench/accuracy/run/places.h"

#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include "bench/accuracy/run/json_texts.h"

namespace watertight::bench {
namespace {

constexpr std::size_t kShortestDigest = 12;

std::optional<int> NumberOf(const std::string& text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::vector<std::string> Split(std::string_view text, const std::vector<std::string>& separators) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    std::size_t end = text.size();
    std::size_t length = 0;
    for (const std::string& separator : separators) {
      const std::size_t found = text.find(separator);
      if (found < end) {
        end = found;
        length = separator.size();
      }
    }
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(end + length);
  }
  return parts;
}

// "sha256:0a3e…", "0a3e…", or the first digits of it.
bool NamesDigest(std::string_view digest, std::string_view text) {
  const auto digits = [](std::string_view full) {
    return full.starts_with("sha256:") ? full.substr(7) : full;
  };
  text = digits(text);
  return text.size() >= kShortestDigest && digits(digest).starts_with(text);
}

std::optional<int> LayerOf(const ImageFacts& facts, const std::string& name) {
  for (std::size_t i = 0; i < facts.layers.size(); ++i) {
    const LayerFact& layer = facts.layers[i];
    if (name == layer.blob || NamesDigest(layer.diff_id, name) || NamesDigest(layer.digest, name)) {
      return static_cast<int>(i);
    }
  }
  const std::optional<int> index = NumberOf(name);
  if (index && *index >= 0 && static_cast<std::size_t>(*index) < facts.layers.size()) return index;
  return std::nullopt;
}

void SetLayer(const ImageFacts& facts, const std::string& name, PlacedFinding* placed) {
  if (name.empty()) return;
  placed->layer = LayerOf(facts, name);
}

// What the named groups of a pattern matched.
using Groups = std::map<std::string, std::string>;

std::optional<Groups> Match(const re2::RE2& pattern, const std::string& text) {
  const auto count = static_cast<std::size_t>(pattern.NumberOfCapturingGroups()) + 1;
  std::vector<re2::StringPiece> pieces(count);
  if (!pattern.Match(text, 0, text.size(), re2::RE2::UNANCHORED, pieces.data(),
                     static_cast<int>(count))) {
    return std::nullopt;
  }
  Groups groups;
  for (const auto& [name, index] : pattern.NamedCapturingGroups()) {
    const re2::StringPiece& piece = pieces[static_cast<std::size_t>(index)];
    if (piece.data() != nullptr) groups[name] = std::string(piece.data(), piece.size());
  }
  return groups;
}

bool OverlapsSpan(const JsonText& text, std::size_t begin, std::size_t end) {
  return begin < text.end && text.begin < end;
}

// Where the line begins; npos when there are fewer.
std::size_t LineBegin(std::string_view bytes, std::int64_t line) {
  std::size_t at = 0;
  for (std::int64_t i = 1; i < line; ++i) {
    at = bytes.find('\n', at);
    if (at == std::string_view::npos) return at;
    ++at;
  }
  return at;
}

// In the document's bytes; nullopt when the scanner tells no place in them.
std::optional<std::pair<std::size_t, std::size_t>> SpanOf(const ReportedFinding& reported,
                                                          std::string_view bytes) {
  const auto length =
      static_cast<std::size_t>(std::max<std::int64_t>(1, reported.length.value_or(1)));
  if (reported.offset) {
    const auto begin = static_cast<std::size_t>(std::max<std::int64_t>(0, *reported.offset));
    return std::pair(begin, begin + length);
  }
  if (!reported.line || !reported.column) return std::nullopt;
  const std::size_t line = LineBegin(bytes, *reported.line);
  if (line == std::string_view::npos) return std::nullopt;
  const std::size_t begin =
      line + static_cast<std::size_t>(std::max<std::int64_t>(0, *reported.column - 1));
  const std::int64_t wide = reported.end_column.value_or(0) - *reported.column;
  const bool same_line = reported.end_line.value_or(*reported.line) == *reported.line;
  return std::pair(begin, begin + static_cast<std::size_t>(same_line && wide > 0 ? wide : 1));
}

// Whether a text in which stars stand for characters is, or is a part of, the other.
bool FitsMasked(std::string_view masked, std::string_view text) {
  if (masked.empty() || masked.size() > text.size()) return false;
  for (std::size_t i = 0; i + masked.size() <= text.size(); ++i) {
    std::size_t j = 0;
    while (j < masked.size() && (masked[j] == '*' || masked[j] == text[i + j])) ++j;
    if (j == masked.size()) return true;
  }
  return false;
}

// The line of a configuration that the scanner has laid out anew: "  \"created_by\": \"RUN …\",".
std::string_view BareLine(std::string_view line) {
  constexpr std::string_view kAround = " \t\r\n,";
  const std::size_t begin = line.find_first_not_of(kAround);
  if (begin == std::string_view::npos) return {};
  line = line.substr(begin, line.find_last_not_of(kAround) - begin + 1);
  const std::size_t colon = line.find("\": \"");
  if (line.starts_with('"') && colon != std::string_view::npos) line.remove_prefix(colon + 3);
  if (line.starts_with('"')) line.remove_prefix(1);
  if (line.ends_with('"')) line.remove_suffix(1);
  return line;
}

const JsonText* FieldOf(const std::vector<JsonText>& texts, std::string_view bytes,
                        const ReportedFinding& reported) {
  if (const auto span = SpanOf(reported, bytes)) {
    const JsonText* first = nullptr;
    for (const JsonText& text : texts) {
      if (!OverlapsSpan(text, span->first, span->second)) continue;
      // A match may begin in the text before: ["-c", "PASSWORD"].
      if (text.text.find(reported.value) != std::string::npos) return &text;
      if (first == nullptr) first = &text;
    }
    if (first != nullptr) return first;
  }
  const std::string_view line = BareLine(reported.text);
  for (const JsonText& text : texts) {
    const std::string_view stored = bytes.substr(text.begin, text.end - text.begin);
    if (!line.empty() && (FitsMasked(line, text.text) || FitsMasked(line, stored))) return &text;
  }
  if (reported.value.empty()) return nullptr;
  const JsonText* found = nullptr;
  for (const JsonText& text : texts) {
    if (text.text.find(reported.value) == std::string::npos) continue;
    if (found != nullptr) return nullptr;
    found = &text;
  }
  return found;
}

// Lines and columns were of the document; offset and length are of the field's decoded text.
void SetPlaceInField(const JsonText& text, std::optional<std::pair<std::size_t, std::size_t>> span,
                     ReportedFinding* reported) {
  reported->line = reported->end_line = reported->column = reported->end_column = std::nullopt;
  reported->offset = reported->length = std::nullopt;
  if (!reported->value.empty()) {
    const std::size_t at = text.text.find(reported->value);
    if (at == std::string::npos) return;
    reported->offset = static_cast<std::int64_t>(at);
    reported->length = static_cast<std::int64_t>(reported->value.size());
    return;
  }
  if (!span || span->second <= span->first + 1) return;
  const auto index = [&](std::size_t place) {
    const auto found = std::lower_bound(text.origins.begin(), text.origins.end(), place);
    return static_cast<std::int64_t>(found - text.origins.begin());
  };
  reported->offset = index(span->first);
  reported->length = std::max<std::int64_t>(1, index(span->second) - *reported->offset);
}

void PlaceInDocument(const ImageFacts& facts, const std::string& member, PlacedFinding* placed) {
  const auto found = facts.documents.find(member);
  if (found == facts.documents.end()) return;
  const DocumentFact& document = found->second;
  placed->carrier = document.carrier;
  placed->path = document.carrier == "config" ? "" : member;
  // Truths give places in the bytes of these two.
  if (document.carrier == "blob" || document.carrier == "attestation") return;
  const std::vector<JsonText> texts = JsonTextsOf(document.bytes);
  const JsonText* text = FieldOf(texts, document.bytes, placed->reported);
  if (text == nullptr) return;
  placed->field = text->field;
  SetPlaceInField(*text, SpanOf(placed->reported, document.bytes), &placed->reported);
  if (document.carrier == "config" && text->field.starts_with("history[")) {
    placed->carrier = "history";
  }
}

void PlaceInHistory(int step, PlacedFinding* placed) {
  placed->carrier = "history";
  placed->path.clear();
  placed->field = "history[" + std::to_string(step) + "].created_by";
}

const std::string& DiffIdOf(const ScannedInput& input, int layer) {
  return input.facts->layers[static_cast<std::size_t>(layer)].diff_id;
}

void PlaceInFile(const ScannedInput& input, std::optional<int> layer, std::string path,
                 PlacedFinding* placed) {
  placed->carrier = "file";
  placed->path = std::move(path);
  while (placed->path.starts_with('/')) placed->path.erase(0, 1);
  if (layer) placed->layer = layer;
  if (placed->layer) placed->diff_id = DiffIdOf(input, *placed->layer);
}

void PlaceByOrigin(const ScannedInput& input, const Origin& origin, PlacedFinding* placed) {
  if (origin.history) return PlaceInHistory(*origin.history, placed);
  if (!origin.member.empty()) return PlaceInDocument(*input.facts, origin.member, placed);
  PlaceInFile(input, origin.layer, origin.path, placed);
}

// A folder, such as a Git repository in whose history something is, has the place of what it holds:
// a layer only when all of it is of that one.
bool PlaceAtFolder(const ScannedInput& input, const std::string& path, PlacedFinding* placed) {
  const std::string folder = path + "/";
  const auto& files = input.tree->files;
  const auto first = files.lower_bound(folder);
  if (first == files.end() || !first->first.starts_with(folder)) return false;
  const Origin& origin = first->second;
  const std::size_t below = first->first.size() - path.size();
  if (origin.history || !origin.member.empty() || origin.path.size() <= below) return false;
  std::optional<int> layer = origin.layer;
  for (auto file = first; file != files.end() && file->first.starts_with(folder); ++file) {
    if (file->second.layer != layer) layer = std::nullopt;
  }
  PlaceInFile(input, layer, origin.path.substr(0, origin.path.size() - below), placed);
  return true;
}

// Paths in a folder are known; what follows a known one is inside of it.
bool PlaceInTree(const Scanner& scanner, const ScannedInput& input, const std::string& path,
                 PlacedFinding* placed) {
  const auto& files = input.tree->files;
  if (const auto found = files.find(path); found != files.end()) {
    PlaceByOrigin(input, found->second, placed);
    return true;
  }
  for (const std::string& separator : scanner.separators) {
    for (std::size_t at = path.find(separator); at != std::string::npos;
         at = path.find(separator, at + 1)) {
      const auto found = files.find(path.substr(0, at));
      if (found == files.end()) continue;
      PlaceByOrigin(input, found->second, placed);
      placed->nested = Split(std::string_view(path).substr(at), scanner.separators);
      return true;
    }
  }
  return PlaceAtFolder(input, path, placed);
}

bool HasMember(const ImageFacts& facts, const Groups& groups) {
  const auto member = groups.find("member");
  return member == groups.end() || facts.documents.contains(member->second);
}

void PlaceByGroups(const Scanner& scanner, const ScannedInput& input, const PathRule& rule,
                   const Groups& groups, PlacedFinding* placed) {
  const auto group = [&groups](const char* name) {
    const auto found = groups.find(name);
    return found == groups.end() ? std::string() : found->second;
  };
  if (groups.contains("member")) return PlaceInDocument(*input.facts, group("member"), placed);
  if (const auto step = NumberOf(group("history"))) return PlaceInHistory(*step, placed);
  if (rule.carrier == "config") return PlaceInDocument(*input.facts, input.facts->config, placed);
  if (!rule.carrier.empty() && rule.carrier != "file") {
    placed->carrier = rule.carrier;
    placed->path.clear();
    placed->field = group("field");
    return;
  }
  for (const char* name : {"blob", "diff_id", "digest", "index"}) {
    SetLayer(*input.facts, group(name), placed);
    if (placed->layer) break;
  }
  PlaceInFile(input, placed->layer, group("path"), placed);
  placed->nested = Split(group("nested"), scanner.separators);
}

bool PlaceInArchive(const Scanner& scanner, const ScannedInput& input, const std::string& path,
                    PlacedFinding* placed) {
  for (const PathRule& rule : scanner.paths) {
    const std::optional<Groups> groups = Match(*rule.pattern, path);
    if (!groups || !HasMember(*input.facts, *groups)) continue;
    PlaceByGroups(scanner, input, rule, *groups, placed);
    return true;
  }
  return false;
}

// Without the name of what was scanned.
std::string Relative(const ScannedInput& input, std::string path) {
  if (path.starts_with("file://")) path.erase(0, 7);
  if (!input.path.empty() && path.starts_with(input.path)) path.erase(0, input.path.size());
  if (input.tree == nullptr) return path;
  if (path.starts_with("./")) path.erase(0, 2);
  while (path.starts_with('/')) path.erase(0, 1);
  return path;
}

}  // namespace

std::string FamilyOf(const Scanner& scanner, const std::string& rule) {
  for (const auto& [pattern, family] : scanner.families) {
    if (re2::RE2::FullMatch(rule, *pattern)) return family;
  }
  return "";
}

PlacedFinding PlaceFinding(const Scanner& scanner, const ScannedInput& input,
                           const ReportedFinding& reported) {
  PlacedFinding placed;
  placed.reported = reported;
  placed.family = FamilyOf(scanner, reported.rule);
  SetLayer(*input.facts, reported.layer, &placed);
  if (!reported.carrier.empty()) {
    placed.carrier = reported.carrier;
    placed.path = reported.path;
    placed.field = reported.field;
    placed.nested = reported.nested;
    if (placed.layer) placed.diff_id = DiffIdOf(input, *placed.layer);
    return placed;
  }
  const std::string path = Relative(input, reported.path);
  const bool found = input.tree == nullptr ? PlaceInArchive(scanner, input, path, &placed)
                                           : PlaceInTree(scanner, input, path, &placed);
  if (!found) placed.path = path;
  if (placed.carrier == "history" || placed.carrier == "config") {
    placed.layer = std::nullopt;
    placed.diff_id.clear();
  }
  return placed;
}

}  // namespace watertight::bench
