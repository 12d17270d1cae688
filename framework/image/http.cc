#include "framework/image/http.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <mutex>

#include "framework/image/path.h"
#include "watertight/error.h"

namespace watertight {
namespace {

constexpr std::size_t kMostBody = std::size_t{1} << 20;
constexpr long kConnectSeconds = 10;

// The functions of libcurl.
struct Library {
  decltype(&::curl_global_init) global_init = nullptr;
  decltype(&::curl_easy_init) init = nullptr;
  decltype(&::curl_easy_setopt) setopt = nullptr;
  decltype(&::curl_easy_perform) perform = nullptr;
  decltype(&::curl_easy_getinfo) getinfo = nullptr;
  decltype(&::curl_easy_cleanup) cleanup = nullptr;
  decltype(&::curl_easy_strerror) strerror = nullptr;
};

template <typename Function>
bool Load(void* library, const char* name, Function* function) {
  *function = reinterpret_cast<Function>(dlsym(library, name));
  return *function != nullptr;
}

// It stays loaded until the process ends.
const Library& Curl() {
  static Library curl;
  static bool loaded = false;
  static std::once_flag once;
  std::call_once(once, [] {
    void* library = nullptr;
    for (const char* name : {"libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib"}) {
      if (library == nullptr) library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    }
    loaded = library != nullptr && Load(library, "curl_global_init", &curl.global_init) &&
             Load(library, "curl_easy_init", &curl.init) &&
             Load(library, "curl_easy_setopt", &curl.setopt) &&
             Load(library, "curl_easy_perform", &curl.perform) &&
             Load(library, "curl_easy_getinfo", &curl.getinfo) &&
             Load(library, "curl_easy_cleanup", &curl.cleanup) &&
             Load(library, "curl_easy_strerror", &curl.strerror) &&
             curl.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  });
  if (!loaded) {
    throw Error(ErrorCode::kUnsupported,
                "libcurl is not installed here (package libcurl4); without it, save the image: "
                "docker save NAME -o app.tar");
  }
  return curl;
}

// One request. libcurl is C: no exception may pass through it.
class Transfer {
 public:
  explicit Transfer(HttpSink sink)
      : curl_(Curl()), easy_(curl_.init(), curl_.cleanup), sink_(std::move(sink)) {
    if (easy_ == nullptr) throw Error(ErrorCode::kIo, "libcurl cannot be initialised");
  }

  void Prepare(const HttpServer& server, const std::string& path, std::chrono::seconds silence) {
    silence_ = silence;
    Set(CURLOPT_URL, (server.url + path).c_str());
    Set(CURLOPT_PATH_AS_IS, 1L);
    Set(CURLOPT_NOSIGNAL, 1L);
    Set(CURLOPT_CONNECTTIMEOUT, std::min<long>(kConnectSeconds, silence.count()));
    Set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    Set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(silence.count()));
    Set(CURLOPT_ERRORBUFFER, error_);
    Set(CURLOPT_HEADERFUNCTION, &Transfer::TakeHeader);
    Set(CURLOPT_HEADERDATA, this);
    Set(CURLOPT_WRITEFUNCTION, &Transfer::TakeBody);
    Set(CURLOPT_WRITEDATA, this);
    Set(CURLOPT_NOPROGRESS, 0L);
    Set(CURLOPT_XFERINFOFUNCTION, &Transfer::Wait);
    Set(CURLOPT_XFERINFODATA, this);
    if (!server.unix_socket.empty()) {
      Set(CURLOPT_UNIX_SOCKET_PATH, server.unix_socket.c_str());
      Set(CURLOPT_NOPROXY, "*");
    }
    SetFile(CURLOPT_CAINFO, server.certificates, "ca.pem");
    SetFile(CURLOPT_SSLCERT, server.certificates, "cert.pem");
    SetFile(CURLOPT_SSLKEY, server.certificates, "key.pem");
  }

