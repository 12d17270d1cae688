// What the scorer reads: a catalogue with its truths, and what runs of scanners left. All text of
// JSON; errors name the place.

#pragma once

#include <string>
#include <vector>

#include "bench/accuracy/score/corpus.h"
#include "bench/accuracy/score/scanner_run.h"

namespace watertight::bench {

LabelledImage ParseTruth(const std::string& json, const std::string& place);
Finding ParseFinding(const std::string& json, const std::string& place);
// A line of results.jsonl; its findings come sorted.
ImageResult ParseResult(const std::string& json, const std::string& place);

// `watertight generate --reveal` wrote the folder. Images of canaries are left out: they are not
// scored. Throws: Error, kIo, kBadJson; kInconsistent when a truth is of another archive than the
// catalogue's row.
Corpus ReadCorpus(const std::string& folder);

// WORK/runs/SCANNER.CONFIGURATION.VIEW/SEED. Throws: Error, kIo, kBadJson.
ScannerRun ReadScannerRun(const std::string& folder);

// The folders in a folder, sorted by name. Throws: Error, kIo.
std::vector<std::string> FoldersOf(const std::string& path);

}  // namespace watertight::bench
