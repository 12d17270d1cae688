#!/usr/bin/env python3
"""Holds `watertight check` with files of container-structure-test to the verdicts of that program.

usage: structure_tests_test.py WATERTIGHT DATA DOCUMENT FOLDER      FOLDER takes the unpacked kit of samples

DATA has the configurations, verdicts.json as record.py wrote it, and differences.json: our verdicts that differ on
purpose, and the words of DOCUMENT that say why.
"""

import gzip
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

KINDS = {"Command Test: ": "CommandTest.", "File Content Test: ": "FileContentTest.",
         "File Existence Test: ": "FileExistenceTest."}


def our_names(tests):
    """The names of that program as ours; it calls every licence test the same."""
    licences = 0
    for name, status in tests:
        for theirs, ours in KINDS.items():
            if name.startswith(theirs):
                name = ours + name[len(theirs):]
        if name == "License Test":
            licences += 1
            name = "LicenseTest" + (f".{licences}" if licences > 1 else "")
        yield [name.replace("Metadata Test", "MetadataTest"), status]


def images_of():
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(DATA))
    import images
    return images


class StructureTestsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="watertight-")
        cls.addClassCleanup(cls.folder.cleanup)
        images = images_of()
        cls.archives = {name: pathlib.Path(cls.folder.name) / (name + ".tar") for name in images.IMAGES}
        for name, path in cls.archives.items():
            path.write_bytes(images.IMAGES[name]())
        cls.packed = pathlib.Path(cls.folder.name) / "packed.tar"
        cls.packed.write_bytes(images.app(pack=gzip.compress))
        cls.verdicts = json.loads((DATA / "verdicts.json").read_text())
        cls.differences = json.loads((DATA / "differences.json").read_text())

    def check(self, image, configuration, *options):
        environment = {**os.environ, "PATH": "/nowhere"}  # where no docker is
        return subprocess.run([PROGRAM, "check", image, "--policy", configuration, *options], capture_output=True,
                              text=True, timeout=120, env=environment)

    def verdict(self, image, configuration):
        result = self.check(image, configuration, "--format", "json")
        if result.returncode == 2:
            self.assertRegex(result.stderr, rf"\Awatertight: {re.escape(str(configuration))}:\d+:\d+: .+\n\Z")
            return {"refused": True, "tests": []}
        told = json.loads(result.stdout)["tests"]
        tests = [[test["name"], test["status"]] for test in told]
        self.assertEqual(result.returncode, int("failed" in dict(map(reversed, tests))))
        return {"refused": False, "tests": tests}

    def archive(self, name):
        if name in self.archives:
            return self.archives[name]
        if KIT is None:
            return None  # set WATERTIGHT_SAMPLES
        if not FOLDER.exists():
            subprocess.run([os.path.join(KIT, "unpack"), FOLDER], check=True, stdout=subprocess.DEVNULL)
        return FOLDER / (name + ".tar")

    def test_there_are_sixty_configurations_and_each_is_recorded(self):
        there = {f"{path.parent.name}/{path.name}" for path in (DATA / "configurations").glob("*/*")}
        self.assertEqual(there, set(self.verdicts))
        self.assertGreaterEqual(len(there), 60)

    def test_verdicts_are_those_of_container_structure_test(self):
        for name, theirs in self.verdicts.items():
            image = self.archive(pathlib.PurePath(name).parts[0])
            if image is None:
                continue
            with self.subTest(name):
                expected = {"refused": theirs["refused"], "tests": list(our_names(theirs["tests"]))}
                if name in self.differences:
                    self.assertNotEqual(self.differences[name]["ours"], expected)
                    expected = self.differences[name]["ours"]
                self.assertEqual(self.verdict(image, DATA / "configurations" / name), expected)

    def test_verdicts_of_compressed_layers_are_the_same(self):
        for name in "content", "patterns", "licences", "paths", "all-kinds":
            configuration = DATA / f"configurations/app/{name}.yaml"
            with self.subTest(name):
                self.assertEqual(self.verdict(self.packed, configuration),
                                 self.verdict(self.archives["app"], configuration))

    def test_each_difference_is_told_in_the_document(self):
        document = DOCUMENT.read_text()
        for name, difference in self.differences.items():
            with self.subTest(name):
                self.assertIn(name, self.verdicts)
                self.assertIn(difference["why"], document)

    def test_no_message_shows_what_a_file_holds(self):
        for kind in "text", "json":
            for name in "content", "patterns", "licences":
                result = self.check(self.archives["app"], DATA / f"configurations/app/{name}.yaml", "--format", kind)
                self.assertEqual(result.returncode, 1)
                for held in "image-host", "one\ntwo", "the Agpl text", "three\\n\n":
                    self.assertNotIn(held, result.stdout)

    def test_commands_are_skipped_and_counted_and_fail_when_strict(self):
        configuration = DATA / "configurations/app/command.yaml"
        result = self.check(self.archives["app"], configuration)
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertIn("\n  skip  CommandTest.c ", result.stdout)
        self.assertTrue(result.stdout.endswith("\n0 checks passed, 1 skipped\n"), result.stdout)
        self.assertEqual(self.check(self.archives["app"], configuration, "--strict").returncode, 1)

    def test_a_failure_tells_the_layers_and_where_the_test_stands(self):
        result = self.check(self.archives["app"], DATA / "configurations/app/paths.yaml")
        self.assertIn("whose rootfs has no /gone:\n"
                      "      layer 0  stores   COPY 0 /   0 bytes, mode 0644\n"
                      "      layer 1  deletes  COPY 1 /\n", result.stdout)
        self.assertRegex(result.stdout, r"\n    The test stands in \S+/paths.yaml:18:3\n")

    def test_an_unreadable_layer_fails_each_test_that_needs_it(self):
        broken = pathlib.Path(self.folder.name) / "broken.tar"
        broken.write_bytes(images_of().app(pack=lambda layer: gzip.compress(layer)[:200]))
        result = self.check(broken, DATA / "configurations/app/all-kinds.yaml", "--format", "json")
        self.assertEqual(result.returncode, 1)
        told = {test["name"]: test for test in json.loads(result.stdout)["tests"]}
        self.assertEqual({name: test["status"] for name, test in told.items()},
                         {"FileContentTest.content": "failed", "FileExistenceTest.exists": "failed",
                          "LicenseTest": "failed", "MetadataTest": "passed"})
        self.assertIn("cannot be read", told["LicenseTest"]["message"])

    def test_aliases_make_no_file_large(self):
        path = pathlib.Path(self.folder.name) / "laughs.yaml"
        lines = ["schemaVersion: 2.0.0", "a0: &a0 [x]"]
        lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
        # Few nodes, and gigabytes of text.
        long = ["schemaVersion: 2.0.0", f"a: &a {'x' * 1_000_000}", f"b: [{', '.join(['*a'] * 5000)}]"]
        for bomb in lines, long:
            path.write_text("\n".join(bomb) + "\n")
            result = self.check(self.archives["app"], path)
            self.assertEqual(result.returncode, 2)
            self.assertRegex(result.stderr, r"laughs.yaml:\d+:\d+: aliases make it too large\n\Z")


if __name__ == "__main__":
    PROGRAM = sys.argv[1]
    DATA, DOCUMENT, FOLDER = map(pathlib.Path, sys.argv[2:])
    KIT = os.environ.get("WATERTIGHT_SAMPLES")
    unittest.main(argv=sys.argv[:1])
