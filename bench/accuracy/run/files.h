// Files and folders of the bench.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace watertight::bench {

// Each throws Error, kIo.
std::string ReadFile(const std::string& path);
void WriteFile(const std::string& path, std::string_view bytes);
// In one step: the file is the old one or the whole new one.
void ReplaceFile(const std::string& path, std::string_view bytes);
// At the end of the file, as one write.
void AppendToFile(const std::string& path, std::string_view bytes);
void MakeFolder(const std::string& path);
// Names of the folders in a folder, sorted.
std::vector<std::string> FoldersIn(const std::string& path);
// Hexadecimal SHA-256 of the file; empty when it cannot be read.
std::string FileSha256(const std::string& path);

}  // namespace watertight::bench
