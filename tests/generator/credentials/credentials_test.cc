#include "generator/credentials/credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "generator/credentials/words.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

TEST(Kinds, HaveDistinctKebabCaseIds) {
  std::set<std::string_view> ids;
  for (const Kind& kind : Kinds()) {
    EXPECT_THAT(std::string(kind.id), MatchesRegex("[a-z0-9]+(-[a-z0-9]+)*"));
    EXPECT_TRUE(ids.insert(kind.id).second) << kind.id;
    EXPECT_EQ(FindKind(kind.id)->id, kind.id);
  }
  EXPECT_EQ(FindKind("github-path"), nullptr);
}

TEST(Kinds, HaveAClassOfTheReference) {
  const std::set<std::string_view> classes = {"private-key",
                                              "cloud",
                                              "vcs",
                                              "registry",
                                              "ai",
                                              "payment",
                                              "chat",
                                              "database-url",
                                              "jwt",
                                              "saas",
                                              "encryption-key",
                                              "generic-password",
                                              "password-hash",
                                              "decoy"};
  for (const Kind& kind : Kinds()) EXPECT_EQ(classes.count(kind.credential_class), 1U) << kind.id;
}

TEST(Credentials, AreTheSameForTheSameArgumentsAlone) {
  for (const Kind& kind : Kinds()) {
    const std::string value = MakeCredential(kind, "seed", "name").value;
    EXPECT_FALSE(value.empty()) << kind.id;
    EXPECT_EQ(value, MakeCredential(kind, "seed", "name").value) << kind.id;
    EXPECT_NE(value, MakeCredential(kind, "seed", "other").value) << kind.id;
    EXPECT_NE(value, MakeCredential(kind, "tree", "name").value) << kind.id;
  }
}

TEST(Credentials, EveryFormHoldsTheValueOrAPart) {
  for (const Kind& kind : Kinds()) {
    const Credential credential = MakeCredential(kind, "seed", "name");
    EXPECT_EQ(Render(kind, credential, "plain"), credential.value) << kind.id;
    std::set<std::string> names;
    for (const Form& form : Forms(kind)) {
      EXPECT_TRUE(names.insert(form.name).second) << kind.id << "|" << form.name;
      const std::string text = Render(kind, credential, form.name);
      EXPECT_THAT(text, testing::Not(HasSubstr("{{"))) << kind.id << "|" << form.name;
      EXPECT_GT(text.size(), 0U) << kind.id << "|" << form.name;
    }
  }
}

TEST(Credentials, AnUnknownFormNamesTheNearest) {
  const Kind& kind = *FindKind("github-pat");
  const Credential credential = MakeCredential(kind, "seed", "name");
  try {
    Render(kind, credential, "file:.netr");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "github-pat has no form \"file:.netr\" (did you mean file:.netrc?)");
  }
}

TEST(Twins, AreKnownByName) {
  const Kind& kind = *FindKind("github-pat");
  EXPECT_THAT(Variants(kind),
              testing::ElementsAre("bad-checksum", "wrong-length", "wrong-alphabet", "truncated"));
  EXPECT_THROW(MakeTwin(kind, "seed", "name", "bad-sum"), Error);
}

TEST(Twins, DifferFromTheirCredential) {
  for (const Kind& kind : Kinds()) {
    const std::string value = MakeCredential(kind, "seed", "name").value;
    for (const std::string_view variant : Variants(kind)) {
      EXPECT_NE(MakeTwin(kind, "seed", "name", variant).value, value) << kind.id << "!" << variant;
    }
  }
}

}  // namespace
}  // namespace watertight::generator
