#include "generator/archives/json.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "generator/error.h"

namespace watertight::generator {
namespace {

// Makes values while the library reads. Of members with one key the last counts, in the place of
// the first.
class Reader : public nlohmann::json_sax<nlohmann::json> {
 public:
  Json Take() { return std::move(root_); }

  bool null() override { return Put(Json()); }
  bool boolean(bool value) override { return Put(Json(value)); }
  bool number_integer(number_integer_t value) override { return Put(Json(value)); }
  bool number_unsigned(number_unsigned_t value) override { return Put(Json(value)); }
  bool number_float(number_float_t value, const string_t& /*digits*/) override {
    return Put(Json::Number(nlohmann::json(value).dump()));
  }
  bool string(string_t& text) override { return Put(Json(std::move(text))); }
  bool binary(binary_t& /*bytes*/) override { return false; }

  bool start_object(std::size_t /*count*/) override { return Begin(Json::Object()); }
  bool key(string_t& name) override {
    open_.back().key = std::move(name);
    return true;
  }
  bool end_object() override { return End(); }
  bool start_array(std::size_t /*count*/) override { return Begin(Json::Array()); }
  bool end_array() override { return End(); }

  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::json::exception& error) override {
    throw Error(error.what());
  }

 private:
  struct Open {
    Json value;
    std::string key = {};  // of the member that comes next
  };

  bool Begin(Json value) {
    open_.push_back({std::move(value)});
    return true;
  }

  bool End() {
    Json value = std::move(open_.back().value);
    open_.pop_back();
    return Put(std::move(value));
  }

  bool Put(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (open_.back().value.is_array()) {
      open_.back().value.Append(std::move(value));
    } else {
      open_.back().value.Set(open_.back().key, std::move(value));
    }
    return true;
  }

  Json root_;
  std::vector<Open> open_;
};

// One character of UTF-8 at `at`; what is none is U+FFFD, one byte long.
struct Character {
  std::uint32_t code = 0xfffd;
  std::size_t length = 1;
};

Character CharacterAt(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + length > text.size()) return {};
  std::uint32_t code = first & (0x7fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) return {};
    code = code << 6 | (byte(at + i) & 0x3fu);
  }
  const std::array<std::uint32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  if (code < smallest[length] || code > 0x10ffff || surrogate) return {};
  return {code, length};
}

void AppendEscape(std::string& out, std::uint32_t unit) {
  std::array<char, 8> escape{};
  std::snprintf(escape.data(), escape.size(), "\\u%04x", unit & 0xffff);
  out += escape.data();
}

bool AppendShortEscape(std::string& out, std::uint32_t code, bool python) {
  constexpr std::string_view kFrom = "\"\\\n\r\t\b\f";
  constexpr std::string_view kTo = "\"\\nrtbf";
  const std::size_t at = code < 0x80 ? kFrom.find(static_cast<char>(code)) : kFrom.npos;
  if (at == kFrom.npos) return false;
  if (!python && (code == '\b' || code == '\f')) return false;  // Go before 1.22
  out += '\\';
  out += kTo[at];
  return true;
}

bool GoEscapes(std::uint32_t code) {
  return code < 0x20 || code == '<' || code == '>' || code == '&' || code == 0x2028 ||
         code == 0x2029;
}

// How many characters at the beginning no spelling escapes.
std::size_t PlainLength(std::string_view text) {
  const auto plain = [](char c) {
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
  };
  return static_cast<std::size_t>(std::ranges::find_if_not(text, plain) - text.begin());
}

void AppendString(std::string& out, std::string_view text, bool python) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t plain = PlainLength(text.substr(at));
    out += text.substr(at, plain);
    at += plain;
    if (at == text.size()) break;
    const Character character = CharacterAt(text, at);
    const std::uint32_t code = character.code;
    const bool broken = code == 0xfffd && character.length == 1;
    if (AppendShortEscape(out, code, python)) {
    } else if (python ? code < 0x20 || (code >= 0x80 && code < 0x10000)
                      : GoEscapes(code) || broken) {
      AppendEscape(out, code);
    } else if (python && code >= 0x10000) {
      AppendEscape(out, 0xd800 + ((code - 0x10000) >> 10));
      AppendEscape(out, 0xdc00 + ((code - 0x10000) & 0x3ff));
    } else {
      out += text.substr(at, character.length);
    }
    at += character.length;
  }
  out += '"';
}

