#include "cli/check_tests.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "cli/gtest_output.h"
#include "cli/policy/image_names.h"
#include "framework/image/path.h"

namespace watertight::cli {
namespace {

bool IsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// What a filter takes as it is: letters, digits and _.
std::string Named(std::string_view text) {
  std::string name;
  for (const char c : text) name += IsWord(c) ? c : '_';
  return name;
}

// The last part of the reference: "app_tar" of "docker-archive:out/app.tar".
std::string SuiteName(const std::string& reference) {
  std::string_view text = reference;
  text.remove_prefix(TransportOf(text).size());
  while (text.ends_with('/')) text.remove_suffix(1);
  text = text.substr(text.rfind('/') + 1);
  return text.empty() || text == "-" ? "image" : Named(text);
}

// One for each image; an image that is given twice, or whose name another has, gets a number.
std::vector<std::string> SuiteNames(const std::vector<CheckTarget>& targets) {
  std::map<std::string, int> count;
  std::set<std::string> taken;
  std::vector<std::string> names;
  for (const CheckTarget& target : targets) {
    std::string name = SuiteName(target.run->reference());
    const std::string& platform = target.run->options().entry_platform;
    if (!platform.empty()) name += "_" + Named(platform);
    std::string unique = name;
    while (!taken.insert(unique).second) unique = name + "_" + std::to_string(++count[name] + 1);
    names.push_back(unique);
  }
  return names;
}

struct RegisteredCheck {
  ImageRun* run = nullptr;
  std::size_t check = 0;
  const testing::TestInfo* test = nullptr;
  bool ran = false;
};

CheckResult TakeResult(const RegisteredCheck& check) {
  if (check.ran) return check.run->Take(check.check);
  CheckResult result;
  result.name = check.run->checks()[check.check].name;
  result.status = CheckStatus::kSkipped;
  result.detail = result.message = "not made, after one that failed";
  return result;
}

// Of one image.
struct RegisteredImage {
  std::vector<RegisteredCheck> checks;
  bool begun = false;
  std::optional<CheckedImage> checked;  // once it is closed
  std::optional<Error> error;

  bool IsNone() const {
    return error && error->code() == ErrorCode::kNotAnImage &&
           checks.front().run->options().may_be_none;
  }

  bool IsDone() const {
    return std::all_of(checks.begin(), checks.end(), [](const RegisteredCheck& check) {
      return check.ran || !check.test->should_run();
    });
  }

  void Close() {
    std::vector<CheckResult> results;
    for (const RegisteredCheck& check : checks) {
      if (!check.test->should_run()) continue;
      results.push_back(TakeResult(check));
      results.back().number = check.check;
    }
    checked = checks.front().run->Close(std::move(results));
  }

  TestedImage Tell() {
    TestedImage tested;
    tested.reference = checks.front().run->reference();
    tested.checks = checks.size();
    tested.is_none = IsNone();
    if (error) {
      tested.error = error->what();
    } else {
      if (!checked) Close();  // it did not come to all
      tested.checked = std::move(*checked);
    }
    return tested;
  }
};

class CheckTest : public testing::Test {
 public:
  CheckTest(RegisteredImage* image, std::size_t check) : image_(image), check_(check) {}

  void TestBody() override {
    RegisteredCheck& registered = image_->checks[check_];
    try {
      Begin();
      const CheckResult& result = registered.run->Result(check_);
      registered.ran = true;
      if (result.status == CheckStatus::kFailed) Fail(result.message);
      if (result.status == CheckStatus::kSkipped) Skip(result.message);
      if (!image_->checked && image_->IsDone()) image_->Close();
    } catch (const Error& error) {
      image_->error = error;
      if (image_->IsNone()) return Skip(error.what());
      Fail(error.what());
    }
  }

 private:
  // The search first when a test of this run wants it: it computes what others need too.
  void Begin() {
    if (std::exchange(image_->begun, true)) return;
    for (const RegisteredCheck& one : image_->checks) {
      if (one.test->should_run() && one.run->checks()[one.check].searches) {
        one.run->search();
        return;
      }
    }
  }

  static void Skip(const std::string& message) { GTEST_SKIP() << message; }

  // GoogleTest wants a file and a line.
  void Fail(const std::string& message) const {
    ADD_FAILURE_AT(image_->checks[check_].run->reference().c_str(), 1) << message;
  }

