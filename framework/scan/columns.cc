#include "framework/scan/columns.h"

#include <re2/re2.h>

#include <algorithm>

#include "framework/scan/literal_table.h"
#include "framework/scan/secret_names.h"

namespace watertight {
namespace {

constexpr auto kNowhere = std::string_view::npos;
constexpr std::size_t kLongestHead = 4000;  // a line; less than what is kept before a word
constexpr std::size_t kLongestList = 1024;  // of names in a statement, before the word
constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLongestType = 16;
constexpr std::string_view kSeparators = ",;\t|";
constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kBetween = " \t\r\n,";  // tuples

bool IsNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.' || c == ' ';
}
bool IsQuote(char c) { return c == '"' || c == '\'' || c == '`' || c == '[' || c == ']'; }
bool IsLineEnd(char c) { return c == '\n' || c == '\r' || c == '\0'; }
char At(std::string_view text, std::size_t at) { return at < text.size() ? text[at] : '\0'; }

std::string_view Trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t\r"), text.size());
  return text.substr(begin, text.find_last_not_of(" \t\r") + 1 - begin);
}

// Of a name without its quotes; empty for what is none.
std::string NameOf(std::string_view part) {
  part = Trimmed(part);
  if (part.size() > 1 && IsQuote(part.front()) && IsQuote(part.back())) {
    part = part.substr(1, part.size() - 2);
  }
  if (part.empty() || part.size() > kLongestName) return "";
  const char first = SmallLetter(part.front());
  if (first != '_' && (first < 'a' || first > 'z')) return "";
  if (!std::all_of(part.begin(), part.end(), IsNameByte)) return "";
  std::string name(part);
  if (name.find(' ') == kNowhere) return name;
  for (char& c : name) c = c == ' ' ? '_' : SmallLetter(c);  // "API Key"
  return name;
}

// Takes the names between separators. An empty one may stand where a line of bars begins and ends.
bool TakeNames(std::string_view list, TableHead* head) {
  for (std::size_t begin = 0; begin <= list.size(); ++head->columns) {
    const std::size_t end = std::min(list.find(head->separator, begin), list.size());
    const std::string_view part = list.substr(begin, end - begin);
    const std::string name = NameOf(part);
    const bool edge = head->separator == '|' && (begin == 0 || end == list.size());
    if (name.empty() && !(edge && Trimmed(part).empty())) return false;
    if (ClassifyName(name).rule != nullptr) head->secrets.push_back({head->columns, name});
    begin = end + 1;
  }
  return head->columns > 1 && !head->secrets.empty();
}

// How far a look back from a word goes: not past one that was refused.
std::size_t Least(std::size_t at, std::size_t longest, std::size_t refused) {
  const std::size_t least = at - std::min(at, longest);
  return refused < at ? std::max(least, refused) : least;
}

// The first byte on either side of the word's name that is of no name.
struct Around {
  std::size_t before = kNowhere;  // npos: the text begins
  std::size_t behind = 0;
};

Around LookAround(std::string_view text, std::size_t at) {
  Around around{at, at};
  const std::size_t least = at - std::min(at, kLongestName);
  while (around.before > least && IsNameByte(text[around.before - 1])) --around.before;
  if (around.before > least && IsQuote(text[around.before - 1])) --around.before;
  while (around.before > least && text[around.before - 1] == ' ') --around.before;
  around.before = around.before == 0 ? kNowhere : around.before - 1;
  const std::size_t most = std::min(text.size(), at + kLongestName);
  while (around.behind < most && IsNameByte(text[around.behind])) ++around.behind;
  if (IsQuote(At(text, around.behind))) ++around.behind;
  while (around.behind < most && text[around.behind] == ' ') ++around.behind;
  return around;
}

