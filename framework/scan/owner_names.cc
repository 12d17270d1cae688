#include "framework/scan/owner_names.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "framework/scan/rules/token_checks.h"
#include "framework/scan/text_findings.h"

namespace watertight {
namespace {

// A name of a user has some word in it, or is a number.
bool IsPassword(std::string_view name) {
  constexpr std::size_t kShortest = 16;
  constexpr double kLeast = 3.5;
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  const bool hex = name.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
  return name.size() >= kShortest && plain && !hex && IsIssued(name) && LooksRandom(name) &&
         Entropy(name) >= kLeast;
}

class OwnerNames {
 public:
  explicit OwnerNames(ValueSearch* result) : result_(result) {
    for (const Finding& finding : result->findings) told_ |= finding.carrier == Carrier::kHeader;
  }

  void Search(const Layer& layer, int number) {
    // Thousands of entries have one owner.
    std::string_view last;
    bool last_is_password = false;
    for (std::size_t i = 0; i < layer.entries().size(); ++i) {
      const Entry& entry = layer.entries()[i];
      for (const auto& [field, name] :
           {std::pair("uname", entry.uname()), std::pair("gname", entry.gname())}) {
        if (name != last) last_is_password = IsPassword(name);
        last = name;
        if (last_is_password && !IsTold(number, i, field)) Add(layer, number, i, field, name);
      }
    }
  }

 private:
  bool IsTold(int layer, std::size_t entry, std::string_view field) const {
    return told_ && std::any_of(result_->findings.begin(), result_->findings.end(),
                                [&](const Finding& finding) {
                                  return finding.carrier == Carrier::kHeader &&
                                         finding.layer == layer && finding.entry == entry &&
                                         finding.field == field;
                                });
  }

  void Add(const Layer& layer, int number, std::size_t index, const char* field,
           std::string_view name) {
    Finding finding;
    finding.rule = "generic-password";
    finding.carrier = Carrier::kHeader;
    finding.layer = number;
    finding.blob = layer.blob();
    finding.entry = index;
    finding.path = layer.entries()[index].path();
    finding.field = field;
    finding.length = name.size();
    finding.value = name;
    result_->findings.push_back(std::move(finding));
  }

  ValueSearch* result_;
  bool told_ = false;
};

}  // namespace

void AddOwnerNames(const Image& image, ValueSearch* result) {
  constexpr std::size_t kMost = 1000;  // of all layers; who packs so has one name for all entries
  OwnerNames names(result);
  const std::size_t before = result->findings.size();
  for (std::size_t i = 0; i < image.layers().size(); ++i) {
    names.Search(image.layers()[i], static_cast<int>(i));
  }
  if (result->findings.size() - before <= kMost) return;
  const std::size_t more = result->findings.size() - before - kMost;
  result->findings.resize(before + kMost);
  result->notes.push_back({kUnlistedFindings, std::nullopt, "",
                           std::to_string(more) + " more occurrences are not listed"});
}

}  // namespace watertight
