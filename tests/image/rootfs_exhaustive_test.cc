// The library's rootfs against the naive oracle, for all sequences of layers over a small alphabet:
// rows, visibility, what removed an entry, and wasted bytes.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iostream>
#include <sstream>

#include "tests/image/layers.h"
#include "tests/image/rootfs_oracle.h"

namespace watertight::testing {
namespace {

using Layers = std::vector<std::vector<TestEntry>>;

// Every kind of entry at a path; links lead to `other`.
std::vector<TestEntry> KindsAt(const std::string& path, const std::string& other) {
  const std::size_t slash = path.rfind('/');
  const std::string parent = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  const std::string up = parent.empty() ? "" : "../";
  return {{path, '0', "", "?"},
          {path + "/", '5'},
          {path, '2', up + other},
          {path, '1', other},
          {parent + ".wh." + path.substr(parent.size()), '0'},
          {path + "/.wh..wh..opq", '0'}};
}

std::vector<TestEntry> Alphabet(const std::vector<std::pair<std::string, std::string>>& paths) {
  std::vector<TestEntry> alphabet;
  for (const auto& [path, other] : paths) {
    for (const TestEntry& entry : KindsAt(path, other)) alphabet.push_back(entry);
  }
  return alphabet;
}

std::vector<TestEntry> TwoPaths() { return Alphabet({{"a", "b"}, {"a/b", "a"}}); }
std::vector<TestEntry> ThreePaths() { return Alphabet({{"a", "c"}, {"a/b", "c"}, {"c", "a/b"}}); }

// All layers of at most `most` entries, in every order.
Layers LayersOf(const std::vector<TestEntry>& alphabet, std::size_t most) {
  Layers layers(1);
  std::size_t begin = 0;
  for (std::size_t length = 1; length <= most; ++length) {
    const std::size_t end = layers.size();
    for (std::size_t i = begin; i < end; ++i) {
      for (const TestEntry& entry : alphabet) {
        layers.push_back(layers[i]);
        layers.back().push_back(entry);
      }
    }
    begin = end;
  }
  return layers;
}

// A layer at a position of the image: as a tar states it, and as the library indexed it. Each file
// has a size of its own, so that no two can be confused.
struct Positioned {
  std::vector<TestEntry> entries;
  LayerIndex index;
};

std::vector<Positioned> At(std::size_t position, Layers layers) {
  std::vector<Positioned> positioned;
  for (std::vector<TestEntry>& entries : layers) {
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (entries[i].content == "?") entries[i].content.assign(1 + i + 8 * position, 'x');
    }
    LayerIndex index = MakeLayer(entries);
    positioned.push_back({std::move(entries), std::move(index)});
  }
  return positioned;
}

char TarType(EntryType type) {
  return type == EntryType::kFile ? '0' : type == EntryType::kSymlink ? '2' : '5';
}

EntryPosition PositionOf(const std::vector<const LayerIndex*>& layers, int layer,
                         const Entry& entry) {
  const std::vector<Entry>& entries = layers[static_cast<std::size_t>(layer)]->entries;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].content_offset() == entry.content_offset()) return {layer, static_cast<int>(i)};
  }
  return {layer, -1};
}

std::string Show(const std::map<std::string, OracleNode>& nodes,
                 const std::map<EntryPosition, OracleFate>& fates, std::uint64_t wasted) {
  std::ostringstream text;
  for (const auto& [path, node] : nodes) {
    text << "  " << path << " type " << node.type << " link '" << node.link << "' size "
         << node.size << " entry " << node.entry.first << "." << node.entry.second << " content "
         << node.content.first << "." << node.content.second << "\n";
  }
  for (const auto& [position, fate] : fates) {
    text << "  entry " << position.first << "." << position.second
         << (fate.visible ? " visible " : " ") << fate.how << " " << fate.layer << "\n";
  }
  text << "  wasted " << wasted << "\n";
  return text.str();
}

