// Writes what the library reads of an image as JSON lines, for oracle.py to compare. Computes
// nothing; bytes that may be no text are written in hex.
//
//   watertight_dump app.tar [PLATFORM]

#include <openssl/evp.h>

#include <array>
#include <cstdio>
#include <exception>
#include <iostream>
#include <memory>
#include <string>

#include "watertight/image.h"

namespace watertight {
namespace {

std::string Hex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text = "\"";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text + "\"";
}

std::string Sha256Of(
    const std::function<void(const std::function<void(std::string_view)>&)>& read) {
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                   EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  read(
      [&](std::string_view piece) { EVP_DigestUpdate(context.get(), piece.data(), piece.size()); });
  std::array<unsigned char, 32> digest{};
  EVP_DigestFinal_ex(context.get(), digest.data(), nullptr);
  return Hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string Map(const std::map<std::string, std::string>& map) {
  std::string text = "{";
  for (const auto& [key, value] : map) {
    text += (text.size() > 1 ? ", " : "") + Hex(key) + ": " + Hex(value);
  }
  return text + "}";
}

class Line {
 public:
  explicit Line(const char* what) { text_ = std::string("{\"what\": \"") + what + "\""; }
  ~Line() { std::cout << text_ << "}\n"; }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  Line& Raw(const char* key, const std::string& value) {
    text_ += std::string(", \"") + key + "\": " + value;
    return *this;
  }
  Line& Bytes(const char* key, std::string_view value) { return Raw(key, Hex(value)); }
  template <typename Number>
  Line& Count(const char* key, Number value) {
    return Raw(key, std::to_string(value));
  }

 private:
  std::string text_;
};

void DumpEntry(int layer, const Entry& entry) {
  Line line("entry");
  line.Count("layer", layer)
      .Bytes("path", entry.path())
      .Bytes("stored_name", entry.stored_name())
      .Bytes("type", ToString(entry.type()))
      .Count("mode", entry.mode().bits)
      .Count("uid", entry.uid())
      .Count("gid", entry.gid())
      .Bytes("uname", entry.uname())
      .Bytes("gname", entry.gname())
      .Count("size", entry.size())
      .Count("mtime", entry.mtime())
      .Count("mtime_nanoseconds", entry.mtime_nanoseconds())
      .Bytes("link", entry.link())
      .Raw("xattrs", Map(entry.xattrs()))
      .Raw("pax", Map(entry.pax()))
      .Count("device_major", entry.device_major())
      .Count("device_minor", entry.device_minor())
      .Count("sparse", entry.sparse() ? 1 : 0)
      .Count("header_offset", entry.header_offset())
      .Count("content_offset", entry.content_offset())
      .Count("stored_size", entry.stored_size());
  if (entry.type() == EntryType::kFile) {
    line.Raw("sha256", Sha256Of([&](const auto& sink) { entry.ReadTo(sink); }));
  }
}

void DumpLayer(const Layer& layer) {
  Line("layer")
      .Count("index", layer.index())
      .Bytes("diff_id", layer.diff_id())
      .Bytes("digest", layer.digest())
      .Bytes("blob", layer.blob())
      .Bytes("compression", ToString(layer.compression()))
      .Count("stored_size", layer.stored_size())
      .Count("size", layer.size())
      .Count("step", layer.step().value_or(-1))
      .Bytes("computed", layer.ComputeDiffId());
  for (const Entry& entry : layer.entries()) DumpEntry(layer.index(), entry);
}

void DumpRow(const RootfsEntry& row) {
  Line line("row");
  line.Bytes("path", row.path())
      .Bytes("type", ToString(row.type()))
      .Count("mode", row.mode().bits)
      .Count("uid", row.uid())
      .Count("gid", row.gid())
      .Count("size", row.size())
      .Count("mtime", row.mtime())
      .Bytes("link", row.link())
      .Count("layer", row.layer())
      .Count("content_layer", row.content_layer());
  if (row.type() == EntryType::kFile) {
    line.Raw("sha256", Sha256Of([&](const auto& sink) { row.ReadTo(sink); }));
  }
}

void DumpStored(const StoredEntry& stored) {
  Line("stored")
      .Count("layer", stored.layer)
      .Count("header_offset", stored.entry->header_offset())
      .Bytes("path", stored.entry->path())
      .Count("visible", stored.visible ? 1 : 0)
      .Bytes("how", stored.removed_by ? ToString(stored.removed_by->how) : "")
      .Count("by", stored.removed_by ? stored.removed_by->layer : -1);
}

void Dump(const Image& image) {
  Line("image")
      .Bytes("id", image.id())
      .Bytes("config", image.config().json)
      .Bytes("transport", image.transport())
      .Count("matches", image.history_matches_layers() ? 1 : 0)
      .Count("size", image.size())
      .Count("wasted", image.wasted());
  for (const std::string& tag : image.tags()) Line("tag").Bytes("name", tag);
  for (const HistoryStep& step : image.history()) {
    Line("step")
        .Count("index", step.index)
        .Count("layer", step.layer.value_or(-1))
        .Bytes("created_by", step.created_by)
        .Bytes("comment", step.comment);
  }
  for (const Layer& layer : image.layers()) DumpLayer(layer);
  for (const RootfsEntry& row : image.rootfs()) DumpRow(row);
  for (const StoredEntry& stored : image.stored()) DumpStored(stored);
  for (const Blob& blob : image.blobs()) {
    Line("blob")
        .Bytes("path", blob.path)
        .Count("size", blob.size)
        .Count("referenced", blob.referenced ? 1 : 0);
  }
  for (const Note& note : image.notes()) {
    Line("note")
        .Bytes("code", note.code)
        .Count("layer", note.layer.value_or(-1))
        .Bytes("path", note.path);
  }
  for (const Violation& violation : image.Validate()) {
    Line("violation").Bytes("place", violation.place);
  }
}

}  // namespace
}  // namespace watertight

int main(int argc, char** argv) {
  try {
    if (argc < 2) return 2;
    watertight::OpenOptions options;
    if (argc > 2) options.platform = argv[2];
    watertight::Dump(watertight::Image::Open(argv[1], options));
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 2;
  }
}