// "INSERT INTO users (name, password) VALUES ", "COPY users (name, password) FROM stdin;\n". open:
// of the parenthesis.
Fit FindStatement(const TextWindow& text, std::size_t open, RefusedWords* refused,
                  TableHead* head) {
  static const re2::RE2 kBefore(
      R"((?i)(?:\binsert\s+(?:ignore\s+|or\s+\w+\s+)?into|\breplace\s+into|(\bcopy))\s+[\w."`\[\]]+\s*\z)");
  static const re2::RE2 kValues(R"((?i)\A\)\s*values\s*)");
  static const re2::RE2 kFromInput(R"((?i)\A\)\s*from\s+stdin\b([^;\n]*);\r?\n)");
  constexpr std::size_t kNear = 160;
  const std::size_t from = open - std::min(open, kNear);
  re2::StringPiece copy;
  if (!re2::RE2::PartialMatch({text.bytes.data() + from, open - from}, kBefore, &copy)) {
    return Fit::kNo;
  }
  const std::size_t close = text.bytes.substr(0, open + kLongestHead).find_first_of("()", open + 1);
  refused->looked += std::min(close, open + kLongestHead) - open;
  if (At(text.bytes, close) == '(') return Fit::kNo;
  const bool cut = !text.ends && text.bytes.size() < open + kLongestHead + kNear;
  if (close == kNowhere) return cut ? Fit::kUndecided : Fit::kNo;
  const std::string_view behind = text.bytes.substr(close, kNear);
  re2::StringPiece rest(behind.data(), behind.size());
  re2::StringPiece options;
  if (copy.empty()) {
    head->rows = TableHead::Rows::kTuples;
    if (!re2::RE2::Consume(&rest, kValues)) return cut ? Fit::kUndecided : Fit::kNo;
    if (rest.empty() && cut) return Fit::kUndecided;
  } else {
    head->rows = TableHead::Rows::kCopy;
    if (!re2::RE2::Consume(&rest, kFromInput, &options)) return cut ? Fit::kUndecided : Fit::kNo;
  }
  if (!TakeNames(text.bytes.substr(open + 1, close - open - 1), head)) return Fit::kNo;
  static const re2::RE2 kSeparated(R"((?i)\bcsv\b)");
  if (head->rows == TableHead::Rows::kCopy) {
    head->separator = '\t';
    if (re2::RE2::PartialMatch(options, kSeparated)) {
      head->rows = TableHead::Rows::kLines;
      head->separator = ',';
    }
  }
  head->first = static_cast<std::size_t>(rest.data() - text.bytes.data());
  return Fit::kYes;
}

// "`password` varchar(64)", at varchar.
bool IsTextType(std::string_view text) {
  static const re2::RE2 kType(
      R"((?i)\A(?:n?(?:var)?char|character|(?:tiny|medium|long)?text|varbinary)\b)");
  text = text.substr(0, kLongestType);
  return re2::RE2::PartialMatch({text.data(), text.size()}, kType);
}

constexpr std::string_view kCreate = "CREATE TABLE ";
constexpr std::string_view kVerbs[] = {"INSERT", "INSERT IGNORE", "INSERT  IGNORE", "REPLACE"};

// Of the lines of CREATE TABLE, those that begin with a name in quotes. Leaves what is behind the
// last one; false when it is not there.
bool TakeColumns(std::string_view* lines, TableHead* head) {
  for (std::size_t end = lines->find('\n'); end != kNowhere; end = lines->find('\n')) {
    const std::string_view line = Trimmed(lines->substr(0, end));
    if (line.find(kCreate) != kNowhere) return false;
    lines->remove_prefix(end + 1);
    if (line.starts_with(')')) return true;
    if (line.empty() || (line.front() != '`' && line.front() != '"')) continue;
    const std::string name = NameOf(line.substr(0, line.find(line.front(), 1) + 1));
    if (ClassifyName(name).rule != nullptr) head->secrets.push_back({head->columns, name});
    ++head->columns;
  }
  return false;
}

// Of "IF NOT EXISTS `users` ".
std::string_view NameOfTable(std::string_view text) {
  constexpr std::string_view kUnless = "IF NOT EXISTS ";
  text = Trimmed(text);
  if (text.starts_with(kUnless)) text.remove_prefix(kUnless.size());
  return Trimmed(text);
}

