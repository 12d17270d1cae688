// md5sum, sha1sum, sha224sum, sha256sum, sha384sum, sha512sum.

#include <openssl/evp.h>

#include <cctype>
#include <memory>

#include "generator/build/commands/commands.h"
#include "generator/build/commands/input.h"
#include "generator/build/commands/messages.h"
#include "generator/error.h"

namespace watertight::generator::commands {
namespace {

std::string HexDigest(const EVP_MD* algorithm, const Rope& content) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  if (context == nullptr || EVP_DigestInit_ex(context.get(), algorithm, nullptr) != 1) {
    throw Error("this libcrypto lacks a digest that RUN asks for");
  }
  content.Read(
      [&](std::string_view bytes) { EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()); });
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_DigestFinal_ex(context.get(), digest, &size);
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    constexpr char kDigits[] = "0123456789abcdef";
    hex += kDigits[digest[i] >> 4];
    hex += kDigits[digest[i] & 15];
  }
  return hex;
}

std::string Lowered(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

// Compares files with the lines of a list of digests.
class Checker {
 public:
  Checker(Process& process, const Options& options, const EVP_MD* algorithm)
      : process_(process), options_(options), algorithm_(algorithm) {}

  void Check(const std::string& list, const Rope& content) {
    const std::string text = content.ToString();
    std::int64_t lines = 0;
    for (const std::string_view line : LinesOf(text)) lines += CheckLine(Chomped(line)) ? 1 : 0;
    if (lines > 0) return;
    failed_ = true;
    process_.Fail(process_.busybox()
                      ? "no checksum lines found"
                      : QuotedIfOdd(list) + ": no properly formatted checksum lines found");
  }

  int Finish() {
    const bool silent = options_.HasAny("sS");
    if (!process_.busybox() && !silent) {
      Warn(unreadable_, "listed file could not be read", "listed files could not be read");
      Warn(wrong_, "computed checksum did NOT match", "computed checksums did NOT match");
    }
    if (process_.busybox() && wrong_ + unreadable_ > 0 && !silent) {
      process_.Fail("WARNING: " + std::to_string(wrong_ + unreadable_) + " of " +
                    std::to_string(checked_) + " computed checksums did NOT match");
    }
    return wrong_ + unreadable_ > 0 || failed_ ? 1 : 0;
  }

 private:
  void Warn(std::int64_t count, const char* one, const char* several) {
    if (count == 0) return;
    process_.Fail("WARNING: " + std::to_string(count) + " " + (count == 1 ? one : several));
  }

  // Returns whether the line is one of the list.
  bool CheckLine(std::string_view line) {
    const std::size_t digits = line.find_first_not_of("0123456789abcdefABCDEF");
    if (digits == line.npos || digits < 32 || digits + 2 >= line.size() || line[digits] != ' ') {
      return false;
    }
    const std::string name(line.substr(digits + 2));
    ++checked_;
    std::errc error{};
    const auto content =
        name == "-" ? std::optional(process_.ReadAll(0)) : process_.ReadFile(name, error);
    if (!content) {
      ++unreadable_;
      Complain(process_, QuotedIfOdd(name), "can't open '" + name + "'", error);
      Tell(name, process_.busybox() ? "FAILED" : "FAILED open or read");
      return true;
    }
    const bool same =
        HexDigest(algorithm_, *content) == Lowered(std::string(line.substr(0, digits)));
    if (!same) ++wrong_;
    if (!same || !options_.Has('q')) Tell(name, same ? "OK" : "FAILED");
    return true;
  }

  void Tell(const std::string& name, const std::string& verdict) {
    if (!options_.HasAny("sS")) process_.Write(1, name + ": " + verdict + "\n");
  }

  Process& process_;
  const Options& options_;
  const EVP_MD* algorithm_;
  std::int64_t checked_ = 0;
  std::int64_t wrong_ = 0;
  std::int64_t unreadable_ = 0;
  bool failed_ = false;
};

int Sum(Process& process, const EVP_MD* algorithm) {
  const Options options = process.busybox() ? Options(process, "csbw")
                                            : Options(process, "cbtwqSz",
                                                      {{"check", 'c'},
                                                       {"binary", 'b'},
                                                       {"text", 't'},
                                                       {"warn", 'w'},
                                                       {"quiet", 'q'},
                                                       {"status", 'S'},
                                                       {"zero", 'z'}});
  const std::vector<std::string>& names = options.operands();
  if (options.Has('c')) {
    Checker checker(process, options, algorithm);
    const bool all = ReadInputs(
        process, names, {},
        [&](const std::string& name, const Rope& content) { checker.Check(name, content); });
    const int status = checker.Finish();
    return all ? status : 1;
  }
  const char* mark = options.Has('b') && !process.busybox() ? " *" : "  ";
  const bool all =
      ReadInputs(process, names, {}, [&](const std::string& name, const Rope& content) {
        process.Write(
            1, HexDigest(algorithm, content) + mark + name + (options.Has('z') ? '\0' : '\n'));
      });
  return all ? 0 : 1;
}

}  // namespace

int Md5sum(Process& process) { return Sum(process, EVP_md5()); }
int Sha1sum(Process& process) { return Sum(process, EVP_sha1()); }
int Sha224sum(Process& process) { return Sum(process, EVP_sha224()); }
int Sha256sum(Process& process) { return Sum(process, EVP_sha256()); }
int Sha384sum(Process& process) { return Sum(process, EVP_sha384()); }
int Sha512sum(Process& process) { return Sum(process, EVP_sha512()); }

}  // namespace watertight::generator::commands
