#!/usr/bin/env python3
"""Builds the corpus with the builders of this machine and writes recorded/BUILDER.json.xz.

usage: record.py [--builder B]… [--case GLOB]… [--docker COMMAND]… [--buildah COMMAND] [--keep FOLDER] [--check]

With --case the other cases keep what was recorded before. --keep leaves the images themselves, and what refused
clients said, as FOLDER/BUILDER/NAME.tar and NAME.err. --check writes nothing: it compares with what is recorded, and
exits 1 when the same builder does not do the same again.
"""

import argparse
import fnmatch
import os
import sys

import builds
import corpus
import differences
import live
import recordings


def check(builder, found):
    """Prints what differs from the recording; returns the number of cases that do."""
    recorded, unequal = recordings.read(builder)["cases"], 0
    for name, result in found.items():
        rows = differences.between(result, recorded[name]) if name in recorded else [("recording", "none", "none")]
        unequal += bool(rows)
        for field, now, before in rows:
            print(f"{name} [{builder}] {field}\n    now      {builds.shown(now)}\n    recorded {builds.shown(before)}")
    print(f"{builder}: {len(found) - unequal} of {len(found)} as recorded")
    return unequal


def record(builder, origin, found, some):
    if some and os.path.exists(recordings.path_of(builder)):
        before = recordings.read(builder)["cases"]
        found = {**{name: case for name, case in before.items() if name in corpus.names()}, **found}
    recordings.write(builder, {**origin, "busybox": recordings.busybox()}, found)
    refused = sum("refused" in case for case in found.values())
    left_out = [name for name, case in found.items() if "unrecorded" in case]
    print(f"{builder} ({origin['engine']}): {len(found) - refused - len(left_out)} images, {refused} refused, "
          f"{len(left_out)} not recorded: {', '.join(left_out)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name in ("--builder", "--case", "--docker"):
        parser.add_argument(name, action="append", default=[])
    parser.add_argument("--buildah")
    parser.add_argument("--keep")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    names = [name for name in corpus.names() if not options.case or any(fnmatch.fnmatch(name, g) for g in options.case)]
    unequal = 0
    for builder, origin, found in live.results(options, names):
        if options.check:
            unequal += check(builder, found)
        else:
            record(builder, origin, found, options.case)
    return 1 if unequal else 0


if __name__ == "__main__":
    sys.exit(main())
