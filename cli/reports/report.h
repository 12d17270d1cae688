// What `check` found, for those who write it down: plain data, which outlives the images.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/checks.h"
#include "cli/policy/yaml.h"
#include "watertight/image.h"

namespace watertight::cli {

class Output;

// What reports say of an image beside its checks.
struct ImageFacts {
  std::string reference;
  std::string id;
  std::vector<std::string> tags;
  std::string platform;
  std::vector<std::string> diff_ids;  // of its layers
  std::optional<std::uint64_t> size;  // none when a layer cannot be read
  std::vector<std::string> remarks;   // what no check judges, and a person should know
  std::vector<Note> notes;
};

ImageFacts FactsOf(const Image& image);

struct CheckedImage {
  std::size_t number = 0;  // of the image, among those of the run
  ImageFacts facts;
  std::vector<CheckResult> results;
  std::shared_ptr<const Policy> policy;  // that it was held to
  std::string document;                  // of the page, where one is wanted: ImageDocument
};

// A check of it failed.
bool Failed(const CheckedImage& checked);

struct UnopenedImage {
  std::size_t number = 0;  // as of a CheckedImage
  std::string reference;
  std::string error;  // one line
};

// How many findings a rule of the policy gave, in all images.
struct RuleUse {
  std::string id;
  std::string title;
  std::size_t findings = 0;
};

// And how many an entry of `allow` allowed.
struct AllowUse {
  std::string file;
  YamlPlace place;
  std::string reason;
  std::string expired;  // the day, when it is over
  std::size_t findings = 0;
  bool is_used = true;  // some image was held to it
};

// For how many images an entry of `images` is.
struct EntryUse {
  std::string file;
  YamlPlace place;
  std::size_t images = 0;
};

struct PolicyUse {
  std::string file;  // empty: the default policy
  std::vector<RuleUse> rules;
  std::vector<AllowUse> allow;
  std::vector<EntryUse> entries;
};

// An image of a run, whether it could be opened or not.
struct PlannedImage {
  std::string reference;
  std::vector<std::string> checks;  // their names
};

// Which part of a run the report is of.
struct Shard {
  std::size_t index = 0;
  std::size_t total = 1;
  std::string version;             // of the program
  std::string demands;             // a digest of what the images are held to
  std::vector<PlannedImage> plan;  // all images of the run
};

struct CheckReport {
  PolicyUse policy;
  std::vector<CheckedImage> images;
  std::vector<UnopenedImage> unopened;
  std::vector<std::string> others;  // what lies in a folder of images, and does not begin as one
  std::vector<UnopenedImage> none;  // what does, and is no image either
  bool strict = false;              // which is then an error
  bool is_whole = false;            // every check of every image was made
  std::optional<Shard> shard;

  bool Failed() const;
};

// For a person.
void WriteCheckText(const CheckReport& report, Output& out);
// The forms that programs read, each a document.
std::string CheckJson(const CheckReport& report);
std::string CheckSarif(const CheckReport& report);
std::string CheckJunit(const CheckReport& report);
// Lines that GitHub shows beside the run, one for each check that failed.
std::string CheckAnnotations(const CheckReport& report);

}  // namespace watertight::cli
