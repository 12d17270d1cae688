// A kind of damage: one row of a table, in a file of what it damages. Who adds one adds a row, its
// fixture in fixtures/faults, and what its verdict says is tested.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "generator/archives/archive.h"
#include "generator/credentials/drbg.h"

namespace watertight::generator {

// What a careful reader does about it.
enum class Verdict {
  kRefused,  // it cannot open the image, or says that a part of it cannot be trusted or read
  kNoted,    // it opens the image and reports the oddity
  kUnseen,   // nothing: no reader can be expected to see it, or there is nothing to object to
};

struct FaultParameter {
  const char* name;
  const char* about;
  std::uint64_t minimum;
  std::uint64_t maximum;
  std::uint64_t by_default;
};

class FaultInput {
 public:
  FaultInput(std::map<std::string, std::uint64_t> numbers, credentials::Drbg random)
      : numbers_(std::move(numbers)), random_(std::move(random)) {}

  std::uint64_t Number(const std::string& name) const { return numbers_.at(name); }
  // In [0, limit). The same seed and fixture give the same numbers. Requires: limit > 0.
  std::uint64_t Below(std::uint64_t limit) const;
  std::string Bytes(std::size_t count) const { return random_.Bytes(count); }

 private:
  std::map<std::string, std::uint64_t> numbers_;
  mutable credentials::Drbg random_;
};

struct Fault {
  const char* name;
  const char* about;
  Verdict verdict;
  std::vector<const char*> notes = {};  // the codes of docs/notes.md, all that a reader gives
  std::vector<FaultParameter> parameters = {};
  // One of the three, by what must be there already. Throws: Error where the archive has no such
  // part.
  void (*image)(const FaultInput& input, SavedImage& image) = nullptr;
  void (*archive)(const FaultInput& input, Archive& archive) = nullptr;  // after writing
  Rope (*file)(const FaultInput& input, const Archive& archive) = nullptr;
};

// In the order of documents and lists.
const std::vector<Fault>& Faults();

}  // namespace watertight::generator
