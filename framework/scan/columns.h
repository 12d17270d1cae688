// Tables in a text: CSV and the like under a line of names, INSERT with its columns or behind
// CREATE TABLE, and COPY.
//
// What stands in a column whose name promises a secret is as good as NAME = "value".

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "framework/scan/spelling_match.h"

namespace watertight {

// Stand in names of columns that promise a secret; mostly literals of rules.
const std::vector<std::string>& ColumnWords();

struct TableHead {
  enum class Rows : unsigned char {
    kLines,   // fields between separators, quoted or not
    kCopy,    // of COPY: no quotes, to the line "\."
    kTuples,  // of INSERT: (1, 'a'), (2, 'b');
  };
  struct Secret {
    std::size_t column = 0;
    std::string name;
  };

  Rows rows = Rows::kLines;
  char separator = ',';
  std::size_t columns = 0;
  std::vector<Secret> secrets;
  std::size_t first = 0;  // where in the text the first row begins
  std::string again;      // with it, more rows begin behind a ;
};

// The last words around which no table begins, in the text: those that follow in the same line,
// list or statement need no second look.
struct RefusedWords {
  static constexpr std::size_t kNone = std::string_view::npos;
  std::size_t names = kNone;    // of a line or list
  std::size_t created = kNone;  // of CREATE TABLE
  std::uint64_t looked = 0;     // bytes, for all words

  // So many bytes less are in front.
  void Forget(std::size_t count);
};

// Whether a table begins around the one of ColumnWords at `at`; words come in their order. A look
// at a few bytes, mostly.
Fit FindTableHead(const TextWindow& text, std::size_t at, RefusedWords* refused, TableHead* head);

struct TableField {
  std::size_t begin = 0;  // in the text, without quotes
  std::size_t size = 0;
};

struct TableRow {
  Fit fit = Fit::kNo;  // kNo: the table has ended
  std::size_t end = 0;
  std::vector<TableField> fields;  // none: a line between
};

constexpr std::size_t kLongestRow = std::size_t{64} << 10;

// The row that begins at `at`.
TableRow ReadTableRow(const TextWindow& text, std::size_t at, const TableHead& head);

}  // namespace watertight
