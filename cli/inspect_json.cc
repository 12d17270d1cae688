#include <future>
#include <optional>
#include <string>
#include <system_error>

#include "cli/inspect.h"
#include "cli/layer_changes.h"
#include "cli/notes.h"
#include "cli/output.h"
#include "cli/redaction.h"
#include "framework/image/path.h"

namespace watertight::cli {
namespace {

OrderedJson OrNull(const std::string& text) {
  return text.empty() ? OrderedJson() : OrderedJson(ToUtf8(text));
}

OrderedJson OrNull(const std::optional<int>& number) {
  return number ? OrderedJson(*number) : OrderedJson();
}

OrderedJson SourceJson(const Image& image) {
  return {{"reference", image.reference()},
          {"path", image.archive_path()},
          {"transport", image.transport()},
          {"tags", image.tags()}};
}

OrderedJson ImageJson(const Image& image) {
  const bool complete = image.unreadable_layers().empty();
  OrderedJson json = {{"id", image.id()},
                      {"platform", OrNull(image.config().Platform())},
                      {"created", OrNull(image.config().created)}};
  json["size"] = complete ? OrderedJson(image.size()) : OrderedJson();
  json["wasted"] = complete ? OrderedJson(image.wasted()) : OrderedJson();
  json["hidden_files"] = complete ? OrderedJson(HiddenFiles(image).size()) : OrderedJson();
  return json;
}

OrderedJson LayerJson(const Image& image, const Layer& layer, const RedactedDocuments& documents) {
  OrderedJson json = {
      {"index", layer.index()}, {"diff_id", layer.diff_id()}, {"blob", layer.blob()}};
  for (const char* key : {"digest", "compression", "size", "stored_size", "entries"}) {
    json[key] = nullptr;
  }
  if (layer.error() == nullptr) {
    json["digest"] = layer.digest();
    json["compression"] = ToString(layer.compression());
    json["size"] = layer.size();
    json["stored_size"] = layer.stored_size();
    json["entries"] = layer.entries().size();
  }
  const auto steps = layer.steps();
  json["step"] = OrNull(layer.step());
  json["steps"] = steps ? OrderedJson{steps->first, steps->second} : OrderedJson();
  json["created_by"] = nullptr;
  if (steps) {
    const HistoryStep& step = image.history()[static_cast<std::size_t>(steps->second)];
    json["created_by"] = documents.Field(step, "created_by");
  }
  return json;
}

OrderedJson StepJson(const HistoryStep& step, const RedactedDocuments& documents) {
  return {{"index", step.index},
          {"layer", OrNull(step.layer)},
          {"created_by", documents.Field(step, "created_by")},
          {"comment", documents.Field(step, "comment")},
          {"author", documents.Field(step, "author")},
          {"created", OrNull(step.created)},
          {"empty_layer", step.empty_layer}};
}

OrderedJson AttestationsJson(const Image& image) {
  OrderedJson list = OrderedJson::array();
  for (const Manifest& manifest : image.manifests()) {
    if (manifest.kind != ManifestKind::kAttestation || !manifest.selected) continue;
    for (const Attestation& attestation : manifest.attestations) {
      list.push_back({{"predicate_type", attestation.predicate_type}, {"blob", attestation.blob}});
    }
  }
  return list;
}

// Hashing a compressed layer and inflating it take about as long: side by side. What fails is told
// where it is asked for again.
std::future<void> HashLayers(const Image& image) {
  const auto hash = [image] {
    for (const Layer& layer : image.layers()) {
      try {
        if (layer.present()) layer.digest();
      } catch (const Error&) {
      }
    }
  };
  try {
    return std::async(std::launch::async, hash);
  } catch (const std::system_error&) {
    return {};  // the system gives no thread: each is hashed when it is asked for
  }
}

}  // namespace

OrderedJson InspectJson(const Image& image, const RedactedDocuments& documents) {
  const std::future<void> hashing = HashLayers(image);
  OrderedJson json = {{"schema", "watertight.inspect/1"}};
  json["source"] = SourceJson(image);
  json["image"] = ImageJson(image);
  json["layers"] = OrderedJson::array();
  for (const Layer& layer : image.layers()) {
    json["layers"].push_back(LayerJson(image, layer, documents));
  }
  json["history"] = OrderedJson::array();
  for (const HistoryStep& step : image.history()) {
    json["history"].push_back(StepJson(step, documents));
  }
  json["history_matches_layers"] = image.history_matches_layers();
  json["config"] = documents.config();
  json["attestations"] = AttestationsJson(image);
  json["notes"] = NotesJson(image.notes());
  return json;
}

void WriteInspectJson(const Image& image, Output& out) {
  RequireReadable(image);
  const OrderedJson json = InspectJson(image, RedactedDocuments(image));
  out.Write(json.dump(2, ' ', false, OrderedJson::error_handler_t::replace));
  out.Write("\n");
}

}  // namespace watertight::cli
