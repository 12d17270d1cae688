#!/usr/bin/env python3
"""The checks of `check` as tests of GoogleTest: chosen, shared between shards, reported.

usage: check_gtest_test.py WATERTIGHT
"""

import json
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

IMAGES = pathlib.Path(__file__).resolve().parents[2] / "examples/article/images"
LEAKY = [IMAGES / name for name in ("copy-then-delete.classic.tar", "env.classic.tar", "build-arg.classic.tar")]
CHECKS = ["Intact", "NoLeakedFile", "HistoryClean", "ConfigClean", "NoSecrets"]


class GtestTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="watertight-")
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)

    def check(self, *arguments, images=LEAKY, before=None, **environment):
        plain = {key: value for key, value in os.environ.items() if not key.startswith("GTEST_")}
        return subprocess.run([PROGRAM, "check", *map(str, images), *arguments], capture_output=True, text=True,
                              timeout=300, env={**plain, **environment}, cwd=self.path, preexec_fn=before)

    def report(self, result):
        """What the JSON report says, but for times."""
        document = json.loads(result.stdout)
        for test in document["tests"]:
            del test["seconds"]
        return document

    def test_names_are_stable_and_need_no_quotes_in_a_filter(self):
        result = self.check("--gtest_list_tests", images=[LEAKY[0], "not-there.tar", LEAKY[0], "oci:some/dir/"])
        self.assertEqual(result.returncode, 0, result.stderr)
        suites = [line for line in result.stdout.splitlines() if not line.startswith(" ")]
        self.assertEqual(suites, ["copy_then_delete_classic_tar.", "not_there_tar.", "copy_then_delete_classic_tar_2.", "dir."])
        self.assertEqual([line.strip() for line in result.stdout.splitlines() if line.startswith(" ")], 4 * CHECKS)

    def test_a_filter_chooses(self):
        result = self.check("--gtest_filter=*.NoLeakedFile:env*-*.NoSecrets", "--format", "json")
        self.assertEqual(result.returncode, 1, result.stderr)
        made = [(pathlib.Path(one["image"]).name.split(".")[0], one["name"]) for one in self.report(result)["tests"]]
        self.assertEqual(made, [("copy-then-delete", "NoLeakedFile")] + [("env", name) for name in CHECKS[:4]] +
                         [("build-arg", "NoLeakedFile")])

    def test_a_filter_that_fits_nothing_is_a_mistake(self):
        result = self.check("--gtest_filter=NoSuch*")
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertEqual(result.stderr, "watertight: no check fits the filter; --gtest_list_tests lists the checks\n")

    def test_shards_make_each_check_once_and_say_what_one_run_says(self):
        whole = self.report(self.check("--format", "json"))
        for total in 2, 8:
            merged = {}
            failed = 0
            for index in range(total):
                result = self.check("--format", "json", GTEST_TOTAL_SHARDS=str(total), GTEST_SHARD_INDEX=str(index))
                self.assertIn(result.returncode, (0, 1), result.stderr)
                failed += result.returncode
                if not result.stdout:
                    continue  # a shard without a check
                for test in self.report(result)["tests"]:
                    key = test["image"], test["name"]
                    self.assertNotIn(key, merged)
                    merged[key] = test
            self.assertEqual([merged[one["image"], one["name"]] for one in whole["tests"]], whole["tests"])
            self.assertEqual(len(merged), len(whole["tests"]))
            self.assertGreater(failed, 0)

    def test_order_and_repetition_change_nothing(self):
        whole = self.report(self.check("--format", "json"))
        for flags in (["--gtest_shuffle", "--gtest_random_seed=7"], ["--gtest_repeat=3"]):
            self.assertEqual(self.report(self.check("--format", "json", *flags)), whole)

    def test_fail_fast_leaves_the_rest_out_and_says_so(self):
        result = self.check("--gtest_fail_fast", "--format", "json", images=LEAKY[1:2])
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertEqual([one["status"] for one in self.report(result)["tests"]],
                         ["passed", "passed", "failed", "skipped", "skipped"])

    def test_its_own_report(self):
        result = self.check("--gtest_output=xml:report.xml", images=LEAKY[:1] + ["not-there.tar"])
        self.assertEqual(result.returncode, 2)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        root = xml.etree.ElementTree.parse(self.path / "report.xml").getroot()
        self.assertEqual((root.get("tests"), root.get("failures")), ("10", "6"))
        failures = [one.find("failure").get("message") for one in root.iter("testcase") if one.find("failure") is not None]
        self.assertIn("never stores a well-known credential file", failures[0])
        self.assertTrue(all("not-there.tar" in one for one in failures[1:]))
        self.check("--gtest_output=json:report.json", images=LEAKY[:1])
        self.assertEqual(json.loads((self.path / "report.json").read_text())["failures"], 1)

    def test_a_report_that_cannot_be_written_is_one_line(self):
        (self.path / "folder").mkdir()
        for output, why in (("xml:folder", "folder: cannot be written"), ("yaml:x", "--gtest_output is xml[:FILE] or "
                            "json[:FILE], not yaml:x"), ("xml:/proc/not/there.xml", "/proc/not/there.xml: cannot be written")):
            result = self.check("--gtest_output=" + output)
            self.assertEqual((result.returncode, result.stdout, result.stderr), (2, "", f"watertight: {why}\n"))
            result = self.check(GTEST_OUTPUT=output)
            self.assertEqual((result.returncode, result.stdout, result.stderr), (2, "", f"watertight: {why}\n"))

    def test_a_report_of_its_own_that_is_half_written_is_told_and_gone(self):
        def fill_disk():  # a limit of the size of files fails a write as a full disk does
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

        (self.path / "folder").mkdir()
        (self.path / "folder/watertight.xml").write_text("an older one")
        for output, name in ("xml:report.xml", "report.xml"), ("json:report.json", "report.json"), (
                "xml:folder/", "folder/watertight_1.xml"):
            for extra in (), ("--gtest_list_tests",):
                result = self.check("--gtest_output=" + output, *extra, images=LEAKY[:1], before=fill_disk)
                self.assertEqual(result.returncode, 2)
                self.assertEqual(result.stderr, f"watertight: {name}: cannot be written whole; is the disk full?\n")
                self.assertIn("NoSecrets", result.stdout)
                self.assertFalse((self.path / name).exists())
        self.assertEqual((self.path / "folder/watertight.xml").read_text(), "an older one")
        self.assertEqual(self.check("--gtest_output=xml:folder/", images=LEAKY[:1]).returncode, 1)
        xml.etree.ElementTree.parse(self.path / "folder/watertight_1.xml")
        self.assertEqual(self.check("--gtest_output=xml:/dev/null", images=LEAKY[:1]).returncode, 1)

    def test_shards_that_do_not_fit_are_one_line(self):
        for total, index, why in (("3", None, "GTEST_TOTAL_SHARDS is set, and GTEST_SHARD_INDEX is not"),
                                  (None, "0", "GTEST_SHARD_INDEX is set, and GTEST_TOTAL_SHARDS is not"),
                                  ("3", "3", "GTEST_SHARD_INDEX is 3, which is not below GTEST_TOTAL_SHARDS, 3"),
                                  ("x", "0", "GTEST_TOTAL_SHARDS is a number, not 'x'"),
                                  ("2", "-1", "GTEST_SHARD_INDEX is a number, not '-1'"),
                                  ("0", "0", "GTEST_SHARD_INDEX is 0, which is not below GTEST_TOTAL_SHARDS, 0")):
            given = {"GTEST_TOTAL_SHARDS": total, "GTEST_SHARD_INDEX": index}
            result = self.check(**{name: value for name, value in given.items() if value is not None})
            self.assertEqual((result.returncode, result.stdout, result.stderr), (2, "", f"watertight: {why}\n"))

    def test_what_the_environment_wants_of_failing_tests_changes_nothing(self):
        plain = self.report(self.check("--format", "json"))
        for name in "GTEST_BREAK_ON_FAILURE", "GTEST_THROW_ON_FAILURE":
            result = self.check("--format", "json", **{name: "1"})
            self.assertEqual((result.returncode, self.report(result), result.stderr), (1, plain, ""))

    def test_no_two_images_share_a_name(self):
        (self.path / "a").write_bytes(LEAKY[0].read_bytes())
        (self.path / "a_2").write_bytes(LEAKY[0].read_bytes())
        for images in ["a", "a", "a_2"], ["a_2", "a", "a"], ["a", "a_2", "a_2", "a"]:
            listed = self.check("--gtest_list_tests", images=images).stdout.splitlines()
            suites = [line for line in listed if not line.startswith(" ")]
            self.assertEqual(len(set(suites)), len(images), suites)


if __name__ == "__main__":
    PROGRAM = str(pathlib.Path(sys.argv[1]).resolve())
    unittest.main(argv=sys.argv[:1])
