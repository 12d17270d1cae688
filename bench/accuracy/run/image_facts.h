// What places in reports are looked up in: the layers of an image and the other files of its
// archive.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "watertight/image.h"

namespace watertight::bench {

struct LayerFact {
  std::string diff_id;
  std::string digest;  // of the stored blob
  std::string blob;    // the layer's path in the archive
};

struct DocumentFact {
  std::string carrier;  // "config" (which holds the history too), "manifest", "attestation", "blob"
  std::string bytes;
};

struct ImageFacts {
  std::vector<LayerFact> layers;
  std::string config;                             // its path in the archive
  std::map<std::string, DocumentFact> documents;  // by path in the archive; layers are none
};

ImageFacts FactsOf(const Image& image);

}  // namespace watertight::bench
