"""What the scripts that hold credentials against other implementations share.

Each is run as: SCRIPT WRITE_CREDENTIALS; exit 77 when tools lacked for all that it tests.
"""

import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

SKIPPED = 77
SEEDS = "watertight,7,another seed"


class Record:
    """One credential: bytes, not text."""

    def __init__(self, row):
        self.kind, self.credential_class, self.seed, self.name = (row[k] for k in ("kind", "class", "seed", "name"))
        self.value = bytes.fromhex(row["value"])
        self.parts, self.variants, self.forms = (
            {name: bytes.fromhex(value) for name, value in row[group].items()}
            for group in ("parts", "variants", "forms"))

    def __str__(self):
        return f"{self.kind}:{self.name} of seed {self.seed}"

    def text(self, part=None):
        return (self.parts[part] if part else self.value).decode()


@functools.cache
def records(names, *kinds):
    """Of so many names, in three seeds; without kinds, of all."""
    run = subprocess.run([WRITER, SEEDS, str(names), *kinds], capture_output=True, check=True)
    return [Record(json.loads(line)) for line in run.stdout.splitlines()]


def needs(tool):
    return unittest.skipUnless(shutil.which(tool), f"{tool} is not installed")


def output(command, *arguments, **options):
    """Standard output of a program that must succeed."""
    run = subprocess.run([command, *arguments], capture_output=True, **options)
    if run.returncode != 0:
        raise AssertionError(f"{command} {' '.join(arguments)}: exit {run.returncode}: {run.stderr.decode()}")
    return run.stdout


class WithFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def file(self, name, content):
        path = os.path.join(self.folder, name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
        return path


def main():
    global WRITER
    WRITER = sys.argv.pop(1)
    # Imported by its name, so that records() sees the writer too.
    sys.modules["oracle"].WRITER = WRITER
    result = unittest.main(module="__main__", exit=False, verbosity=1).result
    for test, why in result.skipped:
        print(f"skipped: {test.id().removeprefix('__main__.')}: {why}")
    if not result.wasSuccessful():
        sys.exit(1)
    sys.exit(SKIPPED if result.skipped and len(result.skipped) == result.testsRun else 0)
