#include "generator/dockerfile/csv.h"

#include "generator/error.h"

namespace watertight::generator {
namespace {

class CsvReader {
 public:
  CsvReader(std::string_view line, bool open_quote_at_end)
      : line_(line), open_quote_at_end_(open_quote_at_end) {}

  std::vector<std::string> Run() {
    for (;;) {
      fields_.push_back(AtQuote() ? Quoted() : Plain());
      if (at_ == line_.size()) return fields_;
      ++at_;  // the comma
    }
  }

 private:
  bool AtQuote() const { return at_ < line_.size() && line_[at_] == '"'; }

  [[noreturn]] static void Throw(size_t at, const char* message) {
    throw Error("parse error on line 1, column " + std::to_string(at + 1) + ": " + message);
  }

  std::string Plain() {
    const size_t comma = line_.find(',', at_);
    const size_t end = comma == std::string_view::npos ? line_.size() : comma;
    const std::string_view field = line_.substr(at_, end - at_);
    const size_t quote = field.find('"');
    if (quote != std::string_view::npos) Throw(at_ + quote, "bare \" in non-quoted-field");
    at_ = end;
    return std::string(field);
  }

  std::string Quoted() {
    std::string field;
    ++at_;
    for (;;) {
      const size_t quote = line_.find('"', at_);
      if (quote == std::string_view::npos)
        Throw(open_quote_at_end_ ? line_.size() : at_, kBadQuote);
      field += line_.substr(at_, quote - at_);
      at_ = quote + 1;
      if (at_ == line_.size() || line_[at_] == ',') return field;
      if (!AtQuote()) Throw(quote, kBadQuote);
      field += '"';
      ++at_;
    }
  }

  static constexpr const char* kBadQuote = "extraneous or missing \" in quoted-field";

  std::string_view line_;
  bool open_quote_at_end_;
  size_t at_ = 0;
  std::vector<std::string> fields_;
};

}  // namespace

std::vector<std::string> ParseCsv(std::string_view line, bool open_quote_at_end) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.empty()) throw Error("EOF");
  return CsvReader(line, open_quote_at_end).Run();
}

}  // namespace watertight::generator