// "CREATE TABLE `users` (…);" and soon after it "INSERT INTO `users` VALUES", of mysqldump, which
// can write "INSERT IGNORE", with one blank or two, and "REPLACE". Newer ones of MariaDB write each
// row on a line of its own.
Fit FindCreated(const TextWindow& text, std::size_t at, RefusedWords* refused, TableHead* head) {
  constexpr std::size_t kLongest = 8000;  // the columns
  constexpr std::size_t kNear = 1024;     // between both statements
  const std::size_t from = Least(at, kLongestHead, refused->created);
  refused->looked += at - from;
  const std::size_t create = text.bytes.substr(from, at - from).rfind(kCreate);
  if (create == kNowhere) return Fit::kNo;
  const std::size_t name = from + create + kCreate.size();
  const std::size_t open = text.bytes.substr(0, at).find('(', name);
  if (open == kNowhere) return Fit::kNo;
  const Fit cut =
      !text.ends && text.bytes.size() < open + kLongest + kNear ? Fit::kUndecided : Fit::kNo;
  const std::size_t line = text.bytes.substr(0, at).find('\n', open);
  if (line == kNowhere) return Fit::kNo;
  std::string_view lines = text.bytes.substr(line + 1, kLongest);
  const bool whole = TakeColumns(&lines, head);
  const auto end = static_cast<std::size_t>(lines.data() - text.bytes.data());
  refused->looked += end - line;
  if (!whole) return cut;
  const std::string into =
      " INTO " + std::string(NameOfTable(text.bytes.substr(name, open - name))) + " VALUES";
  const std::string_view near = text.bytes.substr(end, kNear);
  for (const std::string_view verb : kVerbs) {
    head->again = std::string(verb) + into;
    const std::size_t insert = near.find(head->again);
    if (insert == kNowhere) continue;
    head->rows = TableHead::Rows::kTuples;
    head->first = end + insert + head->again.size();
    return head->secrets.empty() ? Fit::kNo : Fit::kYes;
  }
  return cut;
}

// A row of such a table stands before it: this is another, of words.
bool FollowsRow(std::string_view before, char separator, std::size_t columns) {
  if (before.ends_with('\n')) before.remove_suffix(1);
  const std::size_t begin = before.find_last_of(std::string_view("\n\0", 2));
  const std::string_view line = before.substr(begin == kNowhere ? 0 : begin + 1);
  return static_cast<std::size_t>(std::count(line.begin(), line.end(), separator)) + 1 == columns;
}

// A line of names alone.
Fit FindLine(const TextWindow& text, std::size_t at, RefusedWords* refused, TableHead* head) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  std::size_t begin = at;
  const std::size_t least = Least(at, kLongestHead, refused->names);
  while (begin > least && !IsLineEnd(text.bytes[begin - 1])) --begin;
  refused->looked += at - begin;
  if (begin == refused->names || (begin == least && begin > 0)) return Fit::kNo;
  const std::size_t most = std::min(text.bytes.size(), begin + kLongestHead);
  std::size_t end = at;
  while (end < most && !IsLineEnd(text.bytes[end])) ++end;
  refused->looked += end - at;
  if (end == text.bytes.size() && !text.ends) return Fit::kUndecided;
  if (end >= most || text.bytes[end] == '\0') return Fit::kNo;
  std::string_view line = text.bytes.substr(begin, end - begin);
  if (line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  if (!TakeNames(line, head)) return Fit::kNo;
  if (FollowsRow(text.bytes.substr(0, begin), head->separator, head->columns)) return Fit::kNo;
  if (text.bytes[end] == '\r' && end + 1 == text.bytes.size() && !text.ends) {
    return Fit::kUndecided;
  }
  head->first = end + (text.bytes.substr(end, 2) == "\r\n" ? 2 : 1);
  return Fit::kYes;
}

// "----+-----", "|---|---|": between the names and the rows.
bool IsRule(std::string_view line) {
  return line.find_first_not_of("-+|=: \r") == kNowhere && line.find("--") != kNowhere;
}

TableField Field(std::string_view text, std::size_t begin, std::size_t end) {
  const std::string_view field = Trimmed(text.substr(begin, end - begin));
  return {static_cast<std::size_t>(field.data() - text.data()), field.size()};
}

// Behind the quote that closes the one at `at`: doubled ones, and in SQL those behind a backslash,
// are of the text. npos when it stays open.
std::size_t BehindQuote(std::string_view text, std::size_t at, bool slashes) {
  const char quote = text[at];
  const std::size_t most = std::min(text.size(), at + kLongestRow);
  for (++at; at < most; ++at) {
    if (slashes && text[at] == '\\') {
      ++at;
    } else if (text[at] == quote) {
      if (At(text, at + 1) != quote) return at + 1;
      ++at;
    } else if (text[at] == '\0') {
      return kNowhere;
    }
  }
  return kNowhere;
}

