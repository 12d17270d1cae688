#include "framework/scan/step_text.h"

#include <algorithm>

#include "framework/image/image_state.h"
#include "framework/image/path.h"
#include "watertight/leaks.h"

namespace watertight {
namespace {

constexpr std::string_view kEllipsis = "…";

std::string CollapseSpaces(const std::string& text) {
  std::string collapsed;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\t';
    if (space && (collapsed.empty() || collapsed.back() == ' ')) continue;
    collapsed += space ? ' ' : c;
  }
  while (collapsed.ends_with(' ')) collapsed.pop_back();
  return collapsed;
}

bool RemovePrefix(std::string* text, std::string_view prefix) {
  if (!text->starts_with(prefix)) return false;
  text->erase(0, prefix.size());
  return true;
}

// "/bin/sh -c #(nop) COPY …" is a metadata step of the classic builder, of whatever shell;
// "/bin/sh -c …" and "|1 NAME=value /bin/sh -c …" are its RUN. BuildKit's RUN and COPY end with
// " # buildkit".
std::string Undecorated(std::string text) {
  constexpr std::string_view kNoOperation = " -c #(nop) ";
  constexpr std::string_view kShell = "/bin/sh -c ";
  constexpr std::string_view kBuildkit = " # buildkit";
  if (text.ends_with(kBuildkit)) text.erase(text.size() - kBuildkit.size());
  const std::size_t no_operation = text.find(kNoOperation);
  if (text.starts_with("/") && no_operation < text.find(' ') + 1) {
    return text.substr(no_operation + kNoOperation.size());
  }
  if (RemovePrefix(&text, kShell) || text.starts_with("|")) return "RUN " + text;
  if (RemovePrefix(&text, "RUN ")) {
    RemovePrefix(&text, kShell);
    return "RUN " + text;
  }
  return text;
}

bool Continues(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// The byte position of the character `count`, or the end.
std::size_t Position(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (!Continues(text[at]) && count-- == 0) break;
    ++at;
  }
  return at;
}

}  // namespace

std::string StepText(const HistoryStep& step, const std::vector<Finding>& findings) {
  const std::string field = "history[" + std::to_string(step.index) + "].";
  const auto shown = [&](const std::string& text, const char* name) {
    return CollapseSpaces(internal::ShortHashes(Printable(Redact(text, field + name, findings))));
  };
  if (!step.created_by.empty()) return Undecorated(shown(step.created_by, "created_by"));
  if (!step.comment.empty()) return "(" + shown(step.comment, "comment") + ")";
  return "(a step without text)";
}

std::size_t Width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !Continues(c); }));
}

std::string Cut(const std::string& text, std::size_t width) {
  if (Width(text) <= width) return text;
  return text.substr(0, Position(text, width - 1)) + std::string(kEllipsis);
}

std::string CutAround(const std::string& text, std::string_view kept, std::size_t width) {
  const std::size_t found = text.find(kept);
  if (Width(text) <= width || found == std::string::npos) return Cut(text, width);
  const std::size_t before = Width(std::string_view(text).substr(0, found));
  const std::size_t lead = width / 3;
  if (before + Width(kept) < width || before <= lead) return Cut(text, width);
  const std::string tail = text.substr(Position(text, before - lead));
  return std::string(kEllipsis) + Cut(tail, width - 1);
}

std::string Padded(std::string text, std::size_t width) {
  const std::size_t used = Width(text);
  if (used < width) text.append(width - used, ' ');
  return text;
}

}  // namespace watertight
