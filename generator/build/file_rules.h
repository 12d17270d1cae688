// How builders differ in what they do to files, one row each.
#pragma once

#include <string_view>

#include "generator/dockerfile/dialect.h"

namespace watertight::generator {

// Where --chmod's number goes.
enum class ChmodBits {
  kPermissions,  // of its bits rwx alone; setuid, setgid and sticky stay as the source has them
  kAll,
};

struct FileRules {
  std::string_view builder;
  Family family;

  bool implies_directories = false;  // hidden ones with something visible lose their attributes

  // Docker before 23.0 puts the file type into the modes of its tars, layers and contexts alike,
  // and the machine's user names into layers.
  bool old_headers = false;

  bool unpacks_zstd = true;
  bool finds_exceptions = false;  // of .dockerignore, in every hidden directory
  bool refuses_parents = false;   // an archive with a name such as ../f

  // BuildKit.
  ChmodBits chmod_bits = ChmodBits::kAll;
  bool numeric_chmod = false;         // a --chmod that is no number has no effect
  bool chmod_parents = false;         // --chmod also holds for the directories above
  bool target_keeps_time = false;     // an existing target directory gets the source's time
  bool slash_dot_is_slash = false;    // a destination /a/. is /a/
  bool sent_directories_new = false;  // directories of the context with files have the clock's time
  bool copies_fifos = false;
  bool unpack_chowns = false;         // ADD --chown holds for what is in an archive
  bool needs_passwd = false;          // --chown by name fails without /etc/passwd
  bool old_cache_words = false;       // of a source that is missing
  bool names_written_source = false;  // and no symbolic link at its end is followed to name it

  // A RUN's user is not in its own group once more, as a supplementary one.
  bool bare_groups = false;
};

// Throws: Error for an unknown builder.
const FileRules& FileRulesOf(std::string_view builder);

}  // namespace watertight::generator
