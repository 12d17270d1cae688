#include "cli/image_diff.h"

#include <algorithm>
#include <map>

#include "framework/image/contents.h"
#include "framework/scan/document.h"

namespace watertight::cli {
namespace {

bool SameLayer(const Image& a, int a_layer, const Image& b, int b_layer) {
  return a.layers()[static_cast<std::size_t>(a_layer)].diff_id() ==
         b.layers()[static_cast<std::size_t>(b_layer)].diff_id();
}

bool AreFiles(const RootfsEntry& a, const RootfsEntry& b) {
  return a.type() == EntryType::kFile && b.type() == EntryType::kFile;
}

// Whether nothing but their bytes can tell two files apart.
bool BytesDecide(const Image& a, const RootfsEntry& in_a, const Image& b, const RootfsEntry& in_b) {
  if (!AreFiles(in_a, in_b) || in_a.size() != in_b.size() || in_a.size() == 0) return false;
  return !SameLayer(a, in_a.content_layer(), b, in_b.content_layer()) ||
         in_a.content().content_offset() != in_b.content().content_offset();
}

struct Attribute {
  const char* name;
  bool (*same)(const RootfsEntry& a, const RootfsEntry& b);
};
constexpr Attribute kAttributes[] = {
    {"type", [](const RootfsEntry& a, const RootfsEntry& b) { return a.type() == b.type(); }},
    {"mode", [](const RootfsEntry& a, const RootfsEntry& b) { return a.mode() == b.mode(); }},
    {"owner", [](const RootfsEntry& a,
                 const RootfsEntry& b) { return a.uid() == b.uid() && a.gid() == b.gid(); }},
    {"size", [](const RootfsEntry& a, const RootfsEntry& b) { return a.size() == b.size(); }},
    {"link", [](const RootfsEntry& a, const RootfsEntry& b) { return a.link() == b.link(); }},
    {"device",
     [](const RootfsEntry& a, const RootfsEntry& b) {
       return a.content().device_major() == b.content().device_major() &&
              a.content().device_minor() == b.content().device_minor();
     }},
    {"xattrs", [](const RootfsEntry& a, const RootfsEntry& b) {
       return a.content().xattrs() == b.content().xattrs();
     }}};

bool SameTime(const RootfsEntry& a, const RootfsEntry& b) {
  return a.mtime() == b.mtime() &&
         a.content().mtime_nanoseconds() == b.content().mtime_nanoseconds();
}

struct Comparison {
  const Image& a;
  const Image& b;
  const DiffOptions& options;
  ContentHashes hashes_of_a = {};
  ContentHashes hashes_of_b = {};

  bool SameContent(const RootfsEntry& in_a, const RootfsEntry& in_b) const {
    if (!BytesDecide(a, in_a, b, in_b)) return !AreFiles(in_a, in_b) || in_a.size() == in_b.size();
    return hashes_of_a.Of(in_a) == hashes_of_b.Of(in_b);
  }

