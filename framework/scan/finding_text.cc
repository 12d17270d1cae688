#include "framework/scan/finding_text.h"

#include "framework/image/image_state.h"
#include "framework/image/path.h"

namespace watertight {
namespace {

std::string LineText(const Finding& finding) {
  return ":" + std::to_string(finding.line) + ":" + std::to_string(finding.column);
}

std::string ByteText(const Finding& finding) { return ", byte " + std::to_string(finding.offset); }

std::string Named(const char* what, const Finding& finding) {
  return std::string(what) + " " + Printable(finding.path) + ByteText(finding);
}

std::string InContents(std::string name, const Finding& finding) {
  for (const std::string& member : finding.nested) name += ": " + Printable(member);
  return name + LineText(finding);
}

std::string WithoutEncoding(const Finding& finding) {
  switch (finding.carrier) {
    case Carrier::kFile:
      return InContents(Printable(finding.path), finding);
    case Carrier::kPath:
      return Named("the name", finding);
    case Carrier::kLink:
      return Named("the link target of", finding);
    case Carrier::kXattr:
    case Carrier::kHeader:
      return Named((finding.field.empty() ? std::string("the header")
                                          : "the field " + Printable(finding.field))
                       .append(" of")
                       .c_str(),
                   finding);
    default:
      break;
  }
  if (!finding.field.empty()) return Printable(finding.field) + ByteText(finding);
  if (finding.layer && finding.path.empty() && finding.nested.empty()) {
    return "byte " + std::to_string(finding.offset) + " of the tar, outside of any file";
  }
  return InContents(Printable(internal::ShortHashes(finding.blob)), finding);
}

}  // namespace

std::string PlaceText(const Finding& finding) {
  std::string text = WithoutEncoding(finding);
  for (const std::string& encoding : finding.encoding) text += ", " + encoding;
  return text;
}

}  // namespace watertight
