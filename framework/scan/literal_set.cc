#include "framework/scan/literal_set.h"

#include <hs.h>

#include <algorithm>
#include <exception>
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
  hs_scratch_t* scratch = nullptr;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { hs_free_scratch(scratch); }
};

LiteralSet::Scratch::Scratch(const LiteralSet& set) : state_(std::make_unique<State>()) {
  if (set.database_ == nullptr) return;
  if (hs_alloc_scratch(set.database_->compiled, &state_->scratch) != HS_SUCCESS) {
    throw std::bad_alloc();
  }
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
  if (literals_.empty()) return;
  // As expressions, since the interface for literals takes one that begins with NUL for empty.
  std::vector<std::string> expressions;
  std::vector<const char*> texts;
  std::vector<unsigned> flags(literals_.size(), 0);
  std::vector<unsigned> ids;
  for (const std::string& literal : literals_) {
    expressions.push_back(ExpressionOf(literal));
    longest_ = std::max(longest_, literal.size());
  }
  for (const std::string& expression : expressions) {
    ids.push_back(static_cast<unsigned>(texts.size()));
    texts.push_back(expression.c_str());
  }
  database_ = std::make_unique<Database>();
  hs_compile_error_t* error = nullptr;
  if (hs_compile_multi(texts.data(), flags.data(), ids.data(), static_cast<unsigned>(texts.size()),
                       HS_MODE_BLOCK, nullptr, &database_->compiled, &error) != HS_SUCCESS) {
    const std::string message = error == nullptr ? "" : error->message;
    hs_free_compile_error(error);
    throw Error(ErrorCode::kUnsupported, "the search cannot be prepared: " + message);
  }
}

namespace {

struct Reporting {
  const std::vector<std::string>* literals;
  const LiteralSet::OnHit* on_hit;
  std::exception_ptr thrown;
};

// Vectorscan is C: no exception may pass through it.
int Report(unsigned id, unsigned long long /*from*/, unsigned long long to, unsigned /*flags*/,
           void* context) {
  auto* const reporting = static_cast<Reporting*>(context);
  try {
    (*reporting->on_hit)(id, static_cast<std::size_t>(to) - (*reporting->literals)[id].size());
    return 0;
  } catch (...) {
    reporting->thrown = std::current_exception();
    return 1;
  }
}

}  // namespace

void LiteralSet::Scan(std::string_view bytes, Scratch* scratch, const OnHit& on_hit) const {
  if (database_ == nullptr || bytes.empty()) return;
  Reporting reporting{&literals_, &on_hit, nullptr};
  const hs_error_t result =
      hs_scan(database_->compiled, bytes.data(), static_cast<unsigned>(bytes.size()), 0,
              scratch->state_->scratch, Report, &reporting);
  if (reporting.thrown) std::rethrow_exception(reporting.thrown);
  if (result != HS_SUCCESS) {
    throw Error(ErrorCode::kUnsupported, "the search failed: " + std::to_string(result));
  }
}

}  // namespace watertight
