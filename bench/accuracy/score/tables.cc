#include "bench/accuracy/score/tables.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <set>

#include "bench/accuracy/score/reports.h"

namespace watertight::bench {
namespace {

// Code points: no cell holds marks that combine.
std::size_t Columns(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

// With a true minus, and none before a zero.
std::string Decimal(double number, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, std::abs(number));
  const bool is_negative = number < 0 && std::strpbrk(text, "123456789") != nullptr;
  return (is_negative ? "−" : "") + std::string(text);
}

std::string Range(const std::optional<Interval>& interval) {
  if (!interval) return "–";
  const char* between = interval->low < 0 || interval->high < 0 ? " to " : "–";
  return Decimal(100 * interval->low, 1) + between + Decimal(100 * interval->high, 1);
}

std::string SpreadOf(const std::optional<Spread>& spread) {
  if (!spread) return "–";
  const std::string range = Range(spread->range);
  if (spread->is_interval) return range;
  return range + " (min–max of " + std::to_string(spread->seeds) + " seeds)";
}

// "650", or "650 × 2" when each is tried twice.
std::string Trials(const Proportion& proportion) {
  const int units = proportion.distinct();
  const std::string text = std::to_string(units);
  if (proportion.of == units) return text;
  if (proportion.of % units == 0) return text + " × " + std::to_string(proportion.of / units);
  return text + " in " + std::to_string(proportion.of);
}

std::string AlertsPerLeak(const Block& block) {
  if (block.instances.hits == 0) return "–";
  return Decimal(static_cast<double>(block.alerts) / block.instances.hits, 2);
}

int CountOf(const ToolScore& tool, FindingClass kind) {
  return tool.findings[static_cast<std::size_t>(kind)];
}

struct Column {
  const char* name;
  Detail since;  // kShort: in both
  std::string (*of)(const ToolScore&, Detail);
};

std::string Share(const Proportion& proportion, Detail detail) {
  return detail == Detail::kFull ? WithInterval(proportion) : Percent(proportion.value());
}

const Column kColumns[] = {
    {"recall (micro)", Detail::kShort,
     [](const ToolScore& tool, Detail detail) { return Share(tool.total.instances, detail); }},
    {"95 %", Detail::kShort,
     [](const ToolScore& tool, Detail) { return Range(Wilson(tool.total.instances)); }},
    {"over seeds", Detail::kShort,
     [](const ToolScore& tool, Detail) { return SpreadOf(tool.seeds); }},
    {"recall (macro, channels)", Detail::kShort,
     [](const ToolScore& tool, Detail) { return Percent(tool.By("channel").macro_recall); }},
    {"distinct secrets", Detail::kFull,
     [](const ToolScore& tool, Detail detail) { return Share(tool.total.distinct, detail); }},
    {"bundles", Detail::kFull,
     [](const ToolScore& tool, Detail detail) { return Share(tool.total.bundles, detail); }},
    {"complete bundles", Detail::kFull,
     [](const ToolScore& tool, Detail detail) { return Share(tool.total.complete, detail); }},
    {"precision", Detail::kShort,
     [](const ToolScore& tool, Detail detail) { return Share(tool.total.precision(), detail); }},
    {"decoys", Detail::kShort,
     [](const ToolScore& tool, Detail detail) { return Share(tool.total.decoys, detail); }},
    {"pairs", Detail::kShort,
     [](const ToolScore& tool, Detail detail) { return Share(tool.pairs, detail); }},
    {"stray", Detail::kShort,
     [](const ToolScore& tool, Detail) {
       return std::to_string(CountOf(tool, FindingClass::kStray));
     }},
    {"stray per image", Detail::kFull,
     [](const ToolScore& tool, Detail) {
       if (tool.ok == 0) return std::string("–");
       return Decimal(static_cast<double>(CountOf(tool, FindingClass::kStray)) / tool.ok, 3);
     }},
    {"stray per MB", Detail::kFull,
     [](const ToolScore& tool, Detail) {
       if (tool.megabytes == 0) return std::string("–");
       return Decimal(CountOf(tool, FindingClass::kStray) / tool.megabytes, 3);
     }},
    {"alerts per leak", Detail::kFull,
     [](const ToolScore& tool, Detail) { return AlertsPerLeak(tool.total); }},
    {"right class", Detail::kFull,
     [](const ToolScore& tool, Detail detail) { return Share(tool.total.classified, detail); }},
    {"right layer", Detail::kFull,
     [](const ToolScore& tool, Detail detail) { return Share(tool.total.layers, detail); }},
    {"median time", Detail::kFull,
     [](const ToolScore& tool, Detail) {
       return tool.median_seconds ? Decimal(*tool.median_seconds, 3) + " s" : std::string("–");
     }},
    {"peak memory", Detail::kFull,
     [](const ToolScore& tool, Detail) {
       return Decimal(static_cast<double>(tool.peak_memory) / 1e6, 0) + " MB";
     }},
};

std::string Escaped(const std::string& cell) {
  std::string text;
  for (const char c : cell) {
    if (c == '|' || c == '\\' || c == '<') text += '\\';
    text += c == '\n' ? ' ' : c;
  }
  return text;
}

std::string ReasonOf(const StateReason& reason) {
  return std::to_string(reason.images) + " times " + reason.reason + " (as " + reason.example + ")";
}

const Group* FindGroup(const ToolScore& tool, const std::string& dimension,
                       const std::string& name) {
  for (const Group& group : tool.By(dimension).groups) {
    if (group.name == name) return &group;
  }
  return nullptr;
}

Table CellsBy(const std::string& dimension, const std::vector<const ToolScore*>& tools,
              Proportion Block::*of) {
  Table table;
  table.header = {dimension};
  std::set<std::string> names;
  for (const ToolScore* tool : tools) {
    table.header.push_back(tool->id);
    for (const Group& group : tool->By(dimension).groups) {
      if ((group.block.*of).of > 0) names.insert(group.name);
    }
  }
  for (const std::string& name : names) {
    std::vector<std::string> row = {name};
    for (const ToolScore* tool : tools) {
      const Group* group = FindGroup(*tool, dimension, name);
      row.push_back(group == nullptr ? "–" : WithInterval(group->block.*of));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace

std::string Percent(const std::optional<double>& share) {
  return share ? Decimal(100 * *share, 1) + " %" : "–";
}

std::string PercentOf(const Proportion& proportion) {
  if (proportion.of == 0) return "–";
  return Percent(proportion.value()) + " (" + std::to_string(proportion.hits) + "/" +
         std::to_string(proportion.of) + ")";
}

std::string WithInterval(const Proportion& proportion) {
  if (proportion.of == 0) return "–";
  return Percent(proportion.value()) + " [" + Range(Wilson(proportion)) +
         "], n = " + Trials(proportion);
}

std::string Table::Text(std::size_t indent) const {
  std::vector<std::size_t> widths(header.size(), 0);
  std::vector<std::vector<std::string>> lines = rows;
  lines.insert(lines.begin(), header);
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], Columns(line[i]));
  }
  std::string text;
  for (const auto& line : lines) {
    text.append(indent, ' ');
    for (std::size_t i = 0; i < line.size(); ++i) {
      const std::string padding(widths[i] - Columns(line[i]), ' ');
      if (i == 0) {
        text += line[i];
        if (line.size() > 1) text += padding;
      } else {
        text += "  " + padding + line[i];
      }
    }
    text += "\n";
  }
  return text;
}

std::string Table::Markdown() const {
  std::string text = "|";
  for (const std::string& cell : header) text += " " + Escaped(cell) + " |";
  text += "\n|";
  for (std::size_t i = 0; i < header.size(); ++i) text += i == 0 ? "---|" : "--:|";
  text += "\n";
  for (const auto& row : rows) {
    text += "|";
    for (const std::string& cell : row) text += " " + Escaped(cell) + " |";
    text += "\n";
  }
  return text;
}

Table Headlines(const std::vector<const ToolScore*>& tools, Detail detail) {
  Table table;
  table.header = {"scanner"};
  for (const Column& column : kColumns) {
    const bool is_shown = detail == Detail::kFull ? std::string(column.name) != "95 %"
                                                  : column.since == Detail::kShort;
    if (is_shown) table.header.emplace_back(column.name);
  }
  for (const ToolScore* tool : tools) {
    std::vector<std::string> row = {tool->id};
    for (std::size_t i = 1; i < table.header.size(); ++i) {
      const Column* column =
          std::find_if(std::begin(kColumns), std::end(kColumns),
                       [&](const Column& one) { return one.name == table.header[i]; });
      row.push_back(column->of(*tool, detail));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table RecallBy(const std::string& dimension, const std::vector<const ToolScore*>& tools) {
  return CellsBy(dimension, tools, &Block::instances);
}

Table DecoysByClass(const std::vector<const ToolScore*>& tools) {
  Table table = CellsBy("class", tools, &Block::decoys);
  table.header.front() = "decoy";
  return table;
}

std::string WhyNoRow(const ToolScore& tool) {
  if (tool.headline) return "";
  if (tool.ok == 0 && tool.errors == 0) return "did not run";
  const int images = static_cast<int>(tool.images.size());
  if (tool.missing > 0) {
    return "not complete: " + std::to_string(tool.missing) + " of " + std::to_string(images) +
           " images have no result";
  }
  return std::to_string(tool.errors) + " of " + std::to_string(tool.ok + tool.errors) +
         " images are errors";
}

Table RunStates(const Score& score) {
  Table table;
  table.header = {"scanner", "ok", "error", "not run", "why it has no row", "most often"};
  for (const ToolScore& tool : score.tools) {
    const std::string reason = tool.reasons.empty() ? "" : ReasonOf(tool.reasons.front());
    table.rows.push_back({tool.id, std::to_string(tool.ok), std::to_string(tool.errors),
                          std::to_string(tool.not_run), WhyNoRow(tool), reason});
  }
  return table;
}

Table Comparisons(const Score& score, const std::string& question) {
  Table table;
  table.header = {"A, B",       "only A",     "only B",      "both",    "neither",
                  "difference", "over seeds", "p (McNemar)", "p (Holm)"};
  for (const Comparison& one : score.comparisons) {
    if (one.question != question) continue;
    table.rows.push_back({one.a + ", " + one.b, std::to_string(one.only_a),
                          std::to_string(one.only_b), std::to_string(one.both),
                          std::to_string(one.neither), Percent(one.difference), SpreadOf(one.seeds),
                          Decimal(one.test.p, 4), Decimal(one.corrected_p, 4)});
  }
  return table;
}

Table Rankings(const Score& score) {
  Table table;
  table.header = {"view, configuration", "mean ranks",  "critical difference", "channels",
                  "chi-squared",         "p (Friedman)"};
  for (const Ranking& ranking : score.rankings) {
    std::string ranks;
    for (const MeanRank& one : ranking.ranks) {
      ranks += (ranks.empty() ? "" : ", ") + one.tool + " " + Decimal(one.rank, 2);
    }
    table.rows.push_back(
        {ranking.view + ", " + ranking.configuration, ranks,
         ranking.critical_difference ? Decimal(*ranking.critical_difference, 2) : "–",
         std::to_string(ranking.cells), Decimal(ranking.chi_squared, 1), Decimal(ranking.p, 4)});
  }
  return table;
}

std::vector<const ToolScore*> Ranked(const Score& score) {
  std::vector<const ToolScore*> ranked;
  for (const ToolScore& tool : score.tools) {
    if (tool.headline && !tool.own && !tool.names_alone) ranked.push_back(&tool);
  }
  std::stable_sort(ranked.begin(), ranked.end(), [](const ToolScore* a, const ToolScore* b) {
    // "image", "layers", "rootfs"
    if (a->run().view != b->run().view) return a->run().view < b->run().view;
    return a->total.instances.value() > b->total.instances.value();
  });
  return ranked;
}

}  // namespace watertight::bench
