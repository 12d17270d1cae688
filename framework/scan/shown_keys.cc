#include "framework/scan/shown_keys.h"

#include <set>
#include <string_view>

#include "framework/scan/also_hidden.h"
#include "watertight/leaks.h"

namespace watertight {
namespace {

std::string Member(const std::string& object, const std::string& name) {
  const std::string member = FieldOfKey(name);
  return object.empty() && member.front() == '.' ? member.substr(1) : object + member;
}

}  // namespace

// Of a name that an object has twice, jq keeps the first place.
std::size_t ShownKeys::IndexOf(std::size_t string) const {
  std::set<std::string_view> before;
  for (std::size_t i = 0; i < string; ++i) {
    const DocumentString& other = strings_[i];
    if (!other.is_key || other.field != strings_[string].field) continue;
    if (other.text == strings_[string].text) break;
    before.insert(other.text);
  }
  return before.size();
}

void ShownKeys::AddName(std::size_t string, std::vector<Finding>* findings) {
  const DocumentString& key = strings_[string];
  Name name;
  name.object = key.field;
  name.field = Member(key.field, key.text);
  name.shown = Member(key.field, AlsoHidden::Without(Redact(key.text, key.field, *findings)));
  if (findings->empty() && name.shown == name.field) return;
  name.index = IndexOf(string);
  for (Finding& finding : *findings) {
    finding.field = name.shown;
    finding.filter = "." + key.field + " | keys_unsorted[" + std::to_string(name.index) + "]";
  }
  if (name.shown != name.field) names_.push_back(std::move(name));
}

void ShownKeys::Hide(Finding* finding) const {
  for (auto name = names_.rbegin(); name != names_.rend(); ++name) {
    std::string& field = finding->field;
    if (!field.starts_with(name->field)) continue;
    const std::string rest = field.substr(name->field.size());
    if (!rest.empty() && rest.front() != '.' && rest.front() != '[') continue;
    const std::string member = "." + name->object + " | [.[]][" + std::to_string(name->index) + "]";
    if (finding->filter.empty()) {
      finding->filter = member + rest;
    } else {
      // The filter of what stands within begins with the same place.
      finding->filter = member + finding->filter.substr(1 + name->field.size());
    }
    field = name->shown + rest;
  }
}

}  // namespace watertight
