// Byte strings that are all searched for in one pass. Thread-safe once made.
//
//   const LiteralSet set({{"supe"}, {"c3Vw"}});
//   LiteralSet::Scratch scratch;
//   set.Scan(bytes, &scratch, [](std::size_t literal, std::size_t begin) { … });
//
// A small set is searched for by a filter, where the processor has what that needs. Otherwise by
// Vectorscan, which takes some 35 ms to prepare the literals of all rules: so small texts are
// searched by a table, and so are large ones in other threads than the one that prepares.
//
// Up to 96 literals of at most eight bytes are what Vectorscan is fast with. Whoever looks for
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

  // Makes Vectorscan ready: from then on, it does all scans, also of a small set. Throws: Error,
  // kUnsupported.
  void Prepare() const;

  std::size_t size(std::size_t literal) const { return literals_[literal].bytes.size(); }
  std::size_t longest() const { return longest_; }
  std::size_t count() const { return literals_.size(); }

 private:
  struct Database;
  struct Reporting;

  std::unique_ptr<const Database> Compile() const;
  // Null: not prepared yet, or not worth it for so many bytes more.
  const Database* ForBytes(std::size_t count) const;
  void PrepareLocked() const;
  static int Report(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
                    void* context);
  // False when there is no filter, or Vectorscan is ready.
  bool ScanByFilter(std::string_view bytes, const OnHit& on_hit) const;
  void ScanByTable(std::string_view bytes, const OnHit& on_hit) const;
  void ScanPiece(const Database& database, std::string_view piece, Scratch* scratch,
                 Reporting* reporting) const;

  std::vector<Literal> literals_;
  LiteralTable table_;
  std::unique_ptr<const LiteralFilter> filter_;
  std::size_t longest_ = 0;
  mutable std::atomic<std::uint64_t> tabled_ = 0;  // bytes that were searched by the table
  mutable std::mutex prepare_mutex_;
  mutable std::unique_ptr<const Database> database_;  // guarded by it
  mutable std::atomic<const Database*> prepared_ = nullptr;
};

}  // namespace watertight
