"""The descriptions of scanners are of their schema's shape, and each that can be had has a script that installs it.

usage: scanners_test.py SCANNERS PROGRAM
"""

import copy
import json
import os
import pathlib
import random
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


def places(json_value, place=()):
    """Paths to all of a document but for patterns, which the schema takes for any text."""
    yield place
    members = json_value.items() if isinstance(json_value, dict) else enumerate(json_value) if isinstance(json_value, list) else ()
    for key, value in members:
        if key != "pattern":
            yield from places(value, (*place, key))


def damaged(scanner, chance):
    """A member less, one more, or another value at one place."""
    changed = copy.deepcopy(scanner)
    place = chance.choice(sorted(places(changed), key=str))
    values = [3, -1, True, "x", "{image}", "{hom}", [], ["x"], {}, {"x": 1}]
    above = changed
    for key in place[:-1]:
        above = above[key]
    here = above[place[-1]] if place else changed
    what = chance.choice(("less", "more", "other"))
    if what == "more" and isinstance(here, dict):
        here["unheard-of"] = chance.choice(values)
    elif what == "more" and isinstance(here, list):
        here.append(chance.choice(values))
    elif place and what == "less":
        del above[place[-1]]
    elif place:
        above[place[-1]] = chance.choice(values)
    return changed


class Scanners(unittest.TestCase):
    @unittest.skipIf(jsonschema is None, "python3-jsonschema is not installed")
    def test_are_of_the_schema(self):
        schema = read(SCANNERS / "scanner.schema.json")
        jsonschema.Draft202012Validator.check_schema(schema)
        for name, scanner in described().items():
            errors = [f"{name}: {error.json_path}: {error.message}"
                      for error in jsonschema.Draft202012Validator(schema).iter_errors(scanner)]
            self.assertEqual(errors, [])

    def judge(self, name, scanner, *arguments):
        """What the program says of a description; it reads all of them before it looks for the scanners that are asked for."""
        with tempfile.TemporaryDirectory(prefix="watertight-") as folder:
            path = pathlib.Path(folder) / name / "scanner.json"
            path.parent.mkdir()
            path.write_text(json.dumps(scanner))
            (pathlib.Path(folder) / "families.json").write_text('{"families": []}')
            done = subprocess.run([PROGRAM, "score", "--scanner-dir", folder, "--work", folder + "/work", "--scanners", "none-such"],
                                  capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (2, "", 1), (scanner, done.stderr))
            return done.stderr.replace(str(path), "FILE").strip()

    def test_of_a_wrong_shape_are_refused_with_the_place(self):
        right = described()["gitleaks"]
        report = right["report"]

        def of_report(**changes):
            return {"report": {**report, **changes}}

        def of_path(source):
            return of_report(fields={"path": source})

        cases = [
            ({"exti": {}}, "FILE: the member exti is unknown; there are schema, name, about, "),
            ({"a\x1b[31m\n" + 99 * "b": 1}, "FILE: the member a\\x1b[31m\\nbbbbb"),
            ({"exit": {"clean": ["0"], "findings": []}}, "FILE: exit: clean has what is no code; one is a number from 0 to 255"),
            ({"exit": {"clean": [0], "findings": [2**32 + 1]}}, "FILE: exit: findings has what is no code; one is a number from 0 to 255"),
            ({"exit": None}, "FILE: lacks the member exit"),
            ({"report": None}, "FILE: lacks the member report"),
            ({"families": [["a"]]}, "FILE: families: a row is a rule and its kind or class, both texts"),
            ({"families": [["a", 1]]}, "FILE: families: a row is a rule and its kind or class, both texts"),
            ({"network": "maybe"}, "FILE: network is maybe, and can be off, on"),
            ({"name": "other"}, "FILE: its name is other, and not that of its folder"),
            ({"separators": ["!", ""]}, "FILE: separators has one that is empty"),
            ({"environment": {"A": "{hom}"}}, "FILE: environment.A: {hom} stands for nothing; in braces may be home, own"),
            ({"configurations": {"best": {"views": {"imgae": ["x"]}}}},
             "FILE: configurations.best: views: the member imgae is unknown; there are image, layers, rootfs"),
            ({"configurations": {"best": {"views": {"image": ["{program}", 99999 * "a" + "\n{Image}"]}}}},
             "FILE: configurations.best: views.image: {Image} stands for nothing; in braces may be program, image, "),
            (of_report(format="xml"), "FILE: report: format is xml, and can be json, jsonl, sarif, textproto"),
            (of_report(fields={"lien": "/x"}), "FILE: report: fields: the member lien is unknown; there are rule, "),
            (of_path({"pointer": "/x", "optional": True}), "FILE: report: fields.path: the member optional is unknown; there are pointer, "),
            (of_path(["/x", {"ponter": "/x"}]), "FILE: report: fields.path[1]: the member ponter is unknown; there are pointer, "),
            (of_path("path"), "FILE: report: fields.path: path is no JSON pointer; one is empty, or like /a/b"),
            (of_path([]), "FILE: report: fields.path: is an empty list"),
            (of_path({"pointer": "/x", "pattern": "a"}), "FILE: report: fields.path: pattern has to have one group"),
            (of_report(where=[{"pointer": "/a", "pattern": "("}]), "FILE: report: where[0]: the pattern (: "),
        ]
        for change, expected in cases:
            said = self.judge("gitleaks", {**right, **change})
            self.assertTrue(said.startswith("watertight: " + expected), said)
            self.assertLess(len(said), 400)

    @unittest.skipIf(jsonschema is None, "python3-jsonschema is not installed")
    def test_are_judged_alike_by_the_program_and_the_schema(self):
        validator = jsonschema.Draft202012Validator(read(SCANNERS / "scanner.schema.json"))
        chance = random.Random("scanners")
        verdicts = set()
        for _ in range(400):
            name, scanner = chance.choice(sorted(described().items()))
            changed = damaged(scanner, chance)
            if changed.get("name") != name or changed.get("schema") != scanner["schema"]:
                continue
            is_read = "none-such is unknown" in self.judge(name, changed)
            self.assertEqual(is_read, validator.is_valid(changed), changed)
            verdicts.add(is_read)
        self.assertEqual(verdicts, {True, False})

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
