// An image with known labels, and findings about it, made by hand.

#pragma once

#include <string>
#include <vector>

#include "bench/accuracy/score/corpus.h"
#include "bench/accuracy/score/scanner_run.h"

namespace watertight::bench {

// app.tar: two places of one token in srv/a.env (layer 1, overwritten, and layer 2), a password in
// line 3 of srv/b.env (layer 2) beside another in the same line, a password in the history, and a
// decoy in srv/c.env (layer 2).
//
//   leak 0  srv/a.env, layer 1, line 1, vcs        "first-token-0001"
//   leak 1  srv/a.env, layer 2, line 1, vcs        "first-token-0001"
//   leak 2  srv/b.env, layer 2, line 3, columns 5 to 20   "second-secret-2"
//   leak 3  srv/b.env, layer 2, line 3, columns 30 to 45  "third-secret-33"
//   leak 4  history[2].created_by                  "fourth-secret-4"
//   decoy 0 srv/c.env, layer 2, line 1             "a-decoy-of-text"
LabelledImage SmallImage();

// A finding that agrees with the label in all that scanners tell.
Finding Exactly(const Label& label);
// With single quotes in place of double ones.
Finding FindingOf(std::string json);
// As a scanner's report is read: sorted.
std::vector<Finding> Report(std::vector<Finding> findings);

}  // namespace watertight::bench
