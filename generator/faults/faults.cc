#include "generator/faults/faults.h"

#include <iterator>
#include <utility>

#include "generator/faults/rows.h"
#include "generator/fixtures/strict_json.h"

namespace watertight::generator {
namespace {

struct Asked {
  const Fault* fault;
  FaultInput input;
  Place place;
};

const Fault& FaultOf(const StrictJson& json, const PlacedJson& name) {
  std::vector<std::string> names;
  for (const Fault& fault : Faults()) {
    if (name.text == fault.name) return fault;
    names.emplace_back(fault.name);
  }
  json.Fail(name.place,
            "unknown fault " + Quote(name.text) + DidYouMean(Nearest(name.text, names)));
}

std::uint64_t NumberOf(const StrictJson& json, const PlacedJson& value,
                       const FaultParameter& parameter) {
  const auto number = static_cast<std::uint64_t>(json.Number(value));
  if (number >= parameter.minimum && number <= parameter.maximum) return number;
  json.Fail(value.place, Quote(parameter.name) + " is from " + std::to_string(parameter.minimum) +
                             " to " + std::to_string(parameter.maximum));
}

std::map<std::string, std::uint64_t> NumbersOf(const StrictJson& json, const PlacedJson& object,
                                               const Fault& fault) {
  std::map<std::string, std::uint64_t> numbers;
  std::vector<std::string> names;
  for (const FaultParameter& parameter : fault.parameters) {
    names.emplace_back(parameter.name);
    const PlacedJson* const value = object.Find(parameter.name);
    numbers[parameter.name] =
        value == nullptr ? parameter.by_default : NumberOf(json, *value, parameter);
  }
  for (const PlacedJson::Member& member : object.members) {
    if (member.key == "fault" || numbers.count(member.key) != 0) continue;
    json.Fail(member.place, "the fault " + std::string(fault.name) + " has no parameter " +
                                Quote(member.key) + DidYouMean(Nearest(member.key, names)));
  }
  return numbers;
}

std::vector<Asked> AskedOf(const PreparedFixture& prepared, const std::string& seed) {
  const StrictJson json(prepared.path);
  std::vector<Asked> all;
  for (const PlacedJson& object : prepared.faults) {
    const Fault& fault = FaultOf(json, *object.Find("fault"));
    if (fault.verdict != Verdict::kUnseen && !prepared.is_expected) {
      json.Fail(object.place, "a careful reader sees the fault " + Quote(fault.name) +
                                  ", and no \"expect\" says what it does then");
    }
    credentials::Drbg random(seed, fault.name, prepared.id);
    all.push_back({&fault, FaultInput(NumbersOf(json, object, fault), random), object.place});
  }
  return all;
}

template <typename Apply>
void AtPlace(const PreparedFixture& prepared, const Asked& asked, const Apply& apply) {
  try {
    apply();
  } catch (const Error& error) {
    throw ErrorAt(prepared.path, asked.place, std::string(asked.fault->name) + ": " + error.what());
  }
}

}  // namespace

std::uint64_t FaultInput::Below(std::uint64_t limit) const {
  std::uint64_t number = 0;
  for (const char c : random_.Bytes(sizeof number)) {
    number = number << 8 | static_cast<unsigned char>(c);
  }
  return number % limit;
}

const std::vector<Fault>& Faults() {
  static const std::vector<Fault> faults = [] {
    std::vector<Fault> all;
    for (const auto& rows : {FileFaults(), MemberFaults(), ConfigFaults(), ManifestFaults(),
                             LayerFaults(), StreamFaults()}) {
      all.insert(all.end(), rows.begin(), rows.end());
    }
    return all;
  }();
  return faults;
}

Archive WriteDamaged(const PreparedFixture& prepared, const FixtureImages& images,
                     const std::string& writer, const ArchiveOptions& options,
                     const std::string& seed) {
  const std::vector<Asked> faults = AskedOf(prepared, seed);
  FixtureImages damaged = images;
  for (const Asked& asked : faults) {
    if (asked.fault->image == nullptr) continue;
    AtPlace(prepared, asked,
            [&] { asked.fault->image(asked.input, damaged.images.front().saved); });
  }
  Archive archive = WriteImages(damaged, writer, options);
  for (const Asked& asked : faults) {
    if (asked.fault->archive == nullptr) continue;
    AtPlace(prepared, asked, [&] { asked.fault->archive(asked.input, archive); });
  }
  for (const Asked& asked : faults) {
    if (asked.fault->file == nullptr) continue;
    AtPlace(prepared, asked, [&] {
      if (archive.is_directory) throw Error("the archive is no file");
      archive.file = asked.fault->file(asked.input, archive);
    });
  }
  return archive;
}

}  // namespace watertight::generator
