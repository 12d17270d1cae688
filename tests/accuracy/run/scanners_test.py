"""The descriptions of scanners are of their schema's shape, and each that can be had has a script that installs it.

usage: scanners_test.py SCANNERS PROGRAM
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

try:
    import jsonschema
except ImportError:
    jsonschema = None

SCANNERS = pathlib.Path(sys.argv.pop(1))
PROGRAM = sys.argv.pop(1)
# What stands for a path in a command.
PLACEHOLDERS = {"program", "image", "tree", "report", "scanner", "tools", "own"}


def read(path):
    return json.loads(path.read_text())


def described():
    return {path.parent.name: read(path) for path in sorted(SCANNERS.glob("*/scanner.json"))}


def commands(scanner):
    for name, configuration in scanner.get("configurations", {}).items():
        for view, command in configuration.get("views", {}).items():
            yield name, view, command


class Scanners(unittest.TestCase):
    @unittest.skipIf(jsonschema is None, "python3-jsonschema is not installed")
    def test_are_of_the_schema(self):
        schema = read(SCANNERS / "scanner.schema.json")
        jsonschema.Draft202012Validator.check_schema(schema)
        for name, scanner in described().items():
            errors = [f"{name}: {error.json_path}: {error.message}"
                      for error in jsonschema.Draft202012Validator(schema).iter_errors(scanner)]
            self.assertEqual(errors, [])

    @unittest.skipIf(jsonschema is None, "python3-jsonschema is not installed")
    def test_of_a_wrong_shape_are_found(self):
        validator = jsonschema.Draft202012Validator(read(SCANNERS / "scanner.schema.json"))
        right = described()["gitleaks"]
        for change in ({"name": "Git Leaks"}, {"schema": "other"}, {"program": 1}, {"views": {}},
                       {"configurations": {"fast": {}}}, {"report": {"from": "stdout", "format": "xml"}}):
            self.assertFalse(validator.is_valid({**right, **change}), change)

    def test_of_a_wrong_shape_are_refused_with_the_place(self):
        report = described()["gitleaks"]["report"]
        cases = [
            ({"exti": {}}, r"'exti'"),
            ({"exit": {"clean": ["0"], "findings": []}}, r"exit\.clean\[0\]: "),
            ({"families": [["a"]]}, r"families\[0\]: "),
            ({"families": [["a", 1]]}, r"families\[0\]\[1\]: "),
            ({"network": "maybe"}, r"network: "),
            ({"name": "other"}, r"its name is other, and not that of its folder"),
            ({"configurations": {"best": {"views": {"imgae": ["x"]}}}}, r"configurations\.best\.views: .*'imgae'"),
            ({"configurations": {"best": {"views": {"image": ["{program}", "{imgae}"]}}}}, r"configurations\.best\.views\.image\[1\]: "),
            ({"report": {**report, "fields": {"lien": "/x"}}}, r"report\.fields: .*'lien'"),
            ({"report": {**report, "fields": {"path": [{"pointer": "/x", "optional": True}]}}}, r"report\.fields\.path\[0\]: .*'optional'"),
            ({"report": {**report, "where": [{"pointer": "/a", "pattern": "("}]}}, r"report: where\[0\]: the pattern \(: "),
        ]
        for change, expected in cases:
            with tempfile.TemporaryDirectory(prefix="watertight-") as folder:
                path = pathlib.Path(folder) / "gitleaks" / "scanner.json"
                path.parent.mkdir()
                path.write_text(json.dumps({**described()["gitleaks"], **change}))
                (pathlib.Path(folder) / "families.json").write_text('{"families": []}')
                done = subprocess.run([PROGRAM, "score", "--scanner-dir", folder, "--work", folder + "/work"], capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stdout), (2, ""), change)
                self.assertRegex(done.stderr, "^watertight: " + re.escape(str(path)) + ": .*" + expected)
                self.assertEqual(done.stderr.count("\n"), 1)

    def test_are_named_as_their_folders(self):
        self.assertEqual({name: scanner["name"] for name, scanner in described().items()},
                         {name: name for name in described()})

    def test_name_in_commands_only_what_there_is(self):
        for name, scanner in described().items():
            for configuration, view, command in commands(scanner):
                words = {word for text in command for word in re.findall(r"\{([a-z]+)\}", text)}
                self.assertLessEqual(words, PLACEHOLDERS, (name, configuration, view))
                self.assertEqual(command[0], "{program}", (name, configuration, view))
                if scanner["report"]["from"] == "file":
                    self.assertIn("{report}", " ".join(command), (name, configuration, view))
                is_image = view == "image"
                self.assertEqual("{image}" in " ".join(command), is_image, (name, configuration, view))

    def test_have_a_default_and_never_verify(self):
        for name, scanner in described().items():
            if "not_run" in scanner:
                continue
            self.assertIn("default", scanner["configurations"], name)
            self.assertEqual(scanner.get("network", "off"), "off", name)

    def test_can_be_installed(self):
        for name, scanner in described().items():
            script = SCANNERS / name / "install"
            if "package" not in scanner:
                self.assertFalse(script.exists(), name)
                continue
            self.assertTrue(os.access(script, os.X_OK), name)
            self.assertRegex(scanner["package"]["version"], r"^v?\d+\.\d+", name)

    def test_families_are_kinds_or_classes(self):
        rows = read(SCANNERS / "families.json")["families"]
        rows += [row for scanner in described().values() for row in scanner.get("families", [])]
        known = {"generic"} | {name for kind in KINDS for name in (kind["id"], kind["class"])}
        self.assertEqual({family for _, family in rows} - known, set())


if __name__ == "__main__":
    KINDS = json.loads(subprocess.run([PROGRAM, "generate", "--list", "kinds", "--format", "json"],
                                      capture_output=True, check=True).stdout)
    unittest.main()
