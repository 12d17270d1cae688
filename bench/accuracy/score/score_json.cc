#include <cmath>
#include <nlohmann/json.hpp>

#include "bench/accuracy/score/reports.h"

namespace watertight::bench {
namespace {

using OrderedJson = nlohmann::ordered_json;

double Rounded(double number) { return std::round(number * 1e5) / 1e5; }

OrderedJson NumberJson(const std::optional<double>& number) {
  return number ? OrderedJson(Rounded(*number)) : OrderedJson(nullptr);
}

OrderedJson IntervalJson(const std::optional<Interval>& interval) {
  if (!interval) return nullptr;
  return OrderedJson::array({Rounded(interval->low), Rounded(interval->high)});
}

// "is" tells the 95 % interval of the bootstrap from the smallest and largest of a few seeds.
OrderedJson SpreadJson(const std::optional<Spread>& spread) {
  if (!spread) return nullptr;
  return {{"low", Rounded(spread->range.low)},
          {"high", Rounded(spread->range.high)},
          {"seeds", spread->seeds},
          {"is", spread->is_interval ? "bootstrap" : "range"}};
}

OrderedJson ProportionJson(const Proportion& proportion) {
  return {{"hits", proportion.hits},
          {"of", proportion.of},
          {"units", proportion.distinct()},
          {"value", NumberJson(proportion.value())},
          {"interval", IntervalJson(Wilson(proportion))}};
}

OrderedJson BlockJson(const Block& block) {
  OrderedJson json;
  json["instances"] = ProportionJson(block.instances);
  json["distinct"] = ProportionJson(block.distinct);
  json["bundles"] = ProportionJson(block.bundles);
  json["complete_bundles"] = ProportionJson(block.complete);
  json["decoys"] = ProportionJson(block.decoys);
  json["precision"] = ProportionJson(block.precision());
  json["classified"] = ProportionJson(block.classified);
  json["layers"] = ProportionJson(block.layers);
  json["alerts"] = block.alerts;
  return json;
}

OrderedJson DimensionsJson(const ToolScore& tool) {
  OrderedJson json = OrderedJson::object();
  for (const Dimension& dimension : tool.dimensions) {
    OrderedJson groups = OrderedJson::array();
    for (const Group& group : dimension.groups) {
      OrderedJson one = {{"name", group.name}};
      one.update(BlockJson(group.block));
      groups.push_back(std::move(one));
    }
    json[dimension.name] = {{"macro_recall", NumberJson(dimension.macro_recall)},
                            {"macro_precision", NumberJson(dimension.macro_precision)},
                            {"groups", std::move(groups)}};
  }
  return json;
}

std::string PlaceOf(const LabelledImage& image, const Label& label) {
  std::string place = label.path.empty() ? label.field : label.path;
  if (place.empty()) place = label.blob;
  for (const std::string& member : label.nested) place += "!" + member;
  return WithoutValues(std::move(place), image);
}

OrderedJson MissJson(const Miss& miss) {
  OrderedJson json;
  json["label"] = miss.leak->id;
  json["fixture"] = miss.image->fixture;
  json["builder"] = miss.image->builder;
  json["archive"] = miss.image->archive;
  json["kind"] = miss.leak->kind;
  json["channel"] = miss.leak->channel;
  json["carrier"] = miss.leak->carrier;
  json["layer"] = miss.leak->layer ? OrderedJson(*miss.leak->layer) : OrderedJson(nullptr);
  json["place"] = PlaceOf(*miss.image, *miss.leak);
  json["visibility"] = miss.leak->visibility;
  json["encoding"] = miss.leak->encoding;
  json["value_sha256"] = miss.leak->value_sha256;
  json["seeds"] = miss.seeds;
  json["cause"] = miss.cause;
  json["because"] = miss.because;
  return json;
}

OrderedJson RunsJson(const ToolScore& tool) {
  OrderedJson runs = OrderedJson::array();
  for (const ScannerRun* run : tool.runs) {
    runs.push_back({{"seed", run->seed},
                    {"version", run->version},
                    {"program_sha256", run->program_sha256},
                    {"started", run->started},
                    {"machine", run->machine},
                    {"state", ToString(run->state)}});
  }
  return runs;
}

OrderedJson CostJson(const ToolScore& tool) {
  OrderedJson points = OrderedJson::array();
  for (const CostPoint& point : tool.cost) {
    points.push_back(
        {{"bytes", point.bytes}, {"seconds", Rounded(point.seconds)}, {"images", point.images}});
  }
  return {{"median_seconds", NumberJson(tool.median_seconds)},
          {"total_seconds", Rounded(tool.total_seconds)},
          {"peak_memory", tool.peak_memory},
          {"megabytes", Rounded(tool.megabytes)},
          {"by_size", std::move(points)}};
}

OrderedJson StatesJson(const ToolScore& tool) {
  OrderedJson reasons = OrderedJson::array();
  for (const StateReason& reason : tool.reasons) {
    reasons.push_back({{"state", ToString(reason.state)},
                       {"reason", reason.reason},
                       {"images", reason.images},
                       {"example", reason.example}});
  }
  return {{"ok", tool.ok},
          {"error", tool.errors},
          {"unread_layout", tool.unread},
          {"not_run", tool.not_run},
          {"missing", tool.missing},
          {"reasons", std::move(reasons)},
          {"not_read", tool.not_read}};
}

OrderedJson ToolJson(const ToolScore& tool) {
  const ScannerRun& run = tool.run();
  OrderedJson json;
  json["id"] = tool.id;
  json["scanner"] = run.scanner;
  json["version"] = run.version;
  json["configuration"] = run.configuration;
  json["view"] = run.view;
  json["command"] = run.command;
  json["environment"] = OrderedJson::parse(run.environment, nullptr, false);
  json["network"] = run.network;
  json["batch"] = run.batch;
  json["derived_from"] = run.derived_from;
  json["own"] = tool.own;
  json["names_alone"] = tool.names_alone;
  json["headline"] = tool.headline;
  json["runs"] = RunsJson(tool);
  json["states"] = StatesJson(tool);
  json["total"] = BlockJson(tool.total);
  json["informative"] = BlockJson(tool.informative);
  json["over_seeds"] = SpreadJson(tool.seeds);
  json["pairs"] = ProportionJson(tool.pairs);
  OrderedJson findings = OrderedJson::object();
  for (std::size_t i = 0; i < tool.findings.size(); ++i) {
    findings[ToString(static_cast<FindingClass>(i))] = tool.findings[i];
  }
  json["findings"] = std::move(findings);
  json["cost"] = CostJson(tool);
  json["by"] = DimensionsJson(tool);
  json["misses"] = OrderedJson::array();
  for (const Miss& miss : tool.misses) json["misses"].push_back(MissJson(miss));
  return json;
}

OrderedJson ComparisonJson(const Comparison& comparison) {
  return {{"a", comparison.a},
          {"b", comparison.b},
          {"question", comparison.question},
          {"both", comparison.both},
          {"only_a", comparison.only_a},
          {"only_b", comparison.only_b},
          {"neither", comparison.neither},
          {"test", comparison.test.exact ? "exact binomial" : "chi-squared"},
          {"p", comparison.test.p},
          {"p_holm", comparison.corrected_p},
          {"difference", NumberJson(comparison.difference)},
          {"over_seeds", SpreadJson(comparison.seeds)}};
}

OrderedJson RankingJson(const Ranking& ranking) {
  OrderedJson ranks = OrderedJson::array();
  for (const MeanRank& one : ranking.ranks) {
    ranks.push_back({{"tool", one.tool}, {"mean_rank", Rounded(one.rank)}});
  }
  return {{"view", ranking.view},
          {"configuration", ranking.configuration},
          {"channels", ranking.cells},
          {"chi_squared", Rounded(ranking.chi_squared)},
          {"p", ranking.p},
          {"critical_difference", NumberJson(ranking.critical_difference)},
          {"ranks", std::move(ranks)}};
}

OrderedJson CorpusJson(const Corpus& corpus) {
  Proportion clean;
  std::size_t leaks = 0;
  std::size_t decoys = 0;
  for (const LabelledImage& image : corpus.images) {
    clean.Count(image.clean);
    leaks += image.leaks.size();
    decoys += image.decoys.size();
  }
  return {{"seed", corpus.seed},
          {"catalogue_sha256", corpus.catalogue_sha256},
          {"truth_sha256", corpus.truth_sha256},
          {"images", corpus.images.size()},
          {"clean_images", clean.hits},
          {"leaks", leaks},
          {"decoys", decoys}};
}

}  // namespace

std::string ScoreJson(const Work& work, const Score& score) {
  OrderedJson json;
  json["schema"] = "watertight.score/1";
  json["own"] = score.own;
  json["corpora"] = OrderedJson::array();
  for (const Corpus& corpus : work.corpora) json["corpora"].push_back(CorpusJson(corpus));
  json["policy"] = {{"test_paths", "own tier, not in totals"},
                    {"password_hashes", "informative, not in totals"},
                    {"debatable_decoys", "scored neither way"},
                    {"public_by_design", "decoy"}};
  json["tools"] = OrderedJson::array();
  for (const ToolScore& tool : score.tools) json["tools"].push_back(ToolJson(tool));
  json["comparisons"] = OrderedJson::array();
  for (const Comparison& one : score.comparisons) {
    json["comparisons"].push_back(ComparisonJson(one));
  }
  json["rankings"] = OrderedJson::array();
  for (const Ranking& ranking : score.rankings) {
    json["rankings"].push_back(RankingJson(ranking));
  }
  json["differences"] = OrderedJson::array();
  for (const Difference& difference : score.differences) {
    json["differences"].push_back({{"tool", difference.tool}, {"text", difference.text}});
  }
  return json.dump(1, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

}  // namespace watertight::bench
