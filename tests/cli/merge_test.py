#!/usr/bin/env python3
"""`watertight merge`: the reports of shards say together what one run says.

usage: merge_test.py WATERTIGHT
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from saved_images import layer_of, noise, token, write_image

POLICY = """version: 1
secrets: [{env: APP_PASSWORD}]
rules: [{id: app-part, pattern: 'part[0-9]+', title: a part of an app}, {id: unused-rule, pattern: 'never-there[0-9]'}]
allow:
  - {rule: github-pat, path: docs/**, reason: samples of the manual}
  - {rule: jwt-hs, path: nowhere/**, reason: there is none}
  - {rule: npm-token, path: old/**, reason: for a while, expires: 2020-01-01}
checks:
  RunsAs: app
  HasLayerCount: 2
"""


def without_times(text):
    text = re.sub(r'"seconds": [0-9.e-]+', '"seconds": 0', text)
    return re.sub(r' time="[0-9.]+"', ' time="0"', text)


class MergeTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="watertight-")
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name)
        (self.path / "policy.yaml").write_text(POLICY)
        base = layer_of({"etc/os-release": b"ID=debian\n", "usr/lib/x.bin": noise(1, 60_000),
                         "root/.npmrc": b"//registry.example.com/:_authToken=" + token("npm").encode() + b"\n"})
        for i in range(5):
            own = layer_of({"app/config": f"part{i} token {token(f'own{i}')}\n".encode(),
                            "docs/sample.md": b"use " + token("sample").encode() + b"\n",
                            f"app/caf\xe9{i}.txt": b"password is Vq8xLr2WnT4zKd7\n"})
            write_image(self.path / f"app{i}.tar", [base, own][: 1 if i == 3 else 2], f"app:{i}",
                        env=[f"API_TOKEN={token(f'env{i}')}"] if i % 2 else [])
        (self.path / "broken.tar").write_bytes(b"no image")
        # A layer that cannot be read to its end.
        write_image(self.path / "cut.tar", [base[:30_000] + b"\xff" * 512 + base[30_512:40_000]], "cut:1")

    def run_program(self, *words, **environment):
        plain = {key: value for key, value in os.environ.items() if not key.startswith(("GTEST_", "GITHUB_"))}
        return subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=300, cwd=self.path,
                              env={**plain, "APP_PASSWORD": "Vq8xLr2WnT4zKd7", **environment})

    def shards(self, total, *words, names="shard-{}.json"):
        files = []
        for index in range(total):
            files.append(names.format(index))
            result = self.run_program("check", *words, "--output", "json=" + files[-1],
                                      GTEST_TOTAL_SHARDS=str(total), GTEST_SHARD_INDEX=str(index))
            self.assertIn(result.returncode, (0, 1, 2), result.stderr)
        return files

    def compare(self, *words):
        """Each format of the whole run with that of 1, 2 and 8 shards; the whole run."""
        for total in 1, 2, 8:
            files = self.shards(total, *words, "--cache", "cache")
            indices = [json.loads((self.path / name).read_text())["shard"] for name in files]
            self.assertEqual([(one["index"], one["total"]) for one in indices], [(i, total) for i in range(total)])
            made = [(one["image"], one["name"]) for name in files
                    for one in json.loads((self.path / name).read_text())["tests"]]
            for form in "json", "sarif", "junit", "text":
                whole = self.run_program("check", *words, "--format", form)
                merged = self.run_program("merge", *reversed(files), "--format", form, "--output", "sarif=written.sarif")
                self.assertEqual((merged.returncode, merged.stderr), (whole.returncode, whole.stderr))
                self.assertEqual(without_times(merged.stdout), without_times(whole.stdout), (total, form))
                if form == "json":
                    tests = [(one["image"], one["name"]) for one in json.loads(whole.stdout)["tests"]]
                    self.assertEqual(sorted(made), sorted(tests))
                if form == "sarif":
                    self.assertEqual((self.path / "written.sarif").read_text(), merged.stdout)
        return whole

    def test_the_default_policy(self):
        self.assertEqual(self.compare("app0.tar", "app1.tar").returncode, 1)

    def test_a_policy_of_all_kinds(self):
        whole = self.compare(*(f"app{i}.tar" for i in range(5)), "--policy", "policy.yaml")
        self.assertEqual(whole.returncode, 1)
        self.assertIn("allows nothing that was found", whole.stdout)

    def test_images_that_cannot_be_opened_or_read(self):
        whole = self.compare("app0.tar", "broken.tar", "cut.tar", "not-there.tar", "app0.tar")
        self.assertEqual(whole.returncode, 2)

    def test_a_filter_a_baseline_and_strictness(self):
        self.compare("app0.tar", "app1.tar", "--gtest_filter=*.NoSecrets:app1*.Intact")
        self.compare("app0.tar", "app3.tar", "--policy", "policy.yaml", "--strict")
        (self.path / "known.json").write_text(self.run_program("check", "app0.tar", "--format", "json").stdout)
        self.compare("app0.tar", "app1.tar", "--baseline", "known.json")

    def test_a_folder_in_which_not_all_are_images(self):
        (self.path / "images").mkdir()
        for name in "app0.tar", "app1.tar":
            (self.path / name).rename(self.path / "images" / name)
        (self.path / "images/README.md").write_text("These are images.\n")
        (self.path / "images/backup.tar").write_bytes(layer_of({"x": b"no image"}))
        self.assertEqual(self.compare("images").returncode, 1)
        self.assertEqual(self.compare("images", "--strict").returncode, 2)

    def test_what_a_policy_says_of_single_images_and_includes(self):
        (self.path / "shared.yaml").write_text("version: 1\nallow: [{rule: npm-token, path: root/**, reason: known}]\n")
        (self.path / "many.yaml").write_text("version: 1\ninclude: shared.yaml\nimages:\n"
                                             "  - {image: app0.tar, checks: {HasLayerCount: 2}}\n"
                                             "  - {image: other.tar, allow: [{rule: jwt-hs, path: x, reason: none}]}\n")
        whole = self.compare("app0.tar", "app1.tar", "--policy", "many.yaml")
        self.assertIn("is for none of the images", whole.stdout)
        files = self.shards(2, "app0.tar", "app1.tar", "--policy", "many.yaml")
        (self.path / "shared.yaml").write_text("version: 1\nallow: [{rule: npm-token, path: home/**, reason: known}]\n")
        others = self.shards(2, "app0.tar", "app1.tar", "--policy", "many.yaml", names="other-{}.json")
        self.assertIn("which differ in the policy or another option", self.refused(files[0], others[1]))

    def test_a_filter_that_fits_nothing(self):
        files = self.shards(2, "app0.tar", "--gtest_filter=none")
        self.assertEqual(self.refused(*files), "no check fits the filter of these shards")

    def test_shown_values_stay_out_of_what_is_for_merging(self):
        self.shards(2, "app1.tar")
        self.assertNotIn(token("own1"), "".join((self.path / f"shard-{i}.json").read_text() for i in range(2)))

    def refused(self, *words):
        result = self.run_program("merge", *words, "--output", "json=written.json")
        self.assertEqual((result.returncode, result.stdout, result.stderr.count("\n")), (2, "", 1), result.stderr)
        self.assertFalse((self.path / "written.json").exists())
        return result.stderr.removeprefix("watertight: ").rstrip("\n")

    def test_what_does_not_belong_together(self):
        files = self.shards(3, "app0.tar", "app1.tar")
        self.assertEqual(self.refused(*files[:2]), "of 3 shards no report is given of 2")
        self.assertEqual(self.refused(files[1]), "of 3 shards no report is given of 0 and 2")
        self.assertEqual(self.refused(*files, files[1]), "shard-1.json and shard-1.json are both shard 1 of 3")
        others = self.shards(2, "app0.tar", "app1.tar", names="other-{}.json")
        self.assertIn("which differ in the number of shards", self.refused(files[0], others[1]))
        others = self.shards(3, "app0.tar", names="other-{}.json")
        self.assertIn("which differ in the images or their checks", self.refused(files[0], others[1], files[2]))
        (self.path / "small.yaml").write_text("version: 1\nallow: [{rule: jwt-hs, path: docs/**, reason: samples}]\n")
        others = self.shards(3, "app0.tar", "app1.tar", "--policy", "small.yaml", names="other-{}.json")
        self.assertIn("which differ in the policy or another option", self.refused(files[0], others[1], files[2]))
        others = self.shards(3, "app0.tar", "app1.tar", "--strict", names="other-{}.json")
        self.assertIn("which differ in the policy or another option", self.refused(files[0], others[1], files[2]))
        document = json.loads((self.path / files[1]).read_text())
        document["shard"]["version"] = "0.0.0"
        (self.path / "old.json").write_text(json.dumps(document))
        self.assertIn("which differ in the version of watertight", self.refused(files[0], "old.json", files[2]))
        write_image(self.path / "app1.tar", [layer_of({"x": b"another image"})])
        others = self.shards(3, "app0.tar", "app1.tar", names="other-{}.json")
        self.assertIn("which differ in what app1.tar is", self.refused(files[0], *others[1:]))

    def test_what_is_no_report_of_a_shard(self):
        files = self.shards(2, "app0.tar")
        plain = self.run_program("check", "app0.tar", "--format", "json").stdout
        document = json.loads((self.path / files[1]).read_text())
        texts = {"plain.json": plain, "empty.json": "", "other.json": "[]", "half.json": plain[:200],
                 "bare.json": '{"shard": {}}', "null.json": '{"shard": null}'}
        for key in document["shard"]:
            texts[f"without-{key}.json"] = json.dumps({**document, "shard": {
                name: value for name, value in document["shard"].items() if name != key}})
            texts[f"wrong-{key}.json"] = json.dumps({**document, "shard": {**document["shard"], key: {"a": 1}}})
        texts["far.json"] = json.dumps({**document, "shard": {**document["shard"], "index": 2}})
        for key, value in ("carrier", 11), ("carrier", -1), ("level", 1.5), ("layer", 2), ("layer", -1), ("offset", -1):
            damaged = json.loads((self.path / files[1]).read_text())
            findings = [found for image in damaged["shard"]["images"] for result in image["results"]
                        for found in result["findings"]]
            self.assertTrue(findings)
            findings[0]["finding"][key] = value
            texts[f"{key}-{value}.json"] = json.dumps(damaged)
        for name, text in texts.items():
            (self.path / name).write_text(text)
            self.assertEqual(self.refused(files[0], name), f"{name}: is no report of a shard: watertight check --output "
                             "json=FILE, with GTEST_TOTAL_SHARDS set")
        self.assertEqual(self.refused(files[0], "not-there.json"), "not-there.json: cannot be opened")
        self.assertIn("FILE is required", self.refused())

    def test_an_output_that_cannot_be_written(self):
        files = self.shards(2, "app0.tar")
        result = self.run_program("merge", *files, "--output", "json=/proc/not/there.json")
        self.assertEqual((result.returncode, result.stderr.count("\n")), (2, 1))
        result = self.run_program("merge", *files, "--output", "yaml=x")
        self.assertEqual((result.returncode, result.stdout, result.stderr.count("\n")), (2, "", 1))


if __name__ == "__main__":
    PROGRAM = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
