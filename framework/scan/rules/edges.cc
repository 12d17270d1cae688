#include "framework/scan/rules/edges.h"

namespace watertight {
namespace {

bool IsAlnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool IsHex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Of an escape that ends where the text does: \n, \x3d, \u003d, %3D, the m of a colour.
bool EndsInEscape(std::string_view text) {
  const std::size_t size = text.size();
  const auto at = [&](std::size_t behind) { return behind <= size ? text[size - behind] : '\0'; };
  const char last = at(1);
  if (at(2) == '\\' && (last == 'n' || last == 'r' || last == 't' || last == '0')) return true;
  const bool hex = IsHex(last) && IsHex(at(2));
  if (hex && at(3) == '%') return true;
  if (hex && at(3) == 'x' && at(4) == '\\') return true;
  if (hex && at(5) == 'u' && at(6) == '\\') return true;
  if (last != 'm') return false;  // ESC [ 0 m
  std::size_t behind = 2;
  while (at(behind) == ';' || (at(behind) >= '0' && at(behind) <= '9')) ++behind;
  return at(behind) == '[' && behind < size;
}

bool ClosesValue(std::string_view rest) {
  const char c = rest[0];
  if (c == '.' || c == ':') return rest.size() == 1 || rest[1] <= ' ';  // ends a sentence
  return c <= ' ' || c >= 0x7f ||
         std::string_view("\"'`,;)]}<>&|@\\#").find(c) != std::string_view::npos;
}

}  // namespace

bool BeginsApart(std::string_view text, std::size_t begin, Edge edge) {
  return edge == Edge::kNone || begin == 0 || !IsAlnum(text[begin]) || !IsAlnum(text[begin - 1]) ||
         EndsInEscape(text.substr(0, begin));
}

bool IsApart(std::string_view text, std::size_t begin, std::size_t size, Edge edge) {
  if (edge == Edge::kNone) return true;
  if (!BeginsApart(text, begin, edge)) return false;
  const std::size_t end = begin + size;
  if (end == text.size()) return true;
  if (edge == Edge::kClosed) return ClosesValue(text.substr(end));
  if (IsAlnum(text[end])) return !IsAlnum(text[end - 1]) && text[end - 1] != '_';
  return edge != Edge::kToken || (text[end] != '-' && text[end] != '_');
}

}  // namespace watertight
