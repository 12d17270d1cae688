"""The JSON of every command against docs/command-line.md, on all images that there are.

usage: contract_test.py PROGRAM RECORDED_IMAGES UNPACKED_SAMPLES

Shapes are checked strictly; what a layer holds is compared with Python's own tarfile.
"""

import base64
import bz2
import glob
import gzip
import hashlib
import io
import json
import lzma
import os
import re
import subprocess
import sys
import tarfile
import unittest

PROGRAM, RECORDED, UNPACKED = sys.argv[1:4]
SHA256 = re.compile(r"sha256:[0-9a-f]{64}\Z")
TYPES = {"file", "directory", "symlink", "hardlink", "char", "block", "fifo", "whiteout", "opaque"}
KINDS = {"config", "history", "file", "path", "link", "xattr", "header", "manifest", "annotation",
         "attestation", "blob"}
# What the images hold and what counts as a leak: values of arguments with names of secrets, and credentials in a URL.
SECRETS = re.compile(r"supersecret|PLANT-arg|PLANT-proxy|PLANT-bsecret")


def samples():
    kit = os.environ.get("WATERTIGHT_SAMPLES") or os.path.join(RECORDED, "../../../../shared/samples")
    for folder in (kit, UNPACKED):
        if os.path.isdir(os.path.join(folder, "corner-inputs")):
            return sorted(glob.glob(os.path.join(folder, "*.tar")) + glob.glob(os.path.join(folder, "hist-inputs/*.tar")) +
                          glob.glob(os.path.join(folder, "corner-inputs/*.tar")))
    return []


