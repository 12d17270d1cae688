#include "cli/diff_report.h"
#include "cli/output.h"
#include "cli/text.h"
#include "framework/image/path.h"

namespace watertight::cli {
namespace {

OrderedJson SideJson(const ComparedImage& side) {
  return {{"reference", side.image.reference()}, {"id", side.image.id()}};
}

void AddBytes(const char* key, std::string_view bytes, OrderedJson* json) {
  (*json)[key] = ToUtf8(bytes);
  if (!IsUtf8(bytes)) (*json)[std::string(key) + "_base64"] = Base64(bytes);
}

// The attributes as in `ls --format json`.
OrderedJson EntryJson(const RootfsEntry* row) {
  if (row == nullptr) return nullptr;
  OrderedJson json = {{"type", ToString(row->type())},
                      {"mode", ToString(row->mode())},
                      {"uid", row->uid()},
                      {"gid", row->gid()},
                      {"size", row->size()},
                      {"mtime", row->mtime()},
                      {"link", nullptr},
                      {"layer", row->layer()}};
  if (row->type() == EntryType::kSymlink) AddBytes("link", row->link(), &json);
  return json;
}

OrderedJson FileJson(const FileChange& file) {
  OrderedJson json;
  AddBytes("path", (file.a != nullptr ? file.a : file.b)->path(), &json);
  json["change"] = ToString(file.change);
  json["attributes"] = file.attributes;
  json["a"] = EntryJson(file.a);
  json["b"] = EntryJson(file.b);
  return json;
}

OrderedJson FieldJson(const FieldChange& field) {
  return {
      {"field", field.field}, {"change", ToString(field.change)}, {"a", field.a}, {"b", field.b}};
}

OrderedJson LayersJson(const ComparedImage& side, std::size_t from) {
  OrderedJson list = OrderedJson::array();
  for (std::size_t i = from; i < side.image.layers().size(); ++i) {
    const Layer& layer = side.image.layers()[i];
    OrderedJson json = {
        {"index", layer.index()}, {"diff_id", layer.diff_id()}, {"size", layer.size()}};
    json["created_by"] = nullptr;
    if (layer.step()) {
      const auto& step = side.image.history()[static_cast<std::size_t>(*layer.step())];
      json["created_by"] = side.documents.Field(step, "created_by");
    }
    list.push_back(std::move(json));
  }
  return list;
}

OrderedJson StepsJson(const ComparedImage& side, std::size_t from) {
  OrderedJson list = OrderedJson::array();
  for (std::size_t i = from; i < side.image.history().size(); ++i) {
    const HistoryStep& step = side.image.history()[i];
    list.push_back({{"index", step.index},
                    {"created_by", side.documents.Field(step, "created_by")},
                    {"comment", side.documents.Field(step, "comment")},
                    {"author", side.documents.Field(step, "author")},
                    {"created", step.created}});
  }
  return list;
}

}  // namespace

void WriteDiffJson(const ComparedImage& a, const ComparedImage& b, const ImageDiff& diff,
                   Output& out) {
  OrderedJson json = {{"schema", "watertight.diff/1"}};
  json["a"] = SideJson(a);
  json["b"] = SideJson(b);
  json["equal"] = diff.empty();
  json["files"] = OrderedJson::array();
  for (const FileChange& file : diff.files) json["files"].push_back(FileJson(file));
  json["config"] = OrderedJson::array();
  for (const FieldChange& field : diff.fields) json["config"].push_back(FieldJson(field));
  json["layers"] = {{"shared", diff.shared_layers},
                    {"a", LayersJson(a, diff.shared_layers)},
                    {"b", LayersJson(b, diff.shared_layers)}};
  json["history"] = {{"shared", diff.shared_steps},
                     {"other_times", diff.steps_of_other_times},
                     {"a", StepsJson(a, diff.shared_steps)},
                     {"b", StepsJson(b, diff.shared_steps)}};
  out.Write(json.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n");
}

}  // namespace watertight::cli
