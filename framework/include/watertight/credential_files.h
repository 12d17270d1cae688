// Files that tools keep credentials in, by their well-known paths.
//
//   for (const watertight::CredentialFile& file : watertight::CredentialFiles())
//     std::cout << file.pattern << ": " << file.what << "\n";
//
// No row matches a file that a distribution ships; docs/leaks.md lists them.

#pragma once

#include <ostream>
#include <vector>

namespace watertight {

struct CredentialFile {
  const char* pattern;  // a Glob
  const char* what;     // "npm registry credentials"
};

const std::vector<CredentialFile>& CredentialFiles();

void PrintTo(const CredentialFile& file, std::ostream* out);

}  // namespace watertight
