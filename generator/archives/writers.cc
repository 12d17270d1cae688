#include "generator/archives/writers.h"

#include "generator/error.h"

namespace watertight::generator {

const std::vector<ArchiveWriter>& ArchiveWriters() {
  constexpr auto kNone = Compression::kNone;
  constexpr auto kGzip = Compression::kGzip;
  static const std::vector<ArchiveWriter> writers = {
      {"docker-20", "docker save of Docker 20.10: a folder for each layer", kNone, WriteDocker20},
      {"docker-26", "docker save of Docker 26, overlay2: OCI layout and manifest.json", kNone,
       WriteDocker26},
      {"docker-28", "docker save of Docker 28, overlay2: OCI layout and manifest.json", kNone,
       WriteDocker28},
      {"docker-28-containerd", "docker save of Docker 28 with the containerd image store", kGzip,
       WriteDocker28Containerd},
      {"buildx-docker", "docker buildx build -o type=docker,dest=FILE", kGzip, WriteBuildxDocker},
      {"buildx-oci", "docker buildx build -o type=oci,dest=FILE", kGzip, WriteBuildxOci},
      {"skopeo", "skopeo copy … docker-archive:FILE", kNone, WriteSkopeo},
      {"podman", "podman save", kNone, WritePodman},
      {"crane", "crane pull, ko, kaniko --tar-path", kGzip, WriteCrane},
      {"crane-legacy", "crane pull --format legacy", kNone, WriteCraneLegacy},
      {"jib", "jib buildTar, Docker form", kGzip, WriteJib},
      {"nix", "nix dockerTools.streamLayeredImage", kNone, WriteNix},
      {"oci", "an OCI layout in a tar: podman save --format oci-archive, skopeo", kGzip, WriteOci},
      {"oci-dir", "an OCI layout as a folder", kGzip, WriteOciDirectory}};
  return writers;
}

const ArchiveWriter* FindArchiveWriter(const std::string& name) {
  for (const ArchiveWriter& writer : ArchiveWriters()) {
    if (name == writer.name) return &writer;
  }
  return nullptr;
}

Archive WriteArchive(const std::string& writer, const std::vector<SavedImage>& images,
                     const ArchiveOptions& options) {
  if (const ArchiveWriter* found = FindArchiveWriter(writer)) {
    if (images.empty()) throw Error("no image to save");
    return found->write(images, options);
  }
  std::string names;
  for (const ArchiveWriter& known : ArchiveWriters()) {
    names += (names.empty() ? "" : ", ") + std::string(known.name);
  }
  throw Error("unknown archive '" + writer + "'; known are " + names);
}

Rope ToTar(const Archive& archive) {
  return archive.file ? *archive.file : WriteTar(archive.entries, archive.tar);
}

}  // namespace watertight::generator
