// cut, paste, fold, expand.

#include <algorithm>

#include "generator/build/commands/accounts.h"
#include "generator/build/commands/commands.h"
#include "generator/build/commands/input.h"
#include "generator/build/commands/messages.h"

namespace watertight::generator::commands {
namespace {

struct Range {
  std::int64_t first = 1;
  std::int64_t last = INT64_MAX;
};

// "1,3-5,-2,7-"
std::optional<std::vector<Range>> ParseRanges(const std::string& text) {
  std::vector<Range> ranges;
  for (const std::string& part : SplitAt(text, ',')) {
    Range range;
    const std::size_t dash = part.find('-');
    const std::string first = part.substr(0, dash);
    if (part.empty() || part == "-") return std::nullopt;
    if (!first.empty()) {
      const auto number = NumberOf(first);
      if (!number || *number < 1) return std::nullopt;
      range.first = range.last = *number;
    }
    if (dash != part.npos) {
      const std::string last = part.substr(dash + 1);
      const auto number = NumberOf(last);
      if (!last.empty() && !number) return std::nullopt;
      range.last = last.empty() ? INT64_MAX : *number;
      if (range.last < range.first) return std::nullopt;
    }
    ranges.push_back(range);
  }
  return ranges;
}

class Cutter {
 public:
  Cutter(std::vector<Range> ranges, const Options& options)
      : ranges_(std::move(ranges)), options_(options) {
    if (const auto delimiter = options.Value('d'))
      delimiter_ = delimiter->empty() ? '\0' : (*delimiter)[0];
    joint_ = options.Value('O').value_or(std::string(1, delimiter_));
  }

  std::string CutLine(std::string_view line) const {
    if (options_.Has('f')) return Fields(line);
    std::string kept;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (Takes(static_cast<std::int64_t>(i) + 1)) kept += line[i];
    }
    return kept + "\n";
  }

 private:
  bool Takes(std::int64_t number) const {
    const bool in = std::any_of(ranges_.begin(), ranges_.end(), [&](const Range& range) {
      return number >= range.first && number <= range.last;
    });
    return in != options_.Has('C');
  }

  std::string Fields(std::string_view line) const {
    if (line.find(delimiter_) == line.npos) {
      return options_.Has('s') ? "" : std::string(line) + "\n";
    }
    std::string kept;
    bool first = true;
    std::int64_t number = 0;
    for (const std::string& field : SplitAt(line, delimiter_)) {
      if (!Takes(++number)) continue;
      if (!first) kept += joint_;
      kept += field;
      first = false;
    }
    return kept + "\n";
  }

  std::vector<Range> ranges_;
  const Options& options_;
  char delimiter_ = '\t';
  std::string joint_;
};

}  // namespace

int Cut(Process& process) {
  const Options options(process, process.busybox() ? "b:c:f:d:snO:" : "b:c:f:d:snO:Cz",
                        {{"bytes", 'b'},
                         {"characters", 'c'},
                         {"fields", 'f'},
                         {"delimiter", 'd'},
                         {"only-delimited", 's'},
                         {"output-delimiter", 'O'},
                         {"complement", 'C'}});
  if (options.Has('z')) NotModelled(NameOf(process) + " -z");
  const char kind = options.LastOf("bcf");
  if (kind == 0) {
    if (process.busybox()) return process.Fail("expected a list of bytes, characters, or fields");
    return MisusedBy(process, "you must specify a list of bytes, characters, or fields");
  }
  const std::string list = *options.Value(kind);
  const auto ranges = ParseRanges(list);
  if (!ranges) {
    if (process.busybox()) return process.Fail("invalid range " + list);
    const bool zero = list == "0" || list.starts_with("0,") || list.starts_with("0-");
    return MisusedBy(process, zero ? (kind == 'f' ? "fields are numbered from 1"
                                                  : "byte/character positions are numbered from 1")
                                   : "invalid field range");
  }
  const Cutter cutter(*ranges, options);
  const bool all =
      ReadInputs(process, options.operands(), {}, [&](const std::string&, const Rope& content) {
        const std::string text = content.ToString();
        std::string out;
        for (const std::string_view line : LinesOf(text)) {
          out += cutter.CutLine(Chomped(line));
        }
        process.Write(1, out);
      });
  return all ? 0 : 1;
}

namespace {

// "\t,\n" as paste -d reads it.
std::string Delimiters(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    out += c == 'n' ? '\n' : c == 't' ? '\t' : c;
  }
  return out.empty() ? "\t" : out;
}

}  // namespace

int Paste(Process& process) {
  const Options options(process, "d:s", {{"delimiters", 'd'}, {"serial", 's'}});
  const std::string joints = Delimiters(options.Value('d').value_or("\\t"));
  std::vector<std::vector<std::string>> columns;
  const bool all =
      ReadInputs(process, options.operands(), {}, [&](const std::string&, const Rope& content) {
        const std::string text = content.ToString();
        columns.emplace_back();
        for (const std::string_view line : LinesOf(text)) {
          columns.back().emplace_back(Chomped(line));
        }
      });
  if (!all) return 1;
  std::string out;
  std::size_t rows = 0;
  for (const auto& column : columns) rows = std::max(rows, column.size());
  if (options.Has('s')) {
    for (const auto& column : columns) {
      for (std::size_t i = 0; i < column.size(); ++i) {
        if (i > 0) out += joints[(i - 1) % joints.size()];
        out += column[i];
      }
      out += '\n';
    }
  } else {
    for (std::size_t row = 0; row < rows; ++row) {
      for (std::size_t i = 0; i < columns.size(); ++i) {
        if (i > 0) out += joints[(i - 1) % joints.size()];
        if (row < columns[i].size()) out += columns[i][row];
      }
      out += '\n';
    }
  }
  process.Write(1, out);
  return 0;
}

int Fold(Process& process) {
  const Options options(process, "w:b", {{"width", 'w'}, {"bytes", 'b'}});
  const auto width = NumberOf(options.Value('w').value_or("80"));
  if (!width || *width == 0) NotModelled(NameOf(process) + " -w");
  const bool all =
      ReadInputs(process, options.operands(), {}, [&](const std::string&, const Rope& content) {
        std::string out;
        std::int64_t column = 0;
        for (const char c : content.ToString()) {
          if (c == '\t' || c == '\b' || c == '\r') {
            if (!options.Has('b')) NotModelled(NameOf(process) + " of control characters");
          }
          if (c == '\n') {
            column = 0;
          } else if (column++ == *width) {
            out += '\n';
            column = 1;
          }
          out += c;
        }
        process.Write(1, out);
      });
  return all ? 0 : 1;
}

int Expand(Process& process) {
  const Options options(process, "t:", {{"tabs", 't'}});
  const auto width = NumberOf(options.Value('t').value_or("8"));
  if (!width || *width == 0) NotModelled(NameOf(process) + " -t");
  const bool all =
      ReadInputs(process, options.operands(), {}, [&](const std::string&, const Rope& content) {
        std::string out;
        std::int64_t column = 0;
        for (const char c : content.ToString()) {
          if (c != '\t') {
            out += c;
            column = c == '\n' ? 0 : column + 1;
            continue;
          }
          const std::int64_t spaces = *width - column % *width;
          out.append(static_cast<std::size_t>(spaces), ' ');
          column += spaces;
        }
        process.Write(1, out);
      });
  return all ? 0 : 1;
}

}  // namespace watertight::generator::commands
