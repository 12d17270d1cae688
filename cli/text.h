// Text for people and for JSON. The Append functions are for hot paths: they allocate nothing for
// plain ASCII.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace watertight::cli {

// A JSON string in quotes. What is not UTF-8 becomes U+FFFD.
void AppendJsonString(std::string_view bytes, std::string* out);
void AppendNumber(std::int64_t number, std::string* out);
void AppendNumber(std::uint64_t number, std::string* out);
// Control characters, broken UTF-8 and marks that turn the direction of text become escapes.
void AppendPrintable(std::string_view bytes, std::string* out);
// "2022-03-07 08:45", UTC; "@123…" for a time that no calendar holds.
void AppendMinute(std::int64_t seconds, std::string* out);

std::string Base64(std::string_view bytes);

// "7 B", "2.5 kB", "118.4 MB": decimal, as registries count.
std::string HumanSize(std::uint64_t bytes);
// "4,203".
std::string Thousands(std::uint64_t number);
// "1 file", "3 files".
std::string Counted(std::uint64_t count, std::string_view noun);
// "2022-03-07 08:51 UTC" of an RFC 3339 time as stored; the text itself when it is none.
std::string ShortTime(const std::string& rfc3339);
// "sha256:5f70bf18a086".
std::string ShortDigest(const std::string& digest);

// Columns that a UTF-8 text takes, one for each code point.
std::size_t Columns(std::string_view text);
// At most that many columns, the last one "…" when something was cut. 0: no limit.
std::string Cut(std::string text, std::size_t columns);
// Padded with spaces at its right, or its left, to that many columns.
std::string PadRight(std::string text, std::size_t columns);
std::string PadLeft(std::string text, std::size_t columns);

}  // namespace watertight::cli
