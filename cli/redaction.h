// An image's documents as they may be printed: every value that counts as a leak is replaced by its
// redacted form.

#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>
#include <vector>

#include "watertight/finding.h"
#include "watertight/image.h"

namespace watertight::cli {

using OrderedJson = nlohmann::ordered_json;

class RedactedDocuments {
 public:
  explicit RedactedDocuments(const Image& image);

  // The configuration document, but for its history; keys in its own order.
  const OrderedJson& document() const { return document_; }
  // The object `config` of it, an empty one when there is none.
  const OrderedJson& config() const;

  // A field of a history step: "created_by", "comment", "author".
  std::string Field(const HistoryStep& step, const char* name) const;
  // A step for a person, on one line.
  std::string Step(const HistoryStep& step) const;

 private:
  const std::vector<Finding>& FindingsOf(const HistoryStep& step) const;

  std::unordered_map<int, std::vector<Finding>> findings_of_step_;
  OrderedJson document_;
};

// The member of that name, as Go would find it: exactly, else without regard to case. Null when
// there is none.
const OrderedJson* FindMember(const OrderedJson& object, const std::string& name);

// Compact text of a JSON value; broken UTF-8 becomes U+FFFD.
std::string Dump(const OrderedJson& value);

}  // namespace watertight::cli
