// Where planted values stand in a text, in whatever form.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/fixtures/planted.h"
#include "generator/truth/literal_search.h"

namespace watertight::generator {

struct FoundForm {
  std::size_t value = 0;  // index into the planted values
  std::size_t at = 0;     // in the text, of the whole container too
  Span span;              // as findings have it: in the innermost container
  std::vector<std::string> encoding;
  std::vector<std::string> nested;
  bool is_container = false;  // it is in what a planted container holds
  // The same bytes as other encodings would write them; who wrote the truth knows which was meant.
  std::vector<std::vector<std::string>> other_encodings;
};

// May be used by several threads.
class FormSearch {
 public:
  explicit FormSearch(const Planted& planted);

  // In the order of the text. What stands inside of a longer form is explained by that.
  std::vector<FoundForm> Find(std::string_view text) const;
  // `text` is `whole` with bytes blanked that are not to be searched; lines count in `whole`.
  std::vector<FoundForm> Find(std::string_view text, std::string_view whole) const;

 private:
  struct Form {
    std::size_t value = 0;
    std::size_t size = 0;
    std::size_t before = 0;  // as in Spelling
    std::size_t after = 0;
    std::vector<std::string> encoding = {};
    std::vector<std::string> nested = {};
    std::optional<Span> inside = {};
    std::vector<PlantedForm::Beside> beside = {};
  };
  struct Hit {
    std::size_t form = 0;
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  void AddForm(const PlantedForm& planted);
  void AddSpelling(std::size_t value, const std::string& text);
  bool Explains(const Hit& outer, const Hit& inner) const;
  std::vector<Hit> Hits(std::string_view text) const;
  void DropShifted(std::vector<Hit>& hits) const;
  bool IsSamePlace(const Hit& a, const Hit& b) const;

  std::vector<Form> forms_;
  std::vector<std::string> literals_;
  std::optional<LiteralSearch> search_;
};

}  // namespace watertight::generator
