// A score as text. No report holds a value: only their SHA-256, and paths and fields with planted
// values replaced (WithoutValues).

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bench/accuracy/score/score.h"

namespace watertight::bench {

// "watertight.score/1", docs/benchmarks.md; the page draws it.
std::string ScoreJson(const Work& work, const Score& score);

// One line for each label that a tool's view holds. RFC 4180.
std::string LabelsCsv(const Score& score);
// One line for each finding.
std::string FindingsCsv(const Score& score);

// Tables for a terminal.
std::string ScoreText(const Work& work, const Score& score);
// The same and more, as a document.
std::string ScoreMarkdown(const Work& work, const Score& score);

// "77.3 %", or "–" of none.
std::string Percent(const std::optional<double>& share);
// "77.3 % (17/22)".
std::string PercentOf(const Proportion& proportion);
// "77.3 % [56.6–89.9], n = 22 × 2": with Wilson's interval, of 22 that were each tried twice.
std::string WithInterval(const Proportion& proportion);

// The tools that have a row and are ranked: by view, in each the best recall first.
std::vector<const ToolScore*> Ranked(const Score& score);

}  // namespace watertight::bench
