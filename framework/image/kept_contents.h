// Contents of files of one layer that somebody keeps, so that the layer need not be read for them.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace watertight {

// For one thread at a time. Entries are named by their indices in the layer.
class KeptContents {
 public:
  virtual ~KeptContents() = default;
  // Null when it is not kept; else valid as long as this lives.
  virtual const std::string* Find(std::size_t entry) = 0;
  // Whether a content of this size would be kept.
  virtual bool Takes(std::uint64_t size) const = 0;
  virtual void Keep(std::size_t entry, std::string content) = 0;
  // Makes what was kept last beyond this process.
  virtual void Save() = 0;
};

}  // namespace watertight
