#include "cli/reports/shard.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <string_view>
#include <utility>

#include "cli/reports/fingerprint.h"
#include "cli/reports/json_fields.h"
#include "cli/reports/report_fields.h"
#include "framework/scan/rules/checksums.h"

namespace watertight::cli {
namespace {

// What one shard says.
struct ShardReport {
  std::string file;
  Shard shard;
  CheckReport report;
};

template <class Fields>
void Visit(Fields& fields, ShardReport& one) {
  Visit(fields, one.shard);
  fields("policy", one.report.policy);
  fields("images", one.report.images);
  fields("unopened", one.report.unopened);
  fields("others", one.report.others);
  fields("none", one.report.none);
  fields("strict", one.report.strict);
}

Error NotOf(const std::string& file) {
  return Error(ErrorCode::kBadJson, Printable(file) +
                                        ": is no report of a shard: watertight check "
                                        "--output json=FILE, with GTEST_TOTAL_SHARDS set");
}

// The number of a layer stands for its diff_id.
void ExpectLayers(const CheckedImage& checked, const std::string& file) {
  for (const CheckResult& result : checked.results) {
    for (const CheckFinding& found : result.findings) {
      const std::optional<int>& layer = found.finding.layer;
      if (layer && !std::in_range<std::size_t>(*layer)) throw NotOf(file);
      if (layer && static_cast<std::size_t>(*layer) >= checked.facts.diff_ids.size()) {
        throw NotOf(file);
      }
    }
  }
}

ShardReport ReadShard(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw Error(ErrorCode::kNotFound, Printable(file) + ": cannot be opened");
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  const OrderedJson json = OrderedJson::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("shard")) throw NotOf(file);
  ShardReport one;
  one.file = file;
  try {
    FieldReader fields(json["shard"]);
    Visit(fields, one);
  } catch (const Error&) {
    throw NotOf(file);
  }
  for (const CheckedImage& checked : one.report.images) ExpectLayers(checked, file);
  const auto in_plan = [&one](const auto& image) { return image.number < one.shard.plan.size(); };
  const bool fits = one.shard.index < one.shard.total &&
                    std::all_of(one.report.images.begin(), one.report.images.end(), in_plan) &&
                    std::all_of(one.report.unopened.begin(), one.report.unopened.end(), in_plan) &&
                    std::all_of(one.report.none.begin(), one.report.none.end(), in_plan);
  if (!fits) throw NotOf(file);
  return one;
}

bool IsSamePlan(const std::vector<PlannedImage>& a, const std::vector<PlannedImage>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const PlannedImage& one, const PlannedImage& other) {
                      return one.reference == other.reference && one.checks == other.checks;
                    });
}

// How the runs differ of which the two are shards; null when they do not.
const char* DifferenceOf(const Shard& a, const Shard& b) {
  if (a.total != b.total) return "the number of shards";
  if (a.version != b.version) return "the version of watertight";
  if (!IsSamePlan(a.plan, b.plan)) return "the images or their checks";
  if (a.demands != b.demands) return "the policy or another option";
  return nullptr;
}

Error OfOtherRun(const ShardReport& a, const ShardReport& b, const std::string& what) {
  return Error(ErrorCode::kUsage, Printable(a.file) + " and " + Printable(b.file) +
                                      " are of two runs, which differ in " + what);
}

// "3", "0, 2 and 5".
std::string NumbersText(const std::vector<std::size_t>& numbers) {
  std::string text;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (i > 0) text += i + 1 == numbers.size() ? " and " : ", ";
    text += std::to_string(numbers[i]);
  }
  return text;
}

// Throws unless each shard of one run is there once.
void CheckComplete(const std::vector<ShardReport>& shards) {
  std::map<std::size_t, const ShardReport*> by_index;
  for (const ShardReport& one : shards) {
    const char* const difference = DifferenceOf(shards.front().shard, one.shard);
    if (difference != nullptr) throw OfOtherRun(shards.front(), one, difference);
    const auto [other, added] = by_index.emplace(one.shard.index, &one);
    if (!added) {
      throw Error(ErrorCode::kUsage, Printable(other->second->file) + " and " +
                                         Printable(one.file) + " are both shard " +
                                         std::to_string(one.shard.index) + " of " +
                                         std::to_string(one.shard.total));
    }
  }
  std::vector<std::size_t> missing;
  constexpr std::size_t kMost = 10;
  const std::size_t total = shards.front().shard.total;
  for (std::size_t i = 0; i < total && missing.size() < kMost; ++i) {
    if (by_index.count(i) == 0) missing.push_back(i);
  }
  if (missing.empty()) return;
  throw Error(ErrorCode::kUsage, "of " + std::to_string(total) + " shards no report is given of " +
                                     NumbersText(missing) +
                                     (total - by_index.size() > kMost ? " and others" : ""));
}

class Merge {
 public:
  explicit Merge(std::vector<ShardReport> shards) : shards_(std::move(shards)) {}

  CheckReport Run() {
    for (const ShardReport& one : shards_) Add(one);
    if (images_.empty() && unopened_.empty() && none_.empty()) {
      throw Error(ErrorCode::kUsage, "no check fits the filter of these shards");
    }
    CheckReport report;
    report.policy = MergedPolicy();
    report.others = shards_.front().report.others;
    report.strict = shards_.front().report.strict;
    const std::vector<PlannedImage>& plan = shards_.front().shard.plan;
    std::size_t left = 0;
    for (const PlannedImage& image : plan) left += image.checks.size();
    for (auto& [number, image] : none_) {
      ExpectNoResults(number, image.reference);
      left -= plan[number].checks.size();
      report.none.push_back(std::move(image));
    }
    for (auto& [number, image] : unopened_) report.unopened.push_back(std::move(image));
    for (auto& [number, checked] : images_) {
      if (unopened_.count(number) != 0) continue;
      std::sort(checked.results.begin(), checked.results.end(),
                [](const CheckResult& a, const CheckResult& b) { return a.number < b.number; });
      left -= std::min(left, checked.results.size());
      report.images.push_back(std::move(checked));
    }
    report.is_whole = left == 0;
    return report;
  }

