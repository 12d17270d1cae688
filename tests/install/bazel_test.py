#!/usr/bin/env python3
"""The example for Bazel, built and run by Bazel, without a network.

    bazel_test.py PREFIX

Debian's Bazel is older than MODULE.bazel: a WORKSPACE says the same here, and in the place of the rules that Bazel would
download stand its own. Exit code 77: skipped, with the reason on standard output.
"""

import ast
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples"

# Repository -> file -> content.
STUBS = {
    "rules_cc": {"cc/defs.bzl": "".join(f"cc_{rule} = native.cc_{rule}\n" for rule in
                                        ("binary", "import", "library", "test", "toolchain", "toolchain_suite"))},
    "rules_java": {"java/defs.bzl": "".join(f"java_{rule} = native.java_{rule}\n" for rule in
                                            ("binary", "import", "library", "runtime", "toolchain"))},
    "rules_shell": {"shell/sh_test.bzl": "sh_test = native.sh_test\n"},
    "remote_coverage_tools": {"BUILD": "".join(f'filegroup(name = "{name}", visibility = ["//visibility:public"])\n' for name in
                                               ("coverage_report_generator", "lcov_merger"))},
}

PAGE_TESTS = {"HasThePage", "NeverStoresThePassword", "RunsUnprivileged", "WastesNothing"}
CHECKS = {"Intact", "NoLeakedFile", "HistoryClean", "ConfigClean", "NoSecrets", "HasFile", "RunsAs", "LacksFile", "WastesAtMost",
          "HasSize"}


class Example(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory(prefix="watertight-bazel-")
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = pathlib.Path(scratch.name)
        cls.workspace = cls.folder / "site"
        shutil.copytree(EXAMPLES / "bazel", cls.workspace)
        (cls.workspace / "MODULE.bazel").unlink()
        (cls.folder / "prefix").symlink_to(PREFIX)
        lines = [f'new_local_repository(name = "watertight", path = "{cls.folder}/prefix", build_file = "//:watertight.BUILD")']
        for name, files in STUBS.items():
            lines.append(f'local_repository(name = "{name}", path = "{cls.folder}/{name}")')
            for path, content in {"WORKSPACE": "", **files}.items():
                (cls.folder / name / path).parent.mkdir(parents=True, exist_ok=True)
                (cls.folder / name / path).parent.joinpath("BUILD").touch()
                (cls.folder / name / path).write_text(content)
        (cls.workspace / "WORKSPACE").write_text("\n".join(lines))

    def bazel(self, *arguments):
        return subprocess.run(["bazel", "--batch", f"--output_user_root={self.folder}/root", *arguments], cwd=self.workspace,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              env=os.environ | {"HOME": str(self.folder)})

    def results(self, dockerfile):
        """Builds the image of the Dockerfile, and runs the tests: the exit code, what was said, results by shard."""
        context = self.folder / "context"
        shutil.copytree(EXAMPLES / "image_test", context, dirs_exist_ok=True)
        (context / "Dockerfile").write_text(dockerfile)
        (context / ".npmrc").write_text("//npm.example/:_password=hunter2\n")
        subprocess.run([PREFIX / "bin/watertight", "generate", "--context", context, "--tag", "app:ci", "--output",
                        self.workspace / "app.tar"], check=True)
        done = self.bazel("test", "//:all", "--spawn_strategy=standalone", "--test_output=errors", "--curses=no")
        shards = {}
        for path in sorted(self.workspace.glob("bazel-testlogs/*/shard_*/test.xml")):
            cases = {case.get("name"): case.find("failure") is None for case in xml.etree.ElementTree.parse(path).iter("testcase")
                     if case.get("status", "run") == "run"}
            shards.setdefault(path.parts[-3], []).append(cases)
        return done.returncode, done.stdout, shards

    def made(self, shards, name, count):
        """The tests of a target with their results, each made once, by `count` shards that all had some."""
        self.assertEqual(len(shards[name]), count)
        self.assertTrue(all(shards[name]))
        made = [test for shard in shards[name] for test in shard]
        self.assertEqual(len(made), len(set(made)))
        return {test: passed for shard in shards[name] for test, passed in shard.items()}

    def test_each_test_is_made_in_one_shard(self):
        clean = (EXAMPLES / "image_test/Dockerfile").read_text()
        code, said, shards = self.results(clean)
        self.assertEqual(code, 0, said)
        self.assertEqual(self.made(shards, "site_image_test", 2), dict.fromkeys(PAGE_TESTS, True))
        self.assertEqual(self.made(shards, "site_policy_test", 3), dict.fromkeys(CHECKS, True))
        code, said, shards = self.results(clean.replace("COPY index", "COPY .npmrc index"))
        self.assertEqual(code, 3, said)  # Bazel's for tests that failed
        self.assertIn("whose layer 1 stores app/.npmrc", said)
        self.assertEqual(self.made(shards, "site_image_test", 2), dict.fromkeys(PAGE_TESTS, True) | {"NeverStoresThePassword": False})
        self.assertEqual(self.made(shards, "site_policy_test", 3), dict.fromkeys(CHECKS, True) | {"NoLeakedFile": False})

    def test_the_module_names_what_the_build_files_load(self):
        trees = {name: ast.parse((EXAMPLES / "bazel" / name).read_text()) for name in
                 ("MODULE.bazel", "BUILD.bazel", "watertight.BUILD")}
        calls = [node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.Call)]
        loaded = {call.args[0].value.split("//")[0] for call in calls if getattr(call.func, "id", "") == "load"}
        named = {"@" + word.value.value for call in calls if getattr(call.func, "id", "") == "bazel_dep"
                 for word in call.keywords if word.arg == "name"}
        self.assertEqual(loaded, named)
        self.assertLessEqual(named, {"@" + name for name in STUBS})


if __name__ == "__main__":
    if not shutil.which("bazel"):
        print("skipped: no bazel; scripts/setup --dev installs it")
        sys.exit(77)
    PREFIX = pathlib.Path(sys.argv.pop()).resolve()
    unittest.main()
