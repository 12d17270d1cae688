#include "cli/finding_json.h"

#include <string>

#include "cli/reports/fingerprint.h"
#include "cli/text.h"
#include "framework/image/path.h"

namespace watertight::cli {
namespace {

OrderedJson OrNull(const std::string& text) {
  return text.empty() ? OrderedJson() : OrderedJson(ToUtf8(text));
}

void AddFate(const std::optional<StoredEntry>& fate, OrderedJson* json) {
  (*json)["visible"] = fate ? OrderedJson(fate->visible) : OrderedJson();
  (*json)["removed_by"] = nullptr;
  if (!fate || !fate->removed_by) return;
  (*json)["removed_by"] = {{"layer", fate->removed_by->layer},
                           {"how", ToString(fate->removed_by->how)}};
}

std::vector<std::string> Utf8(const std::vector<std::string>& texts) {
  std::vector<std::string> utf8;
  for (const std::string& text : texts) utf8.push_back(ToUtf8(text));
  return utf8;
}

}  // namespace

std::vector<std::string> DiffIds(const Image& image) {
  std::vector<std::string> diff_ids;
  for (const Layer& layer : image.layers()) diff_ids.push_back(layer.diff_id());
  return diff_ids;
}

OrderedJson FindingJson(const std::string& reference, const std::vector<std::string>& diff_ids,
                        const CheckFinding& found) {
  const Finding& finding = found.finding;
  OrderedJson json = {
      {"image", reference}, {"rule", finding.rule}, {"level", ToString(finding.level)}};
  json["secret"] = finding.secret > 0 ? OrderedJson(finding.secret) : OrderedJson();
  json["carrier"] = ToString(finding.carrier);
  json["layer"] = finding.layer ? OrderedJson(*finding.layer) : OrderedJson();
  json["diff_id"] = nullptr;
  if (finding.layer) {
    json["diff_id"] = diff_ids[static_cast<std::size_t>(*finding.layer)];
  }
  json["blob"] = OrNull(finding.blob);
  json["path"] = OrNull(finding.path);
  if (!IsUtf8(finding.path)) json["path_base64"] = Base64(finding.path);
  json["field"] = OrNull(finding.field);
  json["name"] = OrNull(finding.name);
  json["about"] = OrNull(found.about);
  if (!finding.allowed.empty()) json["allowed"] = ToUtf8(finding.allowed);
  json["offset"] = finding.offset;
  json["length"] = finding.length;
  json["line"] = finding.line;
  json["column"] = finding.column;
  json["encoding"] = finding.encoding;
  json["nested"] = Utf8(finding.nested);
  json["links"] = Utf8(finding.links);
  AddFate(found.fate, &json);
  json["redacted"] = found.redacted;
  json["fingerprint"] = FingerprintOf(found);
  json["recover"] = found.recover;
  return json;
}

}  // namespace watertight::cli
