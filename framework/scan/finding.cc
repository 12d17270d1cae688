#include "watertight/finding.h"

#include "framework/image/path.h"
#include "watertight/secret.h"

namespace watertight {
namespace {

constexpr const char* kCarriers[] = {"file",       "path",        "link",    "xattr",
                                     "header",     "config",      "history", "manifest",
                                     "annotation", "attestation", "blob"};
constexpr const char* kLevels[] = {"error", "warning", "note"};

}  // namespace

const char* ToString(Carrier carrier) { return kCarriers[static_cast<std::size_t>(carrier)]; }
void PrintTo(Carrier carrier, std::ostream* out) { *out << ToString(carrier); }

const char* ToString(Level level) { return kLevels[static_cast<std::size_t>(level)]; }
void PrintTo(Level level, std::ostream* out) { *out << ToString(level); }

// "generic-password in history[7].created_by at byte 12, NPM_TOKEN: supe… (17 bytes, 829d2bf2)"
void PrintTo(const Finding& finding, std::ostream* out) {
  *out << finding.rule << " in " << Printable(finding.field.empty() ? finding.path : finding.field)
       << " at byte " << finding.offset;
  for (const std::string& encoding : finding.encoding) *out << ", " << encoding;
  if (!finding.name.empty()) *out << ", " << Printable(finding.name);
  *out << ": " << Redacted(finding.value);
}

}  // namespace watertight
