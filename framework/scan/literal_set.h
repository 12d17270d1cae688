// Byte strings that are all searched for in one pass. Thread-safe once made.
//
//   const LiteralSet set({{"supe"}, {"c3Vw"}});
//   LiteralSet::Scratch scratch;
//   set.Scan(bytes, &scratch, [](std::size_t literal, std::size_t begin) { … });
//
// A filter does it where the processor has what that needs and the set is not too large, Vectorscan
// elsewhere. The literals of all rules take them 7 and 35 ms to prepare: so small texts are
// searched by a table, and so are large ones in other threads than the one that prepares.
//
// Both are fastest with up to some hundred literals of four to eight bytes. Whoever looks for
// longer strings searches for a part of each and looks at what stands around it.

#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "framework/scan/literal_filter.h"
#include "framework/scan/literal_table.h"

namespace watertight {

enum class LiteralEngine : std::uint8_t { kFastest, kVectorscan };

class LiteralSet {
 public:
  // What one thread needs to scan with one set.
  class Scratch {
   public:
    Scratch();
    ~Scratch();

   private:
    friend class LiteralSet;
    struct State;
    std::unique_ptr<State> state_;
  };
  using OnHit = std::function<void(std::size_t literal, std::size_t begin)>;

  // Each at least one byte, none twice.
  explicit LiteralSet(std::vector<Literal> literals);
  ~LiteralSet();
  LiteralSet(const LiteralSet&) = delete;  // the table refers to the literals
  LiteralSet& operator=(const LiteralSet&) = delete;

  // Every occurrence, also those that overlap; by their ends, and in no order where ends are equal.
  // Requires: fewer than 2^32 bytes. What on_hit throws comes out when the scan has ended.
  // Throws: Error, kUnsupported.
  void Scan(std::string_view bytes, Scratch* scratch, const OnHit& on_hit) const;
  // The same of bytes that are in no cache yet: they are fetched while those before are scanned.
  void ScanUncached(std::string_view bytes, Scratch* scratch, const OnHit& on_hit) const;

  // Makes it ready: from then on, no scan is done by the table. What was made ready before stays.
  // Throws: Error, kUnsupported.
  void Prepare(LiteralEngine engine = LiteralEngine::kFastest) const;

  const std::vector<Literal>& literals() const { return literals_; }
  std::size_t size(std::size_t literal) const { return literals_[literal].bytes.size(); }
  std::size_t longest() const { return longest_; }
  std::size_t count() const { return literals_.size(); }

 private:
  struct Database;
  struct Prepared;
  struct Reporting;

  std::unique_ptr<const Database> Compile() const;
  // Null: not prepared yet, or not worth it for so many bytes more.
  const Prepared* ForBytes(std::size_t count) const;
  void PrepareLocked(LiteralEngine engine) const;
  static int Report(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
                    void* context);
  // False when it is Vectorscan's to do.
  bool ScanByTableOrFilter(const Prepared* prepared, std::string_view bytes,
                           const OnHit& on_hit) const;
  void ScanPiece(const Database& database, std::string_view piece, Scratch* scratch,
                 Reporting* reporting) const;

  std::vector<Literal> literals_;
  LiteralTable table_;
  bool suits_filter_;
  std::size_t longest_ = 0;
  mutable std::atomic<std::uint64_t> tabled_ = 0;  // bytes that were searched by the table
  mutable std::mutex prepare_mutex_;
  mutable std::unique_ptr<const Prepared> made_;  // guarded by it
  mutable std::atomic<const Prepared*> prepared_ = nullptr;
};

}  // namespace watertight
