#include "cli/redaction.h"

#include <strings.h>

#include "framework/image/path.h"
#include "framework/scan/document.h"
#include "framework/scan/step_text.h"
#include "watertight/leaks.h"

namespace watertight::cli {
namespace {

void RedactStrings(const std::string& field, const std::vector<Finding>& findings,
                   OrderedJson* value) {
  if (value->is_string()) {
    *value = Redact(value->get_ref<const std::string&>(), field, findings);
  } else if (value->is_array()) {
    for (std::size_t i = 0; i < value->size(); ++i) {
      RedactStrings(field + "[" + std::to_string(i) + "]", findings, &(*value)[i]);
    }
  } else if (value->is_object()) {
    for (auto& [key, member] : value->items()) {
      const std::string step = FieldOfKey(key);
      const bool first = field.empty() && step.starts_with('.');
      RedactStrings(first ? step.substr(1) : field + step, findings, &member);
    }
  }
}

OrderedJson RedactedDocument(const Image& image) {
  const std::string& json = image.config().json;
  OrderedJson document = OrderedJson::parse(IsUtf8(json) ? json : ToUtf8(json));
  RedactStrings("", FindConfigLeaks(image), &document);
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

RedactedDocuments::RedactedDocuments(const Image& image)
    : history_findings_(FindHistoryLeaks(image)), document_(RedactedDocument(image)) {
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
  return Redact(text, field, history_findings_);
}

std::string RedactedDocuments::Step(const HistoryStep& step) const {
  return StepText(step, history_findings_);
}

}  // namespace watertight::cli
