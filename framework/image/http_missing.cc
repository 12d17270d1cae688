// In the place of http.cc, where there were no headers of libcurl to build with.

#include "framework/image/http.h"
#include "watertight/error.h"

namespace watertight {

HttpAnswer HttpGet(const HttpServer& /*server*/, const std::string& /*path*/,
                   std::chrono::seconds /*silence*/, const HttpSink& /*sink*/) {
  throw Error(ErrorCode::kUnsupported,
              "this build cannot ask a Docker daemon, for it was built without libcurl; save the "
              "image: docker save NAME -o app.tar");
}

}  // namespace watertight
