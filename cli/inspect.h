// The forms of what `inspect` shows.

#pragma once

#include "cli/redaction.h"
#include "watertight/image.h"

namespace watertight::cli {

class Output;

// Throws: Error when a layer cannot be read. A layer that the archive leaves out on purpose is
// shown as such.
void WriteInspectText(const Image& image, bool all, Output& out);
void WriteInspectJson(const Image& image, Output& out);

// The document of the JSON form. What is not known of a layer that cannot be read is null.
OrderedJson InspectJson(const Image& image, const RedactedDocuments& documents);

// Throws: Error, of the first layer that is in the archive and cannot be read.
void RequireReadable(const Image& image);
// All layers are in the archive.
bool IsComplete(const Image& image);

}  // namespace watertight::cli