class Writer {
 public:
  explicit Writer(JsonSpelling spelling) : spelling_(spelling) {}

  std::string Take() { return std::move(out_); }

  void Put(const Json& value) {
    switch (value.kind()) {
      case Json::Kind::kNull:
        out_ += "null";
        break;
      case Json::Kind::kBool:
      case Json::Kind::kNumber:
        out_ += value.text();
        break;
      case Json::Kind::kString:
        AppendString(out_, value.text(), spelling_.python);
        break;
      case Json::Kind::kArray:
        PutList('[', ']', value.items().size(), [&](std::size_t i) { Put(value.items()[i]); });
        break;
      case Json::Kind::kObject:
        PutList('{', '}', value.members().size(), [&](std::size_t i) {
          const auto& [key, member] = value.members()[i];
          AppendString(out_, key, spelling_.python);
          out_ += spelling_.python || spelling_.indent > 0 ? ": " : ":";
          Put(member);
        });
        break;
    }
  }

 private:
  template <typename PutItem>
  void PutList(char open, char close, std::size_t count, const PutItem& put) {
    out_ += open;
    ++depth_;
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) out_ += spelling_.python && spelling_.indent == 0 ? ", " : ",";
      NewLine();
      put(i);
    }
    --depth_;
    if (count > 0) NewLine();
    out_ += close;
  }

  void NewLine() {
    if (spelling_.indent == 0) return;
    out_ += '\n';
    out_.append(static_cast<std::size_t>(spelling_.indent) * depth_, ' ');
  }

  JsonSpelling spelling_;
  std::size_t depth_ = 0;
  std::string out_;
};

}  // namespace

Json::Json(bool value) : kind_(Kind::kBool), text_(value ? "true" : "false") {}
Json::Json(std::int64_t value) : kind_(Kind::kNumber), text_(std::to_string(value)) {}
Json::Json(std::uint64_t value) : kind_(Kind::kNumber), text_(std::to_string(value)) {}

Json Json::Array(std::vector<Json> items) {
  Json array;
  array.kind_ = Kind::kArray;
  array.items_ = std::move(items);
  return array;
}

Json Json::Object(std::vector<Member> members) {
  Json object;
  object.kind_ = Kind::kObject;
  object.members_ = std::move(members);
  return object;
}

Json Json::Number(std::string digits) {
  Json number;
  number.kind_ = Kind::kNumber;
  number.text_ = std::move(digits);
  return number;
}

const Json* Json::Find(std::string_view key) const {
  for (const Member& member : members_) {
    if (member.first == key) return &member.second;
  }
  return nullptr;
}

std::string Json::TextOf(std::string_view key) const {
  const Json* member = Find(key);
  return member != nullptr && member->kind() == Kind::kString ? member->text() : "";
}

Json& Json::Set(std::string_view key, Json value) {
  for (Member& member : members_) {
    if (member.first != key) continue;
    member.second = std::move(value);
    return *this;
  }
  members_.emplace_back(std::string(key), std::move(value));
  return *this;
}

Json& Json::Append(Json value) {
  items_.push_back(std::move(value));
  return *this;
}

void Json::Remove(std::string_view key) {
  std::erase_if(members_, [&](const Member& member) { return member.first == key; });
}

Json& Json::SortMembers() {
  std::stable_sort(members_.begin(), members_.end(),
                   [](const Member& a, const Member& b) { return a.first < b.first; });
  return *this;
}

bool Json::IsEmptyValue() const {
  return is_null() || (kind_ != Kind::kArray && kind_ != Kind::kObject && text_.empty()) ||
         (kind_ == Kind::kBool && text_ == "false") || (kind_ == Kind::kNumber && text_ == "0") ||
         (is_array() && items_.empty()) || (is_object() && members_.empty());
}

Json ParseJson(std::string_view bytes, const std::string& what) {
  try {
    Reader reader;
    nlohmann::json::sax_parse(bytes, &reader);
    return reader.Take();
  } catch (const Error& error) {
    throw Error(what + ": " + error.message());
  }
}

std::string Write(const Json& value, JsonSpelling spelling) {
  Writer writer(spelling);
  writer.Put(value);
  return writer.Take();
}

}  // namespace watertight::generator
