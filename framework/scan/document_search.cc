#include "framework/scan/document_search.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "framework/image/decompress.h"
#include "framework/image/documents.h"
#include "framework/image/json.h"
#include "framework/image/path.h"
#include "framework/image/streams.h"
#include "framework/scan/also_hidden.h"
#include "framework/scan/archive_search.h"
#include "framework/scan/document.h"
#include "framework/scan/document_leaks.h"
#include "framework/scan/places.h"
#include "framework/scan/shown_keys.h"
#include "framework/scan/text_findings.h"

namespace watertight {
namespace {

using internal::ImageState;

// Files of the archive that only other images need.
class OtherImages {
 public:
  explicit OtherImages(const ImageState& image) : image_(image) {
    for (const Manifest& manifest : image.manifests) {
      if (manifest.kind == ManifestKind::kDockerArchive) AddDockerImages(manifest.json);
      const bool image_of_other =
          !manifest.selected &&
          (manifest.kind == ManifestKind::kImage || manifest.kind == ManifestKind::kAttestation);
      AddManifest(manifest, image_of_other ? &theirs_ : &ours_);
    }
    for (const internal::LayerState& layer : image.layer_states) ours_.insert(layer.blob);
    ours_.insert(image.config.blob);
  }

  bool Own(const std::string& path) const {
    return theirs_.count(path) != 0 && ours_.count(path) == 0;
  }

 private:
  void Add(std::string path, std::set<std::string>* files) const {
    if (image_.archive.Find(&path) != nullptr) files->insert(path);
  }

  void AddManifest(const Manifest& manifest, std::set<std::string>* files) {
    files->insert(manifest.blob);
    if (manifest.config) Add(BlobPath(manifest.config->digest), files);
    for (const Descriptor& layer : manifest.layers) Add(BlobPath(layer.digest), files);
  }

  void AddDockerImages(const std::string& json) {
    std::vector<Note> notes;
    for (const Json& element : ParseJson(json, "manifest.json", &notes)) {
      const JsonObject image(element, "manifest.json");
      Add(CleanName(image.String("Config")).path, &theirs_);
      for (const std::string& layer : image.Strings("Layers")) {
        Add(CleanName(layer).path, &theirs_);
      }
    }
  }

  const ImageState& image_;
  std::set<std::string> theirs_;
  std::set<std::string> ours_;
};

class DocumentSearch {
 public:
  DocumentSearch(const ImageState& image, const ValueSet& set, const SearchLimits& limits,
                 ValueSearch* result)
      : image_(image),
        set_(set),
        texts_(set),
        contents_(set, limits),
        result_(result),
        notes_(&result->notes) {}

  void Run() {
    const OtherImages others(image_);
    std::set<std::string> layers;
    for (const internal::LayerState& layer : image_.layer_states) layers.insert(layer.blob);
    for (const Blob& blob : image_.blobs) {
      if (layers.count(blob.path) != 0 || others.Own(blob.path)) continue;
      notes_ = BoundedNotes(&result_->notes);
      if (!blob.referenced || !SearchJson(blob)) SearchBytes(blob);
      notes_.Finish(std::nullopt, blob.path);
      if (!blob.referenced && set_.rules() != nullptr) AddByNamesAsBytes(blob);
    }
    SearchArchive(image_, set_, &contents_, result_);
  }

