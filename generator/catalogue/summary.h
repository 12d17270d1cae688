// What lists say of fixtures.
#pragma once

#include <string>
#include <vector>

#include "generator/fixtures/fixture.h"

namespace watertight::generator {

struct FixtureSummary {
  const Fixture* fixture = nullptr;
  std::vector<std::string> kinds;  // of the credentials in it, in the order of Kinds()
  bool clean = false;              // gives nothing away, by whatever builder and archive
};

// In the order of `fixtures`, to which it refers. Throws: Error, of templates.
std::vector<FixtureSummary> Summaries(const std::vector<const Fixture*>& fixtures);

// A page for people, in Markdown: a table for each folder of fixtures, with why each leaks and how
// to mend it.
std::string FixturesPage(const std::vector<FixtureSummary>& fixtures);

}  // namespace watertight::generator
