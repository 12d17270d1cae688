// Fixtures written in a test, and the truth of their archives.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "generator/archives/sha256.h"
#include "generator/error.h"
#include "generator/truth/truth.h"

namespace watertight::generator {

struct SmallFixture {
  std::string dockerfile;
  std::vector<FixtureFile> files = {};
  std::string rows = {};  // the rest of fixture.json, from the comma on

  Truth Made(const std::string& builder, const std::string& archive) const {
    std::vector<FixtureFile> all = files;
    all.push_back({"Dockerfile", dockerfile});
    all.push_back(
        {"fixture.json",
         R"({"title": "t", "about": "a", "mend": "m", "channel": "env", "tier": "basic")" + rows +
             "\n}"});
    const Fixture fixture = ParseFixture("c/n", "fixtures/c/n", std::move(all));
    const PreparedFixture prepared = PrepareFixture(fixture, "seed");
    const FixtureTruth fixture_truth(fixture, prepared, "seed");
    const FixtureImages images = BuildFixture(
        prepared,
        RequestOf(prepared, {.builder = builder, .archive = archive, .names = {"app:ci"}}));
    const Archive written = WriteImages(images, archive, {});
    return TruthOf(ImageTruth(fixture_truth, images),
                   {.builder = builder,
                    .archive = archive,
                    .written = &written,
                    .sha256 = written.is_directory ? "" : Sha256Hex(ToTar(written))});
  }

  std::string ErrorOf(const std::string& builder, const std::string& archive) const {
    try {
      Made(builder, archive);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }
};

// "CARRIER PATH|FIELD @LAYER OFFSET+LENGTH LINE:COLUMN ENCODING… VISIBILITY"; without a layer no @.
inline std::vector<std::string> RowsOf(const std::vector<TruthPlace>& places) {
  std::vector<std::string> rows;
  for (const TruthPlace& place : places) {
    std::string row = place.carrier;
    if (place.path) row += " " + *place.path;
    if (place.field) row += " " + *place.field;
    if (place.layer) row += " @" + std::to_string(*place.layer);
    row += " " + std::to_string(place.span.offset) + "+" + std::to_string(place.span.length) + " " +
           std::to_string(place.span.line) + ":" + std::to_string(place.span.column);
    for (const std::string& encoding : place.encoding) row += " " + encoding;
    for (const std::string& member : place.nested) row += " !" + member;
    rows.push_back(row + " " + place.visibility);
  }
  return rows;
}

}  // namespace watertight::generator
