#include "bench/performance/images.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <random>
#include <stdexcept>

#include "framework/image/bytes.h"
#include "framework/image/decompress.h"
#include "framework/image/sha256.h"
#include "watertight/image.h"

namespace watertight::bench {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::int64_t kTime = 1646642700;

std::uint64_t Padding(std::uint64_t size) { return (kBlock - size % kBlock) % kBlock; }

void PutOctal(std::array<char, kBlock>* block, std::size_t at, int digits, std::uint64_t value) {
  for (int i = digits - 1; i >= 0; --i, value >>= 3) {
    (*block)[at + static_cast<std::size_t>(i)] = static_cast<char>('0' + (value & 7));
  }
}

void PutText(std::array<char, kBlock>* block, std::size_t at, std::string_view text) {
  text.copy(block->data() + at, block->size() - at);
}

// POSIX ustar: a long name is cut at a slash into prefix and name.
std::string Header(const std::string& name, char type, std::uint64_t size,
                   const std::string& link) {
  std::array<char, kBlock> block{};
  std::size_t cut = 0;
  if (name.size() > 100) cut = name.find('/', name.size() - 101);
  PutText(&block, 0, std::string_view(name).substr(cut == 0 ? 0 : cut + 1));
  PutText(&block, 345, std::string_view(name).substr(0, cut));
  PutOctal(&block, 100, 7, type == '5' ? 0755 : 0644);
  PutOctal(&block, 108, 7, 0);
  PutOctal(&block, 116, 7, 0);
  PutOctal(&block, 124, 11, size);
  PutOctal(&block, 136, 11, kTime);
  PutText(&block, 148, "        ");
  block[156] = type;
  PutText(&block, 157, link);
  PutText(&block, 257, std::string_view("ustar\00000", 8));
  unsigned sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  PutOctal(&block, 148, 6, sum);
  block[154] = '\0';
  return {block.data(), block.size()};
}

// The length of a PAX record counts its own digits (POSIX.1-2017 pax, "pax Extended Header").
std::string PaxRecord(const std::string& key, const std::string& value) {
  const std::size_t bare = key.size() + value.size() + 3;
  std::size_t length = bare + 1;
  while (length != bare + std::to_string(length).size()) {
    length = bare + std::to_string(length).size();
  }
  return std::to_string(length) + " " + key + "=" + value + "\n";
}

std::string PaxHeader(Form form, std::size_t number) {
  if (form == Form::kUstar) return "";
  const std::string seconds = std::to_string(kTime + static_cast<std::int64_t>(number));
  const std::string fraction = std::to_string(100'000'000 + number * 7919 % 899'999'999);
  std::string body;
  if (form == Form::kTimes) {
    body = PaxRecord("atime", seconds + "." + fraction) + PaxRecord("ctime", seconds + ".5");
  }
  body += PaxRecord("mtime", seconds + "." + fraction);
  std::string header = Header("PaxHeaders.0/x", 'x', body.size(), "");
  header += body;
  header.append(Padding(body.size()), '\0');
  return header;
}

// Paths of 60 to 100 bytes, 20 files in a folder, as language packages have them; none that
// scanners pass over, such as node_modules or *.md.
std::string Folder(std::size_t number) {
  const std::string n = std::to_string(number);
  return "srv/app/services/package-" + std::to_string(number / 40) + "/server/routes/components-" +
         n + "/";
}

std::string FileName(std::size_t number) {
  constexpr const char* kNames[] = {"index.js", "createServerComponent.ts", "internalTypes.py",
                                    "settings.json", "handler.conf"};
  return Folder(number / 20) + std::to_string(number) + "-" + kNames[number % 5];
}

// Content that compresses like real layers do, to about 40 percent: words, and bytes of no pattern.
const std::string& Pool() {
  static const std::string pool = [] {
    std::mt19937_64 random(20220307);
    std::vector<std::string> words(4096);
    for (std::string& word : words) {
      for (std::size_t i = 3 + random() % 9; i > 0; --i) {
        word += static_cast<char>('a' + random() % 26);
      }
    }
    std::string bytes;
    while (bytes.size() < (std::size_t{8} << 20)) {
      for (int i = 0; i < 400; ++i) {
        const std::size_t skewed = random() % 4096 * (random() % 4096) / 4096;
        bytes += words[skewed];
        bytes += i % 12 == 11 ? '\n' : ' ';
      }
      for (int i = 0; i < 32; ++i) {
        const std::uint64_t value = random();
        bytes.append(reinterpret_cast<const char*>(&value), sizeof(value));
      }
    }
    return bytes;
  }();
  return pool;
}

void WriteContent(std::uint64_t size, std::size_t number, const Sink& sink) {
  const std::string& pool = Pool();
  std::uint64_t at = number * 7'654'321 % pool.size();
  while (size > 0) {
    const std::uint64_t step = std::min<std::uint64_t>(size, pool.size() - at);
    sink(std::string_view(pool).substr(at, step));
    size -= step;
    at = 0;
  }
}

void WriteEntry(const LayerShape& shape, const std::string& name, char type, std::uint64_t size,
                const std::string& link, std::size_t number, const Sink& sink,
                const SkipSink& skip) {
  sink(PaxHeader(shape.form, number) + Header(name, type, size, link));
  if (size == 0) return;
  if (shape.holes) {
    skip(size + Padding(size));
    return;
  }
  WriteContent(size, number, sink);
  sink(std::string(Padding(size), '\0'));
}

// Files differ in size, up to twice the mean; every tenth is a symlink.
std::uint64_t FileSize(const LayerShape& shape, std::size_t i) {
  const std::size_t files = shape.entries - (shape.entries + 9) / 10;
  const std::uint64_t mean = files == 0 ? 0 : shape.content_bytes / files;
  return mean == 0 ? 0 : mean * (1 + i * 37 % 101) / 51;
}

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

void WriteMember(const std::string& name, const std::string& bytes, const Sink& sink) {
  sink(Header(name, '0', bytes.size(), ""));
  sink(bytes);
  sink(std::string(Padding(bytes.size()), '\0'));
}

std::uint64_t FileBytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in) throw std::runtime_error(path + " cannot be read");
  return static_cast<std::uint64_t>(in.tellg());
}

