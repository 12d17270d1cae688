// What was planted: the images of a catalogue with their truth, as `watertight generate --reveal`
// writes them.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace watertight::bench {

// A leak or a decoy: one value at one place.
struct Label {
  std::string id;      // counted in one archive, in the order of digests
  std::string unit;    // the same in all seeds and layouts
  std::string bundle;  // parts that are useful together, and all places of them
  std::string kind;
  std::string kind_class;  // of a decoy, why it is none: "bad-checksum"
  std::string channel;
  std::string carrier;
  std::optional<int> layer;
  std::string diff_id;
  std::string blob;
  std::string path;
  std::string field;
  std::int64_t offset = 0;
  std::int64_t length = 0;
  int line = 0;  // from 1, as are columns; the end column is behind the last byte
  int column = 0;
  int end_line = 0;
  int end_column = 0;
  std::vector<std::string> encoding;
  std::vector<std::string> nested;
  std::string visibility;
  std::string value;  // never printed
  std::string value_sha256;
  std::string value_sha1;
};

struct PlantedValue {
  std::string value;  // never printed
  std::string sha256;
};

struct LabelledImage {
  std::string fixture;
  std::string title;
  std::string channel;
  std::string twin;  // another fixture, or empty
  std::string builder;
  std::string archive;
  std::string file;
  std::string sha256;
  bool clean = false;
  std::uint64_t bytes = 0;
  std::vector<Label> leaks;
  std::vector<Label> decoys;
  std::vector<PlantedValue> values;  // all that was planted, the longest first
};

// The images of one seed.
struct Corpus {
  std::string seed;
  std::string catalogue_sha256;
  std::string truth_sha256;  // of the hashes of the truths, in the catalogue's order
  std::vector<LabelledImage> images;
};

// The text with every planted value of the image as "[8 digits of its SHA-256]".
std::string WithoutValues(std::string text, const LabelledImage& image);

}  // namespace watertight::bench
