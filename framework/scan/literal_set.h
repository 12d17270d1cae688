// Byte strings that are all searched for in one pass, by Vectorscan. Thread-safe once made.
//
//   const LiteralSet set({"supe", "c3Vw"});
//   LiteralSet::Scratch scratch(set);
//   set.Scan(bytes, &scratch, [](std::size_t literal, std::size_t begin) { … });
//
// Up to some fifty literals of at most eight bytes are searched for at the speed of memory: whoever
// looks for longer strings searches for a part of each and looks at what stands around it.

#pragma once

#include <cstddef>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace watertight {

class LiteralSet {
 public:
  // What one thread needs to scan.
  class Scratch {
   public:
    // Throws: Error, kUnsupported.
    explicit Scratch(const LiteralSet& set);
    ~Scratch();

   private:
    friend class LiteralSet;
    struct State;
    std::unique_ptr<State> state_;
  };
  using OnHit = std::function<void(std::size_t literal, std::size_t begin)>;

  // Each at least one byte, none twice. What is searched with is prepared meanwhile, by a thread of
  // its own; the first Scratch waits for it.
  explicit LiteralSet(std::vector<std::string> literals);
  ~LiteralSet();

  // Every occurrence, also those that overlap; by their ends, and in no order where ends are equal.
  // Requires: fewer than 2^32 bytes. What on_hit throws comes out when the scan has ended.
  void Scan(std::string_view bytes, Scratch* scratch, const OnHit& on_hit) const;
  // The same of bytes that are in no cache yet: they are fetched while those before are scanned.
  void ScanUncached(std::string_view bytes, Scratch* scratch, const OnHit& on_hit) const;

  std::size_t size(std::size_t literal) const { return literals_[literal].size(); }
  std::size_t longest() const { return longest_; }
  std::size_t count() const { return literals_.size(); }

 private:
  struct Database;
  struct Reporting;

  std::unique_ptr<const Database> Compile() const;
  static int Report(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
                    void* context);
  void ScanPiece(std::string_view piece, Scratch* scratch, Reporting* reporting) const;

  std::vector<std::string> literals_;
  std::size_t longest_ = 0;
  std::shared_future<std::unique_ptr<const Database>> database_;
};

}  // namespace watertight
