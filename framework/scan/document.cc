#include "framework/scan/document.h"

#include <strings.h>

#include <cstddef>
#include <utility>

#include "framework/image/json.h"
#include "framework/image/path.h"

namespace watertight {
namespace {

struct Level {
  bool list = false;
  std::string field;
  std::string key;        // of the list, or the member being read
  std::size_t index = 0;  // of the next element
  std::string previous;
  std::string command;
};

// Lists whose elements are the words of one command.
bool IsCommand(const std::string& key) {
  for (const char* name : {"Cmd", "Entrypoint", "Test", "Args", "Command"}) {
    if (strcasecmp(name, key.c_str()) == 0) return true;
  }
  return false;
}

class Reader : public nlohmann::json_sax<Json> {
 public:
  std::vector<DocumentString> strings;

  bool null() override { return Pass(); }
  bool boolean(bool) override { return Pass(); }
  bool number_integer(number_integer_t) override { return Pass(); }
  bool number_unsigned(number_unsigned_t) override { return Pass(); }
  bool number_float(number_float_t, const string_t&) override { return Pass(); }
  bool binary(binary_t&) override { return Pass(); }

  bool string(string_t& text) override {
    DocumentString found;
    found.field = Place();
    found.step = Step();
    found.text = text;
    if (!levels_.empty()) {
      found.key = levels_.back().key;
      found.in_list = levels_.back().list;
      found.previous = std::exchange(levels_.back().previous, text);
      AddWord(text, &found);
    }
    strings.push_back(std::move(found));
    return Pass();
  }

  bool start_object(std::size_t) override {
    levels_.push_back({false, Place(), "", 0, "", ""});
    return true;
  }
  bool key(string_t& name) override {
    levels_.back().key = name;
    strings.push_back({levels_.back().field, "", Step(), true, false, "", name, ""});
    return true;
  }
  bool end_object() override { return Close(); }
  bool start_array(std::size_t) override {
    const std::string key = levels_.empty() ? "" : levels_.back().key;
    levels_.push_back({true, Place(), key, 0, "", ""});
    return true;
  }
  bool end_array() override { return Close(); }
  bool parse_error(std::size_t, const std::string&, const Json::exception&) override {
    return false;
  }

 private:
  // The place of the value that comes next.
  std::string Place() const {
    if (levels_.empty()) return "";
    const Level& level = levels_.back();
    if (level.list) return level.field + "[" + std::to_string(level.index) + "]";
    const std::string member = FieldOfKey(level.key);
    return level.field.empty() && member.front() == '.' ? member.substr(1) : level.field + member;
  }

  std::optional<int> Step() const {
    if (levels_.size() < 2 || !levels_[1].list) return std::nullopt;
    if (strcasecmp(levels_[0].key.c_str(), "history") != 0) return std::nullopt;
    return static_cast<int>(levels_[1].index);
  }

  void AddWord(const std::string& text, DocumentString* word) {
    constexpr std::size_t kLongest = 4096;  // longer ones are scripts
    Level& level = levels_.back();
    if (!level.list || !IsCommand(level.key) || level.command.size() + text.size() > kLongest) {
      return;
    }
    word->command = level.command;
    level.command += text + " ";
  }

  bool Pass() {
    if (!levels_.empty() && levels_.back().list) ++levels_.back().index;
    return true;
  }

  bool Close() {
    levels_.pop_back();
    return Pass();
  }

  std::vector<Level> levels_;
};

bool IsPlain(std::string_view key) {
  if (key.empty() || (key.front() >= '0' && key.front() <= '9')) return false;
  for (const char c : key) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (!plain) return false;
  }
  return true;
}

}  // namespace

std::string FieldOfKey(std::string_view key) {
  if (IsPlain(key)) return "." + std::string(key);
  std::string quoted = "[\"";
  for (const char c : key) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"]";
}

std::vector<DocumentString> ReadDocument(const std::string& json) {
  Reader reader;
  Json::sax_parse(IsUtf8(json) ? json : ToUtf8(json), &reader);
  return std::move(reader.strings);
}

}  // namespace watertight
