// One of several runs that share the checks of the same images, and what they say together.
//
// The JSON report of a shard has a member `shard` beside those of the contract: which one it is,
// and all that a report is made of. `merge` reads that member alone.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/redaction.h"
#include "cli/reports/report.h"

namespace watertight::cli {

// GTEST_SHARD_INDEX of GTEST_TOTAL_SHARDS; nothing where they are not set. Throws: Error, kUsage,
// when they do not fit, for which GoogleTest would end the program as if an image failed.
std::optional<Shard> ShardOfEnvironment();

OrderedJson ShardJson(const CheckReport& report);

// What the run of all checks says; files: the reports of all its shards. Throws: Error, of one
// line, when one is no report of a shard, is missing or is there twice, or is of another run.
CheckReport MergeShards(const std::vector<std::string>& files);

}  // namespace watertight::cli
