#!/usr/bin/env python3
"""The first policy that `watertight check --init` writes: it holds but for the findings, and shows no secret.

usage: check_init_test.py WATERTIGHT

The images are the catalogue's, whose truth says what was planted, those of the article, and tarfile's.
"""

import base64
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import policy_test
from policy_test import image

ARTICLE = pathlib.Path(__file__).resolve().parents[2] / "examples/article/images"
FIXTURES = ("arg/*", "env/*", "copy/then-*", "path/*-name")


def with_reasons(policy):
    """The entries of allow without their #, and why."""
    lines = []
    for line in policy.splitlines():
        if line.startswith(("#allow:", "#  - ", "#    ")):
            line = line[1:].replace('reason: ""', "reason: known")
        lines.append(line)
    return "\n".join(lines) + "\n"


class InitTest(policy_test.FolderTest):
    def run_program(self, *arguments, **options):
        return subprocess.run([PROGRAM, *map(str, arguments)], cwd=self.path, capture_output=True, text=True, timeout=300, **options)

    def init(self, archive):
        result = self.run_program("check", "--init", archive)
        self.assertEqual((result.returncode, result.stderr), (0, ""), archive)
        return result.stdout

    def statuses(self, archive, policy=None):
        words = []
        if policy is not None:
            (self.path / "policy.yaml").write_text(policy)
            words = ["--policy", "policy.yaml"]
        result = self.run_program("check", archive, *words, "--format", "json")
        self.assertIn(result.returncode, (0, 1), f"{archive}: {result.stderr}\n{policy}")
        return {test["name"]: test["status"] for test in json.loads(result.stdout)["tests"]}

    def check_round_trip(self, archive):
        policy = self.init(archive)
        failed = {name for name, status in self.statuses(archive).items() if status == "failed"}
        held = self.statuses(archive, policy)
        self.assertEqual({name for name, status in held.items() if status == "failed"}, failed, f"{archive}\n{policy}")
        self.assertIn("HasLayerCount", held)
        self.assertEqual("#allow:" in policy, bool(failed), policy)
        allowed = self.statuses(archive, with_reasons(policy))
        self.assertEqual(set(allowed.values()), {"passed"}, f"{archive}\n{with_reasons(policy)}")
        return policy

    def test_the_policy_of_a_fixture_holds_but_for_its_findings(self):
        with tempfile.TemporaryDirectory(prefix="watertight-", dir=self.path) as folder:
            made = self.run_program("generate", *FIXTURES, "--out", folder, "--reveal", "--seed", "init")
            self.assertEqual(made.returncode, 0, made.stderr)
            truths = sorted(pathlib.Path(folder).glob("*.truth.json"))
            self.assertGreater(len(truths), 25)
            for number, path in enumerate(truths):
                truth = json.loads(path.read_text())
                archive = path.with_name(path.name.replace(".truth.json", ".tar"))
                # Beside the words of the policy that are asked for below, every fourth whole.
                policy = self.check_round_trip(archive) if number % 4 == 0 else self.init(archive)
                for leak in truth["leaks"]:
                    value = leak["value"]
                    for form in value, base64.b64encode(value.encode()).decode().rstrip("="), value.encode().hex():
                        self.assertNotIn(form, policy, path.name)

    def test_the_policy_of_a_recorded_image_does_too(self):
        for archive in sorted(ARTICLE.glob("*.tar")):
            self.check_round_trip(archive)

    def test_it_tells_what_holds_of_the_image(self):
        (self.path / "app.tar").write_bytes(image(
            {"app/run": b"#!", "data": b"x" * 300_000}, env=["PATH=/usr/bin", "A=true"], config={
                "User": "1000", "Labels": {"org.x": "y", "a b: c": "#"}, "Entrypoint": ["/app/run", "--on", "yes", "a: b\n'\""],
                "Cmd": ["8080"], "WorkingDir": "/srv", "StopSignal": "SIGINT", "ExposedPorts": {"8080/tcp": {}, "53/udp": {}, "http": {}},
                "Volumes": {"/data": {}}, "Healthcheck": {"Test": ["CMD", "true"]}}))
        policy = self.check_round_trip("app.tar")
        for line in ('RunsAs: "1000"', "RunsAsNonRoot: true", 'HasEntrypoint: [/app/run, "--on", "yes", "a: b\\n\'\\""]',
                     'HasCmd: ["8080"]', "HasWorkdir: /srv", "HasStopSignal: SIGINT", "HasHealthcheck: true",
                     'Exposes: ["53/udp", "8080/tcp"]', "HasVolume: [/data]", "HasEnv: [PATH, A]",
                     'HasLabel: ["a b: c", org.x]', "HasNoSetuidFiles: true", "HasLayerCount: {at_most: 1}",
                     "HasSize: {at_most: 340 kB}", "WastesAtMost: 2%"):
            self.assertIn(f"\n  {line}", policy)
        (self.path / "root.tar").write_bytes(image({"a": b"b"}))
        policy = self.check_round_trip("root.tar")
        for name in "RunsAs", "HasEntrypoint", "HasHealthcheck", "HasEnv", "HasLabel":
            self.assertNotIn(f"  {name}", policy)

    def test_a_secret_in_what_it_would_tell_is_left_out(self):
        value = "q8Wdg3Kd92" + "jfHqpw71mZ"
        (self.path / "app.tar").write_bytes(image(
            {f"srv/{value}": b"a", "b": f"password={value}\n".encode()}, env=[f"API_TOKEN={value}", f"{value}=1"],
            config={"Cmd": ["run", f"--password={value}"], "Entrypoint": ["/app"], "WorkingDir": f"/srv/{value}"}))
        policy = self.init("app.tar")
        self.assertNotIn(value, policy)
        self.assertIn("  # HasCmd is left out: a secret stands in it.\n", policy)
        self.assertIn("  HasEntrypoint: [/app]\n", policy)
        self.assertIn("API_TOKEN", policy)

    def test_mistakes_are_one_line(self):
        (self.path / "app.tar").write_bytes(image({"a": b"b"}))
        usage = "watertight: check: --init takes one image, and of options --platform alone\n"
        for words in (["app.tar", "app.tar"], [], ["app.tar", "--format", "json"], ["app.tar", "--policy", "p.yaml"], ["--images", "list"]):
            result = self.run_program("check", "--init", *words)
            self.assertEqual((result.returncode, result.stdout, result.stderr), (2, "", usage))
        result = self.run_program("check", "--init", "gone.tar")
        self.assertEqual((result.returncode, result.stdout, result.stderr.count("\n")), (2, "", 1))


if __name__ == "__main__":
    PROGRAM = str(pathlib.Path(sys.argv[1]).resolve())
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
