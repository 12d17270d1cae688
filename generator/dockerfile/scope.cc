#include "generator/dockerfile/scope.h"

#include <algorithm>

#include "generator/dockerfile/shell_lex.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr std::string_view kProxies[] = {"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy",
                                         "FTP_PROXY",  "ftp_proxy",  "NO_PROXY",    "no_proxy",
                                         "ALL_PROXY",  "all_proxy"};

const std::string* FindArgument(const BuildArguments& arguments, const std::string& name) {
  const auto found = arguments.values.find(name);
  return found == arguments.values.end() ? nullptr : &found->second;
}

// Read by BuildKit itself; no instruction sees them.
bool IsScannerArgument(std::string_view name) {
  return name == "BUILDKIT_SBOM_SCAN_CONTEXT" || name == "BUILDKIT_SBOM_SCAN_STAGE";
}

std::string WithoutVersion(Platform platform) {
  platform.os_version.clear();
  return FormatPlatform(platform);
}

std::string TargetStage(const Dockerfile& file, const BuildArguments& arguments) {
  const std::string& name = arguments.target.empty() ? file.stages.back().name : arguments.target;
  return name.empty() ? "default" : name;
}

// BUILDPLATFORM and its like, in BuildKit's order.
Environment PlatformVariables(const Dockerfile& file, const BuildArguments& arguments) {
  const Platform& build = arguments.build_platform;
  const Platform& target = arguments.target_platform;
  const bool versions = Has(file.dialect, Feature::kOsVersion);
  Environment variables = {{"BUILDPLATFORM", WithoutVersion(build)}, {"BUILDOS", build.os}};
  if (versions) variables.Set("BUILDOSVERSION", build.os_version);
  variables.Set("BUILDARCH", build.architecture);
  variables.Set("BUILDVARIANT", build.variant);
  variables.Set("TARGETPLATFORM", FormatPlatform(target));
  variables.Set("TARGETOS", target.os);
  if (versions) variables.Set("TARGETOSVERSION", target.os_version);
  variables.Set("TARGETARCH", target.architecture);
  variables.Set("TARGETVARIANT", target.variant);
  if (Has(file.dialect, Feature::kTargetStage)) {
    variables.Set("TARGETSTAGE", TargetStage(file, arguments));
  }
  Environment overridden;
  for (const auto& [name, value] : variables) {
    const std::string* given = FindArgument(arguments, name);
    overridden.Set(name, given != nullptr ? *given : value);
  }
  return overridden;
}

Environment ProxyVariables(const BuildArguments& arguments) {
  Environment variables;
  for (const auto& [name, value] : arguments.values) {
    if (IsProxyArgument(name)) variables.Set(name, value);
  }
  return variables;
}

void AddGlobalArg(Environment& variables, const Instruction& instruction, const Dockerfile& file,
                  const BuildArguments& arguments) {
  const LexOptions options{.dialect = file.dialect, .escape = file.escape};
  const Environment before = variables;
  const bool one_by_one = file.dialect.family == Family::kBuildKit;
  for (const ArgName& name : std::get<Arg>(instruction.command).names) {
    if (const std::string* given = FindArgument(arguments, name.name)) {
      variables.Set(name.name, *given);
    } else if (name.value) {
      variables.Set(name.name, ProcessWord(*name.value, one_by_one ? variables : before, options));
    }
  }
}

}  // namespace

bool IsProxyArgument(std::string_view name) {
  return std::ranges::find(kProxies, name) != std::end(kProxies);
}

Environment GlobalVariables(const Dockerfile& file, const BuildArguments& arguments) {
  const bool buildkit = file.dialect.family == Family::kBuildKit;
  const Family family = file.dialect.family;
  const bool no_platforms = family == Family::kClassic || family == Family::kKaniko;
  Environment variables =
      no_platforms ? ProxyVariables(arguments) : PlatformVariables(file, arguments);
  for (const Instruction& arg : file.global_args) {
    try {
      AddGlobalArg(variables, arg, file, arguments);
    } catch (const Error& error) {
      // BuildKit 0.8 goes on without the value.
      if (buildkit && !Has(file.dialect, Feature::kLazyArgDefaults)) continue;
      throw error.At(arg.source.range.begin.line);
    }
  }
  return variables;
}

Scope::Scope(const Dockerfile& file, const Environment& globals, const BuildArguments& arguments)
    : dialect_(file.dialect), escape_(file.escape), globals_(globals), arguments_(&arguments) {}

void Scope::SetBase(const Environment& env) {
  env_ = env;
  declared_.clear();
}

void Scope::SetBase(const Scope& stage, const Environment& env) {
  declared_.clear();
  env_ = one_namespace() ? stage.env_ : env;
  for (const auto& [name, value] : env) env_.Set(name, value);
  if (one_namespace() && Has(dialect_, Feature::kInheritedArgs)) declared_ = stage.declared_;
}

std::optional<std::string> Scope::ValueOf(const ArgName& declaration) const {
  if (const std::string* given = FindArgument(*arguments_, declaration.name)) return *given;
  if (declaration.value) return declaration.value;
  if (const std::string* global = globals_.Find(declaration.name)) return *global;
  return std::nullopt;
}

void Scope::Apply(const Instruction& expanded) {
  if (const auto* env = std::get_if<Env>(&expanded.command)) {
    for (const NameValue& variable : env->variables) env_.Set(variable.name, variable.value);
  }
  const auto* arg = std::get_if<Arg>(&expanded.command);
  if (arg == nullptr) return;
  for (const ArgName& name : arg->names) {
    declared_.push_back({name.name, ValueOf(name)});
    const bool visible = declared_.back().value && !IsScannerArgument(name.name);
    if (one_namespace() && visible) env_.Set(name.name, *declared_.back().value);
  }
}

Environment Scope::variables() const {
  if (one_namespace()) return env_;
  Environment variables = env_;
  Environment arguments = ProxyVariables(*arguments_);
  // The last declaration of a name counts, even if it gives no value.
  std::map<std::string, std::optional<std::string>> last;
  for (const ArgName& name : declared_) last[name.name] = name.value;
  for (const auto& [name, value] : last) {
    if (value) arguments.Set(name, *value);
  }
  for (const auto& [name, value] : arguments) {
    if (env_.Find(name) == nullptr) variables.Set(name, value);
  }
  return variables;
}

}  // namespace watertight::generator
