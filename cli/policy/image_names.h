// Names of images, as a command line and a policy give them.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace watertight::cli {

// "docker-archive:", of "docker-archive:out/app.tar"; empty for a path.
std::string_view TransportOf(std::string_view reference);
// Behind it stands a path, or there is none.
bool NamesPath(std::string_view reference);

// The reference with a path that is from the folder; as it is when it names none.
std::string InFolder(const std::string& folder, const std::string& reference);

// *, ?, [ or { stands in it.
bool IsPattern(std::string_view text);

// Whether an image that a policy names is the one that the command line names.
// name: as the policy has it. folder: of the policy, for paths. Without / it is the name of a file
// in any folder, else a path; *, ?, […] and {a,b} are those of watertight/glob.h.
// Throws: Error, for a pattern that is none.
bool NameFits(const std::string& name, const std::string& folder, const std::string& reference);

// The references that the name stands for: itself, or what there is of its pattern, in natural
// order. Throws: Error, for a pattern that is none, kIo for a folder that cannot be read.
std::vector<std::string> ImagesOf(const std::string& name, const std::string& folder);

// "app-9.tar" before "app-10.tar".
bool ComesBefore(std::string_view a, std::string_view b);

}  // namespace watertight::cli
