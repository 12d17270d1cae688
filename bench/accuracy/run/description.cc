#include "bench/accuracy/run/description.h"

#include <memory>
#include <string_view>
#include <utility>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "watertight/error.h"

namespace watertight::bench {
namespace {

using Problem = valijson::ValidationResults::Error;

std::unique_ptr<const valijson::Schema> LoadSchema() {
  const std::string_view text = DescriptionSchema().front().content;
  const Json json = Json::parse(text);
  auto schema = std::make_unique<valijson::Schema>();
  valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(json), *schema);
  return schema;
}

// "<root>", "[report]", "[fields]", "[path]", "[0]" as "report.fields.path[0]".
std::string MemberOf(const Problem& problem) {
  std::string member;
  for (std::string_view step : problem.context) {
    if (!step.starts_with('[')) continue;
    const bool is_index = step.find_first_not_of("[]0123456789") == std::string_view::npos;
    if (!is_index) step = step.substr(1, step.size() - 2);
    if (!is_index && !member.empty()) member += ".";
    member += step;
  }
  return member;
}

// What encloses it is wrong for its sake: "Failed to validate against schema associated with …".
bool IsOfAnother(const Problem& problem) {
  return problem.description.starts_with("Failed to validate");
}

// The deepest one; the last of these, since a text is tried before an object.
const Problem& Innermost(const valijson::ValidationResults& results) {
  const auto rank = [](const Problem& problem) {
    return std::pair(problem.context.size(), !IsOfAnother(problem));
  };
  const Problem* innermost = &*results.begin();
  for (const Problem& problem : results) {
    if (rank(problem) >= rank(*innermost)) innermost = &problem;
  }
  return *innermost;
}

}  // namespace

void CheckDescription(const Json& scanner, const std::string& place) {
  static const auto schema = LoadSchema();
  valijson::Validator validator;
  valijson::ValidationResults results;
  if (validator.validate(*schema, valijson::adapters::NlohmannJsonAdapter(scanner), &results))
    return;
  const Problem& problem = Innermost(results);
  const std::string member = MemberOf(problem);
  throw Error(ErrorCode::kBadJson, place + ": " + (member.empty() ? "" : member + ": ") +
                                       problem.description + " See scanner.schema.json.");
}

}  // namespace watertight::bench
