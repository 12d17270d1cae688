#!/usr/bin/env python3
"""Generates images of the catalogue and has verify.py read them.

    verify_test.py PROGRAM            every fixture by the default builder in the default archive
    verify_test.py PROGRAM --sample   a sample over all builders and archives; scripts/verify-all has the rest

The sample takes each fixture once, by another builder and archive than its neighbours, so that all pairs come up and all
fixtures do.
"""

import collections
import fnmatch
import json
import pathlib
import subprocess
import sys
import tempfile

VERIFY = pathlib.Path(__file__).with_name("verify.py")


def listed(program, what):
    result = subprocess.run([program, "generate", "--list", what, "--format", "json"], check=True, capture_output=True)
    return json.loads(result.stdout)


def generate(program, folder, *arguments):
    subprocess.run([program, "generate", "--reveal", "--out", folder, *arguments], check=True, stdout=subprocess.DEVNULL)


def exists(globs, name):
    return not globs or any(fnmatch.fnmatchcase(name, glob) for glob in globs)


def sample(program):
    """Builder and archive -> ids."""
    builders = [builder["name"] for builder in listed(program, "builders")]
    archives = [archive["name"] for archive in listed(program, "archives")]
    # 9 and 14 share no factor, so counting both up together meets every pair.
    pairs = [(builders[i % len(builders)], archives[i % len(archives)]) for i in range(len(builders) * len(archives))]
    chosen = collections.defaultdict(list)
    turn = 0
    for fixture in listed(program, "fixtures"):
        if fixture["damaged"]:
            continue
        for _ in pairs:
            builder, archive = pairs[turn % len(pairs)]
            turn += 1
            if exists(fixture["builders"], builder) and exists(fixture["archives"], archive):
                chosen[builder, archive].append(fixture["id"])
                break
    return chosen


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory(prefix="watertight-verify-") as scratch:
        folders = []
        if "--sample" in sys.argv:
            for (builder, archive), ids in sample(program).items():
                folders.append(f"{scratch}/{builder}.{archive}")
                generate(program, folders[-1], *ids, "--builder", builder, "--archive", archive, "--seed", "sample")
        else:
            folders.append(f"{scratch}/defaults")
            generate(program, folders[-1])
        return subprocess.run([sys.executable, VERIFY, *folders], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
