// watertight ls: what the rootfs has, or what a layer stores.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/entry_lines.h"
#include "cli/open.h"
#include "cli/output.h"
#include "framework/image/path.h"
#include "watertight/glob.h"

namespace watertight::cli {
namespace {

struct LsFlags : OpenFlags {
  std::string image;
  std::vector<std::string> globs;
  std::optional<int> layer;
  bool all = false;
};

// What a row of the three listings is made of.
EntryLine LineOf(const RootfsEntry& row) {
  EntryLine line;
  line.path = row.path();
  line.entry = &row.content();
  line.layer = row.layer();
  return line;
}

EntryLine LineOf(const StoredEntry& stored) {
  EntryLine line;
  line.path = stored.entry->path();
  line.entry = stored.entry;
  line.layer = stored.layer;
  line.fate = &stored;
  return line;
}

bool IsWhiteout(const Entry& entry) {
  return entry.type() == EntryType::kWhiteout || entry.type() == EntryType::kOpaque;
}

// The root directory itself is not listed; what a layer removes from it is.
EntryLines LinesOf(const Layer& layer) {
  const std::vector<Entry>& entries = layer.entries();
  auto order = std::make_shared<std::vector<std::uint32_t>>();
  order->reserve(entries.size());
  for (std::uint32_t i = 0; i < entries.size(); ++i) {
    if (!entries[i].path().empty() || IsWhiteout(entries[i])) order->push_back(i);
  }
  const auto by_path = [&](std::uint32_t a, std::uint32_t b) {
    return entries[a].path() < entries[b].path();
  };
  if (!std::is_sorted(order->begin(), order->end(), by_path)) {
    std::stable_sort(order->begin(), order->end(), by_path);
  }
  return {order->size(), [order, &entries, index = layer.index()](std::size_t i) {
            EntryLine line;
            line.entry = &entries[(*order)[i]];
            line.path = line.entry->path();
            line.layer = index;
            return line;
          }};
}

template <typename Rows>
EntryLines LinesOf(const Rows& rows) {
  return {rows.size(),
          [&rows](std::size_t i) { return LineOf(rows.begin()[static_cast<std::ptrdiff_t>(i)]); }};
}

bool MatchesAny(const std::vector<Glob>& globs, std::string_view path) {
  return std::any_of(globs.begin(), globs.end(),
                     [&](const Glob& glob) { return glob.Matches(path); });
}

EntryLines Matching(const EntryLines& lines, const std::vector<Glob>& globs) {
  auto matches = std::make_shared<std::vector<std::uint32_t>>();
  for (std::uint32_t i = 0; i < lines.size; ++i) {
    if (MatchesAny(globs, lines.at(i).path)) matches->push_back(i);
  }
  return {matches->size(), [matches, at = lines.at](std::size_t i) { return at((*matches)[i]); }};
}

// A pattern that finds nothing is said on standard error: it may be misspelled, or the path may be
// stored without being visible.
void SayNothingMatched(const Image& image, const LsFlags& flags, const std::vector<Glob>& globs) {
  const std::string where = flags.layer ? "in layer " + std::to_string(*flags.layer)
                            : flags.all ? "in any layer"
                                        : "in the rootfs";
  std::string text = Printable(image.reference()) + ": nothing matches " + where;
  const bool stored =
      !flags.layer && !flags.all &&
      std::any_of(image.stored().begin(), image.stored().end(),
                  [&](const StoredEntry& s) { return MatchesAny(globs, s.entry->path()); });
  PrintNote(text + (stored ? "; a layer stores what does: watertight ls --all" : ""));
}

int RunLs(const LsFlags& flags, Output& out) {
  const std::vector<Glob> globs(flags.globs.begin(), flags.globs.end());
  out.subject = flags.image;
  const Image image = OpenImage(flags.image, flags);
  EntryLines lines = flags.layer ? LinesOf(LayerOf(image, *flags.layer))
                     : flags.all ? LinesOf(image.stored())
                                 : LinesOf(image.rootfs());
  if (!globs.empty()) {
    lines = Matching(lines, globs);
    if (lines.size == 0) SayNothingMatched(image, flags, globs);
  }
  if (flags.json()) {
    WriteJsonLines(lines, out);
  } else {
    WriteTextLines(lines, flags.layer.has_value(), out);
  }
  return kWell;
}

}  // namespace

void AddLs(CLI::App* app, Runner* chosen) {
  auto flags = std::make_shared<LsFlags>();
  CLI::App* command = app->add_subcommand("ls", "Lists the rootfs, or what the layers store");
  command->add_option("IMAGE", flags->image, "The image; watertight --help says what it may be")
      ->type_name("")
      ->required();
  command
      ->add_option("GLOB", flags->globs,
                   "Lists only matching paths: * within a component, ** across components; a\n"
                   "pattern without a slash matches the base name anywhere")
      ->type_name("");
  AddLayer(command, &flags->layer, "What this layer stores, 0 = base");
  command->add_flag("--all", flags->all, "Everything that is stored, with what became of it")
      ->excludes("--layer");
  AddPlatform(command, flags.get());
  AddFormat(command, flags.get());
  command->footer(
      "Example:\n"
      "  watertight ls app.tar --all '**/.npmrc' 'etc/**'");
  command->callback(
      [flags, chosen] { *chosen = [flags](Output& out) { return RunLs(*flags, out); }; });
}

}  // namespace watertight::cli
