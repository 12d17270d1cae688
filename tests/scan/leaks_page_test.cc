// docs/leaks.md says what the tables hold.

#include <gtest/gtest.h>

#include <string>

#include "framework/scan/secret_names.h"
#include "framework/scan/text_rules.h"
#include "tests/support/command.h"
#include "watertight/credential_files.h"

namespace watertight {
namespace {

std::string Page() { return testing::ReadFile(std::string(WATERTIGHT_DOCS) + "/leaks.md"); }

bool Holds(const std::string& page, const std::string& text) {
  return page.find(text) != std::string::npos;
}

TEST(LeaksPage, NamesEveryRule) {
  const std::string page = Page();
  for (const TextRule& rule : TextRules()) {
    const std::string id = rule.id;
    if (id.empty()) continue;  // by the name in the text
    EXPECT_TRUE(Holds(page, "\n| `" + id + "` | ")) << id;
  }
  for (const NameRule& row : NameRules()) {
    EXPECT_TRUE(Holds(page, "\n| `" + std::string(row.rule) + "` | ")) << row.rule;
    EXPECT_TRUE(Holds(page, "\n| " + std::string(row.phrase) + " | `" + row.rule + "` | "))
        << row.phrase;
  }
}

TEST(LeaksPage, ListsEveryCredentialFile) {
  const std::string page = Page();
  for (const CredentialFile& file : CredentialFiles()) {
    EXPECT_TRUE(Holds(page, "\n| `" + std::string(file.pattern) + "` | " + file.what + " |"))
        << file.pattern;
  }
}

}  // namespace
}  // namespace watertight