 private:
  void Add(const ShardReport& one) {
    for (const UnopenedImage& image : one.report.unopened) unopened_.emplace(image.number, image);
    for (const UnopenedImage& image : one.report.none) none_.emplace(image.number, image);
    for (const CheckedImage& checked : one.report.images) {
      const auto [known, added] = images_.emplace(checked.number, checked);
      if (added) {
        first_of_[checked.number] = &one;
        continue;
      }
      CheckedImage& all = known->second;
      if (all.facts.id != checked.facts.id || all.facts.diff_ids != checked.facts.diff_ids) {
        throw OfOtherRun(*first_of_[checked.number], one,
                         "what " + Printable(checked.facts.reference) + " is");
      }
      for (const CheckResult& result : checked.results) {
        const bool twice =
            std::any_of(all.results.begin(), all.results.end(),
                        [&](const CheckResult& other) { return other.number == result.number; });
        if (twice) {
          throw Error(ErrorCode::kUsage, Printable(one.file) + ": " + result.name + " of " +
                                             Printable(checked.facts.reference) +
                                             " was made by another shard too");
        }
        all.results.push_back(result);
      }
    }
  }

  // Of what another shard takes for no image.
  void ExpectNoResults(std::size_t number, const std::string& reference) const {
    if (images_.count(number) == 0 && unopened_.count(number) == 0) return;
    throw Error(ErrorCode::kUsage,
                "the shards differ in whether " + Printable(reference) + " is an image");
  }

  // The counts of each, added up.
  PolicyUse MergedPolicy() const {
    PolicyUse all = shards_.front().report.policy;
    for (std::size_t i = 1; i < shards_.size(); ++i) {
      const PolicyUse& policy = shards_[i].report.policy;
      if (policy.rules.size() != all.rules.size() || policy.allow.size() != all.allow.size() ||
          policy.entries.size() != all.entries.size()) {
        throw OfOtherRun(shards_.front(), shards_[i], "the policy");
      }
      for (std::size_t j = 0; j < all.rules.size(); ++j) {
        all.rules[j].findings += policy.rules[j].findings;
      }
      for (std::size_t j = 0; j < all.allow.size(); ++j) {
        all.allow[j].findings += policy.allow[j].findings;
      }
    }
    return all;
  }

  std::vector<ShardReport> shards_;
  std::map<std::size_t, CheckedImage> images_;  // by number in the plan
  std::map<std::size_t, UnopenedImage> unopened_;
  std::map<std::size_t, UnopenedImage> none_;
  std::map<std::size_t, const ShardReport*> first_of_;
};

// A number of the environment; nothing when it is not set. Throws: Error, when it is no number.
std::optional<std::size_t> NumberOf(const char* variable) {
  const char* const text = std::getenv(variable);
  if (text == nullptr) return std::nullopt;
  const std::string_view digits(text);
  constexpr std::size_t kMostDigits = 9;
  const bool number = !digits.empty() && digits.size() <= kMostDigits &&
                      digits.find_first_not_of("0123456789") == std::string_view::npos;
  if (!number) {
    throw Error(ErrorCode::kUsage,
                std::string(variable) + " is a number, not '" + Printable(text) + "'");
  }
  return static_cast<std::size_t>(std::strtoul(text, nullptr, 10));
}

}  // namespace

std::string FromBase64(const std::string& text) {
  std::string bytes;
  if (!DecodeBase64(text, &bytes)) throw BadField();
  return bytes;
}

std::optional<Shard> ShardOfEnvironment() {
  constexpr char kTotal[] = "GTEST_TOTAL_SHARDS";
  constexpr char kIndex[] = "GTEST_SHARD_INDEX";
  const auto total = NumberOf(kTotal);
  const auto index = NumberOf(kIndex);
  if (!total && !index) return std::nullopt;
  if (!total || !index) {
    throw Error(ErrorCode::kUsage, std::string(total ? kTotal : kIndex) + " is set, and " +
                                       (total ? kIndex : kTotal) + " is not");
  }
  if (*index >= *total) {
    throw Error(ErrorCode::kUsage, std::string(kIndex) + " is " + std::to_string(*index) +
                                       ", which is not below " + kTotal + ", " +
                                       std::to_string(*total));
  }
  Shard shard;
  shard.index = *index;
  shard.total = *total;
  return shard;
}

OrderedJson ShardJson(const CheckReport& report) {
  ShardReport one{"", *report.shard, report};
  // A report is made of outcomes, and of what tells a finding from others.
  for (CheckedImage& checked : one.report.images) {
    for (CheckResult& result : checked.results) {
      for (CheckFinding& found : result.findings) found.fingerprint = FingerprintOf(found);
    }
  }
  return FieldWriter::Written(one);
}

CheckReport MergeShards(const std::vector<std::string>& files) {
  std::vector<ShardReport> shards;
  for (const std::string& file : files) shards.push_back(ReadShard(file));
  CheckComplete(shards);
  return Merge(std::move(shards)).Run();
}

}  // namespace watertight::cli
