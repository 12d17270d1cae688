// The two forms of what `diff` found.

#pragma once

#include "cli/image_diff.h"

namespace watertight::cli {

class Output;

struct ComparedImage {
  explicit ComparedImage(Image opened) : image(std::move(opened)), documents(image) {}

  Image image;
  RedactedDocuments documents;
};

void WriteDiffText(const ComparedImage& a, const ComparedImage& b, const ImageDiff& diff,
                   Output& out);
void WriteDiffJson(const ComparedImage& a, const ComparedImage& b, const ImageDiff& diff,
                   Output& out);

}  // namespace watertight::cli
