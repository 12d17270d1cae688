#include "framework/scan/layer_containers.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <string_view>
#include <utility>

#include "framework/image/decompress.h"
#include "framework/image/libarchive.h"
#include "framework/image/parallel.h"
#include "framework/image/streams.h"
#include "framework/image/tar_fields.h"
#include "framework/scan/containers.h"
#include "framework/scan/text_findings.h"

namespace watertight {
namespace {

using internal::LayerBlob;

constexpr std::string_view kHexDigits = "0123456789abcdef";

ContainerPlace PlaceOf(const LayerBlob& blob, const Entry& entry) {
  return {&blob, entry.content_offset(), entry.size(), std::string(entry.stored_name()), false};
}

// objects/ab/, and 38 digits of SHA-1 or 62 of SHA-256 (gitrepository-layout(5)).
bool IsGitObject(std::string_view name) {
  constexpr std::string_view kFolder = "objects/";
  const std::size_t folder = name.rfind(kFolder);
  if (folder == std::string_view::npos) return false;
  const std::string_view object = name.substr(folder + kFolder.size());
  if (object.size() != 2 + 1 + 38 && object.size() != 2 + 1 + 62) return false;
  return object[2] == '/' &&
         (object.substr(0, 2).find_first_not_of(kHexDigits) == std::string_view::npos) &&
         (object.substr(3).find_first_not_of(kHexDigits) == std::string_view::npos);
}

ContentSearch::Place KindOf(const ContainerPlace& place) {
  if (place.behind_end || place.holds_zip) return ContentSearch::Place::kBehindOthers;
  return IsGitObject(place.name) ? ContentSearch::Place::kGitObject : ContentSearch::Place::kAlone;
}

void OpenSparseFile(const ContainerPlace& place, Reader* tar, const Entry& entry,
                    ContentSearch* contents, LayerHits* hits) {
  tar->Skip(entry.header_offset() - tar->position());
  const std::uint64_t stored_end = entry.content_offset() + entry.stored_size();
  const std::uint64_t end = (stored_end + kTarBlock - 1) / kTarBlock * kTarBlock;
  const std::unique_ptr<Reader> part =
      StreamingReader(PartStream(tar, end - entry.header_offset()));
  const std::unique_ptr<Reader> content = StreamingReader(SparseStream(part.get()));
  ContentSpans spans;
  contents->Open(content.get(), place.size, {}, SinkOf(place, hits), &spans);
  if (!spans.empty()) hits->sparse_spans[place.offset] = std::move(spans);
}

void OpenSparseFilesOf(const LayerBlob& blob, const Limits& limits, ContentSearch* contents,
                       LayerHits* hits) {
  std::unique_ptr<Reader> tar;
  for (const Entry& entry : blob.index.entries) {
    if (!entry.sparse()) continue;
    const ContainerPlace place = PlaceOf(blob, entry);
    try {
      if (tar == nullptr) tar = UncompressedReader(blob.bytes, limits);
      OpenSparseFile(place, tar.get(), entry, contents, hits);
    } catch (const Error& error) {
      hits->left_out.push_back({place.name, {}, DescribeFailure("the sparse file", error.what())});
      tar.reset();
    }
  }
}

}  // namespace

ContentSearch::Sink SinkOf(const ContainerPlace& place, LayerHits* hits) {
  return {[hits, offset = place.offset, name = place.name,
           behind_end = place.behind_end](ContentFinding finding) {
            if (!MayList(finding.value.secret, hits)) return;
            hits->inside.push_back({offset, name, behind_end, std::move(finding)});
          },
          [hits, name = place.name](const ContentPath& path, const std::string& text) {
            hits->left_out.push_back({name, path, text});
          }};
}

bool IsOpened(std::string_view name, std::string_view head) {
  return FindContainer(head) != nullptr || (!head.empty() && IsGitObject(name));
}

void OpenContent(const ContainerPlace& place, Reader* content, ContentSearch* contents,
                 LayerHits* hits, ContentSpans* spans) {
  const std::size_t first = spans->size();
  const ContentSearch::Sink sink = SinkOf(place, hits);
  contents->Open(content, place.size, {}, sink, spans, KindOf(place));
  for (std::size_t i = first; i < spans->size(); ++i) {
    (*spans)[i].begin += place.offset;
    (*spans)[i].end += place.offset;
  }
}

void AddOpened(OpenedContainer opened, LayerHits* hits, ContentSpans* spans) {
  hits->not_listed += opened.hits.not_listed;
  for (LayerHits::Inside& inside : opened.hits.inside) {
    if (MayList(inside.finding.value.secret, hits)) hits->inside.push_back(std::move(inside));
  }
  std::move(opened.hits.left_out.begin(), opened.hits.left_out.end(),
            std::back_inserter(hits->left_out));
  spans->insert(spans->end(), opened.spans.begin(), opened.spans.end());
}

void SortSpans(ContentSpans* spans) {
  std::sort(spans->begin(), spans->end(),
            [](const ContentSpan& a, const ContentSpan& b) { return a.begin < b.begin; });
}

std::vector<OpenedContainer> OpenContainers(const std::vector<ContainerPlace>& places,
                                            const ValueSet& set, const SearchLimits& limits,
                                            unsigned threads) {
  std::vector<OpenedContainer> opened;
  for (const ContainerPlace& place : places) opened.push_back({place, {}, {}, nullptr});
  // The last thread to finish should have a small one.
  std::stable_sort(opened.begin(), opened.end(),
                   [](const auto& a, const auto& b) { return a.place.size > b.place.size; });
  RunInParallel(opened.size(), threads, [&](const NextPiece& next) {
    ContentSearch contents(set, limits);
    while (const auto i = next()) {
      OpenedContainer& one = opened[*i];
      const std::unique_ptr<Reader> reader =
          SeekingReader(PartOf(one.place.blob->bytes, one.place.offset, one.place.size));
      OpenContent(one.place, reader.get(), &contents, &one.hits, &one.spans);
    }
  });
  return opened;
}

void OpenSparseFiles(const internal::ImageState& image,
                     const std::vector<const LayerBlob*>& searched, const ValueSet& set,
                     const SearchLimits& limits, BlobHits* hits) {
  std::vector<std::pair<const LayerBlob*, LayerHits*>> blobs;
  for (const LayerBlob* blob : searched) {
    const std::vector<Entry>& entries = blob->index.entries;
    const bool any = std::any_of(entries.begin(), entries.end(),
                                 [](const Entry& entry) { return entry.sparse(); });
    if (any) blobs.emplace_back(blob, &(*hits)[blob]);
  }
  RunInParallel(blobs.size(), image.options.threads, [&](const NextPiece& next) {
    ContentSearch contents(set, limits);
    while (const auto i = next()) {
      OpenSparseFilesOf(*blobs[*i].first, image.options.limits, &contents, blobs[*i].second);
    }
  });
}

}  // namespace watertight