 private:
  // False for what is no JSON.
  bool SearchJson(const Blob& blob) {
    if (blob.size > image_.options.limits.json_bytes) return false;
    std::string json;
    try {
      json = ReadMember(image_.archive, blob.path, image_.options.limits.json_bytes);
    } catch (const Error& error) {
      result_->unreadable.push_back(image_.Name() + ": " + error.what());
      return true;
    }
    const std::vector<DocumentString> strings = ReadDocument(json);
    if (strings.empty()) return false;
    const bool statement = std::any_of(strings.begin(), strings.end(), TellsOfAttestation);
    const std::size_t first = result_->findings.size();
    std::set<int> values;
    ShownKeys keys(strings);
    for (std::size_t i = 0; i < strings.size(); ++i) {
      std::vector<Finding> findings = SearchString(blob, strings[i], statement, &values);
      if (strings[i].is_key) keys.AddName(i, &findings);
      for (Finding& finding : findings) result_->findings.push_back(std::move(finding));
    }
    for (std::size_t i = first; i < result_->findings.size(); ++i) {
      keys.Hide(&result_->findings[i]);
    }
    if (set_.rules() != nullptr) AddByNames(blob, json, statement, keys);
    // Numbers, a value that is itself JSON, and bytes that are no UTF-8.
    texts_.Take(json);
    for (const FoundValue& found : texts_.Finish()) {
      if (IsByName(found)) continue;
      if (values.count(found.secret) == 0) Add(blob, CarrierOf(blob, "", statement), found);
    }
    return true;
  }

  // Of in-toto statements, the envelopes that sign them (DSSE), and Sigstore's bundles of these.
  static bool TellsOfAttestation(const DocumentString& string) {
    if (!string.is_key) return false;
    if (string.field == "dsseEnvelope") return string.text == "payloadType";
    constexpr std::string_view kKeys[] = {"predicateType", "_type", "payloadType"};
    return string.field.empty() &&
           std::find(std::begin(kKeys), std::end(kKeys), string.text) != std::end(kKeys);
  }

  std::vector<Finding> SearchString(const Blob& blob, const DocumentString& string, bool statement,
                                    std::set<int>* values) {
    texts_.Take(string.text);
    std::vector<Finding> findings;
    for (const FoundValue& found : texts_.Finish()) {
      values->insert(found.secret);
      findings.push_back(FindingOf(found, CarrierOf(blob, string.field, statement), set_));
      findings.back().blob = blob.path;
      findings.back().field = string.field;
      if (blob.path == image_.config.blob && string.step) SetStep(*string.step, &findings.back());
    }
    if (texts_.unread() > 0) NoteUnread(blob, string.field);
    return findings;
  }

  // Of strings alone: in the JSON text their escapes may cut a stream that is whole.
  void NoteUnread(const Blob& blob, const std::string& field) {
    const std::string where = field.empty() ? "" : "in " + Printable(field) + ": ";
    notes_.Add(std::nullopt, blob.path, where + DescribeUnread(texts_.unread()));
  }

  // A document's strings tell better what a name is bound to.
  bool IsByName(const FoundValue& found) const {
    if (found.secret > 0) return false;
    const std::string_view id = set_.rules()->rows()[RuleOfNumber(found.secret)].id;
    return id.starts_with("generic-");
  }

  // What the names of variables, options and keys tell, where no rule of a kind tells more.
  void AddByNames(const Blob& blob, const std::string& json, bool statement,
                  const ShownKeys& keys) {
    const AlsoHidden values(ValuesAlone());
    std::map<std::string, Places> taken;
    for (const Finding& finding : result_->findings) {
      if (finding.blob != blob.path || finding.secret != 0) continue;
      taken[finding.field].Add(finding.offset, finding.offset + finding.length);
    }
    for (Finding& finding : FindDocumentLeaks(json, {})) {
      keys.Hide(&finding);
      finding.name = WithoutValues(std::move(finding.name));
      if (taken[finding.field].Overlaps(finding.offset, finding.offset + finding.length)) continue;
      const std::optional<int> step = finding.step;
      finding.carrier = CarrierOf(blob, finding.field, statement);
      finding.blob = blob.path;
      finding.step.reset();
      if (blob.path == image_.config.blob && step) SetStep(*step, &finding);
      result_->findings.push_back(std::move(finding));
    }
  }

