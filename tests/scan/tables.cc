#include "tests/scan/tables.h"

#include <fstream>
#include <iomanip>
#include <sstream>

#include <gtest/gtest.h>

namespace watertight::testing {
namespace {

void ReplaceAll(std::string* text, const std::string& from, const std::string& to) {
  for (std::size_t at = text->find(from); at != std::string::npos;
       at = text->find(from, at + to.size())) {
    text->replace(at, from.size(), to);
  }
}

}  // namespace

std::vector<std::string> TableLines(const std::string& name) {
  std::ifstream file(std::string(WATERTIGHT_SCAN_DATA) + "/" + name);
  EXPECT_TRUE(file) << name;
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    ReplaceAll(&line, "␤", "\n");
    ReplaceAll(&line, "␠", " ");
    // The tables hold no PEM block as it stands.
    ReplaceAll(&line, "⁙", "-----");
    lines.push_back(line);
  }
  return lines;
}

Marked ReadMarks(const std::string& text) {
  const std::string open = "«";
  const std::string close = "»";
  Marked marked;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (text.compare(at, open.size(), open) == 0) {
      begin = marked.text.size();
      at += open.size();
    } else if (text.compare(at, close.size(), close) == 0) {
      marked.places.emplace_back(begin, marked.text.size() - begin);
      at += close.size();
    } else {
      marked.text += text[at++];
    }
  }
  return marked;
}

std::string JsonString(const std::string& text) {
  std::ostringstream json;
  json << '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      json << '\\' << c;
    } else if (byte < 0x20) {
      json << "\\u" << std::hex << std::setw(4) << std::setfill('0') << unsigned{byte};
    } else {
      json << c;
    }
  }
  json << '"';
  return json.str();
}

std::string JsonStrings(const std::vector<std::string>& texts) {
  std::string json;
  for (const std::string& text : texts) json += (json.empty() ? "" : ",") + JsonString(text);
  return "[" + json + "]";
}

std::string HistoryJson(const std::vector<std::string>& created_by) {
  std::string steps;
  for (const std::string& text : created_by) {
    steps += (steps.empty() ? "" : ",") + ("{\"created_by\":" + JsonString(text) + "}");
  }
  return R"({"architecture":"amd64","os":"linux","history":[)" + steps + "]}";
}

std::string Describe(const std::vector<Finding>& findings) {
  std::ostringstream text;
  for (const Finding& finding : findings) {
    text << "  " << finding.rule << " " << finding.name << " «" << finding.value << "» at "
         << finding.offset << " of " << finding.field << "\n";
  }
  return text.str();
}

}  // namespace watertight::testing