void CopyFile(const std::string& path, const Sink& sink) {
  std::ifstream in(path, std::ios::binary);
  std::vector<char> buffer(std::size_t{1} << 20);
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), in.gcount() > 0) {
    sink({buffer.data(), static_cast<std::size_t>(in.gcount())});
  }
}

std::string DiffIdOf(const std::string& file) {
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw std::runtime_error(file + " cannot be read");
  const Limits limits;
  const std::unique_ptr<ByteStream> stream =
      Decompress(OpenFileBytes(descriptor, FileBytes(file), file), limits);
  Sha256 hash;
  std::vector<char> buffer(std::size_t{1} << 20);
  while (const std::size_t got = stream->Read(buffer.data(), buffer.size())) {
    hash.Update({buffer.data(), got});
  }
  return hash.Digest();
}

// Returns its diff_id.
std::string WriteHashedLayer(const LayerShape& shape, const Sink& sink, const SkipSink& skip) {
  Sha256 hash;
  const std::string zeros(std::size_t{1} << 20, '\0');
  WriteLayer(
      shape,
      [&](std::string_view piece) {
        hash.Update(piece);
        sink(piece);
      },
      [&](std::uint64_t count) {
        for (std::uint64_t left = count; left > 0;) {
          const std::uint64_t step = std::min<std::uint64_t>(left, zeros.size());
          hash.Update(std::string_view(zeros).substr(0, step));
          left -= step;
        }
        skip(count);
      });
  return hash.Digest();
}

}  // namespace

