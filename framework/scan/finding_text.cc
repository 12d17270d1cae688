#include "framework/scan/finding_text.h"

#include "framework/image/image_state.h"
#include "framework/image/path.h"
#include "framework/scan/text_findings.h"

namespace watertight {
namespace {

std::string LineText(const Finding& finding) {
  return ":" + std::to_string(finding.line) + ":" + std::to_string(finding.column);
}

std::string ByteText(const Finding& finding) { return ", byte " + std::to_string(finding.offset); }

std::string Named(const char* what, const Finding& finding) {
  const std::string& name = finding.layer ? finding.path : finding.blob;
  return std::string(what) + " " + Printable(name) + ByteText(finding);
}

std::string InContents(std::string name, const Finding& finding) {
  for (const std::string& member : finding.nested) name += ": " + NameText(member);
  return name + LineText(finding);
}

std::string WithoutEncoding(const Finding& finding) {
  const bool outside = finding.blob.empty();
  switch (finding.carrier) {
    case Carrier::kFile:
      return InContents(Printable(finding.path), finding);
    case Carrier::kPath:
      return Named("the name", finding);
    case Carrier::kLink:
      return Named("the link target of", finding);
    case Carrier::kXattr:
    case Carrier::kHeader:
      if (outside) break;
      return Named((finding.field.empty() ? std::string("the header")
                                          : "the field " + Printable(finding.field))
                       .append(" of")
                       .c_str(),
                   finding);
    default:
      break;
  }
  if (!finding.field.empty()) return Printable(finding.field) + ByteText(finding);
  const bool here = finding.nested.empty() && finding.encoding.empty();
  if (finding.layer && finding.path.empty() && here) {
    return "byte " + std::to_string(finding.offset) + " of the tar, outside of any file";
  }
  if (outside && here) {
    return "byte " + std::to_string(finding.offset) + " of the archive, outside of any file";
  }
  const std::string holder =
      outside ? "the archive" : Printable(internal::ShortHashes(finding.blob));
  return InContents(holder, finding);
}

}  // namespace

std::string PlaceText(const Finding& finding) {
  std::string text = WithoutEncoding(finding);
  for (const std::string& encoding : finding.encoding) text += ", " + encoding;
  return text;
}

}  // namespace watertight
