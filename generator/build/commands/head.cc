// head, tail.

#include "generator/build/commands/commands.h"
#include "generator/build/commands/input.h"
#include "generator/build/commands/messages.h"

namespace watertight::generator::commands {
namespace {

struct Part {
  std::uint64_t count = 10;
  bool bytes = false;
  bool from_other_end = false;  // head: all but the last; tail: beginning with that one
};

// Takes "-5" as "-n 5", "+5" as "-n +5".
std::vector<std::string> WithCounts(const Process& process) {
  std::vector<std::string> words = process.Operands();
  if (words.empty()) return words;
  std::string& first = words[0];
  const bool plus = first.starts_with('+') && process.busybox();
  if (first.size() > 1 && (first[0] == '-' || plus) && first[1] >= '0' && first[1] <= '9') {
    std::string count = first[0] == '+' ? first : first.substr(1);
    words[0] = "-n" + count;
  }
  return words;
}

bool ParsePart(Process& process, const Options& options, char sign, Part& part) {
  for (const char letter : {'n', 'c'}) {
    const auto value = options.Value(letter);
    if (!value) continue;
    std::string text = *value;
    part.bytes = letter == 'c';
    part.from_other_end = text.starts_with(sign);
    if (text.starts_with('-') || text.starts_with('+')) text = text.substr(1);
    const auto count = SizeFrom(text);
    if (!count) {
      Complain(
          process,
          std::string("invalid number of ") + (part.bytes ? "bytes: " : "lines: ") + Quoted(*value),
          "invalid number '" + *value + "'");
      return false;
    }
    part.count = *count;
  }
  return true;
}

// The number of bytes up to the end of line `count`.
std::uint64_t EndOfLine(const Rope& content, std::uint64_t count) {
  std::uint64_t at = 0;
  std::uint64_t end = count == 0 ? 0 : content.size();
  bool found = count == 0;
  content.Read([&](std::string_view bytes) {
    for (std::size_t i = 0; i < bytes.size() && !found; ++i) {
      if (bytes[i] == '\n' && --count == 0) {
        found = true;
        end = at + i + 1;
      }
    }
    at += bytes.size();
  });
  return end;
}

std::uint64_t CountLines(const Rope& content) {
  std::uint64_t lines = 0;
  char last = '\n';
  content.Read([&](std::string_view bytes) {
    for (const char c : bytes) lines += c == '\n' ? 1 : 0;
    if (!bytes.empty()) last = bytes.back();
  });
  return lines + (last == '\n' ? 0 : 1);
}

std::uint64_t Less(std::uint64_t a, std::uint64_t b) { return a > b ? a - b : 0; }

Rope Head(const Rope& content, const Part& part) {
  std::uint64_t end = std::min(part.count, content.size());
  if (part.bytes) {
    if (part.from_other_end) end = Less(content.size(), part.count);
  } else {
    end = EndOfLine(content,
                    part.from_other_end ? Less(CountLines(content), part.count) : part.count);
  }
  return content.Part(0, end);
}

Rope Tail(const Rope& content, const Part& part) {
  const std::uint64_t before = Less(part.count, 1);
  std::uint64_t begin = 0;
  if (part.bytes) {
    begin =
        part.from_other_end ? std::min(before, content.size()) : Less(content.size(), part.count);
  } else {
    begin =
        EndOfLine(content, part.from_other_end ? before : Less(CountLines(content), part.count));
  }
  return content.Part(begin, content.size() - begin);
}

int Cut(Process& process, bool head) {
  const std::vector<std::string> words = WithCounts(process);
  const Options options(
      NameOf(process), words, head ? "n:c:qvz" : "n:c:qvfF",
      {{"lines", 'n'}, {"bytes", 'c'}, {"quiet", 'q'}, {"silent", 'q'}, {"verbose", 'v'}});
  if (options.HasAny("zfF")) NotModelled(NameOf(process) + " -" + options.LastOf("zfF"));
  Part part;
  if (!ParsePart(process, options, head ? '-' : '+', part)) return 1;
  const std::vector<std::string>& names = options.operands();
  const char titles = options.LastOf("qv");
  const bool titled = titles == 'v' || (titles == 0 && names.size() > 1);
  bool first = true;
  const bool all =
      ReadInputs(process, names, {.before = "cannot open ", .behind = " for reading"},
                 [&](const std::string& name, const Rope& content) {
                   if (titled) {
                     process.Write(1, std::string(first ? "" : "\n") + "==> " +
                                          (name == "-" ? "standard input" : name) + " <==\n");
                   }
                   first = false;
                   const Rope taken = head ? Head(content, part) : Tail(content, part);
                   // A beginning is there although the rest does not end.
                   if (head && taken.size() < content.size()) process.endless = false;
                   process.Write(1, taken);
                 });
  return all ? 0 : 1;
}

}  // namespace

int Head(Process& process) { return Cut(process, true); }

int Tail(Process& process) { return Cut(process, false); }

}  // namespace watertight::generator::commands
