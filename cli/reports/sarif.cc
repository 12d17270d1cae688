// SARIF 2.1.0 (OASIS): one run, a result for each finding, and for each check that failed without
// one.

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "cli/check_work.h"
#include "cli/redaction.h"
#include "cli/reports/baseline.h"
#include "cli/reports/fingerprint.h"
#include "cli/reports/report.h"
#include "framework/image/path.h"
#include "framework/scan/finding_text.h"
#include "watertight/secrets.h"

namespace watertight::cli {
namespace {

struct LevelRow {
  Level level;
  const char* severity;  // by which code-scanning views order results: 7.0 and more is high
};
constexpr LevelRow kLevels[] = {
    {Level::kError, "8.0"}, {Level::kWarning, "5.0"}, {Level::kNote, "1.0"}};

const char* SeverityOf(Level level) {
  for (const LevelRow& row : kLevels) {
    if (row.level == level) return row.severity;
  }
  return "";
}

// A relative reference: RFC 3986, section 4.2.
std::string UriOf(const std::string& path) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/@+,=";
  constexpr const char* kDigits = "0123456789ABCDEF";
  std::string uri;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (kPlain.find(c) != std::string_view::npos) {
      uri += c;
    } else {
      uri += {'%', kDigits[byte >> 4], kDigits[byte & 0xf]};
    }
  }
  return uri;
}

// Words for a rule that has none: "generic-credential-file" is "generic credential file".
std::string TitleOf(const std::string& id) {
  std::string title = id;
  for (char& c : title) c = c == '-' ? ' ' : c;
  return title;
}

class SarifRun {
 public:
  explicit SarifRun(const CheckReport& report) : report_(report) {
    for (const SecretKind& kind : SecretKinds()) titles_[kind.rule] = kind.title;
    for (const RuleUse& rule : report.policy.rules) {
      if (!rule.title.empty()) titles_[rule.id] = rule.title;
    }
    titles_["known-value"] = "value that the image must not hold";
  }

  OrderedJson Make() {
    OrderedJson results = OrderedJson::array();
    for (const CheckedImage& checked : report_.images) {
      for (const CheckResult& result : checked.results) AddCheck(checked, result, &results);
    }
    OrderedJson run;
    run["tool"]["driver"] = {
        {"name", "Watertight"}, {"semanticVersion", WATERTIGHT_VERSION}, {"rules", rules_}};
    run["invocations"] = {Invocation()};
    run["columnKind"] = "unicodeCodePoints";
    run["results"] = std::move(results);
    return run;
  }

 private:
  std::size_t RuleIndex(const std::string& id, Level level) {
    const auto [at, added] = index_of_.emplace(id, rules_.size());
    if (added) {
      const auto title = titles_.find(id);
      rules_.push_back(
          {{"id", id},
           {"shortDescription", {{"text", title == titles_.end() ? TitleOf(id) : title->second}}},
           {"defaultConfiguration", {{"level", ToString(level)}}},
           {"properties", {{"tags", {"security"}}, {"security-severity", SeverityOf(level)}}}});
    }
    return at->second;
  }

  OrderedJson Result(const std::string& rule, Level level, const std::string& text) {
    OrderedJson result = {{"ruleId", rule}, {"ruleIndex", RuleIndex(rule, level)}};
    result["level"] = ToString(level);
    result["message"]["text"] = ToUtf8(text);
    return result;
  }

  static OrderedJson Location(const std::string& image, const std::string& path,
                              const std::string& within) {
    OrderedJson location;
    location["physicalLocation"]["artifactLocation"]["uri"] = UriOf(path);
    location["logicalLocations"] = {{{"fullyQualifiedName", ToUtf8(image + ": " + within)}}};
    return location;
  }

  // Lines and columns are of what stands there with containers undone.
  static OrderedJson LocationOf(const std::string& image, const Finding& finding) {
    OrderedJson location =
        Location(image, finding.path.empty() ? finding.blob : finding.path, PlaceText(finding));
    if (finding.nested.empty() && finding.field.empty() && finding.length > 0) {
      location["physicalLocation"]["region"] = {{"startLine", finding.line},
                                                {"startColumn", finding.column}};
    }
    return location;
  }