  std::vector<std::string> DifferingAttributes(const RootfsEntry& in_a,
                                               const RootfsEntry& in_b) const {
    std::vector<std::string> differing;
    for (const Attribute& attribute : kAttributes) {
      if (!attribute.same(in_a, in_b)) differing.emplace_back(attribute.name);
    }
    if (!SameContent(in_a, in_b)) differing.emplace_back("content");
    if (!options.ignore_times && !SameTime(in_a, in_b)) differing.emplace_back("mtime");
    return differing;
  }
};

// Calls visit with the two rows of each path, one of them null when an image lacks it. Rows are
// sorted by path.
template <typename Visit>
void ForEachPath(const Rootfs& a, const Rootfs& b, Visit visit) {
  auto in_a = a.begin();
  auto in_b = b.begin();
  while (in_a != a.end() || in_b != b.end()) {
    if (in_b == b.end() || (in_a != a.end() && in_a->path() < in_b->path())) {
      visit(&*in_a++, nullptr);
    } else if (in_a == a.end() || in_b->path() < in_a->path()) {
      visit(nullptr, &*in_b++);
    } else {
      visit(&*in_a++, &*in_b++);
    }
  }
}

std::vector<FileChange> CompareFiles(const Image& a, const Image& b, const DiffOptions& options) {
  Comparison comparison{a, b, options};
  ForEachPath(a.rootfs(), b.rootfs(), [&](const RootfsEntry* in_a, const RootfsEntry* in_b) {
    if (in_a == nullptr || in_b == nullptr || !BytesDecide(a, *in_a, b, *in_b)) return;
    comparison.hashes_of_a.Want(*in_a);
    comparison.hashes_of_b.Want(*in_b);
  });
  comparison.hashes_of_a.Compute(a);
  comparison.hashes_of_b.Compute(b);
  std::vector<FileChange> changes;
  ForEachPath(a.rootfs(), b.rootfs(), [&](const RootfsEntry* in_a, const RootfsEntry* in_b) {
    if (in_a == nullptr || in_b == nullptr) {
      changes.push_back({in_a == nullptr ? Change::kAdded : Change::kRemoved, in_a, in_b, {}});
      return;
    }
    auto attributes = comparison.DifferingAttributes(*in_a, *in_b);
    if (!attributes.empty()) {
      changes.push_back({Change::kChanged, in_a, in_b, std::move(attributes)});
    }
  });
  return changes;
}

// The configuration as fields with values.

using Fields = std::map<std::string, OrderedJson>;

// A name that is set twice is two fields.
void AddField(std::string field, const OrderedJson& value, Fields* fields) {
  const std::string first = field;
  for (int i = 2; fields->count(field) != 0; ++i) field = first + " (" + std::to_string(i) + ")";
  fields->emplace(std::move(field), value);
}

// Builders differ in whether they write such members at all.
bool SaysNothing(const OrderedJson& value) {
  const bool empty_text = value.is_string() && value.get_ref<const std::string&>().empty();
  const bool empty_list = value.is_structured() && value.empty();
  return value.is_null() || empty_text || empty_list || value == OrderedJson(false);
}

// By names: the place in the list says nothing.
void AddEnv(const std::string& field, const OrderedJson& list, Fields* fields) {
  for (const OrderedJson& item : list) {
    const std::string text = item.is_string() ? item.get<std::string>() : Dump(item);
    const std::size_t equals = text.find('=');
    const bool has_value = equals != std::string::npos;
    AddField(field + FieldOfKey(text.substr(0, equals)),
             has_value ? OrderedJson(text.substr(equals + 1)) : OrderedJson(true), fields);
  }
}

void AddFields(const std::string& field, const OrderedJson& value, Fields* fields) {
  if (SaysNothing(value)) return;
  if (value.is_array() && field.ends_with("onfig.Env")) {
    AddEnv(field, value, fields);
  } else if (value.is_object()) {
    for (const auto& [key, member] : value.items()) {
      const std::string step = FieldOfKey(key);
      const bool first = field.empty() && step.starts_with('.');
      AddFields(first ? step.substr(1) : field + step, member, fields);
    }
  } else {
    AddField(field, value, fields);
  }
}

// The document but for what has sections of its own: layers and, when they are ignored, times.
Fields FieldsOf(const RedactedDocuments& documents, const DiffOptions& options) {
  Fields fields;
  AddFields("", documents.document(), &fields);
  std::erase_if(fields, [&](const auto& field) {
    return field.first.starts_with("rootfs.") || (options.ignore_times && field.first == "created");
  });
  return fields;
}

std::vector<FieldChange> CompareFields(const Fields& a, const Fields& b) {
  std::vector<FieldChange> changes;
  for (const auto& [field, value] : a) {
    const auto other = b.find(field);
    if (other == b.end()) {
      changes.push_back({Change::kRemoved, field, value, {}});
    } else if (other->second != value) {
      changes.push_back({Change::kChanged, field, value, other->second});
    }
  }
  for (const auto& [field, value] : b) {
    if (a.count(field) == 0) changes.push_back({Change::kAdded, field, {}, value});
  }
  std::sort(changes.begin(), changes.end(),
            [](const FieldChange& x, const FieldChange& y) { return x.field < y.field; });
  return changes;
}

template <typename Items, typename Same>
std::size_t SharedPrefix(const Items& a, const Items& b, Same same) {
  std::size_t shared = 0;
  while (shared < a.size() && shared < b.size() && same(a[shared], b[shared])) ++shared;
  return shared;
}

bool SameStep(const HistoryStep& a, const HistoryStep& b) {
  return a.created_by == b.created_by && a.comment == b.comment && a.author == b.author &&
         a.empty_layer == b.empty_layer;
}

}  // namespace

const char* ToString(Change change) {
  constexpr const char* kNames[] = {"added", "removed", "changed"};
  return kNames[static_cast<int>(change)];
}

ImageDiff CompareImages(const Image& a, const RedactedDocuments& a_documents, const Image& b,
                        const RedactedDocuments& b_documents, const DiffOptions& options) {
  ImageDiff diff;
  diff.files = CompareFiles(a, b, options);
  diff.fields = CompareFields(FieldsOf(a_documents, options), FieldsOf(b_documents, options));
  diff.shared_layers = SharedPrefix(
      a.layers(), b.layers(),
      [](const Layer& in_a, const Layer& in_b) { return in_a.diff_id() == in_b.diff_id(); });
  diff.layers_differ = diff.shared_layers < std::max(a.layers().size(), b.layers().size());
  diff.shared_steps = SharedPrefix(a.history(), b.history(), SameStep);
  for (std::size_t i = 0; i < diff.shared_steps && !options.ignore_times; ++i) {
    if (a.history()[i].created != b.history()[i].created) ++diff.steps_of_other_times;
  }
  diff.history_differs = diff.steps_of_other_times > 0 ||
                         diff.shared_steps < std::max(a.history().size(), b.history().size());
  return diff;
}

}  // namespace watertight::cli
