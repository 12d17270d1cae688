// Writing ASN.1 by the Distinguished Encoding Rules (ITU-T X.690).
//
//   Sequence({Integer(BigNumber(0)), ObjectId("1.2.840.113549.1.1.1"), OctetString(bytes)})
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "generator/credentials/big_number.h"

namespace watertight::generator::credentials::der {

// Tag, length, content.
std::string Tagged(unsigned tag, std::string_view content);

std::string Sequence(std::initializer_list<std::string_view> items);
std::string Set(std::initializer_list<std::string_view> items);  // Requires: items in order
// [number], around whole elements.
std::string Explicit(unsigned number, std::string_view content);

std::string Integer(const BigNumber& number);
std::string Integer(std::uint64_t number);
std::string OctetString(std::string_view bytes);
std::string BitString(std::string_view bytes);
std::string Null();
std::string Boolean(bool value);
// "1.2.840.10045.2.1"
std::string ObjectId(std::string_view dotted);
std::string Utf8String(std::string_view text);
// "250101000000Z"; of the years 1950 to 2049.
std::string UtcTime(std::string_view text);

}  // namespace watertight::generator::credentials::der
