// Settings in XML, as Maven and NuGet have them: elements that hold either text or elements.

#include <re2/re2.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "framework/scan/credential_settings.h"
#include "framework/scan/text_lines.h"

namespace watertight {
namespace {

re2::StringPiece Piece(std::string_view text) { return {text.data(), text.size()}; }

constexpr const char* kBlanks = " \t\r\n";

class Xml {
 public:
  Xml(std::string_view text, Settings* read) : rest_(Piece(text)), read_(read) {}

  bool Read() {
    static const re2::RE2 kHead(
        R"re(\s*<\?xml(?:\s+(?:version|encoding|standalone)=["'][\w.-]{1,16}["'])+\s*\?>)re");
    re2::RE2::Consume(&rest_, kHead);
    while (!rest_.empty()) {
      if (!ReadText() || (!rest_.empty() && !ReadComment() && !ReadEnd() && !ReadBegin())) {
        return false;
      }
    }
    return open_.empty() && any_;
  }

 private:
  bool ReadText() {
    static const re2::RE2 kText(R"(([^<&]*))");
    std::string text;
    if (!re2::RE2::Consume(&rest_, kText, &text)) return false;
    if (!rest_.empty() && rest_[0] == '&') return false;  // could spell anything
    text = Trimmed(text, kBlanks);
    if (text.empty()) return true;
    if (open_.empty()) return false;
    read_->settings.push_back({open_.back(), text});
    return true;
  }

  bool ReadComment() {
    static const re2::RE2 kComment(R"((?s)<!--(.*?)-->)");
    std::string comment;
    if (!re2::RE2::Consume(&rest_, kComment, &comment)) return false;
    for (char& c : comment) {
      if (c == '\n' || c == '\r') c = ' ';
    }
    read_->comments.push_back(comment);
    return true;
  }

  bool ReadEnd() {
    static const re2::RE2 kEnd(R"(</([\w.:-]+)\s*>)");
    std::string name;
    if (!re2::RE2::Consume(&rest_, kEnd, &name)) return false;
    if (open_.empty() || open_.back() != name) return ends_ = false;
    open_.pop_back();
    return true;
  }

  bool ReadBegin() {
    static const re2::RE2 kBegin(R"(<([A-Za-z_][\w.:-]*))");
    static const re2::RE2 kAttribute(
        R"re(\s+([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"<&]*)"|'([^'<&]*)'))re");
    static const re2::RE2 kClose(R"(\s*(/?)>)");
    std::string name;
    if (!ends_ || !re2::RE2::Consume(&rest_, kBegin, &name)) return false;
    read_->settings.push_back({"", name});
    std::string key;  // of <add key="…" value="…" />
    std::string attribute;
    std::string one;
    std::string other;
    while (re2::RE2::Consume(&rest_, kAttribute, &attribute, &one, &other)) {
      AddAttribute(attribute, one + other, &key);
    }
    std::string slash;
    if (!re2::RE2::Consume(&rest_, kClose, &slash)) return false;
    if (slash.empty()) open_.push_back(name);
    any_ = true;
    return true;
  }

  void AddAttribute(const std::string& name, const std::string& value, std::string* key) {
    if (name.starts_with("xmlns") || name == "xsi:schemaLocation") return AddUrls(value);
    read_->settings.push_back({"", name});
    if (name == "key") {
      *key = value;
      read_->settings.push_back({"", value});
    } else {
      read_->settings.push_back({name == "value" && !key->empty() ? *key : name, value});
    }
  }

  void AddUrls(const std::string& urls) {
    for (std::size_t at = urls.find_first_not_of(kBlanks); at < urls.size();) {
      const std::size_t end = std::min(urls.find_first_of(kBlanks, at), urls.size());
      read_->settings.push_back({"", urls.substr(at, end - at)});
      at = urls.find_first_not_of(kBlanks, end);
    }
  }

  re2::StringPiece rest_;
  Settings* read_;
  std::vector<std::string> open_;
  bool any_ = false;
  bool ends_ = true;  // each element that ends is the one that began last
};

}  // namespace

bool ReadXml(std::string_view text, Settings* read) { return Xml(text, read).Read(); }

}  // namespace watertight
