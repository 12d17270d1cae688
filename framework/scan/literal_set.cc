#include "framework/scan/literal_set.h"

#include <hs.h>

#include <algorithm>
#include <exception>
#include <system_error>
#include <utility>

#include "watertight/error.h"

namespace watertight {

struct LiteralSet::Database {
  hs_database_t* compiled = nullptr;

  Database() = default;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database() { hs_free_database(compiled); }
};

struct LiteralSet::Scratch::State {
  const hs_database_t* compiled = nullptr;
  hs_scratch_t* scratch = nullptr;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { hs_free_scratch(scratch); }
};

LiteralSet::Scratch::Scratch(const LiteralSet& set) : state_(std::make_unique<State>()) {
  if (set.literals_.empty()) return;
  state_->compiled = set.database_.get()->compiled;
  if (hs_alloc_scratch(state_->compiled, &state_->scratch) != HS_SUCCESS) throw std::bad_alloc();
}

LiteralSet::Scratch::~Scratch() = default;
LiteralSet::~LiteralSet() = default;

namespace {

std::string ExpressionOf(std::string_view literal) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string expression;
  for (const char c : literal) {
    const auto byte = static_cast<unsigned char>(c);
    expression += "\\x";
    expression += kDigits[byte >> 4];
    expression += kDigits[byte & 15];
  }
  return expression;
}

}  // namespace

LiteralSet::LiteralSet(std::vector<std::string> literals) : literals_(std::move(literals)) {
  for (const std::string& literal : literals_) longest_ = std::max(longest_, literal.size());
  if (literals_.empty()) return;
  const auto compile = [this] { return Compile(); };
  try {
    database_ = std::async(std::launch::async, compile);
  } catch (const std::system_error&) {  // the system gives no thread
    database_ = std::async(std::launch::deferred, compile);
  }
}

std::unique_ptr<const LiteralSet::Database> LiteralSet::Compile() const {
  // As expressions, since the interface for literals takes one that begins with NUL for empty.
  std::vector<std::string> expressions;
  std::vector<const char*> texts;
  const std::vector<unsigned> flags(literals_.size(), 0);
  std::vector<unsigned> ids;
  for (const std::string& literal : literals_) expressions.push_back(ExpressionOf(literal));
  for (const std::string& expression : expressions) {
    ids.push_back(static_cast<unsigned>(texts.size()));
    texts.push_back(expression.c_str());
  }
  auto database = std::make_unique<Database>();
  hs_compile_error_t* error = nullptr;
  if (hs_compile_multi(texts.data(), flags.data(), ids.data(), static_cast<unsigned>(texts.size()),
                       HS_MODE_BLOCK, nullptr, &database->compiled, &error) != HS_SUCCESS) {
    const std::string message = error == nullptr ? "" : error->message;
    hs_free_compile_error(error);
    throw Error(ErrorCode::kUnsupported, "the search cannot be prepared: " + message);
  }
  return database;
}

struct LiteralSet::Reporting {
  const std::vector<std::string>& literals;
  const OnHit& on_hit;
  std::size_t begin = 0;  // of the piece that is scanned
  std::size_t known = 0;  // literals that end there or before were reported
  std::exception_ptr thrown;
};

// Vectorscan is C: no exception may pass through it.
int LiteralSet::Report(unsigned id, unsigned long long /*from*/, unsigned long long to,
                       unsigned /*flags*/, void* context) {
  auto* const reporting = static_cast<Reporting*>(context);
  const std::size_t end = reporting->begin + static_cast<std::size_t>(to);
  if (end <= reporting->known) return 0;
  try {
    reporting->on_hit(id, end - reporting->literals[id].size());
    return 0;
  } catch (...) {
    reporting->thrown = std::current_exception();
    return 1;
  }
}

void LiteralSet::ScanPiece(std::string_view piece, Scratch* scratch, Reporting* reporting) const {
  const hs_error_t result =
      hs_scan(scratch->state_->compiled, piece.data(), static_cast<unsigned>(piece.size()), 0,
              scratch->state_->scratch, Report, reporting);
  if (reporting->thrown) std::rethrow_exception(reporting->thrown);
  if (result != HS_SUCCESS) {
    throw Error(ErrorCode::kUnsupported, "the search failed: " + std::to_string(result));
  }
}

void LiteralSet::Scan(std::string_view bytes, Scratch* scratch, const OnHit& on_hit) const {
  if (literals_.empty() || bytes.empty()) return;
  Reporting reporting{literals_, on_hit, 0, 0, nullptr};
  ScanPiece(bytes, scratch, &reporting);
}

// A processor waits for few lines of memory at a time, so they are asked for little by little.
void LiteralSet::ScanUncached(std::string_view bytes, Scratch* scratch, const OnHit& on_hit) const {
  constexpr std::size_t kPiece = 1024;
  constexpr std::size_t kAhead = 2 * kPiece;
  constexpr std::size_t kLine = 64;
  if (literals_.empty()) return;
  Reporting reporting{literals_, on_hit, 0, 0, nullptr};
  for (std::size_t at = 0; at < bytes.size(); at += kPiece) {
    const std::string_view ahead = bytes.substr(std::min(at + kAhead, bytes.size()), kPiece);
    for (std::size_t i = 0; i < ahead.size(); i += kLine) __builtin_prefetch(ahead.data() + i);
    reporting.known = at;
    reporting.begin = at - std::min(at, longest_ - 1);
    ScanPiece(bytes.substr(reporting.begin, at + kPiece - reporting.begin), scratch, &reporting);
  }
}

}  // namespace watertight
