#!/usr/bin/env python3
"""The reports of `check`: SARIF by its schema, JUnit by two parsers, GitHub's lines, files in one step.

usage: check_reports_test.py WATERTIGHT SARIF_SCHEMA
"""

import hashlib
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest
import xml.etree.ElementTree

try:
    import jsonschema
except ImportError:
    jsonschema = None

IMAGES = pathlib.Path(__file__).resolve().parents[2] / "examples/article/images"
LEAKY = [IMAGES / name for name in ("copy-then-delete.classic.tar", "env.classic.tar", "build-arg.classic.tar")]
TOKEN = "acme_" + "0123456789abcdef" * 2
# In names, where XML, JSON, URIs and GitHub's commands have their own meanings.
HOSTILE = "a b/<x>&\"'%0A::error::]]>\x01\x1b[31m\u202e\ufffe\uffff\udcff:1,2"


def tar(files):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


def image(files, steps=("COPY . /",)):
    layer = tar(files)
    config = json.dumps({"architecture": "amd64", "os": "linux", "config": {},
                         "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest()]},
                         "history": [{"created_by": steps[0]}] + [{"created_by": step, "empty_layer": True}
                                                                 for step in steps[1:]]}).encode()
    name = hashlib.sha256(config).hexdigest() + ".json"
    manifest = json.dumps([{"Config": name, "RepoTags": ["a:b"], "Layers": ["l.tar"]}]).encode()
    return tar({name: config, "l.tar": layer, "manifest.json": manifest})


class ReportsTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="watertight-")
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)
        (self.path / "policy.yaml").write_text(
            "version: 1\nrules: [{id: acme, pattern: 'acme_[0-9a-f]{32}'}]\nchecks: {RunsAsNonRoot: true}\n")
        (self.path / "hostile.tar").write_bytes(image({HOSTILE: TOKEN.encode(), HOSTILE + "/.npmrc": b"x"}))

    def check(self, *arguments, images=(*LEAKY, "hostile.tar"), **environment):
        plain = {key: value for key, value in os.environ.items() if not key.startswith(("GTEST_", "GITHUB_"))}
        return subprocess.run([PROGRAM, "check", *map(str, images), *arguments], capture_output=True, timeout=300,
                              env={**plain, **environment}, cwd=self.path)

    def test_sarif_is_valid_and_whole(self):
        result = self.check("--policy", "policy.yaml", "--format", "sarif", images=(*LEAKY, "hostile.tar", "not-there.tar"))
        self.assertEqual(result.returncode, 2, result.stderr)
        document = json.loads(result.stdout)
        if jsonschema is not None:
            jsonschema.Draft4Validator(json.loads(SCHEMA.read_text())).validate(document)
        run = document["runs"][0]
        rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        self.assertEqual(len(rules), len(set(rules)))
        for one in run["results"]:
            self.assertEqual(rules[one["ruleIndex"]], one["ruleId"])
            uri = one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            self.assertRegex(uri, r"^[!-~]+$")
            self.assertNotRegex(uri, r"[<>\"]|%(?![0-9A-F]{2})")
        self.assertFalse(run["invocations"][0]["executionSuccessful"])
        self.assertIn("not-there.tar", run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"])
        found = {(one["ruleId"], one["properties"]["image"].rsplit("/", 1)[-1]) for one in run["results"]}
        self.assertLessEqual({("acme", "hostile.tar"), ("generic-credential-file", "copy-then-delete.classic.tar"),
                              ("RunsAsNonRoot", "hostile.tar"), ("generic-token", "env.classic.tar")}, found)
        # As many as the JSON report has, and one for each check that failed without a finding.
        plain = json.loads(self.check("--policy", "policy.yaml", "--format", "json").stdout)
        self.assertEqual(len(run["results"]), len(plain["findings"]) + 4)
        self.assertNotIn(TOKEN.encode(), result.stdout)

    def test_fingerprints_outlive_a_new_build(self):
        prints = []
        for files, steps in (({"srv/a": TOKEN.encode()}, ("COPY . /", "ENV ACME=" + TOKEN)),
                             ({"a": b"more", "srv/a": b"\n\n" + TOKEN.encode()}, ("COPY . /", "USER x", "ENV ACME=" + TOKEN))):
            (self.path / "app.tar").write_bytes(image(files, steps))
            document = json.loads(self.check("--policy", "policy.yaml", "--format", "json", images=["app.tar"]).stdout)
            prints.append({one["fingerprint"] for one in document["findings"]})
        self.assertEqual(prints[0], prints[1])
        self.assertEqual(len(prints[0]), 2)

    def test_a_baseline_leaves_what_is_new(self):
        def run(files, steps, *arguments):
            (self.path / "app.tar").write_bytes(image(files, steps))
            return self.check("--policy", "policy.yaml", *arguments, images=["app.tar"])

        old = {"srv/a": TOKEN.encode(), "srv/.npmrc": b"x"}
        other = ("acme_" + "fedcba9876543210" * 2).encode()
        self.assertEqual(run(old, ("COPY", "ENV ACME=" + TOKEN), "--output", "json=base.json").returncode, 1)
        steps = ("COPY", "USER x", "ENV ACME=" + TOKEN)
        for files, made, failing in ((old, steps, []), ({**old, "a": b"b"}, steps, []),
                                     ({**old, "srv/b": TOKEN.encode()}, steps, ["NoSecrets"]),
                                     ({**old, "srv/a": other}, steps, ["NoSecrets"]),
                                     ({**old, "x/.npmrc": b"x"}, steps, ["NoLeakedFile"]),
                                     (old, (*steps, "ENV B=" + TOKEN), [])):
            document = json.loads(run(files, made, "--baseline", "base.json", "--format", "json").stdout)
            self.assertEqual([one["name"] for one in document["tests"] if one["status"] == "failed"], failing, files)
            self.assertEqual(sum(one["level"] == "error" for one in document["findings"]), len(failing))
        result = run({**old, "srv/b": TOKEN.encode()}, steps, "--baseline", "base.json")
        self.assertIn("2 findings of the baseline are known.", result.stdout.decode())
        self.assertIn("FAIL  NoSecrets      new: srv/b:1:1: acme, acme… (37 bytes, ", result.stdout.decode())
        # A claim that held before.
        (self.path / "policy.yaml").write_text("version: 1\nchecks: {RunsAsNonRoot: true, HasFile: [srv/a]}\n")
        document = json.loads(run({"b": b"c"}, steps, "--baseline", "base.json", "--format", "json").stdout)
        self.assertEqual([one["name"] for one in document["tests"] if one["status"] == "failed"], ["HasFile"])
        # One that fails in place of one that failed before; and one that fails in other words.
        (self.path / "policy.yaml").write_text("version: 1\nchecks: {HasFile: [b, c, d], HasLayerCount: 7}\n")
        run({"b": b""}, steps, "--output", "json=base.json")
        for files, failing in ({"b": b""}, []), ({"b": b"", "x": b""}, []), ({"c": b""}, ["HasFile"]), ({"b": b"", "c": b""}, []):
            document = json.loads(run(files, steps, "--baseline", "base.json", "--format", "json").stdout)
            self.assertEqual([one["name"] for one in document["tests"] if one["status"] == "failed"], failing, files)
        for text in ("", "[]", "{}", "x", '{"schema": "watertight.check/1"}'):
            (self.path / "bad.json").write_text(text)
            result = run(old, steps, "--baseline", "bad.json")
            self.assertEqual((result.returncode, result.stderr),
                             (2, b"watertight: bad.json: is no report of watertight check --format json\n"))

    def claims(self, files, checks, *arguments):
        """Status, message, and what does not hold and is not of the baseline, of each check of the policy."""
        (self.path / "claims.yaml").write_text(json.dumps({"version": 1, "checks": checks}))
        (self.path / "app.tar").write_bytes(image(files))
        result = self.check("--policy", "claims.yaml", *arguments, "--format", "json", images=["app.tar"])
        self.assertIn(result.returncode, (0, 1), result.stderr)
        (self.path / "last.json").write_bytes(result.stdout)
        return {one["name"]: (one["status"], one["message"], [claim["expected"] for claim in one.get("claims", []) if "allowed" not in claim])
                for one in json.loads(result.stdout)["tests"] if one["name"] in checks}

    def test_a_baseline_knows_each_claim_of_a_check(self):
        checks = {"HasFile": ["b", "c", "d"], "HasLayerCount": 7}
        self.claims({"x": b""}, checks)
        shutil.copy(self.path / "last.json", self.path / "base.json")
        known = ("--baseline", "base.json")
        # Mended one after another.
        for files in {"x": b""}, {"b": b""}, {"b": b"", "d": b""}, {"b": b"", "c": b"", "d": b""}:
            told = self.claims(files, checks, *known)
            self.assertEqual({status for status, _, _ in told.values()}, {"passed"}, files)
        # In another order, among others, and beside one that is new.
        checks = {"HasLayerCount": 7, "RunsAs": "app", "HasFile": ["d", "new", "b"]}
        told = self.claims({"x": b""}, checks, *known)
        self.assertEqual((told["HasLayerCount"][0], told["RunsAs"][0]), ("passed", "failed"))
        status, message, new = told["HasFile"]
        self.assertEqual((status, new), ("failed", ["has the file /new"]))
        self.assertEqual(message.count("Expected: "), 1, message)
        self.assertTrue(message.endswith("\n  Beside this, 2 claims of the baseline fail as before."), message)
        # What a run with a baseline told is one itself.
        shutil.copy(self.path / "last.json", self.path / "base.json")
        self.assertEqual({status for status, _, _ in self.claims({"x": b""}, checks, *known).values()}, {"passed"})

    def test_baselines_of_before_are_read(self):
        checks = {"HasFile": ["b", "c"], "HasLayerCount": 7}
        self.claims({"x": b""}, checks)
        report = json.loads((self.path / "last.json").read_text())
        for test in report["tests"]:
            test.pop("claims", None)
        # Of the name and all that it claimed, each ending with a NUL.
        claimed = b"HasFile\0has the file /b\0has the file /c\0"
        self.assertIn(hashlib.sha256(claimed).hexdigest()[:16], [one.get("fingerprint") for one in report["tests"]])
        (self.path / "base.json").write_text(json.dumps(report))
        self.assertEqual({status for status, _, _ in self.claims({"x": b""}, checks, "--baseline", "base.json").values()}, {"passed"})

    def test_sarif_has_a_fingerprint_for_each_claim(self):
        def results(files, checks, *arguments):
            self.claims(files, checks, *arguments, "--output", "sarif=out.sarif")
            document = json.loads((self.path / "out.sarif").read_text())
            if jsonschema is not None:
                jsonschema.Draft4Validator(json.loads(SCHEMA.read_text())).validate(document)
            return {one["message"]["text"].splitlines()[0]: one for one in document["runs"][0]["results"] if one["ruleId"] in checks}

        def prints(found):
            return {text: one["partialFingerprints"]["watertight/v1"] for text, one in found.items()}

        first = results({"x": b""}, {"HasFile": ["b", "c"], "RunsAs": "app", "HasLayerCount": {"at_least": 7}})
        self.assertEqual(len(set(prints(first).values())), 4)
        # Other files, another order, one more check and one more claim; one claim that holds now.
        later = results({"y": b"more", "c": b""}, {"HasLayerCount": {"at_least": 7}, "HasWorkdir": "/a", "HasFile": ["new", "c", "b"], "RunsAs": "app"})
        self.assertEqual(set(prints(first)) - set(later), {"Expected: has the file /c"})
        self.assertEqual(len(set(later) - set(first)), 2)
        self.assertEqual(len(set(prints(later).values())), 5)
        for text, fingerprint in prints(first).items():
            self.assertEqual(prints(later).get(text, fingerprint), fingerprint, text)
        self.assertEqual({one["level"] for one in later.values()}, {"error"})
        # What a baseline has is told, and fails nothing.
        shutil.copy(self.path / "last.json", self.path / "base.json")
        known = results({"y": b"more"}, {"HasFile": ["b", "c"]}, "--baseline", "base.json")
        self.assertEqual({text: (one["level"], "suppressions" in one) for text, one in known.items()},
                         {"Expected: has the file /b": ("note", True), "Expected: has the file /c": ("error", False)})

    def test_junit_opens_in_two_parsers(self):
        result = self.check("--policy", "policy.yaml", "--output", "junit=out.xml", images=(*LEAKY, "hostile.tar", "not-there.tar"))
        self.assertEqual(result.returncode, 2, result.stderr)
        root = xml.etree.ElementTree.parse(self.path / "out.xml").getroot()
        if shutil.which("xmllint"):
            subprocess.run(["xmllint", "--noout", "--nonet", str(self.path / "out.xml")], check=True)
        cases = list(root.iter("testcase"))
        for attribute, count in (("tests", len(cases)), ("failures", len(list(root.iter("failure")))),
                                 ("errors", len(list(root.iter("error")))), ("skipped", len(list(root.iter("skipped"))))):
            self.assertEqual(int(root.get(attribute)), count)
            self.assertEqual(sum(int(suite.get(attribute)) for suite in root.iter("testsuite")), count)
        plain = json.loads(self.check("--policy", "policy.yaml", "--format", "json").stdout)
        self.assertEqual([(one.get("classname"), one.get("name"), "failed" if one.find("failure") is not None else "passed")
                          for one in cases[:-1]], [(one["image"], one["name"], one["status"]) for one in plain["tests"]])
        self.assertEqual(cases[-1].find("error").text, "not-there.tar: cannot be opened: No such file or directory")
        self.assertEqual(plain["unopened"], [])
        more = json.loads(self.check("--format", "json", images=(*LEAKY, "not-there.tar")).stdout)
        self.assertEqual(more["unopened"], [{"image": "not-there.tar",
                                             "message": "not-there.tar: cannot be opened: No such file or directory"}])

    def test_junit_has_no_character_that_xml_has_not(self):
        name = "a\ufffe\uffff\x01\r\udcff.tar"
        shutil.copy(self.path / "hostile.tar", self.path / name)
        self.check("--output", "junit=out.xml", images=[name])
        root = xml.etree.ElementTree.parse(self.path / "out.xml").getroot()
        self.assertEqual(root.find("testsuite").get("name"), "a\ufffd\ufffd??\ufffd.tar")

    def test_github_gets_a_line_for_each_failure(self):
        result = self.check(GITHUB_ACTIONS="true", images=["hostile.tar", LEAKY[1]])
        lines = [line for line in result.stdout.decode().splitlines() if line.startswith("::")]
        plain = json.loads(self.check("--format", "json", images=["hostile.tar", LEAKY[1]]).stdout)
        self.assertEqual(len(lines), sum(one["status"] == "failed" for one in plain["tests"]))
        for line in lines:
            self.assertRegex(line, r"^::error title=[^:,]*::.*$")
        self.assertNotIn(b"::error", self.check(images=["hostile.tar"]).stdout.replace(b"0A::error", b""))

    def test_files_are_written_whole_or_not_at_all(self):
        (self.path / "folder").mkdir()
        for output in ("sarif=folder", "junit=/proc/not/there", "json=not/there/x"):
            result = self.check("--output", output, "--output", "sarif=also.sarif", images=["hostile.tar"])
            self.assertEqual(result.returncode, 2)
            self.assertEqual(result.stderr.count(b"\n"), 1, result.stderr)
            self.assertIn(output.split("=")[1].encode(), result.stderr)
            json.loads((self.path / "also.sarif").read_text())
        self.assertEqual(sorted(one.name for one in self.path.iterdir()), ["also.sarif", "folder", "hostile.tar", "policy.yaml"])
        for output in ("sarif", "html=x", "sarif="):
            result = self.check("--output", output)
            self.assertEqual((result.returncode, result.stdout), (2, b""))
            self.assertEqual(result.stderr.decode(),
                             f"watertight: --output is json=FILE, sarif=FILE or junit=FILE, not {output}\n")

    def run_program(self, *words, **environment):
        return subprocess.run([PROGRAM, *words], capture_output=True, timeout=300, cwd=self.path, env={**os.environ, **environment})

    def test_a_dash_is_standard_output_alone(self):
        def without_times(report):
            return re.sub(rb'"seconds": [0-9.e-]+|time="[0-9.]+"', b"", report)

        (self.path / "Dockerfile").write_text("FROM scratch\nCOPY policy.yaml /\nENV A={{github-pat:ci}}\n")
        self.assertEqual(self.run_program("check", "hostile.tar", "--output", "json=shard.json", GTEST_TOTAL_SHARDS="1", GTEST_SHARD_INDEX="0").returncode, 1)
        page = self.run_program("check", "hostile.tar", "--html", "page.html", "--output", "sarif=out.sarif")
        self.assertIn(b"of 5 checks failed", page.stdout)
        for words, code, whole in (
                (("check", "hostile.tar", "--html", "-"), 1, (self.path / "page.html").read_bytes()),
                (("check", "hostile.tar", "--html", "-", "--output", "json=other.json"), 1, (self.path / "page.html").read_bytes()),
                (("check", "hostile.tar", "--output", "sarif=-", "--html", "other.html"), 1, (self.path / "out.sarif").read_bytes()),
                (("check", "hostile.tar", "--output", "json=-"), 1, self.run_program("check", "hostile.tar", "--format", "json").stdout),
                (("merge", "shard.json", "--output", "junit=-"), 1, self.run_program("merge", "shard.json", "--format", "junit").stdout)):
            result = self.run_program(*words)
            self.assertEqual((result.returncode, result.stderr), (code, b""), words)
            self.assertEqual(without_times(result.stdout), without_times(whole), words)
        self.run_program("inspect", "hostile.tar", "--html", "inspect.html")
        self.assertEqual(self.run_program("inspect", "hostile.tar", "--html", "-").stdout, (self.path / "inspect.html").read_bytes())
        made = ("generate", "-f", "Dockerfile", "--seed", "x")
        self.run_program(*made, "-o", "a.tar", "--truth", "truth.json")
        self.assertEqual(json.loads(self.run_program(*made, "-o", "b.tar", "--truth", "-").stdout)["leaks"],
                         json.loads((self.path / "truth.json").read_text())["leaks"])
        # Not an image, nothing to show.
        result = self.run_program("check", "Dockerfile", "--html", "-")
        self.assertEqual((result.returncode, result.stdout, result.stderr.count(b"\n")), (2, b"", 1))
        for words, two in (
                (("check", "hostile.tar", "--html", "-", "--format", "text"), "--html - and --format text"),
                (("check", "hostile.tar", "--html", "-", "--output", "json=-"), "--html - and --output json=-"),
                (("check", "hostile.tar", "--output", "json=-", "--output", "sarif=-"), "--output json=- and --output sarif=-"),
                (("check", "hostile.tar", "--output", "json=-", "--format", "json"), "--format json and --output json=-"),
                (("merge", "shard.json", "--output", "json=-", "--format", "text"), "--format text and --output json=-"),
                (("inspect", "hostile.tar", "--html", "-", "--format", "json"), "--html - and --format json"),
                (("score", "--scanner-dir", "x", "--work", "y", "--html", "-", "--output", "labels=-"), "--output labels=- and --html -"),
                ((*made, "-o", "-", "--truth", "-"), "--output - and --truth -")):
            result = self.run_program(*words)
            self.assertEqual((result.returncode, result.stdout), (2, b""), words)
            self.assertEqual(result.stderr.decode(), f"watertight: {two} both write to standard output, which takes one\n")
        result = self.run_program("check", "hostile.tar", "--gtest_output=xml:-")
        self.assertEqual((result.returncode, result.stdout, result.stderr.count(b"\n")), (2, b"", 1))
        self.assertFalse((self.path / "-").exists())

    # As "$POLICY" is where a script has not set it.
    def test_an_empty_name_is_a_mistake(self):
        for option in "--policy", "--baseline", "--html", "--cache":
            for words in (option, ""), (option + "=",):
                result = self.run_program("check", "hostile.tar", *words)
                self.assertEqual((result.returncode, result.stdout, result.stderr.count(b"\n")), (2, b"", 1), words)
                self.assertIn(option.encode(), result.stderr)
        for command in "check", "inspect", "ls":
            result = self.run_program(command, "")
            self.assertEqual((result.returncode, result.stderr), (2, b"watertight: an image is given by an empty name\n"), command)

    def test_a_reader_that_goes_changes_no_exit_code(self):
        program = subprocess.Popen([PROGRAM, "check", "hostile.tar", "--html", "-"], cwd=self.path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        program.stdout.read(10)
        program.stdout.close()
        self.assertEqual((program.stderr.read(), program.wait(timeout=300)), (b"", 1))
        program.stderr.close()

    # /dev/stdout leads to what is captured, which may be a pipe, a file, or a file without a name.
    def test_standard_output_and_pipes_are_written_to(self):
        def is_whole(text):
            report, end = json.JSONDecoder().raw_decode(text)
            self.assertEqual(report["schema"], "watertight.check/1")
            self.assertIn("of 5 checks failed", text[end:])

        word = "json=/dev/stdout"
        is_whole(self.check("--output", word, images=["hostile.tar"]).stdout.decode())
        for delete in False, True:
            with tempfile.NamedTemporaryFile(dir=self.path) as out:
                if delete:
                    os.unlink(out.name)
                subprocess.run([PROGRAM, "check", "hostile.tar", "--output", word], cwd=self.path, stdout=out)
                out.seek(0)
                is_whole(out.read().decode())
                if delete:
                    pathlib.Path(out.name).touch()
        self.assertTrue(pathlib.Path("/dev/stdout").is_symlink())
        result = self.check("--output", "junit=/dev/full", "--html", "/dev/full", images=["hostile.tar"])
        self.assertEqual(result.returncode, 2)
        self.assertEqual(result.stderr, b"watertight: " + b"; ".join([b"/dev/full: No space left on device"] * 2) + b"\n")


if __name__ == "__main__":
    PROGRAM = str(pathlib.Path(sys.argv[1]).resolve())
    SCHEMA = pathlib.Path(sys.argv[2])
    unittest.main(argv=sys.argv[:1])
