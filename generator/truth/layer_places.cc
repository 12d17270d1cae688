#include "generator/truth/layer_places.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "generator/fixtures/rendered.h"
#include "generator/truth/opened_places.h"

namespace watertight::generator {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::string_view kWhiteout = ".wh.";
constexpr std::string_view kOpaque = ".wh..wh..opq";
constexpr std::string_view kXattr = "SCHILY.xattr.";

std::size_t EndOf(const TarMark& mark) {
  return mark.content + (mark.size + kBlock - 1) / kBlock * kBlock;
}

// The texts of an entry's headers.
struct HeaderText {
  const char* carrier;
  std::optional<std::string> field;
  const std::string* text;
};

std::vector<HeaderText> HeaderTexts(const TarMark& mark) {
  std::vector<HeaderText> texts = {{"path", {}, &mark.name},
                                   {"link", {}, &mark.link},
                                   {"header", "uname", &mark.uname},
                                   {"header", "gname", &mark.gname}};
  for (const auto& [key, value] : mark.pax) {
    texts.push_back({key.starts_with(kXattr) ? "xattr" : "header", key, &value});
  }
  return texts;
}

std::vector<std::string_view> Components(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, slash);
    path.remove_prefix(std::min(slash + 1, path.size()));
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.push_back(part);
    } else if (!parts.empty()) {
      parts.pop_back();
    }
  }
  return parts;
}

// The path itself and the directories above it, the nearest last.
std::vector<std::string> Above(const std::string& path) {
  std::vector<std::string> above;
  for (std::size_t slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1)) {
    above.push_back(path.substr(0, slash));
  }
  above.push_back(path);
  return above;
}

}  // namespace

std::string EntryPath(const std::string& name) {
  std::string path;
  for (const std::string_view part : Components(name)) {
    if (!path.empty()) path += '/';
    path += part;
  }
  return path;
}

std::vector<LayerPlace> PlacesInLayer(const Rope& tar, const FormSearch& search) {
  std::vector<LayerPlace> places;
  const std::string bytes = tar.ToString();
  const std::vector<TarMark>& marks = tar.marks();
  for (std::size_t entry = 0; entry < marks.size(); ++entry) {
    const TarMark& mark = marks[entry];
    for (const HeaderText& header : HeaderTexts(mark)) {
      for (FoundForm& found : search.Find(*header.text)) {
        places.push_back({header.carrier, entry, header.field, std::move(found)});
      }
    }
    for (FoundForm& found :
         PlacesInFile(std::string_view(bytes).substr(mark.content, mark.size), search)) {
      places.push_back({"file", entry, {}, std::move(found)});
    }
  }
  const std::size_t end = marks.empty() ? 0 : EndOf(marks.back());
  for (FoundForm& found :
       search.Find(std::string_view(bytes).substr(std::min(end, bytes.size())))) {
    if (!found.is_container) found.span = SpanOf(bytes, end + found.span.offset, found.span.length);
    places.push_back({"blob", {}, {}, std::move(found)});
  }
  return places;
}

// RFC 1952, section 2.3.
std::vector<LayerPlace> PlacesInGzipHeader(const Rope& stored, const FormSearch& search) {
  constexpr std::size_t kFixed = 10;
  constexpr std::size_t kLongest = 1 << 16;
  std::vector<LayerPlace> places;
  const std::string head = stored.Part(0, kFixed).ToString();
  if (!head.starts_with("\x1f\x8b\x08") || head.size() < kFixed) return places;
  const unsigned flags = static_cast<unsigned char>(head[3]);
  constexpr std::pair<unsigned, const char*> kTexts[] = {{8, "gzip.name"}, {16, "gzip.comment"}};
  if ((flags & (8 | 16)) == 0) return places;
  // The generator writes no extra field.
  const std::string texts = stored.Part(kFixed, kLongest).ToString();
  std::size_t at = 0;
  for (const auto& [flag, field] : kTexts) {
    if ((flags & flag) == 0) continue;
    const std::string text = texts.substr(at, texts.find('\0', at) - at);
    at += text.size() + 1;
    for (FoundForm& found : search.Find(text)) {
      places.push_back({"blob", {}, field, std::move(found)});
    }
  }
  return places;
}

std::vector<FoundForm> PlacesInTar(const Rope& tar, const FormSearch& search) {
  std::vector<FoundForm> places;
  const std::string bytes = tar.ToString();
  std::string rest = bytes;
  for (const TarMark& mark : tar.marks()) {
    for (FoundForm& found :
         PlacesInFile(std::string_view(bytes).substr(mark.content, mark.size), search)) {
      found.nested.insert(found.nested.begin(), mark.name);
      places.push_back(std::move(found));
    }
    std::fill_n(rest.begin() + static_cast<std::ptrdiff_t>(mark.content), mark.size, '\0');
  }
  std::ranges::move(search.Find(rest, bytes), std::back_inserter(places));
  return places;
}

LayerFates::LayerFates(const std::vector<const std::vector<TarMark>*>& layers)
    : layers_(layers.size()) {
  for (std::size_t layer = 0; layer < layers.size(); ++layer) layers_[layer].marks = layers[layer];
}

LayerFates::Statements LayerFates::StatementsOf(const std::vector<TarMark>& marks) {
  Statements statements;
  for (std::size_t entry = 0; entry < marks.size(); ++entry) {
    const TarMark& mark = marks[entry];
    const std::string path = EntryPath(mark.name);
    const std::size_t slash = path.rfind('/');
    const std::string parent = slash == path.npos ? "" : path.substr(0, slash);
    const std::string base = slash == path.npos ? path : path.substr(slash + 1);
    statements.last[path] = entry;
    if (base == kOpaque) {
      statements.opaque.insert(parent);
    } else if (base.starts_with(kWhiteout)) {
      const std::string gone = base.substr(kWhiteout.size());
      if (gone.empty() || gone == "." || gone == "..") continue;
      statements.whiteouts.insert(parent.empty() ? gone : parent + "/" + gone);
    } else {
      statements.entries.insert(path);
      if (mark.type != '5') statements.covering.insert(path);
    }
  }
  return statements;
}

const LayerFates::Statements& LayerFates::StatementsOf(const Layer& layer) const {
  std::call_once(layer.looked_into, [&layer] { layer.statements = StatementsOf(*layer.marks); });
  return layer.statements;
}

std::string LayerFates::VisibilityOf(std::size_t layer, std::size_t entry) const {
  const std::vector<TarMark>& marks = *layers_[layer].marks;
  const TarMark& mark = marks[entry];
  const std::string path = EntryPath(mark.name);
  const std::size_t last = StatementsOf(layers_[layer]).last.at(path);
  const bool directories = mark.type == '5' && marks[last].type == '5';
  if (last != entry && !directories) return "shadowed";
  const std::vector<std::string> above = Above(path);
  for (std::size_t later = layer + 1; later < layers_.size(); ++later) {
    const Statements& statements = StatementsOf(layers_[later]);
    const bool again = statements.entries.contains(path);
    const auto among = [&above](const std::set<std::string>& paths) {
      return std::ranges::any_of(above, [&](const std::string& p) { return paths.contains(p); });
    };
    if (among(statements.whiteouts)) return again ? "overwritten" : "deleted";
    const bool opaque = statements.opaque.contains("") ||
                        std::any_of(above.begin(), above.end() - 1, [&](const std::string& p) {
                          return statements.opaque.contains(p);
                        });
    if (opaque) return again ? "overwritten" : "opaque";
    if (again || among(statements.covering)) return "overwritten";
  }
  return "live";
}

}  // namespace watertight::generator
