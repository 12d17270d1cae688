// A score for people: short on the terminal, whole as Markdown.

#include <map>
#include <string>
#include <vector>

#include "bench/accuracy/score/reports.h"
#include "bench/accuracy/score/tables.h"

namespace watertight::bench {
namespace {

using Tools = std::vector<const ToolScore*>;

Tools Where(const Score& score, bool (*holds)(const ToolScore&)) {
  Tools tools;
  for (const ToolScore& tool : score.tools) {
    if (holds(tool)) tools.push_back(&tool);
  }
  return tools;
}

Tools Own(const Score& score) {
  return Where(score, [](const ToolScore& tool) { return tool.own && tool.headline; });
}
// What the views hold differs, so their rows are not compared.
std::map<std::string, Tools> ByView(const Tools& tools) {
  std::map<std::string, Tools> views;
  for (const ToolScore* tool : tools) views[tool->run().view].push_back(tool);
  return views;
}
Tools OfNames(const Score& score) {
  return Where(
      score, [](const ToolScore& tool) { return tool.names_alone && tool.headline && !tool.own; });
}
Tools WithoutHeadline(const Score& score) {
  return Where(score, [](const ToolScore& tool) { return !tool.headline; });
}

std::string CorpusLine(const Work& work) {
  std::size_t images = 0;
  std::size_t leaks = 0;
  std::size_t decoys = 0;
  std::string seeds;
  for (const Corpus& corpus : work.corpora) {
    seeds += (seeds.empty() ? "" : ", ") + corpus.seed;
    images += corpus.images.size();
    for (const LabelledImage& image : corpus.images) {
      leaks += image.leaks.size();
      decoys += image.decoys.size();
    }
  }
  return std::to_string(images) + " images, " + std::to_string(leaks) + " leaks, " +
         std::to_string(decoys) + " decoys; seeds: " + seeds + "\n";
}

std::string WhyNoHeadline(const ToolScore& tool) {
  const std::string reason = tool.reasons.empty() ? "" : ": " + tool.reasons.front().reason;
  return tool.id + "  " + WhyNoRow(tool) + reason + "\n";
}

std::string Words(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    const bool is_plain = word.find_first_of(" \t\"'$\\`*?|&;<>(){}") == std::string::npos;
    text += (text.empty() ? "" : " ") + (is_plain && !word.empty() ? word : "'" + word + "'");
  }
  return text;
}

std::string Section(const std::string& title, const Table& table, const std::string& remark) {
  if (table.rows.empty()) return "";
  return "\n## " + title + "\n\n" + (remark.empty() ? "" : remark + "\n\n") + table.Markdown();
}

constexpr const char* kAboutRanks =
    "Friedman's test over the channels with 10 distinct leaks at least. Two scanners of one view "
    "and "
    "configuration whose mean ranks differ by less than the critical difference (Nemenyi, 5 %) are "
    "not told apart.";

constexpr const char* kAboutScores =
    "Intervals are Wilson's, 95 %, and their n counts what is distinct: 650 × 2 are 650 leaks, "
    "each "
    "tried twice (seeds, layouts). Over seeds: the bootstrap's from 20 seeds on, else the smallest "
    "and the largest. Micro pools all leaks; macro is the mean over channels. Precision depends on "
    "how many decoys were planted.";

std::string CommandsSection(const Score& score) {
  Table table;
  table.header = {"scanner", "version", "program (SHA-256)", "derived from", "network", "command"};
  for (const ToolScore& tool : score.tools) {
    const ScannerRun& run = tool.run();
    table.rows.push_back({tool.id, run.version, run.program_sha256, Words(run.derived_from),
                          run.network, Words(run.command)});
  }
  return Section("Versions and commands", table, "");
}

std::string CorpusSection(const Work& work) {
  Table table;
  table.header = {"seed", "images", "catalogue.json (SHA-256)", "truths (SHA-256)"};
  for (const Corpus& corpus : work.corpora) {
    table.rows.push_back({corpus.seed, std::to_string(corpus.images.size()),
                          corpus.catalogue_sha256, corpus.truth_sha256});
  }
  return Section("Corpus", table, "");
}

std::string DifferencesSection(const Score& score) {
  if (score.differences.empty()) return "";
  std::string text = "\n## What the data shows about how they read images\n\n";
  for (const Difference& difference : score.differences) {
    text += "- " + difference.tool + " " + difference.text + ".\n";
  }
  return text;
}

}  // namespace

std::string ScoreText(const Work& work, const Score& score) {
  std::string text = CorpusLine(work);
  const auto add = [&text](const std::string& title, const Tools& tools) {
    if (tools.empty()) return;
    text += "\n" + title + "\n" + Headlines(tools, Detail::kShort).Text(2);
  };
  for (const auto& [view, tools] : ByView(Ranked(score))) add("Scanners, view " + view, tools);
  add("Of names alone, without reading contents", OfNames(score));
  add("Ours: the fixtures are ours too, so it is not ranked", Own(score));
  const Tools without = WithoutHeadline(score);
  if (!without.empty()) text += "\nWithout a row, since they failed or did not run to the end\n";
  for (const ToolScore* tool : without) text += "  " + WhyNoHeadline(*tool);
  if (!score.differences.empty()) text += "\nWhat the data shows\n";
  for (const Difference& difference : score.differences) {
    text += "  " + difference.tool + " " + difference.text + "\n";
  }
  return text;
}

std::string ScoreMarkdown(const Work& work, const Score& score) {
  std::string text = "# Scanners against the truth\n\n" + CorpusLine(work);
  const Tools ranked = Ranked(score);
  const Tools own = Own(score);
  for (const auto& [view, tools] : ByView(ranked)) {
    text += Section("Scanners, view " + view, Headlines(tools, Detail::kFull), kAboutScores);
  }
  text += Section("Of names alone", Headlines(OfNames(score), Detail::kFull),
                  "These read names of files and variables, and no contents.");
  text += Section("Ours", Headlines(own, Detail::kFull),
                  "The fixtures are ours too: this row is not ranked.");
  Tools all = ranked;
  all.insert(all.end(), own.begin(), own.end());
  for (const char* name :
       {"channel", "carrier", "class", "encoding", "visibility", "tier", "archive", "builder"}) {
    text += Section(std::string("Recall by ") + name, RecallBy(name, all), "");
  }
  text += Section("Decoys reported", DecoysByClass(all), "");
  text += Section("Default against best", Comparisons(score, "configurations"), "");
  text += Section("Pairs of scanners", Comparisons(score, "tools"), "");
  text += Section("Ranks over channels", Rankings(score), kAboutRanks);
  text += DifferencesSection(score);
  text += Section("Runs", RunStates(score), "Errors are listed and never averaged in.");
  text += CommandsSection(score);
  text += CorpusSection(work);
  return text;
}

}  // namespace watertight::bench
