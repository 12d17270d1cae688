#include "cli/redaction.h"

#include <strings.h>

#include <map>
#include <set>
#include <unordered_map>

#include "framework/image/path.h"
#include "framework/scan/also_hidden.h"
#include "framework/scan/document.h"
#include "framework/scan/step_text.h"
#include "watertight/leaks.h"

namespace watertight::cli {
namespace {

class Redaction {
 public:
  explicit Redaction(const std::vector<Finding>& findings) {
    Add(AlsoHidden::Findings());
    Add(findings);
    for (const Finding& finding : findings) {
      // What is found in a member's name is found because it stands elsewhere too.
      if (finding.rule == "generic-repeated-value") repeated_.insert(finding.value);
    }
  }

  void Apply(const std::string& field, OrderedJson* value) const {
    if (value->is_string()) {
      *value = Hidden(value->get_ref<const std::string&>(), field, in_values_);
    } else if (value->is_array()) {
      for (std::size_t i = 0; i < value->size(); ++i) {
        Apply(field + "[" + std::to_string(i) + "]", &(*value)[i]);
      }
    } else if (value->is_object()) {
      for (auto& [key, member] : value->items()) {
        const std::string step = FieldOfKey(Name(field, key));
        const bool first = field.empty() && step.starts_with('.');
        Apply(first ? step.substr(1) : field + step, &member);
      }
      ApplyToNames(field, value);
    }
  }

 private:
  using ByField = std::map<std::string, std::vector<Finding>>;

  // Of a member's name and of its value the place is the same.
  void Add(const std::vector<Finding>& findings) {
    for (const Finding& finding : findings) {
      const bool in_name = finding.filter.find(" | keys_unsorted[") != std::string::npos;
      ByField& found = in_name ? in_names_ : in_values_;
      found[finding.field].push_back(finding);
      found[finding.field].back().field = kHere;
    }
  }

  static std::string Hidden(const std::string& text, const std::string& field,
                            const ByField& findings) {
    const auto found = findings.find(field);
    return found == findings.end() ? text : Redact(text, kHere, found->second);
  }

  void ApplyToNames(const std::string& field, OrderedJson* object) const {
    if (in_names_.empty() && repeated_.empty()) return;
    OrderedJson renamed = OrderedJson::object();
    for (auto& [key, member] : object->items()) {
      renamed[WithoutRepeated(Name(field, key))] = std::move(member);
    }
    *object = std::move(renamed);
  }

  // A finding in a member's name has the name in its field, redacted.
  std::string Name(const std::string& object, const std::string& key) const {
    for (auto field = in_names_.lower_bound(object);
         field != in_names_.end() && field->first.starts_with(object); ++field) {
      const std::string shown = Redact(key, kHere, field->second);
      if (shown == key) continue;
      const std::string step = FieldOfKey(shown);
      const bool first = object.empty() && step.starts_with('.');
      if (field->first == (first ? step.substr(1) : object + step)) return shown;
    }
    return key;
  }

  std::string WithoutRepeated(std::string name) const {
    for (const std::string& value : repeated_) {
      const std::string shown = Redact(value, "", {WholeOf(value)});
      for (std::size_t at = name.find(value); at != std::string::npos;
           at = name.find(value, at + shown.size())) {
        name.replace(at, value.size(), shown);
      }
    }
    return name;
  }

  static Finding WholeOf(const std::string& value) {
    Finding whole;
    whole.length = value.size();
    return whole;
  }

  static constexpr char kHere[] = "(here)";

  ByField in_names_;
  ByField in_values_;
  std::set<std::string> repeated_;
};

OrderedJson RedactedDocument(const Image& image) {
  const std::string& json = image.config().json;
  OrderedJson document = OrderedJson::parse(IsUtf8(json) ? json : ToUtf8(json));
  Redaction(FindConfigLeaks(image)).Apply("", &document);
  return document;
}

}  // namespace

const OrderedJson* FindMember(const OrderedJson& object, const std::string& name) {
  if (!object.is_object()) return nullptr;
  const auto exact = object.find(name);
  if (exact != object.end()) return &*exact;
  for (auto member = object.begin(); member != object.end(); ++member) {
    if (strcasecmp(member.key().c_str(), name.c_str()) == 0) return &*member;
  }
  return nullptr;
}

std::string Dump(const OrderedJson& value) {
  return value.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

RedactedDocuments::RedactedDocuments(const Image& image) : document_(RedactedDocument(image)) {
  for (Finding& finding : FindHistoryLeaks(image)) {
    if (finding.step) findings_of_step_[*finding.step].push_back(std::move(finding));
  }
  for (auto member = document_.begin(); member != document_.end();) {
    const bool history = strcasecmp(member.key().c_str(), "history") == 0;
    member = history ? document_.erase(member) : std::next(member);
  }
}

const OrderedJson& RedactedDocuments::config() const {
  static const OrderedJson none = OrderedJson::object();
  const OrderedJson* config = FindMember(document_, "config");
  return config != nullptr && config->is_object() ? *config : none;
}

std::string RedactedDocuments::Field(const HistoryStep& step, const char* name) const {
  const std::string field = "history[" + std::to_string(step.index) + "]." + name;
  const std::string key = name;
  const std::string& text = key == "comment"  ? step.comment
                            : key == "author" ? step.author
                                              : step.created_by;
  return Redact(text, field, FindingsOf(step));
}

std::string RedactedDocuments::Step(const HistoryStep& step) const {
  return StepText(step, FindingsOf(step));
}

const std::vector<Finding>& RedactedDocuments::FindingsOf(const HistoryStep& step) const {
  static const std::vector<Finding> none;
  const auto found = findings_of_step_.find(step.index);
  return found == findings_of_step_.end() ? none : found->second;
}

}  // namespace watertight::cli
