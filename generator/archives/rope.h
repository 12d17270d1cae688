// A byte string made of pieces: memory, ranges of files that are read only when the bytes are
// asked for, and what a function gives then. Layers and whole archives are ropes, so a context of
// any size is copied and hashed but never held in memory.
//
//   Rope layer;
//   layer.Append(header);
//   layer.AppendFile("context/big.bin", 0, size);
//   layer.Read([&](std::string_view bytes) { out.write(bytes.data(), bytes.size()); });
//
// Copies share their pieces. A rope may be read by several threads, changed by one alone.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace watertight::generator {

// An entry of a tar, as its writer knows it: for whoever asks what stands where in a layer, without
// reading the tar.
struct TarMark {
  std::uint64_t offset = 0;   // of its first header; long names and PAX records have their own
  std::uint64_t content = 0;  // of its content
  std::uint64_t size = 0;     // of its content
  char type = '0';
  std::string name;
  std::string link;
  std::string uname;
  std::string gname;
  std::map<std::string, std::string> pax;  // records beside those of the fields above
};

// An open file, closed with the last rope that holds a part of it.
class OpenFile {
 public:
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile();

  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

class Rope {
 public:
  Rope() = default;
  explicit Rope(std::string bytes) { Append(std::move(bytes)); }

  void Append(std::string bytes);
  void Append(const Rope& other);
  void AppendZeros(std::uint64_t count);
  // A range of a file that keeps its bytes until the rope was read.
  void AppendFile(const std::string& path, std::uint64_t offset, std::uint64_t length);
  void AppendFile(std::shared_ptr<const OpenFile> file, std::uint64_t length);
  // What `read` hands on, `length` bytes and the same ones each time. It may be called by several
  // threads.
  using Take = std::function<void(std::string_view)>;
  void AppendLazy(std::uint64_t length, std::function<void(const Take&)> read);

  // Marks are of a tar that was written into this rope. They stay with its copies, and with an
  // empty rope that it is appended to; elsewhere its bytes alone go.
  void Mark(TarMark mark);
  const std::vector<TarMark>& marks() const;

  std::uint64_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  // Calls `take` with all bytes in order. Throws: Error when a file cannot be read or ends early.
  void Read(const Take& take) const;
  std::string ToString() const;
  // The bytes [offset, offset + length), cut where the rope ends.
  Rope Part(std::uint64_t offset, std::uint64_t length) const;

 private:
  struct Piece {
    std::uint64_t length = 0;
    std::uint64_t offset = 0;
    std::shared_ptr<std::string> bytes;         // memory, or
    std::shared_ptr<const std::string> path;    // a file by name, or
    std::shared_ptr<const OpenFile> open_file;  // a file without one, or
    std::shared_ptr<const std::function<void(const Take&)>> lazy;
  };

  static void ReadPiece(const Piece& piece, const Take& take);
  static void ReadLazy(const Piece& piece, const Take& take);
  void Add(Piece piece);

  std::vector<Piece> pieces_;
  std::uint64_t size_ = 0;
  std::shared_ptr<std::vector<TarMark>> marks_;
};

// Collects bytes that come in parts; what is large goes to an unlinked temporary file.
class Spool {
 public:
  void Append(std::string_view bytes);
  // Requires: called once, last.
  Rope Take();

 private:
  void Spill();

  std::string memory_;
  std::shared_ptr<const OpenFile> file_;
  std::uint64_t spilled_ = 0;
};

}  // namespace watertight::generator
