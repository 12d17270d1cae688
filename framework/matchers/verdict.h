// What a matcher found, and how it tells GoogleTest.
//
// A matcher can also find that it cannot tell, because a layer cannot be read. GoogleTest knows
// only match and mismatch, and Not turns one into the other, so a third answer has to fail the test
// on its own: Report records a failure, beside returning a mismatch. Rejected: throwing, which
// takes the other assertions of the test with it; a Not of our own, which ::testing::Not, spelled
// out, would pass by.

#pragma once

#include <functional>
#include <ostream>
#include <string>

#include "watertight/image.h"

namespace watertight {

enum class Answer { kYes, kNo, kUnknown };

struct Verdict {
  Answer answer = Answer::kYes;
  std::string text;  // follows "Actual: app.tar (…), ": "whose …", "which …"

  static Verdict Of(bool yes) { return {yes ? Answer::kYes : Answer::kNo, ""}; }
};

// The result of MatchAndExplain. out may be null.
bool Report(const Verdict& verdict, std::ostream* out);

// The same for a judgement that reads layers: an Error becomes kUnknown.
bool ReportJudgement(const Image& image, const std::function<Verdict()>& judge, std::ostream* out);
bool ReportJudgement(const std::function<Verdict()>& judge, std::ostream* out);

// While one lives, this thread's kUnknown is a mismatch and nothing more: for whoever reports it.
class SilentUnknown {
 public:
  SilentUnknown();
  SilentUnknown(const SilentUnknown&) = delete;
  SilentUnknown& operator=(const SilentUnknown&) = delete;
  ~SilentUnknown();
};

// The texts of all layers that cannot be read, as a verdict.
Verdict Unreadable(const Image& image, const std::string& found);

}  // namespace watertight
