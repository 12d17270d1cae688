// Dead credentials of every kind, well formed, the same from the same seed.
//
//   const Kind& kind = *FindKind("github-pat");
//   const Credential token = MakeCredential(kind, "seed", "deploy");
//   Write(Render(kind, token, "file:.netrc"));
//
// A kind is a row of data: what its values look like, where they usually stand, and how. Values
// pass the checks of their format, keys parse, signatures verify; none was ever issued. They are
// free of what scanners drop on purpose (words.h).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace watertight::generator {

namespace credentials {
class Drbg;
}

struct Credential {
  // The primary secret, as it stands when it is rendered plainly. Without a final newline.
  std::string value;
  // What belongs to it: "user", "password", "id", "public" …; also secrets of their own (KindOf).
  std::map<std::string, std::string> parts = {};
};

// How a kind stands in a file or a command: text of the fixtures' templates, in which the names of
// parts, or "value", stand for KIND:NAME.PART and KIND:NAME: "//{{host}}/:_authToken={{value}}\n".
struct Form {
  std::string name;  // "file:.npmrc"; what stands behind the colon is the usual path
  std::string text;
};

// A part that is a secret, or the id of one.
struct Part {
  std::string_view name;
  std::string_view kind;  // of which it is a value
  // Without a shape it is the value of that kind with the same name, of the same bundle; "made" if
  // the kind's function gives it.
  std::string_view shape = {};
};

// A near miss that another shape makes of the same draw: "public-by-design".
struct OtherShape {
  std::string_view variant;
  std::string_view shape;
};

// How values look in an editor.
enum class Appearance { kLine, kLines, kBinary };

struct Kind {
  std::string_view id;  // kebab-case, for ever
  std::string_view credential_class;
  std::string_view title;
  // Either a shape (shape.h) or a function that makes the value. `variant` is empty, or one of
  // Variants().
  std::string_view shape = {};
  Credential (*make)(const Kind& kind, credentials::Drbg& random,
                     std::string_view variant) = nullptr;
  std::vector<std::string_view> variables = {};  // of environments, the usual one first
  std::vector<Form> forms = {};                  // beside those that all kinds have
  std::vector<Part> parts = {};
  // Kinds of one bundle with the same name are one credential: "aws".
  std::string_view bundle = {};
  std::vector<std::string_view> variants = {};  // of `make`
  std::vector<OtherShape> other_shapes = {};
  Appearance appearance = Appearance::kLine;
  std::string_view argument = {};  // of `make`, where several kinds share one
};

// By class, then as credentials.md has them; no id comes twice.
const std::vector<Kind>& Kinds();

// Null for an unknown id.
const Kind* FindKind(std::string_view id);

// The same arguments give the same bytes, on every machine. Throws: Error.
Credential MakeCredential(const Kind& kind, std::string_view seed, std::string_view name);

// What a near miss has wrong, as the decoy classes are called: "bad-checksum", "wrong-length",
// "wrong-alphabet", "truncated", "public-key" …
std::vector<std::string_view> Variants(const Kind& kind);

// The credential of that name with exactly that property changed; its parts are those of a secret
// of that kind where they make sense. Throws: Error, also for a variant that the kind lacks.
Credential MakeTwin(const Kind& kind, std::string_view seed, std::string_view name,
                    std::string_view variant);

// The kind of a part's value; empty if it is no secret ("user", "host").
std::string_view KindOfPart(const Kind& kind, std::string_view part);

// "bundle:name": the same for everything that belongs to one credential.
std::string BundleOf(const Kind& kind, std::string_view name);

// "plain" first; own forms, then those that all kinds have.
std::vector<Form> Forms(const Kind& kind);

// Throws: Error, for a form that the kind lacks too.
std::string Render(const Kind& kind, const Credential& credential, std::string_view form);

}  // namespace watertight::generator
