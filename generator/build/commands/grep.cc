// grep, egrep, fgrep.

#include <algorithm>
#include <cctype>
#include <memory>

#include "generator/build/commands/accounts.h"
#include "generator/build/commands/commands.h"
#include "generator/build/commands/input.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/paths.h"
#include "generator/build/commands/regex.h"
#include "generator/build/shell/pattern.h"

namespace watertight::generator::commands {
namespace {

std::string Escaped(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    if (std::string_view("^$.*[]\\+?(){}|").find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

struct Span {
  std::size_t begin;
  std::size_t end;
};

bool IsWord(std::string_view line, std::size_t at) {
  if (at >= line.size()) return false;
  const auto c = static_cast<unsigned char>(line[at]);
  return c < 128 && (std::isalnum(c) != 0 || c == '_');
}

class Matcher {
 public:
  Matcher(const std::vector<std::string>& patterns, bool fixed, bool extended,
          const Options& options)
      : whole_words_(options.Has('w')), whole_lines_(options.Has('x')) {
    for (const std::string& pattern : patterns) {
      const RegexOptions how{.extended = fixed || extended, .ignore_case = options.HasAny("iy")};
      try {
        regexes_.emplace_back(fixed ? Escaped(pattern) : pattern, how);
      } catch (const RegexError& error) {
        NotModelled("grep: " + error.message + ": " + pattern);
      }
    }
  }

  // The leftmost longest match that begins at `from` or later.
  std::optional<Span> Find(std::string_view line, std::size_t from) const {
    std::optional<Span> best;
    for (const Regex& regex : regexes_) {
      const std::optional<Span> span = FindOne(regex, line, from);
      if (!span) continue;
      if (!best || span->begin < best->begin ||
          (span->begin == best->begin && span->end > best->end)) {
        best = span;
      }
    }
    return best;
  }

 private:
  std::optional<Span> FindOne(const Regex& regex, std::string_view line, std::size_t from) const {
    while (from <= line.size()) {
      const auto match = regex.Search(line, from);
      if (!match) return std::nullopt;
      const Span span{match->begin(), match->end()};
      const bool line_ok = !whole_lines_ || (span.begin == 0 && span.end == line.size());
      const bool word_ok = !whole_words_ || (!(span.begin > 0 && IsWord(line, span.begin - 1)) &&
                                             !IsWord(line, span.end));
      if (line_ok && word_ok) return span;
      if (whole_lines_) return std::nullopt;
      from = span.begin + 1;
    }
    return std::nullopt;
  }

  std::vector<Regex> regexes_;
  bool whole_words_;
  bool whole_lines_;
};

class Searcher {
 public:
  Searcher(Process& process, const Options& options, const Matcher& matcher)
      : process_(process), options_(options), matcher_(matcher) {
    const auto context = options.Value('C');
    before_ = NumberOf(options.Value('B').value_or(context.value_or("0"))).value_or(0);
    after_ = NumberOf(options.Value('A').value_or(context.value_or("0"))).value_or(0);
    if (const auto most = options.Value('m')) most_ = NumberOf(*most).value_or(INT64_MAX);
    end_ = options.Has('z') ? '\0' : '\n';
  }

  bool found() const { return found_; }
  bool failed() const { return failed_; }
  void set_shows_names(bool shows) { shows_names_ = shows; }

  void SearchOperand(const std::string& path) {
    const Found file = process_.Stat(path);
    const bool recursive = options_.HasAny("rR");
    if (path != "-" && file && file.inode->is_directory()) {
      if (recursive) return SearchDirectory(path, true);
      if (process_.busybox()) return;
      if (!options_.Has('s')) process_.Fail(path + ": Is a directory");
      failed_ = true;
      return;
    }
    SearchFile(path);
  }

 private:
  bool Wanted(const std::string& name) const {
    bool included = !options_.Has('I');
    for (const Options::Given& option : options_.given()) {
      const bool matches = shell::MatchesPattern(option.value, name);
      if (option.letter == 'I') included |= matches;
      if (option.letter == 'X' && matches) return false;
    }
    return included;
  }

  void SearchDirectory(const std::string& path, bool operand) {
    if (!operand) {
      for (const Options::Given& option : options_.given()) {
        if (option.letter == 'D' && shell::MatchesPattern(option.value, Basename(path))) return;
      }
    }
    std::vector<std::string> names;
    const std::errc error = process_.ReadDirectory(path, names);
    if (error != std::errc()) {
      failed_ = true;
      if (!options_.Has('s')) process_.Fail(path + ": " + process_.Text(error));
      return;
    }
    for (const std::string& name : names) {
      const std::string child = Joined(path, name);
      const Found file = process_.Stat(
          child, options_.Has('R') && !process_.busybox() ? Follow::kYes : Follow::kNo);
      if (!file || (!file.inode->is_directory() && !file.inode->is_regular())) continue;
      if (file.inode->is_directory()) {
        SearchDirectory(child, false);
      } else if (Wanted(name)) {
        SearchFile(child);
      }
      if (found_ && options_.Has('q')) return;
    }
  }

  void SearchFile(const std::string& path) {
    std::errc error{};
    const auto content =
        path == "-" ? std::optional(process_.ReadAll(0)) : process_.ReadFile(path, error);
    if (!content) {
      failed_ = true;
      if (!options_.Has('s')) process_.Fail(path + ": " + process_.Text(error));
      return;
    }
    const std::string name = path == "-" ? "(standard input)" : path;
    const std::string text = content->ToString();
    const bool binary =
        end_ == '\n' && text.find('\0') != text.npos && !options_.Has('a') && !process_.busybox();
    SearchText(name, text, binary);
  }

  void SearchText(const std::string& name, const std::string& text, bool binary) {
    const std::vector<std::string_view> lines = LinesOf(text, end_);
    std::int64_t count = 0;
    std::int64_t after = 0;
    std::size_t shown = 0;  // lines up to here are printed or passed
    std::string out;
    bool matched_binary = false;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      process_.machine().Step();
      const std::string_view line = Chomped(lines[i], end_);
      const auto match = matcher_.Find(line, 0);
      const bool selected = match.has_value() != options_.Has('v');
      if (selected && count < most_) {
        ++count;
        found_ = true;
        if (options_.Has('q')) return;
        if (options_.HasAny("lLc")) continue;
        if (binary) {
          matched_binary = true;
          break;
        }
        const std::size_t first =
            std::max(shown, i - std::min(i, static_cast<std::size_t>(before_)));
        if ((before_ > 0 || after_ > 0) && printed_ && (first > shown || shown == 0)) out += "--\n";
        for (std::size_t k = first; k < i; ++k) Print(name, k, lines, '-', out);
        if (options_.Has('o')) {
          if (!options_.Has('v')) PrintMatches(name, i, line, out);
        } else {
          Print(name, i, lines, ':', out);
        }
        printed_ = true;
        shown = i + 1;
        after = after_;
      } else if (after > 0 && !options_.HasAny("lLcoq")) {
        Print(name, i, lines, '-', out);
        shown = i + 1;
        --after;
      } else if (count >= most_) {
        break;
      }
    }
    Report(name, count, out);
    if (matched_binary) process_.Write(1, name + ": binary file matches\n");
  }

  void Report(const std::string& name, std::int64_t count, std::string& out) {
    if (options_.Has('L')) {
      if (count == 0) out += name + "\n";
    } else if (options_.Has('l')) {
      if (count > 0) out += name + (options_.Has('Z') ? std::string(1, '\0') : "\n");
    } else if (options_.Has('c')) {
      if (shows_names_) out += name + ":";
      out += std::to_string(count) + "\n";
    }
    process_.Write(1, out);
  }

  void Prefix(const std::string& name, std::size_t line, std::uint64_t offset, char mark,
              std::string& out) const {
    if (shows_names_) out += name + mark;
    if (options_.Has('n')) out += std::to_string(line + 1) + mark;
    if (options_.Has('b')) out += std::to_string(offset) + mark;
  }

  static std::uint64_t OffsetOf(const std::vector<std::string_view>& lines, std::size_t index) {
    return static_cast<std::uint64_t>(lines[index].data() - lines[0].data());
  }

  void Print(const std::string& name, std::size_t index, const std::vector<std::string_view>& lines,
             char mark, std::string& out) const {
    Prefix(name, index, OffsetOf(lines, index), mark, out);
    out.append(Chomped(lines[index], end_)) += end_;
  }

  void PrintMatches(const std::string& name, std::size_t index, std::string_view line,
                    std::string& out) const {
    std::size_t from = 0;
    while (const auto match = matcher_.Find(line, from)) {
      if (match->end == match->begin) {
        from = match->end + 1;
        if (from > line.size()) return;
        continue;
      }
      Prefix(name, index, match->begin, ':', out);
      out.append(line.substr(match->begin, match->end - match->begin)) += end_;
      from = match->end;
    }
  }

  Process& process_;
  const Options& options_;
  const Matcher& matcher_;
  std::int64_t before_ = 0;
  std::int64_t after_ = 0;
  std::int64_t most_ = INT64_MAX;
  char end_ = '\n';
  bool shows_names_ = false;
  bool found_ = false;
  bool failed_ = false;
  bool printed_ = false;
};

// The patterns of all -e and -f, else the first operand; each line is one.
std::vector<std::string> PatternsOf(Process& process, const Options& options,
                                    std::vector<std::string>& operands) {
  std::vector<std::string> patterns;
  const auto add = [&](const std::string& text) {
    for (std::string& line : SplitAt(text, '\n')) patterns.push_back(std::move(line));
  };
  bool given = false;
  for (const Options::Given& option : options.given()) {
    if (option.letter != 'e' && option.letter != 'f') continue;
    given = true;
    if (option.letter == 'e') {
      add(option.value);
      continue;
    }
    std::errc error{};
    const auto content = option.value == "-" ? std::optional(process.ReadAll(0))
                                             : process.ReadFile(option.value, error);
    if (!content) NotModelled("grep -f " + option.value + ": " + process.Text(error));
    if (!content->empty()) add(std::string(Chomped(content->ToString())));
  }
  if (given) return patterns;
  if (operands.empty()) NotModelled("grep without a pattern");
  add(operands.front());
  operands.erase(operands.begin());
  return patterns;
}

int Search(Process& process, bool fixed, bool extended) {
  const Options options(process, "EFGe:f:ivwxcloLqshHnbrRA:B:C:m:azyI:X:D:K::Z",
                        {{"extended-regexp", 'E'},
                         {"fixed-strings", 'F'},
                         {"basic-regexp", 'G'},
                         {"regexp", 'e'},
                         {"file", 'f'},
                         {"ignore-case", 'i'},
                         {"invert-match", 'v'},
                         {"word-regexp", 'w'},
                         {"line-regexp", 'x'},
                         {"count", 'c'},
                         {"files-with-matches", 'l'},
                         {"files-without-match", 'L'},
                         {"only-matching", 'o'},
                         {"quiet", 'q'},
                         {"silent", 'q'},
                         {"no-messages", 's'},
                         {"no-filename", 'h'},
                         {"with-filename", 'H'},
                         {"line-number", 'n'},
                         {"byte-offset", 'b'},
                         {"recursive", 'r'},
                         {"dereference-recursive", 'R'},
                         {"after-context", 'A'},
                         {"before-context", 'B'},
                         {"context", 'C'},
                         {"max-count", 'm'},
                         {"text", 'a'},
                         {"null-data", 'z'},
                         {"null", 'Z'},
                         {"include", 'I'},
                         {"exclude", 'X'},
                         {"exclude-dir", 'D'},
                         {"color", 'K'},
                         {"colour", 'K'}});
  if (process.busybox() && options.HasAny("IXDKZbGa")) {
    NotModelled(NameOf(process) + " with an option that BusyBox lacks");
  }
  const char kind = options.LastOf("EFG");
  fixed = kind == 'F' || (kind == 0 && fixed);
  extended = kind == 'E' || (kind == 0 && extended);
  std::vector<std::string> operands = options.operands();
  const Matcher matcher(PatternsOf(process, options, operands), fixed, extended, options);
  Searcher searcher(process, options, matcher);
  const bool recursive = options.HasAny("rR");
  const char names = options.LastOf("hH");
  const bool several = operands.size() > 1 || recursive;
  searcher.set_shows_names(names == 'H' || (names == 0 && several));
  const bool here = operands.empty() && recursive;
  if (operands.empty()) operands.push_back(recursive ? "." : "-");
  for (const std::string& operand : operands) {
    if (here) {
      // Names without "./" in front, as nothing was given.
      std::vector<std::string> children;
      process.ReadDirectory(".", children);
      for (const std::string& child : children) {
        const Found found = process.Stat(child, Follow::kNo);
        if (found && !found.inode->is_symlink()) searcher.SearchOperand(child);
      }
    } else {
      searcher.SearchOperand(operand);
    }
    if (searcher.found() && options.HasAny("q")) return 0;
  }
  // BusyBox forgets of a failure what it found elsewhere.
  if (searcher.failed()) return 2;
  if (options.Has('L') && !process.busybox()) return searcher.found() ? 0 : 1;
  return searcher.found() ? 0 : 1;
}

}  // namespace

int Grep(Process& process) { return Search(process, false, false); }

int Egrep(Process& process) { return Search(process, false, true); }

int Fgrep(Process& process) { return Search(process, true, false); }

}  // namespace watertight::generator::commands
