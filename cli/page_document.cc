#include "cli/page_document.h"

#include "cli/file_columns.h"
#include "cli/finding_json.h"
#include "cli/inspect.h"
#include "cli/layer_changes.h"
#include "cli/notes.h"
#include "cli/redaction.h"
#include "framework/image/path.h"
#include "framework/scan/also_hidden.h"
#include "framework/scan/fate.h"
#include "framework/scan/finding_text.h"

namespace watertight::cli {
namespace {

// What the checks found beyond what documents are searched for anyhow: no step of the history and
// no variable may show it.
std::vector<Finding> FoundBy(const std::vector<CheckResult>& results) {
  std::vector<Finding> found;
  for (const CheckResult& result : results) {
    for (const CheckFinding& finding : result.findings) found.push_back(finding.finding);
    found.insert(found.end(), result.told.begin(), result.told.end());
  }
  return found;
}

void AddToLayers(const Image& image, OrderedJson* json) {
  std::vector<LayerChanges> changes;
  if (image.unreadable_layers().empty()) changes = CountChanges(image);
  for (const Layer& layer : image.layers()) {
    const auto index = static_cast<std::size_t>(layer.index());
    OrderedJson& shown = (*json)["layers"][index];
    shown["changes"] = nullptr;
    if (!changes.empty()) {
      const LayerChanges& counts = changes[index];
      shown["changes"] = {counts.added, counts.changed, counts.removed};
    }
    const std::string* error = layer.error();
    shown["error"] = error == nullptr ? OrderedJson() : OrderedJson(ToUtf8(*error));
  }
}

void AddToSteps(const Image& image, const RedactedDocuments& documents, OrderedJson* json) {
  for (const HistoryStep& step : image.history()) {
    (*json)["history"][static_cast<std::size_t>(step.index)]["text"] = documents.Step(step);
  }
}

OrderedJson ShownFinding(OrderedJson json, const CheckResult& result, const CheckFinding& found,
                         const FileColumns& columns) {
  json["check"] = result.name;
  json["place"] = PlaceText(found.finding);
  json["fate"] = nullptr;
  json["row"] = nullptr;
  if (!found.fate) return json;
  json["fate"] = FateText(*found.fate);
  const auto row = columns.rows.find(found.fate->entry);
  if (row != columns.rows.end()) json["row"] = row->second;
  return json;
}

void AddChecks(const Image& image, const std::vector<CheckResult>& results,
               const FileColumns& columns, OrderedJson* json) {
  const std::vector<std::string> diff_ids = DiffIds(image);
  for (const char* list : {"checks", "findings", "unsearched"}) {
    (*json)[list] = OrderedJson::array();
  }
  for (const CheckResult& result : results) {
    const bool passed = result.status == CheckStatus::kPassed;
    (*json)["checks"].push_back({{"name", result.name},
                                 {"status", ToString(result.status)},
                                 {"detail", result.detail},
                                 {"message", passed ? "" : result.message}});
    for (const CheckFinding& found : result.findings) {
      (*json)["findings"].push_back(
          ShownFinding(FindingJson(image.reference(), diff_ids, found), result, found, columns));
    }
    for (OrderedJson& note : NotesJson(result.notes)) {
      (*json)["unsearched"].push_back(std::move(note));
    }
  }
}

}  // namespace

std::string ImageDocument(const Image& image, const std::vector<CheckResult>& results) {
  const std::vector<Finding> found = FoundBy(results);
  const AlsoHidden hidden(found);
  const RedactedDocuments documents(image);
  OrderedJson json = InspectJson(image, documents);
  AddToLayers(image, &json);
  AddToSteps(image, documents, &json);
  FileColumns columns = ColumnsOf(image);
  AddChecks(image, results, columns, &json);
  std::string text = Dump(json);
  text.pop_back();
  return text + ",\"files\":" + columns.json + "}";
}

std::string PageDocument(const std::vector<std::string>& images, PageKind kind,
                         const std::vector<std::string>& unopened) {
  std::string text =
      R"({"schema":"watertight.page/1","version":")" WATERTIGHT_VERSION R"(","command":")";
  text += kind == PageKind::kCheck ? "check" : "inspect";
  text += R"(","unopened":)" + Dump(OrderedJson(unopened)) + R"(,"images":[)";
  for (const std::string& image : images) {
    if (&image != &images.front()) text += ',';
    text += image;
  }
  return text + "]}";
}

}  // namespace watertight::cli
