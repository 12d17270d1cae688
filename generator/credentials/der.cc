#include "generator/credentials/der.h"

#include <cstdlib>
#include <vector>

#include "generator/archives/binary.h"

namespace watertight::generator::credentials::der {
namespace {

// X.690, section 8.1.3: up to 127 in one byte, else the number of bytes and they.
std::string Length(std::size_t length) {
  if (length < 128) return BigEndian(length, 1);
  std::size_t size = 1;
  while (length >> (8 * size) != 0) ++size;
  return BigEndian(0x80 | size, 1) + BigEndian(length, size);
}

std::string Joined(std::initializer_list<std::string_view> items) {
  std::string content;
  for (const std::string_view item : items) content += item;
  return content;
}

std::vector<std::uint64_t> ArcsOf(std::string_view dotted) {
  std::vector<std::uint64_t> arcs;
  const std::string text(dotted);
  for (const char* at = text.c_str(); *at != '\0';) {
    char* end = nullptr;
    arcs.push_back(std::strtoull(at, &end, 10));
    at = *end == '.' ? end + 1 : end;
  }
  return arcs;
}

// Seven bits a byte; all but the last have the highest bit.
std::string InBase128(std::uint64_t number) {
  std::string bytes(1, static_cast<char>(number & 0x7f));
  while ((number >>= 7) != 0) bytes.insert(0, 1, static_cast<char>(0x80 | (number & 0x7f)));
  return bytes;
}

}  // namespace

std::string Tagged(unsigned tag, std::string_view content) {
  return BigEndian(tag, 1) + Length(content.size()) + std::string(content);
}

std::string Sequence(std::initializer_list<std::string_view> items) {
  return Tagged(0x30, Joined(items));
}

std::string Set(std::initializer_list<std::string_view> items) {
  return Tagged(0x31, Joined(items));
}

std::string Explicit(unsigned number, std::string_view content) {
  return Tagged(0xa0 | number, content);
}

std::string Integer(const BigNumber& number) {
  // A first bit of 1 would make it negative.
  return Tagged(0x02, number.Bytes(number.bits() / 8 + 1));
}

std::string Integer(std::uint64_t number) { return Integer(BigNumber(number)); }

std::string OctetString(std::string_view bytes) { return Tagged(0x04, bytes); }

std::string BitString(std::string_view bytes) {
  return Tagged(0x03, std::string(1, '\0') + std::string(bytes));
}

std::string Null() { return Tagged(0x05, ""); }

std::string Boolean(bool value) { return Tagged(0x01, value ? "\xff" : std::string(1, '\0')); }

std::string ObjectId(std::string_view dotted) {
  const std::vector<std::uint64_t> arcs = ArcsOf(dotted);
  std::string content = InBase128(arcs[0] * 40 + arcs[1]);
  for (std::size_t i = 2; i < arcs.size(); ++i) content += InBase128(arcs[i]);
  return Tagged(0x06, content);
}

std::string Utf8String(std::string_view text) { return Tagged(0x0c, text); }

std::string UtcTime(std::string_view text) { return Tagged(0x17, text); }

}  // namespace watertight::generator::credentials::der
