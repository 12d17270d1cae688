#!/usr/bin/env python3
"""Searches each image of the catalogue for the values that were planted in it and in its twin, with `watertight find`.

    values_test.py PROGRAM [--seed TEXT]

Every leak that the truth states must be found at its place, but for encodings that known values are not spelled in;
nothing may be found anywhere else. Values are never printed.
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from score_secrets import same_place

# docs/assertions.md: the spellings of a known value. These are none of them.
NOT_SPELLED = {"ascii85", "base32", "reversed", "rot13", "xor"}
# Layers of another image of the archive: they are searched when that one is named.
OF_ANOTHER_IMAGE = ("orphan/other-tag",)


def find(program, archive, fixture, values, scratch, images=("watertight/{}:latest", "@0")):
    """The findings in the fixture's image: of an archive of several its own is named, or is the first."""
    files = []
    for number, value in enumerate(sorted(values)):
        files.append(os.path.join(scratch, f"{fixture.replace('/', '.')}.{number}"))
        with open(files[-1], "wb") as out:
            out.write(value.encode("utf-8", "surrogateescape") + b"\n")
    flags = [flag for file in files for flag in ("--value-file", file)]
    references = [f"docker-archive:{archive}:{image.format(fixture)}" for image in images]
    for reference in (archive, *references):
        done = subprocess.run([program, "find", reference, "--format", "json", *flags], capture_output=True)
        if done.stdout:
            break
    for file in files:
        os.remove(file)
    if not done.stdout:
        raise RuntimeError(f"{fixture}: {done.stderr.decode(errors='replace')}")
    return json.loads(done.stdout)["findings"]


def values_of(places):
    """The values that are texts; a truth shows the bytes of others with escapes."""
    return {place["value"] for place in places if len(place["value"]) >= 4
            and hashlib.sha256(place["value"].encode()).hexdigest() == place["value_sha256"]}


def in_another_image(program, archive, leak, scratch):
    findings = find(program, archive, leak["id"].replace("#", "."), {leak["value"]}, scratch, ("@1",))
    return any(finding["path"] == leak["nested"][0] for finding in findings)


def judge(program, path, truths, scratch):
    """Lines about one image: of leaks that were missed, and of what was found beside the truth."""
    truth = truths[path]
    planted = values_of(truth["planted"] + truth["leaks"])
    for other in truths.values():
        if truth["fixture"] in other["twins"] or other["fixture"] in truth["twins"]:
            planted |= values_of(other["leaks"])
    if not planted:
        return 0, []
    archive = str(path)[:-len(".truth.json")] + ".tar"
    findings = find(program, archive, truth["fixture"], planted, scratch)
    lines, leaks, used = [], 0, set()
    for leak in truth["leaks"]:
        hits = {i for i, finding in enumerate(findings) if same_place(finding, leak)}
        used |= hits
        if not values_of([leak]) or NOT_SPELLED & set(leak["encoding"]):
            continue
        leaks += 1
        if not hits and truth["fixture"] in OF_ANOTHER_IMAGE:
            hits = in_another_image(program, archive, leak, scratch)
        if not hits:
            lines.append(f"missed: {leak['id']} {leak['carrier']} {leak['path'] or leak['field']} {leak['encoding']}")
    for decoy in truth["decoys"]:
        used |= {i for i, finding in enumerate(findings) if same_place(finding, decoy)}
    for i, finding in enumerate(findings):
        if i not in used:
            lines.append(f"beside the truth: {truth['fixture']} {finding['carrier']} "
                         f"{finding['path'] or finding['field']} at {finding['offset']} {finding['encoding']}")
    return leaks, lines


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--seed", default="values")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="watertight-values-") as scratch:
        out = os.path.join(scratch, "images")
        subprocess.run([arguments.program, "generate", "--reveal", "--seed", arguments.seed, "--out", out], check=True,
                       stdout=subprocess.DEVNULL)
        listed = json.loads(subprocess.run([arguments.program, "generate", "--list", "fixtures", "--format", "json"],
                                           check=True, capture_output=True).stdout)
        twin_of = {row["id"]: row.get("twin") for row in listed}
        truths = {}
        for path in sorted(pathlib.Path(out).glob("*.truth.json")):
            truth = json.loads(path.read_text())
            truth["twins"] = {twin_of[truth["fixture"]]} - {None}
            truths[path] = truth
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            results = list(pool.map(lambda path: judge(arguments.program, path, truths, scratch), truths))
    leaks = sum(count for count, _ in results)
    lines = [line for _, some in results for line in some]
    print(f"{len(truths)} images, {leaks} leaks of known values, "
          f"{sum(line.startswith('missed') for line in lines)} missed, "
          f"{sum(line.startswith('beside') for line in lines)} findings beside the truth")
    for line in lines:
        print(line)
    return 1 if lines or not leaks else 0


if __name__ == "__main__":
    sys.exit(main())
