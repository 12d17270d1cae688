// One line for each public type, for GoogleTest and for people.

#include <string>

#include "framework/image/path.h"
#include "watertight/image.h"

namespace watertight {

const char* ToString(ErrorCode code) {
  constexpr const char* kNames[] = {
      "Usage",   "NotFound", "Io",          "NotAnImage",   "SeveralImages", "Truncated",
      "Corrupt", "BadJson",  "MissingBlob", "Inconsistent", "LimitExceeded", "Unsupported"};
  return kNames[static_cast<int>(code)];
}

void PrintTo(ErrorCode code, std::ostream* out) { *out << ToString(code); }

void PrintTo(const Error& error, std::ostream* out) {
  *out << ToString(error.code()) << ": " << error.what();
}

void PrintTo(const Note& note, std::ostream* out) {
  *out << note.code;
  if (note.layer) *out << ", layer " << *note.layer;
  if (!note.path.empty()) *out << ", " << Printable(note.path);
  *out << ": " << note.text;
}

void PrintTo(const Violation& violation, std::ostream* out) {
  *out << violation.place << ": " << violation.text;
}

const char* RuntimeConfig::FindEnv(const std::string& name) const {
  for (auto it = env.rbegin(); it != env.rend(); ++it) {
    if (it->size() > name.size() && it->starts_with(name) && (*it)[name.size()] == '=') {
      return it->c_str() + name.size() + 1;
    }
  }
  return nullptr;
}

std::string Config::Platform() const {
  if (os.empty() && architecture.empty()) return "";
  return os + "/" + architecture + (variant.empty() ? "" : "/" + variant);
}

// Values of a configuration may be secrets: only its shape is printed.
void PrintTo(const RuntimeConfig& config, std::ostream* out) {
  *out << "config of user \"" << Printable(config.user) << "\", " << config.env.size()
       << " variables, " << config.labels.size() << " labels";
}

void PrintTo(const Config& config, std::ostream* out) {
  *out << "config (" << Printable(config.Platform()) << ", " << config.diff_ids.size()
       << " layers) of user \"" << Printable(config.user) << "\", " << config.env.size()
       << " variables, " << config.labels.size() << " labels";
}

void PrintTo(const Healthcheck& healthcheck, std::ostream* out) {
  *out << "healthcheck of " << healthcheck.test.size() << " words";
}

void PrintTo(const HistoryStep& step, std::ostream* out) {
  *out << "step " << step.index;
  if (step.layer) *out << ", layer " << *step.layer;
}

void PrintTo(const Descriptor& descriptor, std::ostream* out) {
  *out << Printable(descriptor.digest) << " (" << Printable(descriptor.media_type) << ", "
       << descriptor.size << " bytes)";
}

const char* ToString(ManifestKind kind) {
  constexpr const char* kNames[] = {"docker-archive", "index", "image", "attestation"};
  return kNames[static_cast<int>(kind)];
}

void PrintTo(ManifestKind kind, std::ostream* out) { *out << ToString(kind); }

void PrintTo(const Manifest& manifest, std::ostream* out) {
  *out << ToString(manifest.kind) << " " << Printable(manifest.blob);
}

void PrintTo(const Blob& blob, std::ostream* out) {
  *out << Printable(blob.path) << ", " << blob.size << " bytes"
       << (blob.referenced ? "" : ", unreferenced");
}

void PrintTo(const Image& image, std::ostream* out) {
  constexpr std::size_t kShown = sizeof("sha256:5f70bf18a086") - 1;
  const std::string platform = image.config().Platform();
  const std::size_t layers = image.layers().size();
  *out << Printable(image.reference()) << " ("
       << (platform.empty() ? "no platform" : Printable(platform)) << ", " << layers
       << (layers == 1 ? " layer, " : " layers, ") << image.id().substr(0, kShown) << ")";
}

}  // namespace watertight