  RegisteredImage* image_;
  std::size_t check_;
};

void Register(const std::string& suite, ImageRun* run, RegisteredImage* image) {
  for (std::size_t i = 0; i < run->checks().size(); ++i) {
    const std::string name = Named(run->checks()[i].name);
    const testing::TestInfo* const test = testing::RegisterTest(
        suite.c_str(), name.c_str(), nullptr, nullptr, run->reference().c_str(), 1,
        [image, i]() -> testing::Test* { return new CheckTest(image, i); });
    image->checks.push_back({run, i, test, false});
  }
}

std::vector<std::string> Words(const TestFlags& flags, const std::optional<GtestOutput>& output) {
  std::vector<std::string> words = {"watertight"};
  const auto add = [&words](const std::string& name, const std::string& value) {
    words.push_back("--gtest_" + name + "=" + value);
  };
  if (!flags.filter.empty()) add("filter", flags.filter);
  if (output) add("output", output->flag());
  if (flags.random_seed != 0) add("random_seed", std::to_string(flags.random_seed));
  if (flags.repeat != 1) add("repeat", std::to_string(flags.repeat));
  if (flags.list_tests) add("list_tests", "1");
  if (flags.shuffle) add("shuffle", "1");
  if (flags.fail_fast) add("fail_fast", "1");
  return words;
}

bool IsShard() {
  const char* const total = std::getenv("GTEST_TOTAL_SHARDS");
  return total != nullptr && std::string_view(total) != "1";
}

void Initialise(const TestFlags& flags, const std::optional<GtestOutput>& output) {
  std::vector<std::string> words = Words(flags, output);
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  int count = static_cast<int>(words.size());
  testing::InitGoogleTest(&count, arguments.data());
  // A check that fails is no mistake of this program, whatever the environment wants of tests.
  GTEST_FLAG_SET(break_on_failure, false);
  GTEST_FLAG_SET(throw_on_failure, false);
  // The report tells what the printer would, in the words of `check`.
  if (!flags.list_tests) {
    testing::TestEventListeners& listeners = testing::UnitTest::GetInstance()->listeners();
    delete listeners.Release(listeners.default_result_printer());
  }
}

}  // namespace

void AddTestFlags(CLI::App* command, TestFlags* flags) {
  constexpr const char* kGroup = "GoogleTest";
  command->add_option("--gtest_filter", flags->filter, "Checks to make: *.NoSecrets, -app_tar.*")
      ->type_name("PATTERN")
      ->group(kGroup);
  command->add_flag("--gtest_list_tests", flags->list_tests, "Lists the checks, and makes none")
      ->group(kGroup);
  command->add_flag("--gtest_shuffle", flags->shuffle, "Makes them in an order of chance")
      ->group(kGroup);
  command->add_option("--gtest_random_seed", flags->random_seed, "The seed of that order")
      ->type_name("N")
      ->check(CLI::Range(0, 99999).description(""))
      ->group(kGroup);
  command->add_option("--gtest_repeat", flags->repeat, "Makes them so many times")
      ->type_name("N")
      ->check(CLI::Range(1, 1000000).description(""))
      ->group(kGroup);
  command->add_flag("--gtest_fail_fast", flags->fail_fast, "Makes none after one that failed")
      ->group(kGroup);
  command
      ->add_option("--gtest_output", flags->output, "GoogleTest's own report: xml:FILE, json:FILE")
      ->type_name("KIND:FILE")
      ->group(kGroup);
}

std::vector<TestedImage> RunAsTests(const std::vector<CheckTarget>& targets, const TestFlags& flags,
                                    std::vector<std::string>* undone) {
  const std::optional<GtestOutput> output = GtestOutput::Find(flags.output);
  Initialise(flags, output);
  const std::vector<std::string> names = SuiteNames(targets);
  std::vector<std::unique_ptr<RegisteredImage>> images;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    images.push_back(std::make_unique<RegisteredImage>());
    Register(names[i], targets[i].run.get(), images.back().get());
  }
  const int code = RUN_ALL_TESTS();
  if (output && !output->IsWhole()) undone->push_back(output->RemoveHalf());
  std::vector<TestedImage> tested;
  if (flags.list_tests) return tested;
  if (testing::UnitTest::GetInstance()->test_to_run_count() == 0 && !IsShard()) {
    throw Error(ErrorCode::kUsage, "no check fits the filter; --gtest_list_tests lists the checks");
  }
  bool failed = false;
  for (std::size_t i = 0; i < images.size(); ++i) {
    const std::unique_ptr<RegisteredImage>& image = images[i];
    if (!image->begun) continue;
    tested.push_back(image->Tell());
    TestedImage& one = tested.back();
    one.number = one.checked.number = i;
    failed = failed || (!one.error.empty() && !one.is_none) || Failed(one.checked);
  }
  // Unless both say the same, one of them is wrong.
  if (failed != (code != 0)) {
    throw Error(ErrorCode::kUnsupported, "GoogleTest ended in another way than the checks");
  }
  return tested;
}

}  // namespace watertight::cli
