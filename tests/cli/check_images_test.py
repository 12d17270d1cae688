#!/usr/bin/env python3
"""Which images `watertight check` takes, and what a policy says of each: lists, folders, images, include.

usage: check_images_test.py WATERTIGHT
"""

import gzip
import hashlib
import json
import os
import pathlib
import resource
import subprocess
import sys
import threading
import unittest

import policy_test
from policy_test import TOKEN, image, tar

ACME = "rules: [{id: acme-token, pattern: 'acme_[0-9a-f]{32}'}]\n"


def layout(folder, platforms, tag=None):
    """An OCI layout with an image for each platform: OCI image-spec, image-layout.md."""
    blobs = folder / "blobs/sha256"
    blobs.mkdir(parents=True)

    def blob(content, media_type):
        digest = hashlib.sha256(content).hexdigest()
        (blobs / digest).write_bytes(content)
        return {"mediaType": media_type, "digest": "sha256:" + digest, "size": len(content)}

    manifests = []
    for platform in platforms:
        system, architecture = platform.split("/")
        layer = tar({"arch": architecture.encode()})
        config = {"architecture": architecture, "os": system, "config": {"User": architecture},
                  "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest()]}}
        manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                    "config": blob(json.dumps(config).encode(), "application/vnd.oci.image.config.v1+json"),
                    "layers": [blob(layer, "application/vnd.oci.image.layer.v1.tar")]}
        entry = blob(json.dumps(manifest).encode(), manifest["mediaType"])
        entry["platform"] = {"os": system, "architecture": architecture}
        if tag:
            entry["annotations"] = {"org.opencontainers.image.ref.name": tag}
        manifests.append(entry)
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": manifests}))
    (folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')


class ImagesTest(policy_test.FolderTest):
    def put(self, name, **options):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(image(**{"files": {"a": name.encode()}, **options}))

    def text(self, name, text):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def run_check(self, *arguments, cwd=".", **options):
        return subprocess.run([PROGRAM, "check", *arguments], cwd=self.path / cwd, capture_output=True, text=True,
                              timeout=120, **options)

    def images(self, result):
        """The images in the order in which they were checked."""
        self.assertIn(result.returncode, (0, 1), result.stderr)
        return list(dict.fromkeys(test["image"] for test in json.loads(result.stdout)["tests"]))

    def failed(self, result):
        self.assertIn(result.returncode, (0, 1), result.stderr)
        return [(test["image"], test["name"]) for test in json.loads(result.stdout)["tests"] if test["status"] == "failed"]

    def refused(self, line, *arguments, **options):
        result = self.run_check(*arguments, **options)
        self.assertEqual((result.returncode, result.stdout, result.stderr), (2, "", f"watertight: {line}\n"))


class PolicyImagesTest(ImagesTest):
    def test_a_policy_names_images_from_its_folder(self):
        for name in "ci/out/app-10.tar", "ci/out/app-9.tar", "ci/web.tar", "ci/out/x/app-1.tar":
            self.put(name, config={"User": "app"})
        self.text("ci/policy.yaml", "version: 1\nchecks: {RunsAs: app}\nimages:\n- image: out/*.tar\n"
                                    "- {image: web.tar, checks: {RunsAs: web}}\n- image: [none-*.tar, web.tar]\n")
        for cwd, policy, prefix in ((".", "ci/policy.yaml", "ci/"), ("ci", "policy.yaml", ""), ("ci/out", "../policy.yaml", "../")):
            result = self.run_check("--policy", policy, "--format", "json", cwd=cwd)
            self.assertEqual(self.images(result), [prefix + one for one in ("out/app-9.tar", "out/app-10.tar", "web.tar")])
            self.assertEqual(self.failed(result), [(prefix + "web.tar", "RunsAs")])
            self.assertEqual([one["images"] for one in json.loads(result.stdout)["policy"]["images"]], [2, 1, 1])

    def test_an_entry_is_laid_over_the_policy(self):
        self.put("app.tar", files={"x/.npmrc": b"a", "t": TOKEN.encode()}, env=["A=1"])
        base = f"version: 1\n{ACME}checks: {{NoLeakedFile: false, HasEnv: [B], HasCmd: [x], HasSize: 1}}\n"
        self.text("p.yaml", base + "images:\n- image: app.tar\n"
                  "  checks: {NoLeakedFile: true, HasEnv: [A], HasCmd: false, Not: {HasEnv: [C]}}\n"
                  "  allow: [{rule: acme-token, reason: r}]\n- {image: '*.tar', checks: {HasSize: {at_least: 1}}}\n")
        result = self.run_check("--policy", "p.yaml", "--format", "json")
        self.assertEqual(self.failed(result), [("app.tar", "NoLeakedFile")])
        names = [test["name"] for test in json.loads(result.stdout)["tests"]]
        self.assertEqual(names, ["Intact", "NoLeakedFile", "HistoryClean", "ConfigClean", "HasEnv", "Not.HasEnv", "HasSize",
                                 "NoSecrets"])
        self.text("p.yaml", base + "images: [{image: other.tar}]\n")
        self.assertEqual(self.failed(self.run_check("app.tar", "--policy", "p.yaml", "--format", "json")),
                         [("app.tar", name) for name in ("HasEnv", "HasCmd", "HasSize", "NoSecrets")])

    def test_entries_fit_by_path_name_of_the_file_tag_and_glob(self):
        self.put("ci/app.tar")
        self.put("tmp/build/app.tar")
        reference = "tmp/build/app.tar"
        for entry, fits in (("image: app.tar", True), ("image: ./app.tar", False), ("image: app", False),
                            ("image: ../tmp/build/app.tar", True), ("image: ../tmp/**", True), ("image: ../tmp/*", False),
                            ("image: 'ap?.{tar,tgz}'", True), (f"image: {self.path}/tmp/build/app.tar", True),
                            ("image: docker-archive:../tmp/build/app.tar", True),
                            ("image: docker-daemon:app.tar", False), ("image: [web.tar, app.tar]", True),
                            ("tags: a:b", True), ("tags: ['x', 'a:*']", True), ("tags: a", False),
                            ("{image: app.tar, tags: 'a:*'}", True), ("{image: web.tar, tags: 'a:*'}", False),
                            ("{image: app.tar, tags: 'b:*'}", False)):
            self.text("ci/p.yaml", f"version: 1\nimages:\n- {entry}\n")
            result = self.run_check(reference, "--policy", "ci/p.yaml", "--format", "json")
            self.assertEqual([one["images"] for one in json.loads(result.stdout)["policy"]["images"]], [int(fits)], entry)
            result = self.run_check("docker-archive:" + reference + ":a:b", "--policy", "ci/p.yaml")
            told = f"ci/p.yaml:3:3: this entry is for none of the images\n"
            self.assertEqual(told in result.stdout, not fits, entry + result.stdout)

    def test_an_image_is_checked_for_each_platform_that_is_named(self):
        layout(self.path / "app", ["linux/amd64", "linux/arm64"])
        self.text("p.yaml", "version: 1\nimages:\n- {image: ./app, platform: linux/arm64, checks: {RunsAs: arm64}}\n"
                            "- {image: ./app, platform: linux/amd64, checks: {RunsAs: amd64}}\n- {image: app, checks: {RunsAsNonRoot: true}}\n")
        for words in ([], ["app"], ["oci:app"]):
            result = self.run_check(*words, "--policy", "p.yaml", "--format", "json")
            self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
            tests = json.loads(result.stdout)["tests"]
            self.assertEqual([one["platform"] for one in tests if one["name"] == "RunsAs"], ["linux/arm64", "linux/amd64"])
            self.assertEqual(len([one for one in tests if one["name"] == "RunsAsNonRoot"]), 2)
        result = self.run_check("--policy", "p.yaml", "--format", "json", "--platform", "linux/amd64")
        self.assertEqual([one["name"] for one in json.loads(result.stdout)["tests"]].count("RunsAs"), 1)
        listed = self.run_check("--policy", "p.yaml", "--gtest_list_tests").stdout.splitlines()
        self.assertEqual([line for line in listed if not line.startswith(" ")], ["app_linux_arm64.", "app_linux_amd64."])

    def test_allow_entries_count_over_all_images_and_files(self):
        self.put("a.tar", files={"t": TOKEN.encode()})
        self.put("b.tar", files={"t": TOKEN.encode()})
        self.put("c.tar")
        self.text("common.yaml", f"version: 1\n{ACME}allow:\n- {{rule: acme-token, path: t, reason: shared}}\n"
                                 "- {rule: jwt-hs, reason: nothing}\n")
        self.text("p.yaml", "version: 1\ninclude: common.yaml\nimages:\n- image: [a.tar, b.tar]\n"
                            "- {image: c.tar, allow: [{path: t, reason: here}]}\n- {image: d-*.tar, allow: [{path: u, reason: there}]}\n")
        result = self.run_check("--policy", "p.yaml")
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertEqual([line for line in result.stdout.splitlines() if ".yaml" in line],
                         ["p.yaml:6:3: this entry is for none of the images",
                          "common.yaml:5:3: this entry allows nothing that was found",
                          "p.yaml:5:26: this entry allows nothing that was found"])
        policy = json.loads(self.run_check("--policy", "p.yaml", "--format", "json").stdout)["policy"]
        self.assertEqual([(one["file"], one["line"], one["findings"]) for one in policy["allow"]],
                         [("common.yaml", 4, 2), ("common.yaml", 5, 0), ("p.yaml", 5, 0), ("p.yaml", 6, 0)])
        self.assertEqual(policy["rules"], [{"id": "acme-token", "findings": 2}])

    def test_nothing_to_check_is_a_mistake(self):
        self.text("p.yaml", "version: 1\n")
        self.refused("p.yaml: no image is named (see watertight check --help)", "--policy", "p.yaml")
        self.refused("no image is named (see watertight check --help)")
        self.text("p.yaml", "version: 1\nimages: [{image: '*.tar'}]\n")
        self.refused("p.yaml: nothing fits the images that it names", "--policy", "p.yaml")
        off = "{Intact: false, NoLeakedFile: false, HistoryClean: false, ConfigClean: false, NoSecrets: false}"
        self.put("a.tar")
        self.text("p.yaml", f"version: 1\nimages:\n- {{image: a.tar,\n   checks: {off}}}\n")
        self.refused("p.yaml:4:12: every check is switched off, and no secret is given", "--policy", "p.yaml")
        self.text("p.yaml", f"version: 1\nchecks: {off}\nimages: [{{image: a.tar, checks: {{Intact: true}}}}]\n")
        result = self.run_check("--policy", "p.yaml", "--format", "json")
        self.assertEqual([one["name"] for one in json.loads(result.stdout)["tests"]], ["Intact"])

    def test_an_image_that_is_named_and_is_not_there_stops_no_other(self):
        self.put("a.tar")
        self.text("p.yaml", "version: 1\nimages: [{image: gone.tar}, {image: a.tar}, {tags: 'x:*', checks: {Intact: false}}]\n")
        result = self.run_check("--policy", "p.yaml", "--format", "json")
        self.assertEqual(result.returncode, 2)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        self.assertIn("gone.tar", result.stderr)
        self.assertEqual({one["image"] for one in json.loads(result.stdout)["tests"]}, {"a.tar"})


class IncludeTest(ImagesTest):
    def test_included_files_come_before_and_may_include(self):
        self.put("team/web.tar", files={"t": b"hunter2hunter2"}, config={"User": "web"})
        self.put("app.tar", config={"User": "app"})
        self.text("org/base.yaml", "version: 1\nchecks: {HasSize: 1, RunsAs: root, HasCmd: [x]}\n")
        self.text("org/more.yaml", "version: 1\ninclude: [base.yaml]\nchecks: {HasCmd: false}\n")
        self.text("team/key", "hunter2hunter2\n")
        self.text("team/p.yaml", "version: 1\ninclude: ../org/base.yaml\nsecrets: [{file: key}]\n"
                                 "images: [{image: web.tar, checks: {RunsAs: web}}]\n")
        self.text("p.yaml", "version: 1\nchecks: {HasSize: {at_least: 1}, RunsAs: app}\n"
                            "include: [org/more.yaml, team/p.yaml, org/base.yaml]\nimages: [{image: app.tar}]\n")
        result = self.run_check("--policy", "p.yaml", "--format", "json")
        self.assertEqual(self.images(result), ["team/web.tar", "app.tar"])
        self.assertEqual(self.failed(result), [("team/web.tar", "NoLeakedValue")])

    def test_mistakes_name_the_file_in_which_they_are(self):
        self.put("a.tar")
        cases = (("version: 1\nrule: []\n", "b/c.yaml:2:1: a policy has no key rule; did you mean rules?"),
                 ("checks: {}\n", "b/c.yaml:1:1: a policy needs version"),
                 ("version: 1\nsecrets: [{file: gone}]\n", "b/c.yaml:2:18: b/gone: cannot be opened"),
                 ("version: 1\nallow: [{rule: jwt-sh, reason: r}]\n", "b/c.yaml:2:16: no rule has the id jwt-sh; did you mean jwt-hs?"),
                 ("version: 1\nimages: [{image: a, checks: {HasEnf: A}}]\n",
                  "b/c.yaml:2:30: checks has no key HasEnf; did you mean HasEnv?"),
                 ("version: 1\ninclude: [gone.yaml]\n", "b/c.yaml:2:11: b/gone.yaml: cannot be opened"),
                 ("version: 1\ninclude: ..\n", "b/c.yaml:2:10: .: is a directory"),
                 ("version: 1\ninclude: ../p.yaml\n", "b/c.yaml:2:10: p.yaml includes this file: they go in a circle"),
                 ("version: 1\ninclude: c.yaml\n", "b/c.yaml:2:10: b/c.yaml includes this file: they go in a circle"),
                 ("schemaVersion: 2.0.0\n", "b/c.yaml:1:1: a policy has no key schemaVersion"),
                 ("version: 1\nallow: [\n", None))
        self.text("p.yaml", "version: 1\ninclude: b/c.yaml\n")
        for text, line in cases:
            self.text("b/c.yaml", text)
            if line:
                self.refused(line, "a.tar", "--policy", "p.yaml")
            result = self.run_check("a.tar", "--policy", "p.yaml")
            self.assertEqual((result.returncode, result.stdout, result.stderr.count("\n")), (2, "", 1), result.stderr)
            self.assertTrue(result.stderr.startswith("watertight: b/c.yaml:"), result.stderr)

    def test_a_file_is_read_once_and_not_too_deep(self):
        self.put("a.tar")
        self.text("rules.yaml", "version: 1\n" + ACME)
        for name in "b", "c":
            self.text(f"{name}.yaml", "version: 1\ninclude: rules.yaml\n")
        self.text("p.yaml", "version: 1\ninclude: [b.yaml, ./c.yaml]\n")
        self.assertEqual(self.run_check("a.tar", "--policy", "p.yaml").returncode, 0)
        for depth in range(20):
            self.text(f"d{depth}.yaml", f"version: 1\ninclude: d{depth + 1}.yaml\n")
        self.refused("d15.yaml:2:10: more than 16 files include each other", "a.tar", "--policy", "d0.yaml")


class ListTest(ImagesTest):
    def test_lists_are_of_one_image_a_line(self):
        names = ["b c.tar", "a.tar", "d/#e.tar"]
        for name in names:
            self.put(name)
        lines = "# images\n\nb c.tar\r\n  docker-archive:a.tar:a:b\t\n   # more\nd/#e.tar"
        self.text("list", "\ufeff" + lines)
        self.text("plain", lines)
        expected = ["b c.tar", "docker-archive:a.tar:a:b", "d/#e.tar"]
        for words, stdin in ((["@list"], None), (["--images", "plain"], None), (["@-"], lines), (["--images=-"], lines)):
            result = self.run_check(*words, "--format", "json", input=stdin)
            self.assertEqual(self.images(result), expected, words)
        result = self.run_check("a.tar", "--images", "list", "@plain", "--format", "json")
        self.assertEqual([one["image"] for one in json.loads(result.stdout)["tests"]][::5], ["a.tar"] + 2 * expected)

    def test_mistakes_in_lists(self):
        self.text("empty", "# nothing\n\n")
        self.text("nested", "\n@more\n")
        (self.path / "binary").write_bytes(b"a\0b\n")
        self.refused("empty: names no image", "@empty")
        self.refused("nested:2: a list names images, and no other list", "--images", "nested")
        self.refused("binary:1: is no name of an image", "@binary")
        self.refused("gone: cannot be opened", "@gone")
        self.refused(".: is a directory", "@.")
        self.refused("standard input is named twice; it is one image or one list", "-", "@-", input="")

    def test_a_folder_is_all_images_in_it(self):
        for name in "images/app-10.tar", "images/app-9.tar", "images/deeper/x.tar":
            self.put(name)
        layout(self.path / "images/layout", ["linux/amd64"])
        packed = gzip.compress(image({"a": b"packed"}))
        (self.path / "images/app-9.tgz").write_bytes(packed)
        self.text("images/README.md", "text")
        (self.path / "images/notes.gz").write_bytes(gzip.compress(b"no image\n" * 100))
        (self.path / "images/source.tar").write_bytes(tar({"main.c": b"int main() {}\n"}))
        expected = ["images/app-9.tar", "images/app-9.tgz", "images/app-10.tar", "images/layout"]
        for word in "images", "images/", "./images":
            result = self.run_check(word, "--format", "json")
            self.assertEqual([str(pathlib.PurePath(one)) for one in self.images(result)], expected)
            self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
            self.assertIn("images/README.md and 3 more are no images\n", result.stderr)
        result = self.run_check("images", "--format", "json", "--strict")
        self.assertEqual((result.returncode, result.stderr.count("\n")), (2, 1), result.stderr)
        self.assertEqual({test["status"] for test in json.loads(result.stdout)["tests"]}, {"passed"})
        result = self.run_check("images/layout", "--strict", "--format", "json")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        (self.path / "none").mkdir()
        self.refused("none: is no image layout: it holds neither index.json nor manifest.json", "none")

    def test_a_damaged_image_of_a_folder_is_an_error(self):
        self.put("images/a.tar")
        self.put("images/b.tar")
        whole = (self.path / "images/a.tar").read_bytes()
        (self.path / "images/a.tar").write_bytes(whole[:len(whole) // 3])
        result = self.run_check("images", "--format", "json")
        self.assertEqual((result.returncode, result.stderr.count("\n")), (2, 1), result.stderr)
        self.assertIn("images/a.tar: ", result.stderr)
        self.assertEqual({one["image"] for one in json.loads(result.stdout)["tests"]}, {"images/b.tar"})

    def test_images_that_cannot_be_opened_are_told_in_one_line(self):
        self.put("a.tar", files={"x/.npmrc": b"a"})
        result = self.run_check("gone.tar", "a.tar", "gone-too.tar")
        self.assertEqual(result.returncode, 2)
        self.assertRegex(result.stderr, r"\Awatertight: gone\.tar: [^\n]*; gone-too\.tar: [^\n]*\n\Z")
        self.assertIn("FAIL  NoLeakedFile", result.stdout)

    def test_an_image_that_vanishes_during_the_run_is_one_line(self):
        self.put("b.tar")
        self.put("c.tar")
        os.mkfifo(self.path / "a.tar")
        content = image({"a": b"slow"})

        def feed():
            with open(self.path / "a.tar", "wb") as pipe:
                (self.path / "b.tar").unlink()
                pipe.write(content)

        thread = threading.Thread(target=feed)
        thread.start()
        result = self.run_check("a.tar", "b.tar", "c.tar", "--format", "json")
        thread.join()
        self.assertEqual((result.returncode, result.stderr.count("\n")), (2, 1), result.stderr)
        self.assertIn("b.tar: ", result.stderr)
        self.assertEqual({one["image"] for one in json.loads(result.stdout)["tests"]}, {"a.tar", "c.tar"})


class ManyTest(ImagesTest):
    def peak(self, *arguments):
        """Largest resident memory of the run, in KiB."""
        process = subprocess.Popen([PROGRAM, "check", *arguments], cwd=self.path, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0)
        return usage.ru_maxrss

    def test_an_image_is_closed_when_it_is_done(self):
        for number in range(60):
            files = {f"srv/{number}/{file}": b"x" for file in range(2000)}
            self.put(f"images/{number}.tar", files=files)
        for words in (["--format", "json"], ["--gtest_repeat=2"]):
            result = self.run_check("images", *words, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (24, 24)))
            self.assertEqual((result.returncode, result.stderr), (0, ""))
        few = self.peak("images/0.tar", "images/1.tar")
        self.assertLess(self.peak("images"), 1.3 * few)


if __name__ == "__main__":
    PROGRAM = policy_test.PROGRAM = str(pathlib.Path(sys.argv[1]).resolve())
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
