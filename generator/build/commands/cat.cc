// cat, tac, rev, nl, tee.

#include <algorithm>
#include <cstdio>

#include "generator/build/commands/commands.h"
#include "generator/build/commands/input.h"
#include "generator/build/commands/messages.h"

namespace watertight::generator::commands {
namespace {

std::string Numbered(std::int64_t number, std::string_view line) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%6lld\t", static_cast<long long>(number));
  return digits + std::string(line);
}

struct CatStyle {
  bool number = false;
  bool number_filled = false;
  bool squeeze = false;
  bool ends = false;
  bool tabs = false;
  bool marks = false;

  bool plain() const { return !(number || number_filled || squeeze || ends || tabs || marks); }
};

std::string Marked(std::string_view text, const CatStyle& style) {
  std::string marked;
  for (const char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (byte == '\t') {
      marked += style.tabs ? "^I" : "\t";
      continue;
    }
    if (!style.marks) {
      marked += c;
      continue;
    }
    if (byte >= 128) {
      marked += "M-";
      byte -= 128;
    }
    if (byte < 32) {
      marked += '^';
      marked += static_cast<char>(byte + 64);
    } else if (byte == 127) {
      marked += "^?";
    } else {
      marked += static_cast<char>(byte);
    }
  }
  return marked;
}

// Shows lines, and goes on counting from file to file.
class Shower {
 public:
  explicit Shower(const CatStyle& style) : style_(style) {}

  std::string Show(std::string_view text) {
    std::string shown;
    for (const std::string_view line : LinesOf(text)) {
      const std::string_view body = Chomped(line);
      const bool empty = body.empty() && line != body;
      if (empty && was_empty_ && style_.squeeze) continue;
      was_empty_ = empty;
      std::string out = Marked(body, style_);
      if (line != body && style_.ends) out += '$';
      if (line != body) out += '\n';
      const bool counts = style_.number_filled ? !empty : style_.number;
      shown += counts && !continued_ ? Numbered(++count_, out) : out;
      continued_ = line == body;
    }
    return shown;
  }

 private:
  CatStyle style_;
  std::int64_t count_ = 0;
  bool was_empty_ = false;
  bool continued_ = false;  // the last line had no end
};

}  // namespace

int Cat(Process& process) {
  const Options options(process, process.busybox() ? "nbestAvu" : "nbestAvuET",
                        {{"number", 'n'},
                         {"number-nonblank", 'b'},
                         {"squeeze-blank", 's'},
                         {"show-ends", 'E'},
                         {"show-tabs", 'T'},
                         {"show-nonprinting", 'v'},
                         {"show-all", 'A'}});
  const CatStyle style{.number = options.Has('n'),
                       .number_filled = options.Has('b'),
                       .squeeze = options.Has('s'),
                       .ends = options.HasAny("eEA"),
                       .tabs = options.HasAny("tTA"),
                       .marks = options.HasAny("vetA")};
  Shower shower(style);
  const bool all =
      ReadInputs(process, options.operands(), {}, [&](const std::string&, const Rope& content) {
        if (style.plain()) {
          process.Write(1, content);
        } else {
          process.Write(1, shower.Show(content.ToString()));
        }
      });
  return all ? 0 : 1;
}

int Tac(Process& process) {
  const Options options(process, "");
  const bool all = ReadInputs(process, options.operands(),
                              {.before = "failed to open ", .behind = " for reading"},
                              [&](const std::string&, const Rope& content) {
                                const std::string text = content.ToString();
                                const std::vector<std::string_view> lines = LinesOf(text);
                                std::string out;
                                for (auto line = lines.rbegin(); line != lines.rend(); ++line)
                                  out += *line;
                                process.Write(1, out);
                              });
  return all ? 0 : 1;
}

int Rev(Process& process) {
  const Options options(process, "");
  const bool all = ReadInputs(process, options.operands(), {.before = "cannot open "},
                              [&](const std::string&, const Rope& content) {
                                const std::string text = content.ToString();
                                std::string out;
                                for (const std::string_view line : LinesOf(text)) {
                                  const std::string_view body = Chomped(line);
                                  out.append(body.rbegin(), body.rend());
                                  if (body != line) out += '\n';
                                }
                                process.Write(1, out);
                              });
  return all ? 0 : 1;
}

int Nl(Process& process) {
  const Options options(process, "b:");
  const std::string style = options.Value('b').value_or("t");
  if (style != "a" && style != "t") NotModelled(NameOf(process) + " -b " + style);
  std::int64_t count = 0;
  const bool all =
      ReadInputs(process, options.operands(), {}, [&](const std::string&, const Rope& content) {
        const std::string text = content.ToString();
        std::string out;
        for (const std::string_view line : LinesOf(text)) {
          const std::string_view body = Chomped(line);
          const bool counts = style == "a" || !body.empty();
          out += counts ? Numbered(++count, body) : std::string(7, ' ') + std::string(body);
          out += '\n';
        }
        process.Write(1, out);
      });
  return all ? 0 : 1;
}

int Tee(Process& process) {
  const Options options(process, "aip", {{"append", 'a'}, {"ignore-interrupts", 'i'}});
  const Rope content = process.ReadAll(0);
  process.Write(1, content);
  int status = 0;
  for (const std::string& path : options.operands()) {
    const std::errc error = process.WriteFile(path, content, options.Has('a'));
    if (error == std::errc()) continue;
    status = Complain(process, QuotedIfOdd(path), "can't open '" + path + "'", error);
  }
  return status;
}

}  // namespace watertight::generator::commands
