// Tables of a score, for the terminal and for Markdown.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/accuracy/score/score.h"

namespace watertight::bench {

// Cells are UTF-8. All columns but the first are aligned at their right.
struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;

  std::string Text(std::size_t indent) const;
  // With | of cells escaped.
  std::string Markdown() const;
};

enum class Detail : std::uint8_t { kShort, kFull };

// One row for each tool. kShort fits a terminal of 100 columns; kFull has intervals.
Table Headlines(const std::vector<const ToolScore*>& tools, Detail detail);
// One row for each group, one column for each tool: recall, with n and interval.
Table RecallBy(const std::string& dimension, const std::vector<const ToolScore*>& tools);
// The same of decoys reported, by what they are.
Table DecoysByClass(const std::vector<const ToolScore*>& tools);
// "not complete: 126 of 2520 images have no result"; empty for one that has a row.
std::string WhyNoRow(const ToolScore& tool);
Table RunStates(const Score& score);
Table Comparisons(const Score& score, const std::string& question);
Table Rankings(const Score& score);

}  // namespace watertight::bench