  void AddFinding(const std::string& image, const CheckResult& check, const CheckFinding& found,
                  OrderedJson* results) {
    const Finding& finding = found.finding;
    const auto title = titles_.find(finding.rule);
    const std::string what = !found.about.empty()     ? found.about
                             : title != titles_.end() ? title->second
                                                      : TitleOf(finding.rule);
    OrderedJson result = Result(finding.rule, finding.level,
                                what + (found.redacted.empty() ? "" : ", " + found.redacted) +
                                    ", in " + image + ": " + PlaceText(finding) +
                                    (found.recover.empty() ? "" : "\nTo see it: " + found.recover));
    result["locations"] = {LocationOf(image, finding)};
    result["partialFingerprints"] = {{"watertight/v1", FingerprintOf(found)}};
    if (!finding.allowed.empty()) {
      result["suppressions"] = {{{"kind", "external"}, {"justification", ToUtf8(finding.allowed)}}};
    }
    result["properties"] = {{"check", check.name}, {"image", ToUtf8(image)}};
    if (finding.layer) result["properties"]["layer"] = *finding.layer;
    results->push_back(std::move(result));
  }

  static bool HasError(const CheckResult& check) {
    return std::any_of(check.findings.begin(), check.findings.end(), IsError);
  }

  // What another check lists is no result once more.
  void AddCheck(const CheckedImage& checked, const CheckResult& check, OrderedJson* results) {
    const std::string& image = checked.facts.reference;
    for (const CheckFinding& found : check.findings) AddFinding(image, check, found, results);
    for (const FailedClaim& claim : check.claims) AddClaim(image, check, claim, results);
    if (check.status != CheckStatus::kFailed || HasError(check) || FailsByClaim(check)) return;
    const bool told = std::any_of(checked.results.begin(), checked.results.end(), HasError);
    if (told && !check.told.empty()) return;
    results->push_back(
        OfCheck(image, check, Level::kError, check.message, CheckFingerprint(check)));
  }

  OrderedJson OfCheck(const std::string& image, const CheckResult& check, Level level,
                      const std::string& message, const std::string& fingerprint) {
    RuleIndex(check.name, Level::kError);  // whatever the first result is
    OrderedJson result = Result(check.name, level, message);
    result["locations"] = {Location(image, image, check.name)};
    result["partialFingerprints"] = {{"watertight/v1", fingerprint}};
    result["properties"] = {{"check", check.name}, {"image", ToUtf8(image)}};
    return result;
  }

  void AddClaim(const std::string& image, const CheckResult& check, const FailedClaim& claim,
                OrderedJson* results) {
    const bool known = !claim.allowed.empty();
    OrderedJson result = OfCheck(image, check, known ? Level::kNote : Level::kError, claim.message,
                                 ClaimFingerprint(check, claim));
    if (known) {
      result["suppressions"] = {{{"kind", "external"}, {"justification", ToUtf8(claim.allowed)}}};
    }
    results->push_back(std::move(result));
  }

  static bool FailsByClaim(const CheckResult& check) {
    return std::any_of(check.claims.begin(), check.claims.end(),
                       [](const FailedClaim& claim) { return claim.allowed.empty(); });
  }

  OrderedJson Invocation() const {
    OrderedJson invocation = {{"executionSuccessful", report_.unopened.empty()}};
    OrderedJson notifications = OrderedJson::array();
    for (const UnopenedImage& image : report_.unopened) {
      notifications.push_back({{"level", "error"}, {"message", {{"text", ToUtf8(image.error)}}}});
    }
    for (const CheckedImage& checked : report_.images) {
      for (const CheckResult& result : checked.results) {
        for (const Note& note : result.notes) {
          notifications.push_back(
              {{"level", "note"},
               {"message", {{"text", ToUtf8(checked.facts.reference + ": " + note.text)}}}});
        }
      }
    }
    if (!notifications.empty()) invocation["toolExecutionNotifications"] = notifications;
    return invocation;
  }

  const CheckReport& report_;
  std::map<std::string, std::string> titles_;
  std::map<std::string, std::size_t> index_of_;
  OrderedJson rules_ = OrderedJson::array();
};

}  // namespace

std::string CheckSarif(const CheckReport& report) {
  OrderedJson json = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                      {"version", "2.1.0"}};
  json["runs"] = {SarifRun(report).Make()};
  return json.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

}  // namespace watertight::cli
