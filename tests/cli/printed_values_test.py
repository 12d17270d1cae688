#!/usr/bin/env python3
"""What `watertight find` and `check` print holds no given value, and its commands show them in a plain POSIX shell.

usage: printed_values_test.py WATERTIGHT

The images are tarfile's; the commands run in dash (or whatever sh is), with GNU tar and jq.
"""

import base64
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile
import io

from policy_test import image, tar

FIRST = "alpha-secret-" + "one+11"
SECOND = 'beta"secret\\' + "two-22"
PASSWORD = "Qx7vT2mLw9" + "zRk4Hb"


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="watertight-")
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name)

    def run_on(self, archive, *command):
        (self.path / "app.tar").write_bytes(archive)
        (self.path / "first").write_text(FIRST)
        (self.path / "second").write_text(SECOND)
        return subprocess.run([PROGRAM, *command], cwd=self.path, capture_output=True, text=True, timeout=120)

    def found(self, archive, *options):
        run = self.run_on(archive, "find", "app.tar", "--value-file", "first", "--value-file", "second", *options)
        self.assertEqual(run.stderr, "")
        return run.stdout

    def shown(self, finding):
        shell = subprocess.run(["sh", "-c", finding["recover"]], cwd=self.path, capture_output=True, timeout=60)
        self.assertEqual(shell.stderr, b"", finding["recover"])
        return shell.stdout.decode()


class NamesInDocuments(Case):
    def archive(self):
        labels = {"before": "1", "x." + SECOND: "v " + FIRST, "p." + FIRST + "." + SECOND: "1"}
        return image({"a": b"1"}, config={"Labels": labels, "More": {SECOND: {FIRST: [{"in": FIRST}]}}},
                     env=[f"{SECOND}={FIRST}", f"{FIRST}_PASSWORD={PASSWORD}"])

    def check_hidden(self, text):
        for value in (FIRST, SECOND):
            for spelled in (value, json.dumps(value)[1:-1], json.dumps(json.dumps(value)[1:-1])[1:-1]):
                self.assertNotIn(spelled, text)

    def test_are_printed_by_no_command(self):
        archive = self.archive()
        for options in ((), ("--format", "json")):
            self.check_hidden(self.found(archive, *options))
        (self.path / "policy.yaml").write_text("version: 1\nsecrets:\n  - file: first\n  - file: second\n")
        for report in ("text", "json", "sarif", "junit"):
            run = self.run_on(archive, "check", "app.tar", "--policy", "policy.yaml", "--format", report)
            self.assertEqual(run.returncode, 1, run.stderr)
            self.check_hidden(run.stdout + run.stderr)
        run = self.run_on(archive, "check", "app.tar", "--policy", "policy.yaml", "--html", "page.html")
        self.assertEqual(run.returncode, 1, run.stderr)
        self.check_hidden((self.path / "page.html").read_text())

    @unittest.skipUnless(shutil.which("jq"), "jq is not installed")
    def test_are_shown_by_the_command(self):
        findings = json.loads(self.found(self.archive(), "--format", "json"))["findings"]
        self.assertEqual(len(findings), 3 + 1 + 3 + 3)
        for finding in findings:
            value = (FIRST, SECOND)[finding["secret"] - 1]
            self.assertIn(value, self.shown(finding), finding["field"])

    def test_with_odd_characters(self):
        """A key that a terminal must not see, also one that ends in line ends, and the names of files."""
        for name in ("a\nb\x1b[1m%s\\'\"é\n\n", "-\x7f", "%d\t", "\\n\n"):
            archive = image({name.replace("/", "") or "x": FIRST.encode()}, config={"Labels": {name: FIRST}})
            findings = json.loads(self.found(archive, "--format", "json"))["findings"]
            self.assertEqual({one["carrier"] for one in findings}, {"file", "config"})
            for finding in findings:
                self.assertTrue(all(c == "\n" or " " <= c < "\x7f" for c in finding["recover"]), finding["recover"])
                if finding["carrier"] == "file" or shutil.which("jq"):
                    self.assertEqual(self.shown(finding).rstrip("\n"), FIRST)


class Attestations(Case):
    def carriers(self, document):
        """Of a blob that an image's index refers to."""
        def blob(content):
            digest = hashlib.sha256(content).hexdigest()
            files["blobs/sha256/" + digest] = content
            return {"digest": "sha256:" + digest, "size": len(content)}
        files = {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}'}
        layer = tar({"a": b"1"})
        config = {"architecture": "amd64", "os": "linux", "config": {}, "rootfs": {
            "type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest()]}}
        manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json"}
        own = {**manifest, "config": {"mediaType": "application/vnd.oci.image.config.v1+json", **blob(json.dumps(config).encode())},
               "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", **blob(layer)}]}
        own = {"mediaType": manifest["mediaType"], **blob(json.dumps(own).encode()), "platform": {"os": "linux", "architecture": "amd64"}}
        empty = {"mediaType": "application/vnd.oci.empty.v1+json", **blob(b"{}")}
        signed = {**manifest, "config": empty, "layers": [
            {"mediaType": "application/vnd.dsse.envelope.v1+json", **blob(json.dumps(document).encode())}],
            "subject": {key: own[key] for key in ("mediaType", "digest", "size")}}
        signed = {"mediaType": manifest["mediaType"], **blob(json.dumps(signed).encode()),
                  "annotations": {"vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": own["digest"]},
                  "platform": {"os": "unknown", "architecture": "unknown"}}
        files["index.json"] = json.dumps({"schemaVersion": 2, "manifests": [own, signed]}).encode()
        return {one["carrier"] for one in json.loads(self.found(tar(files), "--format", "json"))["findings"]}

    def test_are_statements_envelopes_and_bundles(self):
        statement = {"_type": "https://in-toto.io/Statement/v1", "predicateType": "x", "subject": [], "predicate": {"a": FIRST}}
        envelope = {"payloadType": "application/vnd.in-toto+json", "signatures": [{"sig": ""}],
                    "payload": base64.b64encode(json.dumps(statement).encode()).decode()}
        bundle = {"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "dsseEnvelope": envelope}
        for document in (statement, envelope, bundle):
            self.assertEqual(self.carriers(document), {"attestation"}, document)


class Notes(Case):
    def test_long_names_are_cut(self):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("folder/" * 5000 + "name", b"1" * 100)
        content = bytearray(stream.getvalue())
        content[6] |= 1  # encrypted
        notes = json.loads(self.found(image({"a.zip": bytes(content)}), "--format", "json"))["notes"]
        self.assertEqual(len(notes), 1)
        self.assertIn("its member folder/folder/", notes[0]["text"])
        self.assertLess(len(notes[0]["text"]), 200)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
