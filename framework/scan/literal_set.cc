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

// Exactly one of them is there.
struct LiteralSet::Prepared {
  std::unique_ptr<const LiteralFilter> filter;
  std::unique_ptr<const Database> database;
};

struct LiteralSet::Scratch::State {
  hs_scratch_t* scratch = nullptr;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { hs_free_scratch(scratch); }
};

LiteralSet::Scratch::Scratch() : state_(std::make_unique<State>()) {}
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

LiteralSet::LiteralSet(std::vector<Literal> literals)
    : literals_(std::move(literals)),
      table_(literals_),
      suits_filter_(LiteralFilter::Suits(literals_)) {
  for (const Literal& literal : literals_) longest_ = std::max(longest_, literal.bytes.size());
}

// One thread prepares; the others go on by the table.
const LiteralSet::Prepared* LiteralSet::ForBytes(std::size_t count) const {
  constexpr std::uint64_t kForVectorscan = std::uint64_t{1} << 20;
  constexpr std::uint64_t kForFilter = 512;  // for each literal
  if (const Prepared* const prepared = prepared_) return prepared;
  const std::uint64_t tabled = suits_filter_ ? kForFilter * literals_.size() : kForVectorscan;
  if ((tabled_ += count) <= tabled) return nullptr;
  const std::unique_lock<std::mutex> lock(prepare_mutex_, std::try_to_lock);
  if (lock) PrepareLocked(LiteralEngine::kFastest);
  return prepared_;
}

void LiteralSet::Prepare(LiteralEngine engine) const {
  const std::lock_guard<std::mutex> lock(prepare_mutex_);
  if (!literals_.empty()) PrepareLocked(engine);
}

void LiteralSet::PrepareLocked(LiteralEngine engine) const {
  if (made_ != nullptr) return;
  auto made = std::make_unique<Prepared>();
  if (engine == LiteralEngine::kFastest) made->filter = LiteralFilter::For(literals_);
  if (made->filter == nullptr) made->database = Compile();
  made_ = std::move(made);
  prepared_ = made_.get();
}

std::unique_ptr<const LiteralSet::Database> LiteralSet::Compile() const {
  // As expressions, since the interface for literals takes one that begins with NUL for empty.
  std::vector<std::string> expressions;
  std::vector<const char*> texts;
  std::vector<unsigned> flags;
  std::vector<unsigned> ids;
  for (const Literal& literal : literals_) {
    expressions.push_back(ExpressionOf(literal.bytes));
    flags.push_back(literal.caseless ? HS_FLAG_CASELESS : 0);
  }
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
  const std::vector<Literal>& literals;
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
    reporting->on_hit(id, end - reporting->literals[id].bytes.size());
    return 0;
  } catch (...) {
    reporting->thrown = std::current_exception();
    return 1;
  }
}

void LiteralSet::ScanPiece(const Database& database, std::string_view piece, Scratch* scratch,
                           Reporting* reporting) const {
  hs_scratch_t*& own = scratch->state_->scratch;
  if (own == nullptr && hs_alloc_scratch(database.compiled, &own) != HS_SUCCESS) {
    throw std::bad_alloc();
  }
  const hs_error_t result = hs_scan(database.compiled, piece.data(),
                                    static_cast<unsigned>(piece.size()), 0, own, Report, reporting);
  if (reporting->thrown) std::rethrow_exception(reporting->thrown);
  if (result != HS_SUCCESS) {
    throw Error(ErrorCode::kUnsupported, "the search failed: " + std::to_string(result));
  }
}

bool LiteralSet::ScanByTableOrFilter(const Prepared* prepared, std::string_view bytes,
                                     const OnHit& on_hit) const {
  if (prepared == nullptr) {
    for (const auto& [literal, begin] : table_.Scan(bytes)) on_hit(literal, begin);
    return true;
  }
  if (prepared->filter == nullptr) return false;
  prepared->filter->Scan(bytes, on_hit);
  return true;
}

void LiteralSet::Scan(std::string_view bytes, Scratch* scratch, const OnHit& on_hit) const {
  if (literals_.empty() || bytes.empty()) return;
  const Prepared* const prepared = ForBytes(bytes.size());
  if (ScanByTableOrFilter(prepared, bytes, on_hit)) return;
  Reporting reporting{literals_, on_hit, 0, 0, nullptr};
  ScanPiece(*prepared->database, bytes, scratch, &reporting);
}

// A processor waits for few lines of memory at a time, so they are asked for little by little.
void LiteralSet::ScanUncached(std::string_view bytes, Scratch* scratch, const OnHit& on_hit) const {
  constexpr std::size_t kPiece = 2048;
  constexpr std::size_t kAhead = 2 * kPiece;
  constexpr std::size_t kLine = 64;
  if (literals_.empty() || bytes.empty()) return;
  const Prepared* const prepared = ForBytes(bytes.size());
  if (ScanByTableOrFilter(prepared, bytes, on_hit)) return;
  Reporting reporting{literals_, on_hit, 0, 0, nullptr};
  for (std::size_t at = 0; at < bytes.size(); at += kPiece) {
    const std::string_view ahead = bytes.substr(std::min(at + kAhead, bytes.size()), kPiece);
    for (std::size_t i = 0; i < ahead.size(); i += kLine) __builtin_prefetch(ahead.data() + i);
    reporting.known = at;
    reporting.begin = at - std::min(at, longest_ - 1);
    ScanPiece(*prepared->database, bytes.substr(reporting.begin, at + kPiece - reporting.begin),
              scratch, &reporting);
  }
}

}  // namespace watertight
