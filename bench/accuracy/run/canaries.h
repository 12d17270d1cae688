// Images that tell whether a scanner looked at all: one token of a well-known kind at a neutral
// place, in one carrier each, and an image without any. They are made in every layout of a
// catalogue, and are no part of it: the fixtures and their truth stay as they are.

#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace watertight::bench {

using Layout = std::pair<std::string, std::string>;  // builder, archive

struct CanaryImage {
  Layout layout;
  std::string name;   // "live-file", "lower-layer", "base-layer", "config", "history", "clean"
  std::string file;   // in the folder
  std::string value;  // empty for "clean"; never printed
};

inline constexpr const char* kLiveFile = "live-file";
inline constexpr const char* kClean = "clean";

// What reports call the carrier of a canary: "file" of a live file.
std::string CarrierName(const std::string& canary);

// Writes those of each layout into the folder, with values of the seed. What a builder cannot make,
// such as a lower layer of one that has a single one, is left out.
std::vector<CanaryImage> WriteCanaries(const std::string& folder, const std::string& seed,
                                       std::int64_t clock, const std::set<Layout>& layouts);

}  // namespace watertight::bench
