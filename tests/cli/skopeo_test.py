#!/usr/bin/env python3
"""docker://NAME and containers-storage:NAME beside a skopeo that is missing, refuses, hangs, or is stopped.

usage: skopeo_test.py WATERTIGHT IMAGES      IMAGES holds recorded images

The skopeo is a script of this file's; engines_test.py runs the real one.
"""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
import unittest

# What it is to do stands in the file "plan"; it keeps a diary, and copies the files of "dir".
SKOPEO = '''#!{python}
import json, os, pathlib, shutil, sys, time
folder = pathlib.Path({folder!r})
words = sys.argv[1:]
with open(folder / "diary", "a") as diary:
    diary.write(json.dumps([words, os.environ["TMPDIR"]]) + "\\n")
plan = json.loads((folder / "plan").read_text())
if "inspect" in words and "index" in plan:
    sys.stdout.write(plan["index"])
    sys.exit(0)
if "inspect" in words and "says" not in plan:
    sys.stdout.write((folder / "dir/manifest.json").read_text())
    sys.exit(0)
if "hangs" in plan:
    (pathlib.Path(os.environ["TMPDIR"]) / "half").write_bytes(b"x" * 5000)
    (folder / "pid").write_text(str(os.getpid()))
    for step in range(int(plan["hangs"] * 10)):
        time.sleep(0.1)
        if plan.get("grows"):
            with open(os.environ["TMPDIR"] + "/half", "ab") as half:
                half.write(b"x" * 100000)
if "says" in plan:
    sys.stderr.write(plan["says"])
    sys.exit(1)
shutil.copytree(folder / "dir", words[-1].removeprefix("dir:"))
'''


class SkopeoTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="watertight-")
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name)
        self.spool = self.path / "spool"
        self.spool.mkdir()
        (self.path / "bin").mkdir()
        (self.path / "bin/skopeo").write_text(SKOPEO.format(python=sys.executable, folder=folder.name))
        (self.path / "bin/skopeo").chmod(0o755)
        self.plan()
        self.unpack("env.classic.tar")

    def unpack(self, name):
        """The dir: layout of a recorded image, made by hand."""
        layout = self.path / "dir"
        layout.mkdir()
        (layout / "version").write_text("Directory Transport Version: 1.1\n")
        with tarfile.open(IMAGES / name) as tar:
            saved = json.load(tar.extractfile("manifest.json"))[0]
            config = tar.extractfile(saved["Config"]).read()
            layers = [tar.extractfile(layer).read() for layer in saved["Layers"]]
        def described(kind, content):
            digest = subprocess.run(["sha256sum"], input=content, capture_output=True, check=True).stdout.decode().split()[0]
            (layout / digest).write_bytes(content)
            return {"mediaType": f"application/vnd.oci.image.{kind}", "digest": "sha256:" + digest, "size": len(content)}
        manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                    "config": described("config.v1+json", config),
                    "layers": [described("layer.v1.tar", layer) for layer in layers]}
        (layout / "manifest.json").write_text(json.dumps(manifest))

    def plan(self, **plan):
        (self.path / "plan").write_text(json.dumps(plan))

    def environment(self, **more):
        return {**os.environ, "PATH": f"{self.path}/bin:{os.environ['PATH']}", "TMPDIR": str(self.spool), "WATERTIGHT_TIMEOUT": "60", **more}

    def run_program(self, *words, **environment):
        result = subprocess.run([PROGRAM, *words], cwd=self.path, capture_output=True, text=True, timeout=60,
                                env=self.environment(**environment))
        self.assertEqual(list(self.spool.iterdir()), [], "a temporary file stays")
        return result

    def opened(self, reference, *options, **environment):
        result = self.run_program("inspect", reference, "--format", "json", *options, **environment)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return json.loads(result.stdout)

    def refusal(self, reference, *options, **environment):
        result = self.run_program("ls", reference, *options, **environment)
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        before = f"watertight: {reference}: "
        self.assertTrue(result.stderr.startswith(before), result.stderr)
        return result.stderr[len(before):-1]

    def diary(self):
        return [json.loads(line)[0] for line in (self.path / "diary").read_text().splitlines()]

    def test_opens_what_skopeo_copies(self):
        from_file = self.opened(str(IMAGES / "env.classic.tar"))
        for reference in ("docker://reg.example.com/team/app:ci", "containers-storage:localhost/app:ci"):
            with self.subTest(reference):
                document = self.opened(reference)
                transport = reference.split(":")[0]
                name = reference.removeprefix(transport + ":").removeprefix("//")
                self.assertEqual(document["source"], {"reference": reference, "path": "", "transport": transport, "tags": [name]})
                for key in ("image", "history", "config", "history_matches_layers", "notes"):
                    self.assertEqual(document[key], from_file[key], key)

    def test_asks_for_the_digest_that_it_saw(self):
        self.opened("docker://reg.example.com:5000/app:ci")
        inspect, copy = self.diary()
        digest = subprocess.run(["sha256sum", self.path / "dir/manifest.json"], capture_output=True, text=True, check=True).stdout.split()[0]
        self.assertEqual(inspect, ["inspect", "--raw", "docker://reg.example.com:5000/app:ci"])
        self.assertEqual(copy[:3], ["copy", "--quiet", "docker://reg.example.com:5000/app@sha256:" + digest])
        self.assertRegex(copy[3], f"^dir:{self.spool}/watertight-")

    def test_skips_certificates_only_when_told_to(self):
        self.opened("docker://localhost:5000/app:ci")
        self.opened("docker://localhost:5000/app:ci", WATERTIGHT_TLS_VERIFY="false")
        for words in self.diary()[:2]:
            self.assertFalse([word for word in words if "tls" in word])
        self.assertIn("--tls-verify=false", self.diary()[2])
        self.assertIn("--src-tls-verify=false", self.diary()[3])

    def test_takes_one_platform_of_an_index_and_what_attests_it(self):
        manifest = (self.path / "dir/manifest.json").read_bytes()
        digest = "sha256:" + subprocess.run(["sha256sum"], input=manifest, capture_output=True, check=True).stdout.decode().split()[0]
        other = "sha256:" + "2" * 64
        attestation = {"vnd.docker.reference.type": "attestation-manifest"}
        def child(name, platform, annotations=None):
            return {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": name, "size": 10,
                    "platform": dict(zip(("os", "architecture"), platform.split("/"))), "annotations": annotations or {}}
        index = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [
            child(other, "linux/arm64"), child(digest, "linux/amd64"),
            child("sha256:" + "3" * 64, "unknown/unknown", {**attestation, "vnd.docker.reference.digest": other}),
            child("sha256:" + "4" * 64, "unknown/unknown", {**attestation, "vnd.docker.reference.digest": digest})]})
        self.plan(index=index)
        self.opened("docker://app:ci", "--platform", "linux/amd64")
        self.assertEqual([words[2].split("@")[1] for words in self.diary() if words[0] == "copy"], [digest, "sha256:" + "4" * 64])
        self.assertEqual(self.refusal("docker://app:ci", "--platform", "linux/s390x"),
                         "holds no image for linux/s390x; it holds linux/arm64, linux/amd64 (choose with --platform)")

    def test_says_what_skopeo_says(self):
        message = r'time="2022-03-07T08:51:00Z" level=fatal msg="reading manifest ci in \"reg.example.com/app\": denied: no access"' + "\n"
        self.plan(says="a warning\n" + message)
        self.assertEqual(self.refusal("docker://reg.example.com/app:ci"), 'skopeo: reading manifest ci in "reg.example.com/app": denied: no access')
        self.plan(says="plain \x1b[31m words")
        self.assertEqual(self.refusal("docker://app"), "skopeo: plain \\x1b[31m words")
        self.plan(says="")
        self.assertEqual(self.refusal("containers-storage:app"), "skopeo: it says nothing more")
        self.plan(says="write /x: no space left on device")
        self.assertEqual(self.refusal("containers-storage:app"), "skopeo: write /x: no space left on device; TMPDIR names another folder")

    def test_says_that_there_is_no_skopeo(self):
        for reference in ("docker://app:ci", "containers-storage:app"):
            self.assertEqual(self.refusal(reference, PATH="/nowhere"),
                             "reading it needs skopeo, which is not installed here (package skopeo)")

    def test_no_name_is_an_option(self):
        for reference in ("docker://--help", "containers-storage:--help", "docker://-x", "containers-storage:a b;c$(d)"):
            self.opened(reference)
        for words in self.diary():
            self.assertTrue(all(word.startswith(("docker://", "containers-storage:", "dir:")) for word in words
                                if word not in ("inspect", "copy", "--raw", "--quiet")), words)
        for reference, says in (("docker:app", "behind docker:// the name"), ("docker://", "behind docker:// the name"),
                                ("containers-storage:", "behind containers-storage: the name")):
            self.assertIn(says, self.refusal(reference))

    def test_says_that_skopeo_went_silent(self):
        self.plan(hangs=60)
        self.assertEqual(self.refusal("docker://app", WATERTIGHT_TIMEOUT="4"), "skopeo has fetched nothing for 4 s; WATERTIGHT_TIMEOUT allows more")
        self.plan(hangs=5, grows=True)
        self.opened("docker://app", WATERTIGHT_TIMEOUT="4")

    def test_leaves_nothing_behind_when_it_is_stopped(self):
        self.plan(hangs=60)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL):
            with self.subTest(number):
                (self.path / "pid").unlink(missing_ok=True)
                process = subprocess.Popen([PROGRAM, "ls", "docker://app"], env=self.environment(),
                                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                self.until(lambda: (self.path / "pid").exists() and (self.path / "pid").read_text())
                self.assertNotEqual(list(self.spool.iterdir()), [])
                process.send_signal(number)
                self.assertEqual(process.wait(timeout=10), -number)
                self.until(lambda: not list(self.spool.iterdir()))
                skopeo = pathlib.Path("/proc") / (self.path / "pid").read_text()
                self.until(lambda: not skopeo.exists() or " Z " in (skopeo / "stat").read_text())

    def until(self, holds):
        for _ in range(100):
            if holds():
                return
            time.sleep(0.1)
        self.fail("it does not come to hold")

    def test_proofs_are_commands_that_fetch_the_image(self):
        result = self.run_program("find", "docker://reg.example.com/app:ci", "--value", "supersecretenv", "--format", "json")
        findings = json.loads(result.stdout)["findings"]
        self.assertTrue(findings)
        for finding in findings:
            self.assertRegex(finding["recover"], r"^skopeo copy --quiet docker://reg\.example\.com/app@sha256:[0-9a-f]{64} dir:app\.dir && cat app\.dir/")
            shown = subprocess.run(["bash", "-c", finding["recover"]], capture_output=True, check=True, cwd=self.path, env=self.environment())
            self.assertIn(b"supersecretenv", shown.stdout)
            shutil.rmtree(self.path / "app.dir")


if __name__ == "__main__":
    PROGRAM = os.path.abspath(sys.argv[1])
    IMAGES = pathlib.Path(sys.argv[2]).resolve()
    unittest.main(argv=sys.argv[:1])