void WriteLayer(const LayerShape& shape, const Sink& sink, const SkipSink& skip) {
  for (std::size_t i = 0; i < shape.entries; ++i) {
    const std::size_t number = shape.first + i;
    if (number % 20 == 0) WriteEntry(shape, Folder(number / 20), '5', 0, "", number, sink, skip);
    if (i % 10 == 0) {
      WriteEntry(shape, FileName(number), '2', 0, "../" + FileName(number + 1), number, sink, skip);
    } else {
      WriteEntry(shape, FileName(number), '0', FileSize(shape, i), "", number, sink, skip);
    }
  }
  sink(std::string(2 * kBlock, '\0'));
}

std::string LayerBytes(const LayerShape& shape) {
  std::string bytes;
  WriteLayer(
      shape, [&](std::string_view piece) { bytes += piece; },
      [&](std::uint64_t count) { bytes.append(count, '\0'); });
  return bytes;
}

std::uint64_t LayerSize(const LayerShape& shape) {
  LayerShape hollow = shape;
  hollow.holes = true;
  std::uint64_t size = 0;
  WriteLayer(
      hollow, [&](std::string_view piece) { size += piece.size(); },
      [&](std::uint64_t count) { size += count; });
  return size;
}

void WriteImage(const std::string& path, const std::vector<LayerSource>& layers) {
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "wb"));
  if (file == nullptr) throw std::runtime_error(path + " cannot be written");
  const Sink sink = [&](std::string_view piece) {
    if (std::fwrite(piece.data(), 1, piece.size(), file.get()) != piece.size()) {
      throw std::runtime_error(path + " cannot be written");
    }
  };
  const SkipSink skip = [&](std::uint64_t count) {
    if (fseeko(file.get(), static_cast<off_t>(count), SEEK_CUR) != 0) {
      throw std::runtime_error(path + " cannot be written");
    }
  };
  std::string names;
  std::string diff_ids;
  std::string history;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    char id[65];
    std::snprintf(id, sizeof(id), "%064zx", i + 1);
    const char* comma = i == 0 ? "" : ",";
    names += comma + ("\"" + std::string(id) + "/layer.tar\"");
    history += comma + ("{\"created_by\":\"COPY step " + std::to_string(i) + "\"}");
    const std::uint64_t size =
        layers[i].file.empty() ? LayerSize(layers[i].shape) : FileBytes(layers[i].file);
    sink(Header(std::string(id) + "/layer.tar", '0', size, ""));
    std::string diff_id;
    if (layers[i].file.empty()) {
      diff_id = WriteHashedLayer(layers[i].shape, sink, skip);
    } else {
      CopyFile(layers[i].file, sink);
      diff_id = DiffIdOf(layers[i].file);
    }
    diff_ids += comma + ("\"" + diff_id + "\"");
    sink(std::string(Padding(size), '\0'));
  }
  WriteMember("config.json",
              "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":"
              "\"layers\",\"diff_ids\":[" +
                  diff_ids + "]},\"history\":[" + history + "]}",
              sink);
  WriteMember(
      "manifest.json",
      "[{\"Config\":\"config.json\",\"RepoTags\":[\"bench:latest\"],\"Layers\":[" + names + "]}]",
      sink);
  sink(std::string(2 * kBlock, '\0'));
}

ImageFile::ImageFile(const std::vector<LayerShape>& layers) {
  const char* folder = std::getenv("TMPDIR");
  path_ = std::string(folder == nullptr ? "/tmp" : folder) + "/watertight-benchmark-" +
          std::to_string(getpid()) + ".tar";
  std::vector<LayerSource> sources;
  for (const LayerShape& layer : layers) sources.push_back({layer});
  WriteImage(path_, sources);
  bytes_ = FileBytes(path_);
}

ImageFile::~ImageFile() { unlink(path_.c_str()); }

}  // namespace watertight::bench
