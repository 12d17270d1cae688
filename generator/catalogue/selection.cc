#include "generator/catalogue/selection.h"

#include <fnmatch.h>

#include <algorithm>
#include <cctype>
#include <string_view>

#include "generator/archives/archive.h"
#include "generator/builders/builder.h"
#include "generator/dockerfile/suggest.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr char kAll[] = "all";

bool IsPattern(const std::string& word) { return word.find_first_of("*?[") != word.npos; }

bool Matches(const std::string& pattern, const std::string& name) {
  return fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
}

bool MatchesAny(const std::vector<std::string>& patterns, const std::string& name) {
  return std::ranges::any_of(patterns, [&](const auto& each) { return Matches(each, name); });
}

std::vector<std::string> AllBuilders() {
  std::vector<std::string> names;
  for (const Builder& builder : Builders()) names.emplace_back(builder.name);
  return names;
}

std::vector<std::string> AllArchives() {
  std::vector<std::string> names;
  for (const ArchiveWriter& writer : ArchiveWriters()) names.emplace_back(writer.name);
  return names;
}

bool Contains(const std::vector<std::string>& words, const std::string& word) {
  return std::ranges::find(words, word) != words.end();
}

// Ids become names of files, with dots for slashes, and of images.
void CheckId(const Fixture& fixture) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789-_/";
  const bool plain = fixture.id.find_first_not_of(kAllowed) == fixture.id.npos;
  if (plain && std::isalnum(static_cast<unsigned char>(fixture.id.front())) != 0) return;
  throw Error("the id " + Quote(fixture.id) + " has more than small letters, digits, - and _")
      .In(fixture.path);
}

// Fixtures, builders and archives of a query, found.
class Selector {
 public:
  Selector(const std::vector<Fixture>& fixtures, const CatalogueQuery& query)
      : query_(query),
        fixtures_(FixturesOf(fixtures, query.fixtures)),
        builders_(NamesOf(query.builders, AllBuilders(), "builder")),
        archives_(NamesOf(query.archives, AllArchives(), "archive")) {}

  CatalogueSelection Select() {
    for (const Fixture* fixture : fixtures_) {
      if (IsDamaged(*fixture) && !query_.damaged) {
        LeaveOutDamaged(*fixture);
      } else {
        SelectOf(*fixture);
      }
    }
    if (selection_.items.empty()) {
      throw Error(damaged_ > 0 && selection_.left_out == 0
                      ? "all of them are damaged images, which are written only with --faults"
                      : "none of them exists in these builders and archives");
    }
    return std::move(selection_);
  }

 private:
  void LeaveOutDamaged(const Fixture& fixture) {
    ++damaged_;
    if (Contains(query_.fixtures, fixture.id)) {
      throw Error("is a damaged image, which is written only with --faults").In(fixture.id);
    }
  }

  void SelectOf(const Fixture& fixture) {
    const std::size_t before = selection_.items.size();
    for (const std::string& builder : builders_) {
      for (const std::string& archive : archives_) {
        if (HasBuilder(fixture, builder) && HasArchive(fixture, archive)) {
          selection_.items.push_back({&fixture, builder, archive});
        } else {
          LeaveOut(fixture, builder, archive);
        }
      }
    }
    if (selection_.items.size() == before && Contains(query_.fixtures, fixture.id)) {
      throw Error("does not exist in these builders and archives" + WhereItIs(fixture))
          .In(fixture.id);
    }
  }

  void LeaveOut(const Fixture& fixture, const std::string& builder, const std::string& archive) {
    ++selection_.left_out;
    const bool exact = Contains(query_.fixtures, fixture.id) &&
                       Contains(query_.builders, builder) && Contains(query_.archives, archive);
    if (!exact) return;
    const bool lacks_builder = !HasBuilder(fixture, builder);
    throw Error("does not exist in " + (lacks_builder ? builder : archive) + WhereItIs(fixture))
        .In(fixture.id);
  }

  static std::string WhereItIs(const Fixture& fixture) {
    std::string text;
    if (!fixture.builders.empty()) text += "; its builders: " + Join(fixture.builders, ", ");
    if (!fixture.archives.empty()) text += "; its archives: " + Join(fixture.archives, ", ");
    return text;
  }

  const CatalogueQuery& query_;
  std::vector<const Fixture*> fixtures_;
  std::vector<std::string> builders_;
  std::vector<std::string> archives_;
  std::size_t damaged_ = 0;
  CatalogueSelection selection_;
};

}  // namespace

bool IsDamaged(const Fixture& fixture) { return !fixture.faults.empty() || fixture.expect; }

bool HasBuilder(const Fixture& fixture, const std::string& builder) {
  return fixture.builders.empty() || MatchesAny(fixture.builders, builder);
}

bool HasArchive(const Fixture& fixture, const std::string& archive) {
  return fixture.archives.empty() || MatchesAny(fixture.archives, archive);
}

std::vector<std::string> NamesOf(const std::vector<std::string>& words,
                                 const std::vector<std::string>& known, const std::string& what) {
  for (const std::string& word : words) {
    if (word == kAll ||
        std::ranges::any_of(known, [&](const auto& name) { return Matches(word, name); })) {
      continue;
    }
    throw Error("unknown " + what + " " + Quote(word) + DidYouMean(Nearest(word, known)) +
                "; there are all, " + Join(known, ", "));
  }
  std::vector<std::string> names;
  for (const std::string& name : known) {
    if (Contains(words, kAll) || MatchesAny(words, name)) names.push_back(name);
  }
  return names;
}

std::vector<const Fixture*> FixturesOf(const std::vector<Fixture>& fixtures,
                                       const std::vector<std::string>& words) {
  std::vector<std::string> ids;
  for (const Fixture& fixture : fixtures) {
    CheckId(fixture);
    ids.push_back(fixture.id);
  }
  for (const std::string& word : words) {
    if (std::ranges::any_of(ids, [&](const auto& id) { return Matches(word, id); })) continue;
    throw Error((IsPattern(word) ? "no fixture matches " : "there is no fixture ") + Quote(word) +
                DidYouMean(Nearest(word, ids)));
  }
  std::vector<const Fixture*> found;
  for (const Fixture& fixture : fixtures) {
    if (words.empty() || MatchesAny(words, fixture.id)) found.push_back(&fixture);
  }
  return found;
}

CatalogueSelection SelectArchives(const std::vector<Fixture>& fixtures,
                                  const CatalogueQuery& query) {
  return Selector(fixtures, query).Select();
}

}  // namespace watertight::generator