class RowReader {
 public:
  RowReader(const TextWindow& text, std::size_t at, const TableHead& head)
      : window_(text), text_(text.bytes), at_(at), begin_(at), head_(head) {}

  TableRow Read() { return head_.rows == TableHead::Rows::kTuples ? ReadTuple() : ReadLine(); }

 private:
  // What stands there is no row, unless the text goes on.
  TableRow None() const {
    const bool cut = !window_.ends && text_.size() - begin_ < kLongestRow;
    return {cut ? Fit::kUndecided : Fit::kNo, begin_, {}};
  }
  static TableRow Ended() { return {}; }

  TableRow ReadLine() {
    std::size_t end = text_.find('\n', begin_);
    if (end == kNowhere || end - begin_ > kLongestRow) {
      if (!window_.ends) return None();
      end = text_.size();
    }
    const std::size_t zero = text_.substr(begin_, end - begin_).find('\0');
    const bool last = zero != kNowhere;
    if (last) end = begin_ + zero;
    const std::string_view line = text_.substr(begin_, end - begin_);
    if (Trimmed(line).empty() || line.starts_with("\\.")) return Ended();
    if (IsRule(line)) return {Fit::kYes, std::min(end + 1, text_.size()), {}};
    return ReadFields();
  }

  TableRow ReadFields() {
    TableRow row{Fit::kYes, 0, {}};
    for (;;) {
      std::size_t begin = at_;
      std::size_t end = at_;
      if (head_.rows == TableHead::Rows::kLines && IsOpened()) {
        const std::size_t behind = BehindQuote(text_, at_, false);
        if (behind == kNowhere) return None();
        begin = at_ + 1;
        end = behind - 1;
        at_ = behind;
        row.fields.push_back({begin, end - begin});
        while (At(text_, at_) == ' ' || At(text_, at_) == '\r') ++at_;
      } else {
        while (at_ < text_.size() && text_[at_] != head_.separator && text_[at_] != '\n' &&
               text_[at_] != '\0') {
          ++at_;
        }
        row.fields.push_back(Field(text_, begin, at_));
      }
      if (row.fields.size() > head_.columns) return Ended();
      if (at_ >= text_.size() && !window_.ends) return None();
      if (At(text_, at_) != head_.separator) break;
      ++at_;
    }
    row.end = std::min(at_ + 1, text_.size());
    const bool ends_line = at_ >= text_.size() || text_[at_] == '\n' || text_[at_] == '\0';
    return row.fields.size() == head_.columns && ends_line ? row : Ended();
  }

  bool IsOpened() {
    while (At(text_, at_) == ' ') ++at_;
    return At(text_, at_) == '"';
  }

  // Also "-- …" to the end of the line, and "/* … */".
  void Skip(std::string_view blanks) {
    while (at_ < text_.size()) {
      const std::string_view rest = text_.substr(at_);
      const bool line = rest.starts_with("--");
      if (!window_.ends && (rest == "-" || rest == "/")) {
        at_ = text_.size();
      } else if (line || rest.starts_with("/*")) {
        const std::string_view end = line ? "\n" : "*/";
        const std::size_t found = rest.substr(0, kLongestRow).find(end, 2);
        at_ = found == kNowhere ? text_.size() : at_ + found + end.size();
      } else if (blanks.find(rest.front()) != kNowhere) {
        ++at_;
      } else {
        return;
      }
    }
  }

  TableRow ReadTuple() {
    Skip(kBetween);
    if (at_ >= text_.size()) return None();
    if (text_[at_] == ';' && !head_.again.empty()) {
      ++at_;
      Skip(kBlanks);
      if (text_.size() - at_ < head_.again.size()) return None();
      if (!text_.substr(at_).starts_with(head_.again)) return Ended();
      at_ += head_.again.size();
      Skip(kBlanks);
      if (at_ >= text_.size()) return None();
    }
    if (text_[at_] != '(') return Ended();
    ++at_;
    TableRow row{Fit::kYes, 0, {}};
    for (;;) {
      Skip(kBlanks);
      const TableField field = ReadValue();
      if (at_ >= text_.size() || at_ - begin_ > kLongestRow) return None();
      row.fields.push_back(field);
      if (row.fields.size() > head_.columns || text_[at_] == '\0') return Ended();
      if (text_[at_] == ')') break;
      ++at_;
    }
    row.end = at_ + 1;
    return row.fields.size() == head_.columns ? row : Ended();
  }

