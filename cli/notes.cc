#include "cli/notes.h"

#include "cli/text.h"
#include "framework/image/path.h"

namespace watertight::cli {

OrderedJson NotesJson(const std::vector<Note>& notes) {
  OrderedJson list = OrderedJson::array();
  for (const Note& note : notes) {
    OrderedJson json = {{"code", note.code}};
    json["layer"] = note.layer ? OrderedJson(*note.layer) : OrderedJson();
    json["path"] = note.path.empty() ? OrderedJson() : OrderedJson(ToUtf8(note.path));
    if (!IsUtf8(note.path)) json["path_base64"] = Base64(note.path);
    json["text"] = note.text;
    list.push_back(std::move(json));
  }
  return list;
}

std::string NoteText(const Note& note) {
  std::string place = note.layer ? "layer " + std::to_string(*note.layer) : "";
  if (!note.path.empty()) place += (place.empty() ? "" : ", ") + Printable(note.path);
  return (place.empty() ? "" : place + ": ") + Printable(note.text) + " (" + note.code + ")";
}

}  // namespace watertight::cli