OracleRootfs FromLibrary(const std::vector<const LayerIndex*>& layers) {
  const std::unique_ptr<Merged> merged = MergeLayers(layers);
  OracleRootfs result;
  result.wasted = merged->wasted;
  for (const RootfsEntry& row : merged->rootfs) {
    OracleNode node{TarType(row.type()), std::string(row.link()), row.size(),
                    PositionOf(layers, row.layer(), row.entry()),
                    PositionOf(layers, row.content_layer(), row.content())};
    result.nodes[std::string(row.path())] = node;
  }
  for (const StoredEntry& stored : ListStored(layers, *merged)) {
    OracleFate fate{stored.visible, "", -1};
    if (stored.removed_by) {
      fate.how = ToString(stored.removed_by->how);
      fate.layer = stored.removed_by->layer;
    }
    result.fates[PositionOf(layers, stored.layer, *stored.entry)] = fate;
  }
  return result;
}

std::string ShowLayers(const std::vector<const Positioned*>& layers) {
  std::ostringstream text;
  for (const Positioned* layer : layers) {
    text << "[";
    for (const TestEntry& entry : layer->entries) {
      text << " " << entry.name << ":" << entry.type
           << (entry.link.empty() ? "" : ">" + entry.link);
    }
    text << " ]";
  }
  return text.str();
}

// The number of sequences that were compared; stops after the first ten that differ.
class Comparison {
 public:
  void Compare(const std::vector<const Positioned*>& layers) {
    ++compared_;
    if (differing_ >= 10) return;
    std::vector<const std::vector<TestEntry>*> stated;
    std::vector<const LayerIndex*> indexes;
    for (const Positioned* layer : layers) {
      stated.push_back(&layer->entries);
      indexes.push_back(&layer->index);
    }
    const OracleRootfs expected = ApplyNaively(stated);
    const OracleRootfs actual = FromLibrary(indexes);
    const bool same = expected.nodes == actual.nodes && expected.fates == actual.fates &&
                      expected.wasted == actual.wasted;
    if (same) return;
    ++differing_;
    ADD_FAILURE() << ShowLayers(layers) << "\nthe oracle says\n"
                  << Show(expected.nodes, expected.fates, expected.wasted) << "the library says\n"
                  << Show(actual.nodes, actual.fates, actual.wasted);
  }

  void CompareAll(const std::vector<std::vector<Positioned>>& positions,
                  std::vector<const Positioned*>* chosen) {
    if (chosen->size() == positions.size()) {
      Compare(*chosen);
      return;
    }
    for (const Positioned& layer : positions[chosen->size()]) {
      chosen->push_back(&layer);
      CompareAll(positions, chosen);
      chosen->pop_back();
    }
  }

  std::size_t compared() const { return compared_; }

 private:
  std::size_t compared_ = 0;
  std::size_t differing_ = 0;
};

// lengths[i]: the most entries of layer i.
std::size_t CompareAll(const std::vector<TestEntry>& alphabet,
                       const std::vector<std::size_t>& lengths) {
  std::vector<std::vector<Positioned>> positions;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    positions.push_back(At(i, LayersOf(alphabet, lengths[i])));
  }
  Comparison comparison;
  std::vector<const Positioned*> chosen;
  comparison.CompareAll(positions, &chosen);
  return comparison.compared();
}

TEST(RootfsExhaustive, ThreeLayersOfOneEntryOnThreePaths) {
  EXPECT_EQ(CompareAll(ThreePaths(), {1, 1, 1}), 19U * 19 * 19);
}

TEST(RootfsExhaustive, TwoLayersOfTwoEntriesOnThreePaths) {
  EXPECT_EQ(CompareAll(ThreePaths(), {2, 2}), 343U * 343);
}

TEST(RootfsExhaustive, OneLayerOfThreeEntriesOverOneOfOneOnThreePaths) {
  EXPECT_EQ(CompareAll(ThreePaths(), {1, 3}), 19U * 6175);
}

TEST(RootfsExhaustive, ThreeLayersOfTwoEntriesOnTwoPaths) {
  EXPECT_EQ(CompareAll(TwoPaths(), {2, 2, 2}), 157U * 157 * 157);
}

}  // namespace
}  // namespace watertight::testing
