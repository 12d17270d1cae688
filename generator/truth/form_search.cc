#include "generator/truth/form_search.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "generator/fixtures/rendered.h"
#include "generator/truth/spellings.h"

namespace watertight::generator {

FormSearch::FormSearch(const Planted& planted) {
  for (const PlantedForm& form : planted.forms) AddForm(form);
  for (std::size_t value = 0; value < planted.values.size(); ++value) {
    AddSpelling(value, planted.values[value].value);
  }
  search_.emplace(std::move(literals_));
  literals_.clear();
}

void FormSearch::AddForm(const PlantedForm& planted) {
  if (planted.bytes.empty()) return;
  forms_.push_back({.value = planted.value,
                    .size = planted.bytes.size(),
                    .encoding = planted.encoding,
                    .nested = planted.nested,
                    .inside = planted.inside,
                    .beside = planted.beside});
  literals_.push_back(planted.bytes);
}

void FormSearch::AddSpelling(std::size_t value, const std::string& text) {
  for (Spelling& spelling : SpellingsOf(text)) {
    forms_.push_back({.value = value,
                      .size = spelling.bytes.size(),
                      .before = spelling.before,
                      .after = spelling.after,
                      .encoding = std::move(spelling.encoding)});
    literals_.push_back(std::move(spelling.bytes));
  }
}

// Whether `inner` is there because `outer` is. Of a container that holds text beside its members,
// as in a header, that text stands for itself.
bool FormSearch::Explains(const Hit& outer, const Hit& inner) const {
  if (inner.begin < outer.begin || inner.end > outer.end) return false;
  if (inner.end - inner.begin == outer.end - outer.begin) return false;
  const Form& container = forms_[outer.form];
  return std::ranges::none_of(container.beside, [&](const PlantedForm::Beside& beside) {
    return beside.value == forms_[inner.form].value && outer.begin + beside.offset >= inner.begin &&
           outer.begin + beside.offset < inner.end;
  });
}

// Two forms of one value over the same bytes, unless they are parts of one container.
bool FormSearch::IsSamePlace(const Hit& a, const Hit& b) const {
  return a.begin == b.begin && a.end == b.end && forms_[a.form].value == forms_[b.form].value &&
         !forms_[a.form].inside && !forms_[b.form].inside;
}

std::vector<FormSearch::Hit> FormSearch::Hits(std::string_view text) const {
  std::vector<Hit> hits;
  search_->Find(text, [&](std::size_t index, std::size_t offset) {
    const Form& form = forms_[index];
    const std::size_t begin = offset - std::min(offset, form.before);
    const std::size_t end = std::min(text.size(), offset + form.size + form.after);
    hits.push_back({index, begin, end});
  });
  // The longest first where several begin, and what was planted before what was derived.
  std::ranges::sort(hits, [](const Hit& a, const Hit& b) {
    return std::tuple(a.begin, b.end, a.form) < std::tuple(b.begin, a.end, b.form);
  });
  DropShifted(hits);
  return hits;
}

// UTF-16 of one order of bytes reads as the other order one byte further on, where a byte of zero
// follows or goes before: the form that comes first among the forms, a planted one if there is
// any, is meant.
void FormSearch::DropShifted(std::vector<Hit>& hits) const {
  const auto is_meant = [this](const Hit& hit, const Hit& other) {
    return other.form < hit.form && forms_[other.form].value == forms_[hit.form].value &&
           other.begin != hit.begin && other.begin < hit.end && hit.begin < other.end &&
           other.end - other.begin == hit.end - hit.begin;
  };
  std::vector<Hit> kept;
  // Hits are in the order of their beginnings, and those that overlap one of the same length begin
  // less than that length before or behind it.
  std::size_t first = 0;
  std::size_t longest = 0;
  for (const Hit& hit : hits) longest = std::max(longest, hit.end - hit.begin);
  for (const Hit& hit : hits) {
    while (hits[first].begin + longest <= hit.begin) ++first;
    bool shifted = false;
    for (std::size_t i = first; i < hits.size() && hits[i].begin < hit.end && !shifted; ++i) {
      shifted = is_meant(hit, hits[i]);
    }
    if (!shifted) kept.push_back(hit);
  }
  hits = std::move(kept);
}

std::vector<FoundForm> FormSearch::Find(std::string_view text) const { return Find(text, text); }

std::vector<FoundForm> FormSearch::Find(std::string_view text, std::string_view whole) const {
  std::vector<FoundForm> found;
  const std::vector<Hit> hits = Hits(text);
  std::vector<Hit> open;  // may hold what comes
  const Hit* last = nullptr;
  for (const Hit& hit : hits) {
    std::erase_if(open, [&hit](const Hit& outer) { return outer.end <= hit.begin; });
    const bool explained =
        std::ranges::any_of(open, [&](const Hit& outer) { return Explains(outer, hit); });
    if (explained) continue;
    open.push_back(hit);
    const Form& form = forms_[hit.form];
    if (last != nullptr && IsSamePlace(*last, hit)) {
      if (form.encoding != found.back().encoding) {
        found.back().other_encodings.push_back(form.encoding);
      }
      continue;
    }
    last = &hit;
    FoundForm& place = found.emplace_back();
    place.value = form.value;
    place.at = hit.begin;
    place.span = form.inside ? *form.inside : SpanOf(whole, hit.begin, hit.end - hit.begin);
    place.encoding = form.encoding;
    place.nested = form.nested;
    place.is_container = form.inside.has_value();
  }
  return found;
}

}  // namespace watertight::generator