def run(*arguments):
    result = subprocess.run([PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return result.returncode, result.stdout, result.stderr.decode("utf-8")


def is_number(value):
    return isinstance(value, int) and not isinstance(value, bool)


def layer_tar(archive, blob):
    """The uncompressed bytes of a stored layer, or None for a compression that Python lacks."""
    with tarfile.open(archive) as tar:
        members = {os.path.normpath(member.name): member for member in tar}
        stored = tar.extractfile(members[blob]).read()
    for magic, opener in ((b"\x1f\x8b", gzip.decompress), (b"BZh", bz2.decompress), (b"\xfd7zXZ", lzma.decompress)):
        if stored.startswith(magic):
            return stored, opener(stored)
    return stored, None if stored.startswith(b"\x28\xb5\x2f\xfd") else stored


class Contract(unittest.TestCase):
    def keys(self, value, *names):
        self.assertIsInstance(value, dict)
        for name in names:
            self.assertIn(name, value)

    def check_bytes(self, row, key):
        if row[key] is None:
            self.assertNotIn(key + "_base64", row)
            return b""
        text = row[key].encode("utf-8")
        if key + "_base64" not in row:
            return text
        stored = base64.b64decode(row[key + "_base64"], validate=True)
        with self.assertRaises(UnicodeDecodeError):
            stored.decode("utf-8")
        self.assertIn("\ufffd", row[key])
        return stored

    def check_removal(self, row, layers):
        self.assertIsInstance(row["visible"], bool)
        removal = row["removed_by"]
        if row["visible"]:
            self.assertIsNone(removal)
        if removal is not None:
            self.assertEqual(set(removal), {"layer", "how"})
            self.assertIn(removal["how"], {"deleted", "overwritten", "opaque"})
            self.assertTrue(row["layer"] <= removal["layer"] < layers)

    def check_rows(self, output, layers, fates):
        rows = [json.loads(line) for line in output.decode("utf-8").split("\n")[:-1]]
        paths = []
        for row in rows:
            self.keys(row, "path", "type", "mode", "uid", "gid", "size", "mtime", "link", "layer")
            paths.append(self.check_bytes(row, "path"))
            self.check_bytes(row, "link")
            self.assertIn(row["type"], TYPES)
            self.assertRegex(row["mode"], r"\A0?[0-7]{4}\Z")
            for key in ("uid", "gid", "size", "mtime", "layer"):
                self.assertTrue(is_number(row[key]), key)
            self.assertEqual(row["link"] is not None, row["type"] in {"symlink", "hardlink"})
            self.assertTrue(row["type"] in {"file", "whiteout", "opaque"} or row["size"] == 0)
            self.assertFalse(row["path"].startswith("/"))
            self.assertEqual("visible" in row, fates)
            self.assertEqual("removed_by" in row, fates)
            if fates:
                self.check_removal(row, layers)
        self.assertEqual(paths, sorted(paths))
        return rows

    def check_inspect(self, archive, image):
        self.assertEqual(image["schema"], "watertight.inspect/1")
        self.keys(image, "source", "image", "layers", "history", "history_matches_layers", "config", "notes")
        self.assertEqual(image["source"]["reference"], archive)
        self.assertIn(image["source"]["transport"], {"docker-archive", "oci-archive", "oci", "dir"})
        self.assertIsInstance(image["source"]["tags"], list)
        self.assertRegex(image["image"]["id"], SHA256)
        self.assertEqual(image["image"]["size"], sum(layer["size"] for layer in image["layers"]))
        self.assertLessEqual(image["image"]["wasted"], image["image"]["size"] * 1000)
        matches = image["history_matches_layers"]
        filled = [step for step in image["history"] if not step["empty_layer"]]
        self.assertEqual(matches, len(filled) == len(image["layers"]))
        for index, step in enumerate(image["history"]):
            self.assertEqual(step["index"], index)
            self.keys(step, "layer", "created_by", "comment", "author", "created")
        for index, layer in enumerate(image["layers"]):
            self.assertEqual(layer["index"], index)
            self.assertRegex(layer["diff_id"], SHA256)
            self.check_layer(archive, layer)
            expected = filled[index]["index"] if matches else None
            self.assertEqual(layer["step"], expected)
            self.assertEqual(layer["created_by"], filled[index]["created_by"] if matches else None)
        for note in image["notes"]:
            self.keys(note, "code", "layer", "path", "text")
            self.assertRegex(note["code"], r"\A[a-z0-9]+(-[a-z0-9]+)*\Z")

    def check_layer(self, archive, layer):
        stored, plain = layer_tar(archive, layer["blob"])
        self.assertEqual(layer["stored_size"], len(stored))
        compressed = layer["compression"] != "none"
        claimed = "sha256:" + hashlib.sha256(stored).hexdigest() if compressed else layer["diff_id"]
        self.assertEqual(layer["digest"], claimed)
        if plain is None:
            self.assertEqual(layer["compression"], "zstd")
            return
        self.assertEqual(layer["size"], len(plain))
        with tarfile.open(fileobj=io.BytesIO(plain), errorlevel=0) as tar:
            self.assertEqual(layer["entries"], len(tar.getmembers()))

    def check_findings(self, document, archive):
        self.assertEqual(document["schema"], "watertight.check/1")
        self.keys(document, "tests", "findings", "notes", "unopened")
        for test in document["tests"]:
            self.assertEqual(set(test) - {"fingerprint"}, {"image", "name", "status", "message", "seconds"})
            self.assertIn(test["status"], {"passed", "failed", "skipped"})
            self.assertEqual(test["image"], archive)
            self.assertIsInstance(test["message"], str)
            self.assertNotIn("-", test["name"])
        for finding in document["findings"]:
            self.keys(finding, "image", "rule", "level", "secret", "carrier", "layer", "diff_id", "blob", "path",
                      "field", "offset", "length", "line", "column", "encoding", "nested", "visible", "removed_by",
                      "redacted", "recover")
            self.assertIn(finding["carrier"], KINDS)
            self.assertIn(finding["level"], {"error", "warning", "note"})
            self.assertEqual(finding["layer"] is None, finding["diff_id"] is None)
            self.assertTrue(finding["path"] or finding["field"] or finding["blob"])
            self.assertRegex(finding["redacted"], r"… \([0-9,]+ bytes?(, [0-9a-f]{8})?\)\Z")
            self.assertTrue(finding["recover"].startswith("tar "))
        for note in document["notes"]:
            self.keys(note, "image", "code", "layer", "path", "text")

    def check_secrets(self, archive):
        for command in ("inspect", "check", "diff"):
            for form in ("text", "json"):
                images = [archive, archive] if command == "diff" else [archive]
                _, output, error = run(command, "--format", form, *images)
                self.assertNotRegex(output.decode("utf-8") + error, SECRETS)

    def check_image(self, archive):
        code, output, error = run("inspect", "--format", "json", archive)
        if code == 2:
            self.assertEqual(output, b"")
            self.assertEqual(error.count("\n"), 1)
            return
        self.assertEqual((code, error), (0, ""))
        self.check_secrets(archive)
        image = json.loads(output)
        self.check_inspect(archive, image)
        layers = len(image["layers"])
        rootfs = self.check_rows(run("ls", "--format", "json", archive)[1], layers, False)
        self.assertNotIn("hardlink", {row["type"] for row in rootfs})
        every = self.check_rows(run("ls", "--format", "json", "--all", archive)[1], layers, True)
        self.assertFalse({"whiteout", "opaque"} & {row["type"] for row in every})
        # Not by their paths: a row may have been stored under a name that leads through a symlink. And parents that no
        # layer states are in the rootfs only.
        self.assertLessEqual(sum(row["visible"] for row in every), len(rootfs))
        for layer in range(layers):
            rows = self.check_rows(run("ls", "--format", "json", "--layer", str(layer), archive)[1], layers, False)
            self.assertEqual({row["layer"] for row in rows} - {layer}, set())
        code, output, _ = run("check", "--format", "json", archive)
        document = json.loads(output)
        self.check_findings(document, archive)
        failed = any(test["status"] == "failed" for test in document["tests"])
        self.assertEqual(code, 1 if failed else 0)
        code, output, _ = run("diff", "--format", "json", archive, archive)
        document = json.loads(output)
        self.assertEqual((code, document["equal"]), (0, True))
        self.assertEqual((document["files"], document["config"]), ([], []))

    def test_recorded_images(self):
        images = sorted(glob.glob(os.path.join(RECORDED, "*.tar")))
        self.assertEqual(len(images), 14)
        for archive in images:
            with self.subTest(os.path.basename(archive)):
                self.check_image(archive)

    def test_samples(self):
        images = samples()
        if not images:
            self.skipTest("no samples (set WATERTIGHT_SAMPLES)")
        for archive in images:
            with self.subTest(os.path.basename(archive)):
                self.check_image(archive)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
