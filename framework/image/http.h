// GET over HTTP, from a socket of this machine or over TCP, by libcurl. The library is loaded when
// it is first asked for: linked, it and the two dozen libraries that it needs would make every
// start of the program half as long again.

#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace watertight {

struct HttpServer {
  std::string url;           // "http://localhost" or "https://build.example.com:2376"
  std::string unix_socket;   // its path; empty: over TCP
  std::string certificates;  // folder of ca.pem, cert.pem, key.pem, of which it may lack any
};

struct HttpAnswer {
  int status = 0;                              // 0: there was no answer
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;      // without a sink, or of another status than 200; at most 1 MiB
  std::string failure;   // why it did not come or is not whole, on one line; empty when it is whole
  int system_error = 0;  // errno, when no connection could be made
};

// Takes the pieces of a body whose status is 200. While nothing comes, it is called with an empty
// piece about once a second.
using HttpSink = std::function<void(std::string_view piece)>;

// path: "/_ping"; what it holds is sent as it is. Redirections are answers like others. silence:
// how long nothing may come. What sink throws comes out. Throws: Error, kUnsupported, where there
// is no libcurl.
HttpAnswer HttpGet(const HttpServer& server, const std::string& path, std::chrono::seconds silence,
                   const HttpSink& sink = nullptr);

}  // namespace watertight