  // To the comma or parenthesis behind it. N'…' and E'…' have a letter in front.
  TableField ReadValue() {
    const std::size_t begin = at_;
    TableField quoted;
    std::size_t depth = 0;
    while (at_ < text_.size() && at_ - begin_ <= kLongestRow && text_[at_] != '\0') {
      const char c = text_[at_];
      if (depth == 0 && (c == ',' || c == ')')) break;
      if (c == '\'' || c == '"') {
        const std::size_t behind = BehindQuote(text_, at_, true);
        if (behind == kNowhere) {
          at_ = text_.size();
          return {};
        }
        if (at_ - begin <= 1) quoted = {at_ + 1, behind - at_ - 2};
        at_ = behind;
        continue;
      }
      if (c == '(') ++depth;
      if (c == ')') --depth;
      ++at_;
    }
    const std::size_t end = std::min(at_, text_.size());
    return quoted.begin > 0 ? quoted : Field(text_, begin, end);
  }

  const TextWindow& window_;
  std::string_view text_;
  std::size_t at_;
  std::size_t begin_;
  const TableHead& head_;
};

}  // namespace

const std::vector<std::string>& ColumnWords() {
  static const auto* words = new std::vector<std::string>{
      "password", "Password",   "PASSWORD",   "passwd",     "Passwd",  "PASSWD",  "pwd",
      "Pwd",      "PWD",        "passphrase", "Passphrase", "secret",  "Secret",  "SECRET",
      "token",    "Token",      "TOKEN",      "api_key",    "API_KEY", "apikey",  "apiKey",
      "ApiKey",   "APIKEY",     "access_k",   "ACCESS_K",   "api key", "API Key", "API key",
      "accessKe", "credential", "passcode"};
  return *words;
}

void RefusedWords::Forget(std::size_t count) {
  for (std::size_t* word : {&names, &created}) {
    *word = *word == kNone || *word < count ? kNone : *word - count;
  }
}

Fit FindTableHead(const TextWindow& text, std::size_t at, RefusedWords* refused, TableHead* head) {
  const Around around = LookAround(text.bytes, at);
  if (around.behind >= text.bytes.size() && !text.ends) return Fit::kUndecided;
  const char before = around.before == kNowhere ? '\n' : text.bytes[around.before];
  const char behind = At(text.bytes, around.behind);
  const bool begins = IsLineEnd(before) || before == '\xbf';
  const auto separates = [](char c) { return c != '\0' && kSeparators.find(c) != kNowhere; };
  const std::string_view rest = text.bytes.substr(around.behind);
  if (begins && rest.size() < kLongestType && !text.ends) return Fit::kUndecided;
  if (begins && IsTextType(rest)) {
    *head = {};
    const Fit fit = FindCreated(text, at, refused, head);
    if (fit == Fit::kNo) refused->created = at;
    return fit;
  }
  if (!separates(before) && !separates(behind)) return Fit::kNo;
  if (!separates(before) && !begins && before != '(') return Fit::kNo;
  if (!separates(behind) && !IsLineEnd(behind) && behind != ')') return Fit::kNo;
  *head = {};
  // The list in which it stands, if it does.
  const std::size_t least = Least(at, kLongestList, refused->names);
  std::size_t open = at;
  while (open > least && text.bytes[open] != '(' && text.bytes[open] != ')') --open;
  refused->looked += at - open;
  if (text.bytes[open] == '(') {
    const Fit fit = FindStatement(text, open, refused, head);
    if (fit != Fit::kNo) return fit;
    *head = {};
  }
  head->separator = separates(behind) ? behind : before;
  const Fit fit = FindLine(text, at, refused, head);
  if (fit == Fit::kNo) refused->names = at;
  return fit;
}

TableRow ReadTableRow(const TextWindow& text, std::size_t at, const TableHead& head) {
  return RowReader(text, at, head).Read();
}

}  // namespace watertight
