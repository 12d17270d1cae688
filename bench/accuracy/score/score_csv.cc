#include <algorithm>
#include <string>
#include <vector>

#include "bench/accuracy/score/reports.h"

namespace watertight::bench {
namespace {

std::string Cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string Line(const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) line += (i == 0 ? "" : ",") + Cell(cells[i]);
  return line + "\r\n";
}

std::string Optional(const std::optional<int>& number) {
  return number ? std::to_string(*number) : "";
}

std::string Members(const std::vector<std::string>& words, char between) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += between;
    text += word;
  }
  return text;
}

std::vector<std::string> ImageCells(const ToolScore& tool, const ScoredImage& image) {
  return {tool.id, image.corpus->seed, image.image->fixture, image.image->builder,
          image.image->archive};
}

std::string LabelLine(const ToolScore& tool, const ScoredImage& image, const Label& label,
                      bool leak, const LabelOutcome* outcome) {
  std::vector<std::string> cells = ImageCells(tool, image);
  const bool found = outcome != nullptr && outcome->found;
  const bool scored = leak ? IsScored(label) : !IsDebatable(label);
  for (const std::string& cell :
       {label.id, std::string(leak ? "leak" : "decoy"), label.kind, label.kind_class, label.channel,
        label.carrier, Optional(label.layer), label.visibility, Members(label.encoding, '+'),
        TierOf(label), label.bundle, label.value_sha256, std::string(scored ? "1" : "0"),
        std::string(ToString(image.state)),
        std::string(outcome == nullptr ? ""
                    : found            ? "1"
                                       : "0"),
        std::string(found ? ToString(outcome->evidence) : ""),
        std::string(found ? outcome->classified ? "1" : "0" : ""),
        std::string(found ? std::to_string(outcome->alerts) : "")}) {
    cells.push_back(WithoutValues(cell, *image.image));
  }
  return Line(cells);
}

void AddLabels(const ToolScore& tool, const ScoredImage& image, const std::vector<Label>& labels,
               const std::vector<LabelOutcome>& outcomes, bool leaks, std::string* csv) {
  // Outcomes are of the labels in the view, and of none when the image was not scored.
  for (const Label& label : labels) {
    if (!IsInView(tool.run().view, label)) continue;
    const auto outcome =
        std::find_if(outcomes.begin(), outcomes.end(),
                     [&label](const LabelOutcome& one) { return one.label == &label; });
    *csv += LabelLine(tool, image, label, leaks, outcome == outcomes.end() ? nullptr : &*outcome);
  }
}

std::string FindingLine(const ToolScore& tool, const ScoredImage& image, std::size_t at) {
  const Finding& finding = image.result->findings[at];
  const FindingOutcome& outcome = image.score.findings[at];
  std::vector<std::string> cells = ImageCells(tool, image);
  std::vector<std::string> path = finding.nested;
  path.insert(path.begin(), finding.path);
  for (const std::string& cell :
       {std::to_string(finding.number), finding.rule, finding.family, finding.carrier,
        finding.layer ? Optional(finding.layer) : finding.diff_id, Members(path, '!'),
        finding.field, Optional(finding.line), Optional(finding.column),
        finding.offset ? std::to_string(*finding.offset) : std::string(), finding.value_sha256,
        std::string(ToString(outcome.kind)),
        outcome.label == nullptr ? std::string() : outcome.label->id}) {
    cells.push_back(WithoutValues(cell, *image.image));
  }
  return Line(cells);
}

}  // namespace

std::string LabelsCsv(const Score& score) {
  std::string csv =
      Line({"tool",       "seed",     "fixture",  "builder",    "archive",      "label",
            "type",       "kind",     "class",    "channel",    "carrier",      "layer",
            "visibility", "encoding", "tier",     "bundle",     "value_sha256", "scored",
            "state",      "found",    "evidence", "classified", "alerts"});
  for (const ToolScore& tool : score.tools) {
    for (const ScoredImage& image : tool.images) {
      AddLabels(tool, image, image.image->leaks, image.score.leaks, true, &csv);
      AddLabels(tool, image, image.image->decoys, image.score.decoys, false, &csv);
    }
  }
  return csv;
}

std::string FindingsCsv(const Score& score) {
  std::string csv =
      Line({"tool", "seed", "fixture", "builder", "archive", "finding", "rule", "family", "carrier",
            "layer", "path", "field", "line", "column", "offset", "value_sha256", "is", "label"});
  for (const ToolScore& tool : score.tools) {
    for (const ScoredImage& image : tool.images) {
      for (std::size_t i = 0; i < image.score.findings.size(); ++i) {
        csv += FindingLine(tool, image, i);
      }
    }
  }
  return csv;
}

}  // namespace watertight::bench
