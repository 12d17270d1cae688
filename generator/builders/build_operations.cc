#include "generator/builders/build_operations.h"

#include "generator/dockerfile/numbers.h"
#include "generator/dockerfile/path_clean.h"

namespace watertight::generator {
namespace {

Json UserOperand(const std::string& name, StepSpelling spelling) {
  Json user;
  if (const auto id = ParseUint(name, 10, 32)) {
    const char* key = spelling == StepSpelling::kWithZeros ? "byID" : "byId";
    user = Json::Object({{key, *id}});
  } else {
    user = Json::Object({{"byName", Json::Object({{"name", name}})}});
  }
  return Json::Object({{"User", std::move(user)}});
}

}  // namespace

Json Wrapped(const char* kind, Json operation) {
  return Json::Object({{"Op", Json::Object({{kind, std::move(operation)}})}});
}

Json Finished(Json op, const Platform* platform) {
  if (platform != nullptr) {
    op.Set("platform",
           Json::Object({{"Architecture", platform->architecture}, {"OS", platform->os}}));
  }
  op.Set("constraints", Json::Object());
  return op;
}

Json FileAction(int input, int secondary, int output, const char* kind, Json action) {
  return Json::Object({{"input", input},
                       {"secondaryInput", secondary},
                       {"output", output},
                       {"Action", Json::Object({{kind, std::move(action)}})}});
}

Json FileOperation(std::vector<Json> actions) {
  return Finished(Wrapped("file", Json::Object({{"actions", Json::Array(std::move(actions))}})),
                  nullptr);
}

Json Owner(const std::string& text, StepSpelling spelling) {
  const size_t colon = text.find(':');
  Json owner = Json::Object({{"user", UserOperand(text.substr(0, colon), spelling)}});
  if (colon != std::string::npos) owner.Set("group", UserOperand(text.substr(colon + 1), spelling));
  return owner;
}

std::string Absolute(const std::string& path, const std::string& workdir) {
  if (path.starts_with('/')) return path;
  const std::string joined = CleanPath("/" + workdir + "/" + path);
  const bool folder = path.empty() || path == "." || path.ends_with('/');
  return folder && joined != "/" ? joined + "/" : joined;
}

std::string FileNameOf(const std::string& url) {
  const std::string path = url.substr(0, url.find_first_of("?#"));
  const size_t host = path.find("://") + 3;
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos || slash < host || slash + 1 == path.size()) return "__unnamed__";
  return path.substr(slash + 1);
}

}  // namespace watertight::generator
