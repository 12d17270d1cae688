// What nobody must be able to take out of an image, whether or not the container still shows it.
//
//   EXPECT_NO_LEAKED_FILE(App(), "**/.npmrc", "*.pem", Except("etc/ssl/**"));
//   EXPECT_HISTORY_CLEAN(App(), CleanOptions().Allow("DEMO_TOKEN"));
//   EXPECT_CONFIG_CLEAN(App());
//   EXPECT_NO_LEAKED_VALUE(App(), Secret::FromEnv("NPM_TOKEN"));
//   EXPECT_NO_SECRETS(App(), SecretOptions().AddRule({.id = "acme", .pattern = "acme_[0-9]+"}));
//
// Every macro is also an ASSERT_…, takes <<, and is a matcher for EXPECT_THAT. A layer that cannot
// be read fails every assertion that needs it, also under Not: unreadable is never clean.

#pragma once

#include <gmock/gmock.h>

#include <vector>

#include "watertight/image.h"
#include "watertight/known_values.h"
#include "watertight/leaks.h"
#include "watertight/matchers/patterns.h"
#include "watertight/matchers/satisfies.h"
#include "watertight/secrets.h"

namespace watertight {

// No layer stores an entry (file, directory, link, …) of such a path, deleted later or not.
::testing::Matcher<const Image&> NeverStores(PathPatterns patterns);

template <typename... Patterns>
::testing::Matcher<const Image&> NeverStores(const Glob& first, const Patterns&... patterns) {
  return NeverStores(internal::Gather(first, patterns...));
}

// Nothing in the history gives away a secret: see watertight/leaks.h.
::testing::Matcher<const Image&> HasCleanHistory(CleanOptions options = {});
// Nothing in the rest of the configuration does.
::testing::Matcher<const Image&> HasCleanConfig(CleanOptions options = {});

// No carrier of the image holds one of the values, in no encoding: see watertight/known_values.h.
// Throws: Error, kUsage, without a value.
::testing::Matcher<const Image&> NeverContains(std::vector<Secret> values);

template <typename... Secrets>
::testing::Matcher<const Image&> NeverContains(const Secret& first, const Secrets&... others) {
  return NeverContains(std::vector<Secret>{first, others...});
}

// No carrier of the image holds what a rule takes for a secret: see watertight/secrets.h.
::testing::Matcher<const Image&> HasNoSecrets(SecretOptions options = {});

}  // namespace watertight

// (image, secret…)
#define EXPECT_NO_LEAKED_VALUE(image, ...)                      \
  EXPECT_PRED_FORMAT2(::watertight::internal::Satisfies, image, \
                      ::watertight::NeverContains(__VA_ARGS__))
#define ASSERT_NO_LEAKED_VALUE(image, ...)                      \
  ASSERT_PRED_FORMAT2(::watertight::internal::Satisfies, image, \
                      ::watertight::NeverContains(__VA_ARGS__))

// (image[, SecretOptions])
#define EXPECT_NO_SECRETS(image, ...)                           \
  EXPECT_PRED_FORMAT2(::watertight::internal::Satisfies, image, \
                      ::watertight::HasNoSecrets(__VA_ARGS__))
#define ASSERT_NO_SECRETS(image, ...)                           \
  ASSERT_PRED_FORMAT2(::watertight::internal::Satisfies, image, \
                      ::watertight::HasNoSecrets(__VA_ARGS__))

// (image, glob…[, Except(glob…)])
#define EXPECT_NO_LEAKED_FILE(image, ...)                       \
  EXPECT_PRED_FORMAT2(::watertight::internal::Satisfies, image, \
                      ::watertight::NeverStores(__VA_ARGS__))
#define ASSERT_NO_LEAKED_FILE(image, ...)                       \
  ASSERT_PRED_FORMAT2(::watertight::internal::Satisfies, image, \
                      ::watertight::NeverStores(__VA_ARGS__))

// (image[, CleanOptions])
#define EXPECT_HISTORY_CLEAN(image, ...)                        \
  EXPECT_PRED_FORMAT2(::watertight::internal::Satisfies, image, \
                      ::watertight::HasCleanHistory(__VA_ARGS__))
#define ASSERT_HISTORY_CLEAN(image, ...)                        \
  ASSERT_PRED_FORMAT2(::watertight::internal::Satisfies, image, \
                      ::watertight::HasCleanHistory(__VA_ARGS__))

// (image[, CleanOptions])
#define EXPECT_CONFIG_CLEAN(image, ...)                         \
  EXPECT_PRED_FORMAT2(::watertight::internal::Satisfies, image, \
                      ::watertight::HasCleanConfig(__VA_ARGS__))
#define ASSERT_CONFIG_CLEAN(image, ...)                         \
  ASSERT_PRED_FORMAT2(::watertight::internal::Satisfies, image, \
                      ::watertight::HasCleanConfig(__VA_ARGS__))
