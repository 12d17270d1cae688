// find: names come in sorted order.

#include "generator/build/commands/commands.h"
#include "generator/build/commands/find_expression.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/paths.h"
#include "generator/build/commands/run_program.h"

namespace watertight::generator::commands {
namespace {

class Walker {
 public:
  Walker(Process& process, const FindExpression& expression, char links)
      : process_(process), expression_(expression), links_(links) {}

  int status() const { return state_.status; }

  void Start(const std::string& path) {
    if (state_.quit) return;
    const bool follows = links_ != 'P';
    Found found = process_.Stat(path, follows ? Follow::kYes : Follow::kNo);
    if (!found && follows) found = process_.Stat(path, Follow::kNo);
    if (!found) {
      Complain(process_, QuotedName(path), path, found.error);
      state_.status = 1;
      return;
    }
    start_ = path;
    Visit(path, found, 0);
  }

 private:
  static std::string QuotedName(const std::string& path) { return Quoted(path); }

  void Test(const FindEntry& entry) {
    process_.machine().Step();
    state_.prune = false;
    if (entry.depth >= expression_.least_depth) expression_.test(entry, state_);
  }

  void Visit(const std::string& path, const Found& found, int depth) {
    const FindEntry entry{path, start_, found.inode, found.number, depth};
    const bool directory = found.inode->is_directory();
    // What a command changes is seen only by the next stat(2).
    if (!expression_.depth_first) Test(entry);
    const bool descends = directory && depth < expression_.most_depth && !state_.quit &&
                          !(state_.prune && !expression_.depth_first);
    if (descends) Descend(path, depth);
    if (expression_.depth_first && !state_.quit) {
      const Found again = process_.Stat(path, links_ == 'L' ? Follow::kYes : Follow::kNo);
      if (again) Test({path, start_, again.inode, again.number, depth});
    }
  }

  void Descend(const std::string& path, int depth) {
    std::vector<std::string> names;
    const std::errc error = process_.ReadDirectory(path, names);
    if (error != std::errc()) {
      Complain(process_, QuotedName(path), path, error);
      state_.status = 1;
      return;
    }
    for (const std::string& name : names) {
      if (state_.quit) return;
      const std::string child = Joined(path, name);
      Found found = process_.Stat(child, links_ == 'L' ? Follow::kYes : Follow::kNo);
      if (!found) found = process_.Stat(child, Follow::kNo);
      if (!found) continue;
      state_.prune = false;
      Visit(child, found, depth + 1);
    }
  }

  Process& process_;
  const FindExpression& expression_;
  char links_;
  std::string start_;
  FindState state_;
};

}  // namespace

int Find(Process& process) {
  std::vector<std::string> words = process.Operands();
  char links = 'P';
  std::size_t at = 0;
  for (; at < words.size(); ++at) {
    if (words[at] != "-H" && words[at] != "-L" && words[at] != "-P") break;
    links = words[at][1];
  }
  std::vector<std::string> starts;
  for (; at < words.size(); ++at) {
    const std::string& word = words[at];
    if (word.starts_with('-') || word == "(" || word == "!") break;
    starts.push_back(word);
  }
  if (starts.empty()) starts.push_back(".");
  const std::vector<std::string> rest(words.begin() + static_cast<std::ptrdiff_t>(at), words.end());
  FindExpression expression;
  try {
    expression = ParseFind(process, rest);
  } catch (const FindUsageError& error) {
    return process.Fail(error.message);
  }
  Walker walker(process, expression, links);
  for (const std::string& start : starts) walker.Start(start);
  int status = walker.status();
  for (const auto& batch : expression.batches) {
    if (batch->paths.empty()) continue;
    std::vector<std::string> command = batch->words;
    command.insert(command.end(), batch->paths.begin(), batch->paths.end());
    if (RunCommand(process, command) != 0) status = 1;
  }
  return status;
}

}  // namespace watertight::generator::commands