  HttpAnswer Run() {
    const CURLcode code = curl_.perform(easy_.get());
    if (thrown_) std::rethrow_exception(thrown_);
    if (code != CURLE_OK) {
      answer_.failure = Printable(*error_ != '\0' ? error_ : curl_.strerror(code));
      if (code == CURLE_OPERATION_TIMEDOUT) {
        answer_.failure = "nothing came for " + std::to_string(silence_.count()) + " s";
      }
      long error = 0;
      curl_.getinfo(easy_.get(), CURLINFO_OS_ERRNO, &error);
      if (code == CURLE_COULDNT_CONNECT) answer_.system_error = static_cast<int>(error);
    }
    return std::move(answer_);
  }

 private:
  template <typename Value>
  void Set(CURLoption option, Value value) {
    curl_.setopt(easy_.get(), option, value);
  }

  void SetFile(CURLoption option, const std::string& folder, const char* name) {
    const std::string path = folder + "/" + name;
    if (!folder.empty() && access(path.c_str(), F_OK) == 0) Set(option, path.c_str());
  }

  template <typename Work>
  bool Guarded(const Work& work) {
    try {
      work();
      return true;
    } catch (...) {
      thrown_ = std::current_exception();
      return false;
    }
  }

  static std::size_t TakeHeader(char* bytes, std::size_t size, std::size_t count, void* self) {
    const std::string_view line(bytes, size * count);
    auto* transfer = static_cast<Transfer*>(self);
    const bool taken = transfer->Guarded([&] { transfer->AddHeader(line); });
    return taken ? line.size() : 0;
  }

  static std::size_t TakeBody(char* bytes, std::size_t size, std::size_t count, void* self) {
    const std::string_view piece(bytes, size * count);
    auto* transfer = static_cast<Transfer*>(self);
    const bool taken = transfer->Guarded([&] { transfer->AddBody(piece); });
    return taken ? piece.size() : 0;
  }

  static int Wait(void* self, curl_off_t /*total*/, curl_off_t /*now*/, curl_off_t /*sent_total*/,
                  curl_off_t /*sent*/) {
    auto* transfer = static_cast<Transfer*>(self);
    if (!transfer->sink_) return 0;
    return transfer->Guarded([&] { transfer->sink_({}); }) ? 0 : 1;
  }

  void AddHeader(std::string_view line) {
    // A new answer, after one such as 100.
    if (line.starts_with("HTTP/")) {
      answer_.headers.clear();
      const std::size_t space = line.find(' ');
      answer_.status = 0;
      for (std::size_t i = space + 1; space != std::string_view::npos && i < line.size(); ++i) {
        if (line[i] < '0' || line[i] > '9' || i > space + 3) break;
        answer_.status = answer_.status * 10 + (line[i] - '0');
      }
      return;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return;
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    std::string_view value = line.substr(colon + 1);
    while (!value.empty() && (value.front() == ' ' || value.front() == '\t'))
      value.remove_prefix(1);
    while (!value.empty() && (value.back() == '\r' || value.back() == '\n' || value.back() == ' '))
      value.remove_suffix(1);
    answer_.headers[name] = std::string(value);
  }

  void AddBody(std::string_view piece) {
    if (sink_ && answer_.status == 200) return sink_(piece);
    answer_.body += piece.substr(0, kMostBody - answer_.body.size());
  }

  const Library& curl_;
  std::unique_ptr<CURL, decltype(&::curl_easy_cleanup)> easy_;
  HttpSink sink_;
  std::chrono::seconds silence_{};
  HttpAnswer answer_;
  char error_[CURL_ERROR_SIZE] = {};
  std::exception_ptr thrown_;
};

}  // namespace

HttpAnswer HttpGet(const HttpServer& server, const std::string& path, std::chrono::seconds silence,
                   const HttpSink& sink) {
  Transfer transfer(sink);
  transfer.Prepare(server, path, silence);
  return transfer.Run();
}

}  // namespace watertight
