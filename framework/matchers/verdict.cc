#include "framework/matchers/verdict.h"

#include <gtest/gtest.h>

namespace watertight {
namespace {

thread_local int silent = 0;

bool AlreadyRecorded(const std::string& text) {
  const ::testing::TestInfo* test = ::testing::UnitTest::GetInstance()->current_test_info();
  if (test == nullptr) return false;
  const ::testing::TestResult& result = *test->result();
  for (int i = 0; i < result.total_part_count(); ++i) {
    if (std::string(result.GetTestPartResult(i).message()).find(text) != std::string::npos) {
      return true;
    }
  }
  return false;
}

// A matcher is asked twice, first for the answer and then for the text: one record is enough.
void Record(const std::string& text) {
  if (silent > 0 || AlreadyRecorded(text)) return;
  ADD_FAILURE_AT(nullptr, -1) << text;
}

}  // namespace

SilentUnknown::SilentUnknown() { ++silent; }
SilentUnknown::~SilentUnknown() { --silent; }

bool Report(const Verdict& verdict, std::ostream* out) {
  if (out != nullptr) *out << verdict.text;
  if (verdict.answer == Answer::kUnknown) Record(verdict.text);
  return verdict.answer == Answer::kYes;
}

bool ReportJudgement(const std::function<Verdict()>& judge, std::ostream* out) {
  try {
    return Report(judge(), out);
  } catch (const Error& error) {
    return Report({Answer::kUnknown, "which cannot be judged:\n    " + std::string(error.what())},
                  out);
  }
}

bool ReportJudgement(const Image& image, const std::function<Verdict()>& judge, std::ostream* out) {
  return ReportJudgement(
      [&]() -> Verdict {
        if (!image.unreadable_layers().empty()) return Unreadable(image, "");
        return judge();
      },
      out);
}

Verdict Unreadable(const Image& image, const std::string& found) {
  std::string text = "which cannot be judged, because not every layer can be read:";
  for (const std::string& error : image.unreadable_layers()) text += "\n    " + error;
  if (!found.empty()) text += "\n  Of the other layers:" + found;
  return {
      Answer::kUnknown,
      text + "\n  What cannot be read is never clean: save the image again, or mend the archive."};
}

}  // namespace watertight
