// wc, uniq.

#include <algorithm>
#include <cctype>
#include <cstdio>

#include "generator/build/commands/accounts.h"
#include "generator/build/commands/commands.h"
#include "generator/build/commands/input.h"
#include "generator/build/commands/messages.h"

namespace watertight::generator::commands {
namespace {

struct Counts {
  std::uint64_t lines = 0;
  std::uint64_t words = 0;
  std::uint64_t bytes = 0;
  std::uint64_t longest = 0;

  void Add(const Counts& other) {
    lines += other.lines;
    words += other.words;
    bytes += other.bytes;
    longest = std::max(longest, other.longest);
  }
};

Counts CountsOf(const Rope& content) {
  Counts counts;
  counts.bytes = content.size();
  bool in_word = false;
  std::uint64_t column = 0;
  content.Read([&](std::string_view bytes) {
    for (const char c : bytes) {
      const auto byte = static_cast<unsigned char>(c);
      const bool space = std::isspace(byte) != 0;
      if (!space && !in_word && (byte >= 128 || std::isprint(byte) != 0)) ++counts.words;
      in_word = !space;
      if (c == '\n') {
        ++counts.lines;
        column = 0;
      } else if (c == '\t') {
        column += 8 - column % 8;
      } else if (std::isprint(byte) != 0) {
        ++column;
      }
      counts.longest = std::max(counts.longest, column);
    }
  });
  return counts;
}

class Report {
 public:
  Report(const Process& process, const Options& options, int width)
      : busybox_(process.busybox()), width_(width) {
    const bool all = !options.HasAny("lwcmL");
    lines_ = all || options.Has('l');
    words_ = all || options.Has('w');
    characters_ = options.Has('m');
    bytes_ = all || options.Has('c');
    longest_ = options.Has('L');
  }

  int columns() const { return lines_ + words_ + characters_ + bytes_ + longest_; }
  void set_width(int width) { width_ = width; }

  std::string Line(const Counts& counts, const std::string& name) const {
    std::string line;
    if (lines_) Add(counts.lines, line);
    if (words_) Add(counts.words, line);
    if (characters_) Add(counts.bytes, line);
    if (bytes_) Add(counts.bytes, line);
    if (longest_) Add(counts.longest, line);
    if (!name.empty()) line += " " + name;
    return line + "\n";
  }

 private:
  void Add(std::uint64_t number, std::string& line) const {
    char text[32];
    const int width = busybox_ && columns() == 1 ? 0 : width_;
    std::snprintf(text, sizeof text, "%*llu", width, static_cast<unsigned long long>(number));
    if (!line.empty()) line += ' ';
    line += text;
  }

  bool busybox_;
  int width_;
  bool lines_ = false;
  bool words_ = false;
  bool characters_ = false;
  bool bytes_ = false;
  bool longest_ = false;
};

// coreutils makes columns as wide as the largest number can be: the sum of the files' sizes.
int WidthFor(const Process& process, const std::vector<std::string>& names, int columns) {
  if (process.busybox()) return 9;
  if (names.size() <= 1 && columns == 1) return 1;
  std::uint64_t size = 0;
  int least = 1;
  for (const std::string& name : names) {
    const Found found = process.Stat(name);
    if (name == "-" || (found && !found.inode->is_regular())) least = 7;
    if (found) size += found.inode->content.size();
  }
  if (names.empty()) {
    const Inode* input = process.InodeOf(0);
    if (input == nullptr) return 7;
    size = input->content.size();
  }
  return std::max(least, static_cast<int>(std::to_string(size).size()));
}

}  // namespace

int Wc(Process& process) {
  const Options options(
      process, "lwcmL",
      {{"lines", 'l'}, {"words", 'w'}, {"bytes", 'c'}, {"chars", 'm'}, {"max-line-length", 'L'}});
  const std::vector<std::string>& names = options.operands();
  Report report(process, options, 1);
  report.set_width(WidthFor(process, names, report.columns()));
  Counts total;
  const bool all =
      ReadInputs(process, names, {}, [&](const std::string& name, const Rope& content) {
        const Counts counts = CountsOf(content);
        total.Add(counts);
        process.Write(1, report.Line(counts, names.empty() ? "" : name));
      });
  if (names.size() > 1) process.Write(1, report.Line(total, "total"));
  return all ? 0 : 1;
}

namespace {

// What uniq compares of a line.
std::string KeyOf(std::string_view line, const Options& options) {
  std::size_t at = 0;
  for (std::int64_t i = NumberOf(options.Value('f').value_or("0")).value_or(0); i > 0; --i) {
    while (at < line.size() && (line[at] == ' ' || line[at] == '\t')) ++at;
    while (at < line.size() && line[at] != ' ' && line[at] != '\t') ++at;
  }
  at += static_cast<std::size_t>(NumberOf(options.Value('s').value_or("0")).value_or(0));
  std::string key(line.substr(std::min(at, line.size())));
  if (const auto width = NumberOf(options.Value('w').value_or(""))) {
    key = key.substr(0, static_cast<std::size_t>(*width));
  }
  if (options.Has('i')) {
    for (char& c : key) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return key;
}

}  // namespace

int Uniq(Process& process) {
  const Options options(process, "cduif:s:w:z",
                        {{"count", 'c'},
                         {"repeated", 'd'},
                         {"unique", 'u'},
                         {"ignore-case", 'i'},
                         {"skip-fields", 'f'},
                         {"skip-chars", 's'},
                         {"check-chars", 'w'}});
  if (options.Has('z')) NotModelled(NameOf(process) + " -z");
  const std::vector<std::string>& names = options.operands();
  if (names.size() > 2) return MisusedBy(process, "extra operand " + Quoted(names[2]));
  const auto content = ReadInput(process, names.empty() ? "-" : names[0], {});
  if (!content) return 1;
  const std::string text = content->ToString();
  std::string out;
  const std::vector<std::string_view> lines = LinesOf(text);
  for (std::size_t i = 0; i < lines.size();) {
    std::size_t end = i + 1;
    const std::string key = KeyOf(Chomped(lines[i]), options);
    while (end < lines.size() && KeyOf(Chomped(lines[end]), options) == key) ++end;
    const std::size_t count = end - i;
    const bool hidden = (options.Has('d') && count == 1) || (options.Has('u') && count > 1);
    if (!hidden) {
      char number[32] = "";
      if (options.Has('c')) std::snprintf(number, sizeof number, "%7zu ", count);
      out.append(number).append(Chomped(lines[i])).append("\n");
    }
    i = end;
  }
  if (names.size() < 2 || names[1] == "-") {
    process.Write(1, out);
    return 0;
  }
  const std::errc error = process.WriteFile(names[1], Rope(out));
  return error == std::errc() ? 0 : ComplainOf(process, names[1], error);
}

}  // namespace watertight::generator::commands
