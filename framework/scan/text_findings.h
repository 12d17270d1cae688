// What the searches of layers and of documents share: short texts, and findings made of hits.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/scan/content_search.h"
#include "watertight/finding.h"
#include "watertight/note.h"

namespace watertight {

// Codes of notes, as docs/notes.md explains them.
constexpr char kUnsearchedPart[] = "unsearched-part";
constexpr char kUnlistedFindings[] = "unlisted-findings";

// Of a zip that stands behind other bytes, or whose first header is damaged.
constexpr char kUnopenedZip[] =
    "a zip archive in it does not begin as one, and what it compresses was not searched";

// One text after the other, lines counted.
class TextSearch {
 public:
  explicit TextSearch(const ValueSet& set);

  void Take(std::string_view piece) { search_.Take(piece); }
  // Ends the text; the next Take begins another.
  std::vector<FoundValue> Finish();
  // Encoded streams of the text that ended last which could not be searched to their ends.
  std::size_t unread() const { return unread_; }

 private:
  LiteralSet::Scratch scratch_;
  ByteSearch search_;
  std::size_t unread_ = 0;
};

std::vector<FoundValue> FindInText(const ValueSet& set, std::string_view text);

// Without a place.
Finding FindingOf(const FoundValue& found, Carrier carrier, const ValueSet& set);

// A sentence of an error's text, some of which lack a subject: "the zip archive has too many
// members", "its member a cannot be read: deflate stream ends …".
std::string DescribeFailure(const std::string& subject, const std::string& error);
// Of encoded streams: "2 encoded streams in it are damaged, …".
std::string DescribeUnread(std::size_t streams);
// "in a/b.zip, gzip: its member x is encrypted".
std::string DescribeLeftOut(const ContentPath& path, const std::string& text);
// Notes of one document or layer: at most some, and one that counts the others.
class BoundedNotes {
 public:
  explicit BoundedNotes(std::vector<Note>* notes) : notes_(notes) {}

  // layer and path: of the note.
  void Add(std::optional<int> layer, std::string path, std::string text);
  void Finish(std::optional<int> layer, std::string path) const;

 private:
  static constexpr std::size_t kMost = 20;

  std::vector<Note>* notes_;
  std::size_t count_ = 0;
};

// A name in a sentence: printable, and cut where it is long.
std::string NameText(std::string_view name);

}  // namespace watertight
