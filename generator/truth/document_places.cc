#include "generator/truth/document_places.h"

#include <algorithm>
#include <cctype>
#include <functional>
#include <map>
#include <utility>

#include "generator/archives/json.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

using Files = std::map<std::string, const Rope*>;

// Documents, each parsed once.
class Documents {
 public:
  explicit Documents(const Files& files) : files_(files) {}

  // Null for what is missing, no JSON, or neither object nor list.
  const Json* Find(const std::string& name) {
    const auto [known, is_new] = parsed_.try_emplace(name);
    if (is_new) known->second = Parse(name);
    return known->second.is_object() || known->second.is_array() ? &known->second : nullptr;
  }

 private:
  Json Parse(const std::string& name) const {
    const auto file = files_.find(name);
    if (file == files_.end()) return {};
    try {
      return ParseJson(file->second->ToString(), name);
    } catch (const Error&) {
      return {};
    }
  }

  const Files& files_;
  std::map<std::string, Json> parsed_;
};

std::string BlobOf(const Json& descriptor) {
  std::string digest = descriptor.TextOf("digest");
  std::ranges::replace(digest, ':', '/');
  return "blobs/" + digest;
}

class Reach {
 public:
  explicit Reach(Documents& documents) : documents_(documents) {}

  std::set<std::string> Walk() {
    reached_ = {"manifest.json", "index.json", "oci-layout", "repositories"};
    if (const Json* images = documents_.Find("manifest.json")) {
      for (const Json& image : images->items()) {
        reached_.insert(image.TextOf("Config"));
      }
    }
    if (const Json* index = documents_.Find("index.json")) WalkDocument(*index);
    return std::move(reached_);
  }

 private:
  void WalkDocument(const Json& document) {
    for (const char* key : {"config", "layers", "manifests"}) {
      const Json* below = document.Find(key);
      if (below == nullptr) continue;
      if (below->is_object()) reached_.insert(BlobOf(*below));
      for (const Json& descriptor : below->items()) {
        const std::string blob = BlobOf(descriptor);
        const bool is_new = reached_.insert(blob).second;
        const Json* inner = is_new && key[0] == 'm' ? documents_.Find(blob) : nullptr;
        if (inner != nullptr) WalkDocument(*inner);
      }
    }
  }

  Documents& documents_;
  std::set<std::string> reached_;
};

bool IsBare(const std::string& key) {
  const auto letter = [](unsigned char c) { return std::isalpha(c) != 0 || c == '_'; };
  return !key.empty() && letter(static_cast<unsigned char>(key[0])) &&
         std::ranges::all_of(
             key, [&](unsigned char c) { return letter(c) || std::isdigit(c) != 0 || c == '-'; });
}

// Only what JSON must escape; not what Go also does.
std::string Quoted(const std::string& key) {
  std::string quoted = "\"";
  for (const char c : key) {
    constexpr std::string_view kPlain = "\"\\\b\f\n\r\t";
    constexpr std::string_view kNames = "\"\\bfnrt";
    const std::size_t index = kPlain.find(c);
    if (index != std::string_view::npos) {
      quoted += {'\\', kNames[index]};
    } else if (static_cast<unsigned char>(c) < 0x20) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      quoted += "\\u00";
      quoted += kDigits[static_cast<unsigned char>(c) >> 4];
      quoted += kDigits[static_cast<unsigned char>(c) & 15];
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

using TakeField = std::function<void(const std::string& field, const std::string& text)>;

// Every string and every key.
void EachField(const Json& value, const std::string& name, const TakeField& take) {
  if (value.kind() == Json::Kind::kString) take(name, value.text());
  for (std::size_t i = 0; i < value.items().size(); ++i) {
    EachField(value.items()[i], name + "[" + std::to_string(i) + "]", take);
  }
  for (const auto& [key, member] : value.members()) {
    std::string below = name;
    if (!IsBare(key)) {
      below += "[" + Quoted(key) + "]";
    } else {
      below += (name.empty() ? "" : ".") + key;
    }
    take(below, key);
    EachField(member, below, take);
  }
}

std::string CarrierOf(bool is_config, const Json& document, const std::string& field) {
  if (is_config) return field.starts_with("history[") ? "history" : "config";
  if (document.Find("predicateType") != nullptr || document.Find("_type") != nullptr) {
    return "attestation";
  }
  return field.find("annotations") != field.npos ? "annotation" : "manifest";
}

}  // namespace

std::vector<ArchiveText> TextsOf(const Archive& archive, const std::set<std::string>& layers) {
  Files files;
  std::vector<std::string> names;
  for (const TarEntry& entry : archive.entries) {
    if (entry.type != '0' || layers.contains(entry.name)) continue;
    if (files.emplace(entry.name, &entry.content).second) names.push_back(entry.name);
  }
  Documents documents(files);
  const std::set<std::string> reached = Reach(documents).Walk();
  std::vector<ArchiveText> texts;
  for (const std::string& name : names) {
    const Json* document = reached.contains(name) ? documents.Find(name) : nullptr;
    if (document == nullptr) {
      texts.push_back({"blob", name, {}, files.at(name)->ToString()});
      continue;
    }
    const bool is_config = name == archive.images.front().config_path;
    EachField(*document, "", [&](const std::string& field, const std::string& text) {
      texts.push_back({CarrierOf(is_config, *document, field), name, field, text});
    });
  }
  return texts;
}

}  // namespace watertight::generator
