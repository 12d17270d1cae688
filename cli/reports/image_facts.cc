#include "cli/finding_json.h"
#include "cli/layer_changes.h"
#include "cli/reports/report.h"
#include "cli/text.h"

namespace watertight::cli {
namespace {

std::vector<std::string> Remarks(const Image& image) {
  std::vector<std::string> remarks;
  if (!image.unreadable_layers().empty()) return remarks;  // a check tells of them
  if (const std::size_t notes = image.notes().size(); notes > 0) {
    remarks.push_back(Counted(notes, "odd thing") + (notes == 1 ? " was" : " were") +
                      " met: watertight inspect");
  }
  const std::size_t hidden = HiddenFiles(image).size();
  if (hidden > 0) {
    remarks.push_back(HumanSize(image.wasted()) + " in " + Counted(hidden, "file") +
                      (hidden == 1 ? " is" : " are") +
                      " stored but not visible: watertight inspect");
  }
  return remarks;
}

}  // namespace

ImageFacts FactsOf(const Image& image) {
  ImageFacts facts;
  facts.reference = image.reference();
  facts.id = image.id();
  facts.tags = image.tags();
  facts.platform = image.config().Platform();
  facts.diff_ids = DiffIds(image);
  try {
    facts.size = image.size();
  } catch (const Error&) {
    facts.size.reset();  // a check tells of the layer that cannot be read
  }
  facts.remarks = Remarks(image);
  facts.notes = image.notes();
  return facts;
}

}  // namespace watertight::cli
