#!/usr/bin/env python3
"""Counts what the catalogue covers: channels, decoy classes, kinds, encodings, carriers, builders, archives.

    coverage_test.py PROGRAM

What there is to cover is written down in rows.json, beside the program: a row without a fixture fails, unless "without" there
says why it has none, and so does a row that has one although it says so. "forms left out" names what a channel also has, and no
fixture shows. Read from the catalogue itself are the fixtures' folders and the truth files of every fixture in two archives,
which together hold every kind of document.
"""

import collections
import fnmatch
import json
import pathlib
import subprocess
import sys
import tempfile

ROWS = pathlib.Path(__file__).with_name("rows.json")


def listed(program, what):
    result = subprocess.run([program, "generate", "--list", what, "--format", "json"], check=True, capture_output=True)
    return json.loads(result.stdout)


def generate(program, folder, *arguments):
    subprocess.run([program, "generate", "--out", folder, *arguments], check=True, stdout=subprocess.DEVNULL)
    return json.loads(pathlib.Path(folder, "catalogue.json").read_text())["fixtures"]


class Coverage:
    """By subject, what of it was seen."""

    def __init__(self):
        self.seen = collections.defaultdict(set)

    def add_truth(self, truth):
        for item in truth["leaks"] + truth["decoys"]:
            self.seen["carriers"].add(item["carrier"])
            self.seen["visibilities"].add(item["visibility"])
            self.seen["encodings"].update(item["encoding"])
            self.seen["kinds"].add(item["kind"])
        for item in truth["decoys"]:
            self.seen["decoys"].add(item["class"])


def expected_rows(program):
    rows = json.loads(ROWS.read_text())
    rows["all kinds"] = [kind["id"] for kind in listed(program, "kinds")]
    rows["builders"] = [builder["name"] for builder in listed(program, "builders")]
    rows["archives"] = [archive["name"] for archive in listed(program, "archives")]
    return rows


def seen_rows(program, fixtures):
    coverage = Coverage()
    for fixture in fixtures:
        coverage.seen["channels"].add(fixture["channel"] or "")  # damaged ones may have none
    with tempfile.TemporaryDirectory(prefix="watertight-coverage-") as folder:
        for row in generate(program, folder, "--faults", "--archive", "docker-28", "--archive", "docker-28-containerd"):
            coverage.add_truth(json.loads(pathlib.Path(folder, row["truth"]).read_text()))
    with tempfile.TemporaryDirectory(prefix="watertight-coverage-") as folder:
        for row in generate(program, folder, "copy/then-delete", "--builder", "all", "--archive", "all"):
            coverage.seen["builders"].add(row["builder"])
            coverage.seen["archives"].add(row["archive"])
    coverage.seen["all kinds"] = coverage.seen["kinds"]
    return coverage.seen


def check(subject, wanted, seen, without):
    """Prints one line; returns what is wrong."""
    missing = [row for row in wanted if not fnmatch.filter(seen, row)]
    problems = [f"{subject}: no fixture for {row}" for row in missing if row not in without]
    problems += [f"{subject}: {row} has a fixture, although there should be none: {reason}"
                 for row, reason in without.items() if row in wanted and row not in missing]
    print(f"{subject}: {len(wanted) - len(missing)} of {len(wanted)}")
    for row in missing:
        print(f"    {row}: {without.get(row, 'MISSING')}")
    return problems


def check_twins(fixtures):
    ids = {fixture["id"]: fixture for fixture in fixtures}
    return [f"{fixture['id']}: its twin {fixture['twin']} is no fixture" for fixture in fixtures
            if fixture["twin"] and fixture["twin"] not in ids]


def main():
    program = sys.argv[1]
    fixtures = listed(program, "fixtures")
    rows, seen = expected_rows(program), seen_rows(program, fixtures)
    without, left_out = rows.pop("without"), rows.pop("forms left out")
    problems = check_twins(fixtures)
    for subject, wanted in rows.items():
        problems += check(subject, wanted, seen[subject], without)
    for form, reason in left_out.items():
        print(f"left out of {form}: {reason}")
    leaking = sum(not fixture["clean"] for fixture in fixtures)
    paired = sum(bool(fixture["twin"]) for fixture in fixtures)
    print(f"fixtures: {len(fixtures)}, {leaking} of them leaking, {paired} with a twin")
    print(*problems, sep="\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
