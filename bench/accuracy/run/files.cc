#include "bench/accuracy/run/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "framework/image/path.h"
#include "framework/image/sha256.h"
#include "watertight/error.h"

namespace watertight::bench {
namespace {

[[noreturn]] void Fail(const std::string& path, const std::string& why) {
  throw Error(ErrorCode::kIo, Printable(path) + ": " + why);
}

void WriteTo(const std::string& path, std::string_view bytes, int flags) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0644);
  if (file < 0) Fail(path, std::strerror(errno));
  const ssize_t written = write(file, bytes.data(), bytes.size());
  const int error = written < 0 ? errno : ENOSPC;
  if (close(file) != 0 || written != static_cast<ssize_t>(bytes.size())) {
    Fail(path, std::strerror(error));
  }
}

}  // namespace

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path)) Fail(path, "cannot be read");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void WriteFile(const std::string& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) Fail(path, "cannot be written");
}

void ReplaceFile(const std::string& path, std::string_view bytes) {
  const std::string other = path + ".new";
  WriteFile(other, bytes);
  std::error_code error;
  std::filesystem::rename(other, path, error);
  if (error) Fail(path, error.message());
}

void AppendToFile(const std::string& path, std::string_view bytes) {
  WriteTo(path, bytes, O_APPEND);
}

void MakeFolder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) Fail(path, error.message());
}

std::vector<std::string> FoldersIn(const std::string& path) {
  std::error_code error;
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  }
  if (error) Fail(path, error.message());
  std::sort(names.begin(), names.end());
  return names;
}

std::string FileSha256(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return "";
  Sha256 hash;
  std::string piece(1 << 20, '\0');
  while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())) || file.gcount() > 0) {
    hash.Update(std::string_view(piece).substr(0, static_cast<std::size_t>(file.gcount())));
  }
  return hash.Hex();
}

}  // namespace watertight::bench
