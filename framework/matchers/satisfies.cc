#include "watertight/matchers/satisfies.h"

#include "framework/matchers/verdict.h"

namespace watertight::internal {

// The words of EXPECT_THAT, without the type of the value.
::testing::AssertionResult Satisfies(const char* image_text, const char* /*matcher_text*/,
                                     const Image& image,
                                     const ::testing::Matcher<const Image&>& matcher) {
  const SilentUnknown silent;
  if (matcher.Matches(image)) return ::testing::AssertionSuccess();
  ::testing::StringMatchResultListener explanation;
  matcher.MatchAndExplain(image, &explanation);
  ::testing::AssertionResult failure = ::testing::AssertionFailure();
  failure << "Value of: " << image_text << "\nExpected: ";
  std::ostringstream text;
  matcher.DescribeTo(&text);
  text << "\n  Actual: ";
  PrintTo(image, &text);
  return failure << text.str() << ", " << explanation.str();
}

}  // namespace watertight::internal
