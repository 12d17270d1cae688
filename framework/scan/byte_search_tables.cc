// What stands in the columns of tables, row by row.

#include <algorithm>
#include <iterator>
#include <utility>

#include "framework/scan/byte_search.h"
#include "framework/scan/literal_table.h"
#include "framework/scan/rules/drawn.h"
#include "framework/scan/rules/token_checks.h"
#include "framework/scan/secret_names.h"

namespace watertight {
namespace {

// Of a column that has no other name: lists of words call so what is in them, identifiers of
// programs too.
bool IsTokenAlone(std::string_view name) {
  constexpr std::string_view kNames[] = {"token", "tokens"};
  return std::any_of(std::begin(kNames), std::end(kNames), [name](std::string_view word) {
    return std::equal(name.begin(), name.end(), word.begin(), word.end(),
                      [](char a, char b) { return SmallLetter(a) == b; });
  });
}

// "R_IA64_GPREL32MSB", "idn2_to_ascii_8z": identifiers of letters of one case.
bool IsIdentifier(std::string_view value) {
  const auto is_small = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto is_big = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto fits = [&](char c) {
    return is_small(c) || is_big(c) || c == '_' || (c >= '0' && c <= '9');
  };
  return value.find('_') != value.npos && std::all_of(value.begin(), value.end(), fits) &&
         (std::none_of(value.begin(), value.end(), is_small) ||
          std::none_of(value.begin(), value.end(), is_big));
}

// Cheaper than the rules, which have the last word. What a column of passwords has in hexadecimal
// digits of a hash's size is a hash.
bool MayBeSecret(const std::string& name, std::string_view value) {
  constexpr std::size_t kShortest = 8;
  constexpr std::size_t kShortestToken = 16;
  constexpr std::size_t kLongest = 1024;
  if (value.size() < kShortest || value.size() > kLongest) return false;
  const bool hex = value.find_first_not_of("0123456789abcdefABCDEF") == value.npos;
  const SecretName promise = ClassifyName(name);
  if (hex && value.size() >= 32 && value.size() % 8 == 0 && promise.rule != nullptr &&
      std::string_view(promise.rule) == "generic-password") {
    return false;
  }
  if (IsTokenAlone(name)) {
    return value.size() >= kShortestToken && !IsIdentifier(value) && LooksRandom(value) &&
           LooksDrawn(value);
  }
  return LooksDrawn(value) || LooksRandom(value) || LooksChosen(value);
}

}  // namespace

// One table at a time: words in the rows of another begin none.
void ByteSearch::SearchTables() {
  const std::vector<std::uint64_t> words = std::exchange(column_words_, {});
  auto word = words.begin();
  while (!table_ || ReadRows()) {
    word = std::find_if(word, words.end(), [this](std::uint64_t at) { return at >= table_end_; });
    if (word == words.end()) return;
    Table table;
    const Fit fit = FindTableHead({{text_, size_}, ends_}, static_cast<std::size_t>(*word - begin_),
                                  &refused_words_, &table.head);
    if (fit == Fit::kUndecided) break;
    if (fit == Fit::kYes) {
      table.begin = *word;
      table.next = begin_ + table.head.first;
      table_ = std::move(table);
    }
    ++word;
  }
  // Those in rows that were read begin no table: the text is not kept for them.
  const std::uint64_t open = table_ ? table_->next : table_end_;
  std::copy_if(word, words.end(), std::back_inserter(column_words_),
               [open](std::uint64_t at) { return at >= open; });
}

// False when more of the text is needed.
bool ByteSearch::ReadRows() {
  constexpr std::uint64_t kLongestTable = std::uint64_t{32} << 20;
  for (;;) {
    const TableRow row = ReadTableRow(
        {{text_, size_}, ends_}, static_cast<std::size_t>(table_->next - begin_), table_->head);
    if (row.fit == Fit::kUndecided) return false;
    if (row.fit == Fit::kNo || table_->next - table_->begin > kLongestTable) break;
    for (const TableHead::Secret& secret : table_->head.secrets) {
      if (row.fields.empty()) continue;
      const TableField& field = row.fields[secret.column];
      SearchField(secret.name, begin_ + field.begin, {text_ + field.begin, field.size});
    }
    table_->next = begin_ + row.end;
  }
  table_end_ = table_->next;
  table_.reset();
  return true;
}

// As the rules judge NAME="value".
void ByteSearch::SearchField(const std::string& name, std::uint64_t offset,
                             std::string_view value) {
  if (!MayBeSecret(name, value)) return;
  const std::string before = name + "=\"";
  ByteSearch& inner = Inner();
  inner.Take(before + std::string(value) + "\"\n");
  inner.Finish();
  for (const FoundValue& found : inner.found()) {
    if (found.secret >= 0 || !found.encoding.empty() || found.offset < before.size()) continue;
    if (!MayKeep(found.secret)) continue;
    FoundValue outer = found;
    outer.offset = offset + (found.offset - before.size());
    outer.head = table_->begin;
    SetLine(static_cast<std::size_t>(outer.offset - begin_), &outer.line, &outer.column);
    AddDecided(std::move(outer));
  }
}

}  // namespace watertight
