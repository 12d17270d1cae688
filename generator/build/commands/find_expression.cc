#include "generator/build/commands/find_expression.h"

#include <cctype>
#include <map>
#include <utility>

#include "generator/build/commands/accounts.h"
#include "generator/build/commands/files.h"
#include "generator/build/commands/find_actions.h"
#include "generator/build/commands/mode_change.h"
#include "generator/build/commands/paths.h"
#include "generator/build/commands/regex.h"
#include "generator/build/shell/pattern.h"

namespace watertight::generator::commands {
namespace {

using Test = FindExpression::Test;

std::string Lowered(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

// "+5", "-5", "5" against a number.
struct Comparison {
  char sign = 0;
  std::int64_t number = 0;

  bool Holds(std::int64_t value) const {
    return sign == '+' ? value > number : sign == '-' ? value < number : value == number;
  }
};

class Parser {
 public:
  Parser(Process& process, const std::vector<std::string>& words)
      : process_(process), words_(words) {}

  FindExpression Parse() {
    Test test;
    if (words_.empty()) {
      test = [](const FindEntry&, FindState&) { return true; };
    } else {
      test = Either();
    }
    if (at_ < words_.size()) Refuse(words_[at_]);
    if (!acts_) {
      test = [test, print = FindPrint(process_, '\n')](const FindEntry& entry, FindState& state) {
        return test(entry, state) && print(entry, state);
      };
    }
    expression_.test = std::move(test);
    return std::move(expression_);
  }

 private:
  [[noreturn]] void Refuse(const std::string& what) const { NotModelled("find " + what); }

  bool Sees(std::string_view word) const { return at_ < words_.size() && words_[at_] == word; }

  Test Either() {
    Test left = Both();
    while (Sees("-o") || Sees("-or")) {
      ++at_;
      left = [left, right = Both()](const FindEntry& entry, FindState& state) {
        return left(entry, state) || (!state.quit && right(entry, state));
      };
    }
    return left;
  }

  Test Both() {
    Test left = Negated();
    while (at_ < words_.size() && !Sees("-o") && !Sees("-or") && !Sees(")")) {
      if (Sees(",")) Refuse(",");
      if (Sees("-a") || Sees("-and")) ++at_;
      left = [left, right = Negated()](const FindEntry& entry, FindState& state) {
        return left(entry, state) && !state.quit && right(entry, state);
      };
    }
    return left;
  }

  Test Negated() {
    if (Sees("!") || Sees("-not")) {
      ++at_;
      return [inner = Negated()](const FindEntry& entry, FindState& state) {
        return !inner(entry, state);
      };
    }
    if (Sees("(")) {
      ++at_;
      Test inner = Either();
      if (!Sees(")")) Refuse("( without )");
      ++at_;
      return inner;
    }
    if (at_ == words_.size()) Refuse("with an expression that ends early");
    return Primary(words_[at_++]);
  }

  std::string Value(const std::string& primary) {
    if (at_ == words_.size()) Refuse(primary + " without its value");
    return words_[at_++];
  }

  Comparison Compared(const std::string& primary, std::string value) const {
    Comparison comparison;
    if (value.starts_with('+') || value.starts_with('-')) {
      comparison.sign = value[0];
      value = value.substr(1);
    }
    const auto number = NumberOf(value);
    if (!number) Refuse(primary + " " + value);
    comparison.number = *number;
    return comparison;
  }

  static Test Always(bool value) {
    return [value](const FindEntry&, FindState&) { return value; };
  }

  Test Primary(const std::string& name) {
    if (const auto found = kTests().find(name); found != kTests().end()) {
      return (this->*found->second)(name);
    }
    Refuse(name);
  }

  using Maker = Test (Parser::*)(const std::string& name);
  static const std::map<std::string, Maker>& kTests() {
    static const std::map<std::string, Maker> kTable = {
        {"-name", &Parser::Name},
        {"-iname", &Parser::Name},
        {"-path", &Parser::Path},
        {"-ipath", &Parser::Path},
        {"-wholename", &Parser::Path},
        {"-regex", &Parser::RegexTest},
        {"-iregex", &Parser::RegexTest},
        {"-type", &Parser::Type},
        {"-size", &Parser::Size},
        {"-empty", &Parser::Empty},
        {"-perm", &Parser::Perm},
        {"-user", &Parser::UserTest},
        {"-group", &Parser::GroupTest},
        {"-uid", &Parser::Ids},
        {"-gid", &Parser::Ids},
        {"-newer", &Parser::Newer},
        {"-mtime", &Parser::Age},
        {"-mmin", &Parser::Age},
        {"-links", &Parser::Links},
        {"-inum", &Parser::Number},
        {"-samefile", &Parser::SameFile},
        {"-nouser", &Parser::Orphan},
        {"-nogroup", &Parser::Orphan},
        {"-readable", &Parser::Accessible},
        {"-writable", &Parser::Accessible},
        {"-executable", &Parser::Accessible},
        {"-true", &Parser::Constant},
        {"-false", &Parser::Constant},
        {"-maxdepth", &Parser::Depths},
        {"-mindepth", &Parser::Depths},
        {"-depth", &Parser::DepthFirst},
        {"-xdev", &Parser::Constant},
        {"-mount", &Parser::Constant},
        {"-prune", &Parser::Prune},
        {"-quit", &Parser::Quit},
        {"-print", &Parser::PrintTest},
        {"-print0", &Parser::PrintTest},
        {"-delete", &Parser::Delete},
        {"-exec", &Parser::Exec},
        {"-printf", &Parser::Printf},
        {"-noleaf", &Parser::Constant},
        {"-ignore_readdir_race", &Parser::Constant},
    };
    return kTable;
  }

  Test Constant(const std::string& name) { return Always(name != "-false"); }

  Test Name(const std::string& name) {
    const bool fold = name == "-iname";
    const std::string pattern = fold ? Lowered(Value(name)) : Value(name);
    return [pattern, fold](const FindEntry& entry, FindState&) {
      const std::string base = Basename(entry.path);
      return shell::MatchesPattern(pattern, fold ? Lowered(base) : base);
    };
  }

  Test Path(const std::string& name) {
    const bool fold = name == "-ipath";
    const std::string pattern = fold ? Lowered(Value(name)) : Value(name);
    return [pattern, fold](const FindEntry& entry, FindState&) {
      return shell::MatchesPattern(pattern, fold ? Lowered(entry.path) : entry.path);
    };
  }

  Test RegexTest(const std::string& name) {
    // Of Emacs' syntax only what it shares with the basic one.
    const std::string pattern = Value(name);
    auto regex = std::make_shared<Regex>(pattern, RegexOptions{.ignore_case = name == "-iregex"});
    return [regex](const FindEntry& entry, FindState&) {
      const auto match = regex->Search(entry.path, 0);
      return match && match->begin() == 0 && match->end() == entry.path.size();
    };
  }

  Test Type(const std::string& name) {
    const std::string letters = Value(name);
    for (const std::string& letter : SplitAt(letters, ',')) {
      if (letter.size() != 1 || std::string("fdlpbcs").find(letter) == std::string::npos) {
        Refuse("-type " + letters);
      }
    }
    if (letters.size() > 1 && process_.busybox()) Refuse("-type " + letters);
    return [letters](const FindEntry& entry, FindState&) {
      const char letter = TypeAndMode(*entry.inode)[0];
      return letters.find(letter == '-' ? 'f' : letter) != letters.npos;
    };
  }

  Test Size(const std::string& name) {
    std::string value = Value(name);
    std::int64_t unit = 512;
    constexpr std::string_view kUnits = "bckMGw";
    constexpr std::int64_t kSizes[] = {512, 1, 1024, 1 << 20, 1 << 30, 2};
    if (const std::size_t at = kUnits.find(value.back()); at != kUnits.npos) {
      unit = kSizes[at];
      value.pop_back();
    }
    const Comparison comparison = Compared(name, value);
    const bool units_round_up = !process_.busybox();
    return [comparison, unit, units_round_up](const FindEntry& entry, FindState&) {
      const auto size = static_cast<std::int64_t>(SizeOf(*entry.inode));
      return comparison.Holds(units_round_up ? (size + unit - 1) / unit : size / unit);
    };
  }

  Test Empty(const std::string&) {
    return [](const FindEntry& entry, FindState&) {
      if (entry.inode->is_directory()) return entry.inode->names.empty();
      return entry.inode->is_regular() && entry.inode->content.empty();
    };
  }

  Test Perm(const std::string& name) {
    std::string value = Value(name);
    const char sign = value.starts_with('-') || value.starts_with('/') ? value[0] : '=';
    if (sign != '=') value = value.substr(1);
    const auto change = ModeChange::Parse(value);
    if (!change) Refuse("-perm " + value);
    const std::uint32_t mode = change->Apply(0, false, 0, false);
    return [mode, sign](const FindEntry& entry, FindState&) {
      const std::uint32_t have = entry.inode->is_symlink() ? 0777 : entry.inode->attributes.mode;
      if (sign == '-') return (have & mode) == mode;
      if (sign == '/') return mode == 0 || (have & mode) != 0;
      return have == mode;
    };
  }

  Test UserTest(const std::string& name) {
    const std::string text = Value(name);
    const auto id = Accounts(process_).UserId(text);
    if (!id) Refuse(name + " " + text);
    return [uid = *id](const FindEntry& entry, FindState&) {
      return entry.inode->attributes.uid == uid;
    };
  }

  Test GroupTest(const std::string& name) {
    const std::string text = Value(name);
    const auto id = Accounts(process_).GroupId(text);
    if (!id) Refuse(name + " " + text);
    return [gid = *id](const FindEntry& entry, FindState&) {
      return entry.inode->attributes.gid == gid;
    };
  }

  Test Ids(const std::string& name) {
    const Comparison comparison = Compared(name, Value(name));
    return [comparison, user = name == "-uid"](const FindEntry& entry, FindState&) {
      const Attributes& attributes = entry.inode->attributes;
      return comparison.Holds(user ? attributes.uid : attributes.gid);
    };
  }

  Test Newer(const std::string& name) {
    const std::string path = Value(name);
    const Found found = process_.Stat(path);
    if (!found) Refuse(name + " " + path + ": " + process_.Text(found.error));
    return [mtime = found.inode->attributes.mtime](const FindEntry& entry, FindState&) {
      return entry.inode->attributes.mtime > mtime;
    };
  }

  Test Age(const std::string& name) {
    const Comparison comparison = Compared(name, Value(name));
    const std::int64_t unit = name == "-mtime" ? 86400 : 60;  // whole ones count
    return [comparison, unit, now = process_.clock()](const FindEntry& entry, FindState&) {
      return comparison.Holds((now - entry.inode->attributes.mtime) / unit);
    };
  }

  Test Links(const std::string& name) {
    const Comparison comparison = Compared(name, Value(name));
    return [this_process = &process_, comparison](const FindEntry& entry, FindState&) {
      return comparison.Holds(LinkCount(this_process->tree(), entry.number));
    };
  }

  Test Number(const std::string& name) {
    Value(name);
    return Always(false);  // numbers of inodes differ from build to build
  }

  Test SameFile(const std::string& name) {
    const std::string path = Value(name);
    const Found found = process_.Stat(path);
    if (!found) Refuse(name + " " + path);
    return [number = found.number](const FindEntry& entry, FindState&) {
      return entry.number == number;
    };
  }

  Test Orphan(const std::string& name) {
    auto accounts = std::make_shared<Accounts>(process_);
    return [accounts, user = name == "-nouser"](const FindEntry& entry, FindState&) {
      const Attributes& attributes = entry.inode->attributes;
      return user ? accounts->UserOf(attributes.uid) == nullptr
                  : accounts->GroupOf(attributes.gid) == nullptr;
    };
  }

  Test Accessible(const std::string& name) {
    const Permission permission = name == "-readable"   ? Permission::kRead
                                  : name == "-writable" ? Permission::kWrite
                                                        : Permission::kExecute;
    return [this_process = &process_, permission](const FindEntry& entry, FindState&) {
      return this_process->Access(entry.path, permission) == std::errc();
    };
  }

  Test Depths(const std::string& name) {
    const auto number = NumberOf(Value(name));
    if (!number) Refuse(name);
    (name == "-maxdepth" ? expression_.most_depth : expression_.least_depth) =
        static_cast<int>(*number);
    return Always(true);
  }

  Test DepthFirst(const std::string&) {
    expression_.depth_first = true;
    return Always(true);
  }

  Test Prune(const std::string&) {
    return [](const FindEntry&, FindState& state) { return state.prune = true; };
  }

  Test Quit(const std::string&) {
    acts_ = true;
    return [](const FindEntry&, FindState& state) { return state.quit = true; };
  }

  Test PrintTest(const std::string& name) {
    acts_ = true;
    return FindPrint(process_, name == "-print0" ? '\0' : '\n');
  }

  Test Delete(const std::string& name) {
    if (IsDebianBusybox(process_)) throw FindUsageError{"unrecognized: " + name};
    acts_ = true;
    expression_.depth_first = true;
    return FindDelete(process_);
  }

  Test Exec(const std::string& name) {
    acts_ = true;
    std::vector<std::string> words;
    bool batch = false;
    while (true) {
      const std::string word = Value(name);
      if (word == ";") break;
      if (word == "+" && !words.empty() && words.back() == "{}") {
        words.pop_back();
        batch = true;
        break;
      }
      words.push_back(word);
    }
    if (words.empty()) Refuse(name + " without a command");
    if (batch) {
      auto collected = std::make_shared<FindBatch>(FindBatch{std::move(words), {}});
      expression_.batches.push_back(collected);
      return [collected](const FindEntry& entry, FindState&) {
        collected->paths.push_back(entry.path);
        return true;
      };
    }
    return FindRun(process_, words);
  }

  Test Printf(const std::string& name) {
    acts_ = true;
    if (process_.busybox()) Refuse(name);
    const std::string format = Value(name);
    return FindPrintFormatted(process_, format);
  }

  Process& process_;
  const std::vector<std::string>& words_;
  std::size_t at_ = 0;
  bool acts_ = false;
  FindExpression expression_;
};

}  // namespace

FindExpression ParseFind(Process& process, const std::vector<std::string>& words) {
  return Parser(process, words).Parse();
}

}  // namespace watertight::generator::commands
