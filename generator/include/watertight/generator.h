// Saved images without a daemon: what a real builder would have made of a Dockerfile, in memory.
//
//   const auto built = watertight::Build(R"(
//     FROM alpine
//     COPY secret.txt /app/
//     RUN rm /app/secret.txt
//   )", {{"secret.txt", "hunter2\n"}}, {.builder = "classic-20.10", .archive = "docker-20"});
//   const auto image = watertight::Image::OpenBytes("app.tar", built.bytes);
//
// The last line is of <watertight/image.h>. Nothing is downloaded and nothing of this machine is
// run: FROM is scratch or a base that is built in, RUN goes through a modelled shell
// (docs/commands/generate.md). The same call gives the same bytes. All functions may be called from
// several threads.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace watertight {

enum class BuildFileType { kFile, kDirectory, kSymlink };

// A file of the build context. Directories above it need no entries of their own.
struct BuildFile {
  std::string path;     // relative, without "..", each once
  std::string content;  // a symbolic link's target; a directory has none
  std::optional<std::uint32_t> mode = std::nullopt;  // up to 07777; else 0644, of a directory 0755
  BuildFileType type = BuildFileType::kFile;
};

// A name that is unknown is an error that lists those there are.
struct BuildOptions {
  std::string builder = "buildkit-0.25";  // one of BuilderNames()
  std::string archive = "docker-28";      // one of ArchiveNames()
  std::string compression = {};  // of layers: "none", "gzip", "zstd"; empty: as the tool has it
  // Of builders from "buildkit-0.13" on, in "buildx-oci" and "docker-28-containerd"; elsewhere
  // there is none: "off", "min", "max"; empty: "min".
  std::string provenance = {};
  std::vector<std::string> tags = {};                  // "app:ci"
  std::map<std::string, std::string> build_args = {};  // --build-arg
  std::map<std::string, std::string> secrets = {};     // by id, of RUN --mount=type=secret
  std::map<std::string, std::string> urls = {};        // what ADD finds at each, by address
  std::string target = {};                             // the stage; empty: the last
  std::string platform = {};                           // "linux/arm64"; empty: linux/amd64
  // When everything happens, in seconds since 1970, 0 to 253402300799: the end of the year 9999.
  std::int64_t clock = 1767225600;
  // Of BuildFolder: the Dockerfile's path, as any other (not from the folder); empty:
  // FOLDER/Dockerfile.
  std::string dockerfile = {};
};

struct BuiltArchive {
  // What `docker save` and its relatives write; of "oci-dir" a tar of the folder. Not null.
  std::shared_ptr<const std::string> bytes;
  std::string image_id;               // "sha256:…", of the configuration
  std::vector<std::string> warnings;  // of the Dockerfile's parser
};

// One line: "sha256:5f70bf18a086, 10240 bytes".
void PrintTo(const BuiltArchive& archive, std::ostream* out);

// What is wrong with a Dockerfile, its context or an option, as one line: "Dockerfile:3: …", or
// with the path that BuildFolder read.
class BuildError : public std::runtime_error {
 public:
  BuildError(const std::string& text, int line) : std::runtime_error(text), line_(line) {}

  int line() const { return line_; }  // of the Dockerfile, from 1; 0: none

 private:
  int line_;
};

// `dockerfile` is the text. Throws: BuildError.
BuiltArchive Build(const std::string& dockerfile, const std::vector<BuildFile>& context = {},
                   const BuildOptions& options = {});

// The context is a folder on disk, as in `docker build FOLDER`. Throws: BuildError.
BuiltArchive BuildFolder(const std::string& folder, const BuildOptions& options = {});

// "classic-20.10" and the others, from the oldest of a family to the newest.
std::vector<std::string> BuilderNames();
// "docker-20" and the others.
std::vector<std::string> ArchiveNames();

}  // namespace watertight
