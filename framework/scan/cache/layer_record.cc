#include "framework/scan/cache/layer_record.h"

#include "framework/scan/cache/packed_entries.h"
#include "framework/scan/cache/packing.h"

namespace watertight {
namespace {

void PutTexts(const std::vector<std::string>& texts, std::string* out) {
  PutVarint(texts.size(), out);
  for (const std::string& text : texts) PutText(text, out);
}

std::vector<std::string> TakeTexts(Unpacker* packed) {
  std::vector<std::string> texts;
  for (std::size_t left = packed->Count(); left > 0; --left) texts.push_back(packed->Text());
  return texts;
}

// A search of bytes fills neither step nor package nor allowed.
void PackFinding(const Finding& finding, std::string* out) {
  PutText(finding.rule, out);
  PutVarint(static_cast<std::uint64_t>(finding.level), out);
  PutVarint(static_cast<std::uint64_t>(finding.secret), out);
  PutVarint(static_cast<std::uint64_t>(finding.carrier), out);
  PutVarint(finding.entry ? *finding.entry + 1 : 0, out);
  PutText(finding.path, out);
  PutText(finding.field, out);
  PutText(finding.filter, out);
  PutText(finding.name, out);
  PutVarint(finding.offset, out);
  PutVarint(finding.length, out);
  PutVarint(finding.line, out);
  PutVarint(finding.column, out);
  PutTexts(finding.encoding, out);
  PutTexts(finding.nested, out);
  PutTexts(finding.links, out);
  PutText(finding.value, out);
}

Finding UnpackFinding(Unpacker* packed) {
  Finding finding;
  finding.rule = packed->Text();
  finding.level = static_cast<Level>(packed->Number<std::uint8_t>());
  finding.secret = packed->Number<int>();
  finding.carrier = static_cast<Carrier>(packed->Number<std::uint8_t>());
  const auto entry = packed->Number<std::size_t>();
  if (entry > 0) finding.entry = entry - 1;
  finding.path = packed->Text();
  finding.field = packed->Text();
  finding.filter = packed->Text();
  finding.name = packed->Text();
  finding.offset = packed->Number();
  finding.length = packed->Number();
  finding.line = packed->Number();
  finding.column = packed->Number();
  finding.encoding = TakeTexts(packed);
  finding.nested = TakeTexts(packed);
  finding.links = TakeTexts(packed);
  finding.value = packed->Text();
  return finding;
}

}  // namespace

std::string PackLayer(const BlobHashes& hashes, const LayerIndex& index,
                      const std::vector<Finding>& findings, const std::vector<Note>& notes) {
  std::string packed;
  PutText(hashes.stored, &packed);
  PutText(hashes.uncompressed, &packed);
  PackIndex(index, &packed);
  PutVarint(findings.size(), &packed);
  for (const Finding& finding : findings) PackFinding(finding, &packed);
  PutVarint(notes.size(), &packed);
  for (const Note& note : notes) PackNote(note, &packed);
  return packed;
}

LayerRecord UnpackLayer(std::string_view bytes) {
  Unpacker packed(bytes);
  LayerRecord record;
  record.hashes.stored = packed.Text();
  record.hashes.uncompressed = packed.Text();
  record.index = UnpackIndex(&packed);
  for (std::size_t left = packed.Count(); left > 0; --left) {
    record.findings.push_back(UnpackFinding(&packed));
    const std::optional<std::size_t>& entry = record.findings.back().entry;
    if (entry && *entry >= record.index.entries.size()) throw Unpacker::Damaged();
  }
  for (std::size_t left = packed.Count(); left > 0; --left) {
    record.notes.push_back(UnpackNote(&packed));
  }
  if (!packed.done()) throw Unpacker::Damaged();
  return record;
}

}  // namespace watertight