  // The same of a JSON text that nothing refers to, whose places are those of its bytes.
  void AddByNamesAsBytes(const Blob& blob) {
    if (blob.size > image_.options.limits.json_bytes) return;
    std::string json;
    try {
      json = ReadMember(image_.archive, blob.path, image_.options.limits.json_bytes);
    } catch (const Error&) {
      return;  // the search of the bytes tells of it
    }
    Places taken;
    for (const Finding& finding : result_->findings) {
      const bool other = finding.blob != blob.path || finding.layer || finding.secret != 0;
      if (other || !finding.nested.empty()) continue;
      taken.Add(finding.offset, finding.offset + finding.length);
    }
    for (const Finding& leak : FindDocumentLeaks(json, {})) {
      std::size_t at = json.find(leak.value);
      for (; at != std::string::npos; at = json.find(leak.value, at + leak.value.size())) {
        const std::size_t end = at + leak.value.size();
        if (taken.Overlaps(at, end)) continue;
        taken.Add(at, end);
        Finding finding;
        finding.rule = leak.rule;
        finding.carrier = Carrier::kBlob;
        finding.blob = blob.path;
        finding.name = WithoutValues(leak.name);
        finding.offset = at;
        finding.length = leak.value.size();
        finding.column = at + 1;
        finding.value = leak.value;
        result_->findings.push_back(std::move(finding));
      }
    }
  }

  // The values that are looked for, without a place: for names that must not tell them.
  std::vector<Finding> ValuesAlone() const {
    std::vector<Finding> alone;
    for (const std::string& value : set_.values()) {
      alone.emplace_back();
      alone.back().secret = static_cast<int>(alone.size());
      alone.back().carrier = Carrier::kConfig;
      alone.back().field = "(no place)";
      alone.back().value = value;
    }
    return alone;
  }

  // No name may tell what else is looked for.
  std::string WithoutValues(std::string name) const {
    for (const std::string& value : set_.values()) name = WithoutValue(std::move(name), value);
    return name;
  }

  void SetStep(int step, Finding* finding) const {
    finding->carrier = Carrier::kHistory;
    finding->step = step;
    const auto index = static_cast<std::size_t>(step);
    if (index < image_.history.size()) finding->layer = image_.history[index].layer;
  }

  Carrier CarrierOf(const Blob& blob, const std::string& field, bool statement) const {
    if (blob.path == image_.config.blob) return Carrier::kConfig;
    if (statement) return Carrier::kAttestation;
    const bool annotation = field.find("annotations") != std::string::npos;
    return annotation ? Carrier::kAnnotation : Carrier::kManifest;
  }

  void Add(const Blob& blob, Carrier carrier, const FoundValue& found) {
    Finding finding = FindingOf(found, carrier, set_);
    finding.blob = blob.path;
    result_->findings.push_back(std::move(finding));
  }

  void SearchBytes(const Blob& blob) {
    const ContentSearch::Sink sink = {[&](ContentFinding found) {
                                        Add(blob, Carrier::kBlob, found.value);
                                        result_->findings.back().nested = std::move(found.nested);
                                      },
                                      [&](const ContentPath& path, const std::string& text) {
                                        notes_.Add(std::nullopt, blob.path,
                                                   DescribeLeftOut(path, text));
                                      }};
    const SharedBytes& bytes = image_.archive.members.at(blob.path).bytes;
    try {
      const std::unique_ptr<ByteStream> stream = StoredStream(bytes);
      contents_.Search(stream.get(), blob.size, {}, sink);
    } catch (const Error& error) {
      result_->unreadable.push_back(image_.Name() + ": " + Printable(blob.path) + ": " +
                                    error.what());
    }
  }

  const ImageState& image_;
  const ValueSet& set_;
  TextSearch texts_;
  ContentSearch contents_;
  ValueSearch* result_;
  BoundedNotes notes_;  // of the blob that is searched
};

}  // namespace

void AddDocumentFindings(const ImageState& image, const ValueSet& set, const SearchLimits& limits,
                         ValueSearch* result) {
  DocumentSearch(image, set, limits, result).Run();
}

}  // namespace watertight
