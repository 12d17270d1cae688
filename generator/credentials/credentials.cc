#include "generator/credentials/credentials.h"

#include <algorithm>

#include "generator/credentials/drbg.h"
#include "generator/credentials/families.h"
#include "generator/credentials/form_text.h"
#include "generator/credentials/shape.h"
#include "generator/dockerfile/suggest.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

using credentials::CanHave;
using credentials::Drbg;
using credentials::Flaw;
using credentials::ShapePart;

constexpr std::string_view kTruncated = "truncated";
constexpr std::string_view kMade = "made";

struct FlawName {
  std::string_view variant;
  Flaw flaw;
};

constexpr FlawName kFlaws[] = {{"bad-checksum", Flaw::kCheck},
                               {"wrong-length", Flaw::kLength},
                               {"wrong-alphabet", Flaw::kAlphabet}};

std::vector<Kind> AllKinds() {
  std::vector<Kind> kinds;
  for (const auto family : credentials::kFamilies) {
    for (Kind& kind : family()) kinds.push_back(std::move(kind));
  }
  return kinds;
}

// A known beginning of three characters or more can stand for the whole.
bool CanBeTruncated(const std::vector<ShapePart>& shape) {
  return !shape.empty() && shape.front().literal.size() >= 3;
}

Credential MakeByShape(const Kind& kind, Drbg& random, std::string_view variant) {
  std::vector<ShapePart> shape = credentials::ParseShape(kind.shape);
  for (const OtherShape& other : kind.other_shapes) {
    if (other.variant == variant) shape = credentials::ParseShape(other.shape);
  }
  for (const FlawName& each : kFlaws) {
    if (each.variant == variant) return {DrawToken(shape, random, each.flaw)};
  }
  const std::string token = DrawToken(shape, random);
  if (variant == kTruncated) return {shape.front().literal + "\u2026"};
  return {token};
}

Credential MakeAlone(const Kind& kind, std::string_view seed, std::string_view name,
                     std::string_view variant) {
  Drbg random(seed, kind.id, name);
  return kind.make != nullptr ? kind.make(kind, random, variant)
                              : MakeByShape(kind, random, variant);
}

std::string MakePart(const Kind& kind, const Part& part, std::string_view seed,
                     std::string_view name) {
  if (part.shape.empty()) {
    const Kind* const sibling = FindKind(part.kind);
    if (sibling == nullptr) throw Error("no kind is called " + std::string(part.kind));
    return MakeAlone(*sibling, seed, name, "").value;
  }
  Drbg random(seed, std::string(kind.id) + "." + std::string(part.name), name);
  return DrawToken(credentials::ParseShape(part.shape), random);
}

Credential Make(const Kind& kind, std::string_view seed, std::string_view name,
                std::string_view variant) {
  Credential credential = MakeAlone(kind, seed, name, variant);
  for (const Part& part : kind.parts) {
    if (part.shape == kMade) continue;
    credential.parts[std::string(part.name)] = MakePart(kind, part, seed, name);
  }
  return credential;
}

// GITHUB_TOKEN; kinds without a usual name have their id in capital letters.
std::string VariableOf(const Kind& kind) {
  if (!kind.variables.empty()) return std::string(kind.variables.front());
  std::string name = Upper(kind.id);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

std::vector<Form> CommonForms(const Kind& kind) {
  const std::string variable = VariableOf(kind);
  const std::string key = Lower(variable);
  const std::string json = "{\"" + key + "\": \"{{value >json}}\"}\n";
  switch (kind.appearance) {
    case Appearance::kLine:
      return {{"env", variable + "={{value}}\n"},
              {"export", "export " + variable + "='{{value}}'\n"},
              {"yaml", key + ": \"{{value >json}}\"\n"},
              {"json", json},
              {"file:.env", "APP_ENV=production\nLOG_LEVEL=info\n" + variable + "={{value}}\n"},
              {"python", variable + " = \"{{value >json}}\"\n"}};
    case Appearance::kLines:
      return {{"lines", "{{value}}\n"},
              {"env", variable + "=\"{{value >json}}\"\n"},
              {"env-base64", variable + "={{value >base64}}\n"},
              {"json", json}};
    case Appearance::kBinary:
      return {{"env-base64", variable + "={{value >base64}}\n"}};
  }
  return {};
}

}  // namespace

const std::vector<Kind>& Kinds() {
  static const std::vector<Kind> kinds = AllKinds();
  return kinds;
}

const Kind* FindKind(std::string_view id) {
  for (const Kind& kind : Kinds()) {
    if (kind.id == id) return &kind;
  }
  return nullptr;
}

Credential MakeCredential(const Kind& kind, std::string_view seed, std::string_view name) {
  return Make(kind, seed, name, "");
}

std::vector<std::string_view> Variants(const Kind& kind) {
  std::vector<std::string_view> variants;
  if (!kind.shape.empty()) {
    const std::vector<ShapePart> shape = credentials::ParseShape(kind.shape);
    for (const FlawName& each : kFlaws) {
      if (CanHave(shape, each.flaw)) variants.push_back(each.variant);
    }
    if (CanBeTruncated(shape)) variants.push_back(kTruncated);
  }
  for (const OtherShape& other : kind.other_shapes) variants.push_back(other.variant);
  variants.insert(variants.end(), kind.variants.begin(), kind.variants.end());
  return variants;
}

Credential MakeTwin(const Kind& kind, std::string_view seed, std::string_view name,
                    std::string_view variant) {
  const std::vector<std::string_view> variants = Variants(kind);
  if (std::find(variants.begin(), variants.end(), variant) == variants.end()) {
    const std::vector<std::string> names(variants.begin(), variants.end());
    throw Error(std::string(kind.id) + " has no near miss " + Quote(variant) +
                DidYouMean(Nearest(variant, names)));
  }
  return Make(kind, seed, name, variant);
}

std::string_view KindOfPart(const Kind& kind, std::string_view part) {
  for (const Part& each : kind.parts) {
    if (each.name == part) return each.kind;
  }
  return {};
}

std::vector<Form> Forms(const Kind& kind) {
  std::vector<Form> forms = {{"plain", "{{value}}"}};
  forms.insert(forms.end(), kind.forms.begin(), kind.forms.end());
  for (Form& form : CommonForms(kind)) forms.push_back(std::move(form));
  return forms;
}

std::string Render(const Kind& kind, const Credential& credential, std::string_view form) {
  std::vector<std::string> names;
  for (const Form& each : Forms(kind)) {
    if (each.name == form) return credentials::FillIn(each.text, credential);
    names.push_back(each.name);
  }
  throw Error(std::string(kind.id) + " has no form " + Quote(form) +
              DidYouMean(Nearest(form, names)));
}

std::string BundleOf(const Kind& kind, std::string_view name) {
  return std::string(kind.bundle.empty() ? kind.id : kind.bundle) + ":" + std::string(name);
}

}  // namespace watertight::generator
