#!/usr/bin/env python3
"""What `watertight` sees of archives behind a script: zipapps, jars that start themselves, installers.

usage: behind_scripts_test.py WATERTIGHT

The archives are made by zipapp, zipfile, gzip, bz2, lzma and tarfile.
"""

import bz2
import gzip
import io
import json
import lzma
import pathlib
import subprocess
import sys
import tempfile
import unittest
import zipapp
import zipfile

from policy_test import image, tar

VALUE = "blue falcon " + "nine two one"
PIECE = 64 << 10  # how much is looked through at once


def deflated(members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return stream.getvalue()


def script(size):
    """Lines of a shell, some of which look like the begin of an archive; size bytes in all."""
    return (b"#!/bin/sh\n" + b"echo P PK\x03 BZh1 $1 \x1f\x8b\n" * (size // 20 + 1))[:size]


SETTINGS = deflated({"settings.py": "# no secret\n" * 200 + f"key = '{VALUE}'\n"})
PAYLOAD = tar({"payload/key": VALUE.encode()})


class BehindScripts(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="watertight-")
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name)

    def run_on(self, content, *words):
        (self.path / "app.tar").write_bytes(image({"opt/run": content}))
        return subprocess.run([PROGRAM, *words], cwd=self.path, capture_output=True, text=True, timeout=120)

    def places(self, content):
        result = self.run_on(content, "find", "app.tar", "--value", VALUE, "--format", "json")
        self.assertEqual(result.stderr, "")
        return [(one["path"], one["nested"], one["encoding"]) for one in json.loads(result.stdout)["findings"]]

    def test_zipapp(self):
        sources = self.path / "app"
        sources.mkdir()
        (sources / "__main__.py").write_text("# no secret\n" * 200 + f"key = '{VALUE}'\n")
        zipapp.create_archive(sources, self.path / "app.pyz", interpreter="/usr/bin/env python3", compressed=True)
        self.assertEqual(self.places((self.path / "app.pyz").read_bytes()), [("opt/run", ["__main__.py"], [])])

    def test_zip_at_any_distance(self):
        for size in (10, 600, 9_000, PIECE - 31, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7, (1 << 20) - 40):
            self.assertEqual(self.places(script(size) + SETTINGS), [("opt/run", ["settings.py"], [])], size)

    def test_compressed_tars(self):
        for name, compress in (("gzip", gzip.compress), ("bzip2", bz2.compress), ("xz", lzma.compress)):
            found = self.places(script(9_000) + compress(PAYLOAD))
            self.assertEqual(found, [("opt/run", ["payload/key"], [name])])

    def test_a_script_alone_is_its_text(self):
        self.assertEqual(self.places(script(5_000)), [])
        self.assertEqual(self.places(script(5_000) + VALUE.encode()), [("opt/run", [], [])])

    def test_what_is_damaged_is_told_and_fails_when_strict(self):
        damaged = script(700) + SETTINGS[:60]
        self.assertIn("1 part not searched", self.run_on(damaged, "check", "app.tar").stdout)
        result = self.run_on(damaged, "check", "--strict", "app.tar")
        self.assertEqual(result.returncode, 1)
        self.assertIn("FAIL  NoSecrets", result.stdout)
        self.assertIn("layer 0, opt/run: ", result.stdout)
        self.assertEqual(self.run_on(script(700) + SETTINGS, "check", "--strict", "app.tar").returncode, 0)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
