// One function for each archive writer; writers.cc is the table over them.

#pragma once

#include <vector>

#include "generator/archives/archive.h"

namespace watertight::generator {

using Images = std::vector<SavedImage>;

Archive WriteDocker20(const Images& images, const ArchiveOptions& options);
Archive WriteDocker26(const Images& images, const ArchiveOptions& options);
Archive WriteDocker28(const Images& images, const ArchiveOptions& options);
Archive WriteDocker28Containerd(const Images& images, const ArchiveOptions& options);
Archive WriteBuildxDocker(const Images& images, const ArchiveOptions& options);
Archive WriteBuildxOci(const Images& images, const ArchiveOptions& options);
Archive WriteSkopeo(const Images& images, const ArchiveOptions& options);
Archive WritePodman(const Images& images, const ArchiveOptions& options);
Archive WriteCrane(const Images& images, const ArchiveOptions& options);
Archive WriteCraneLegacy(const Images& images, const ArchiveOptions& options);
Archive WriteJib(const Images& images, const ArchiveOptions& options);
Archive WriteNix(const Images& images, const ArchiveOptions& options);
Archive WriteOci(const Images& images, const ArchiveOptions& options);
Archive WriteOciDirectory(const Images& images, const ArchiveOptions& options);

}  // namespace watertight::generator
