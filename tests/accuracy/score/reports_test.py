#!/usr/bin/env python3
"""The reports of scanners that do not exist say what those did, and hold no value.

usage: reports_test.py WATERTIGHT SCORE_REPORTS

What is expected is counted from the truths, here.
"""

import csv
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import fake_work

FILES = ("score.json", "labels.csv", "findings.csv", "score.md", "score.html")
TEST_FOLDERS = {"test", "tests", "testdata", "spec", "example", "examples", "sample", "samples", "demo", "doc", "docs"}


def run(work, folder):
    return subprocess.run([SCORE_REPORTS, work, folder], capture_output=True, text=True)


def is_scored(leak):
    plain_live = (leak["carrier"] == "file" and not leak["nested"] and not leak["encoding"] and leak["visibility"] == "live")
    in_tests = plain_live and TEST_FOLDERS & set((leak["path"] or "").split("/")[:-1])
    return leak["class"] != "password-hash" and not in_tests


class Reports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="watertight-")
        cls.work = fake_work.make(PROGRAM, pathlib.Path(cls.folder.name) / "work")
        cls.out = pathlib.Path(cls.folder.name) / "out"
        done = run(cls.work, cls.out)
        assert done.returncode == 0, done.stderr
        cls.text = done.stdout
        cls.score = json.loads((cls.out / "score.json").read_text())
        cls.tools = {tool["id"]: tool for tool in cls.score["tools"]}
        cls.truths = [truth for seed in fake_work.SEEDS for truth in fake_work.truths(cls.work, seed)]
        cls.leaks = [leak for truth in cls.truths for leak in truth["leaks"] if is_scored(leak)]
        cls.decoys = [decoy for truth in cls.truths for decoy in truth["decoys"]]

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def tool(self, name, configuration="default"):
        return self.tools[f"{name}.{configuration}.image"]

    def rows(self, name, scanner):
        with open(self.out / name, newline="") as file:
            return [row for row in csv.DictReader(file) if row["tool"] == f"{scanner}.default.image"]

    def test_perfect(self):
        tool = self.tool("perfect")
        total = tool["total"]
        self.assertEqual(total["instances"]["of"], len(self.leaks))
        for measure in ("instances", "distinct", "bundles", "complete_bundles", "classified", "layers"):
            self.assertEqual(total[measure]["hits"], total[measure]["of"], measure)
        self.assertEqual(total["decoys"]["hits"], 0)
        self.assertEqual(total["distinct"]["of"], len({leak["value_sha256"] for leak in self.leaks}))
        self.assertEqual(tool["pairs"]["hits"], tool["pairs"]["of"])
        self.assertGreater(tool["pairs"]["of"], 10)
        self.assertEqual(tool["over_seeds"], {"low": 1, "high": 1, "seeds": 2, "is": "range"})
        # Each leak stands in two layouts at two seeds.
        self.assertEqual(total["instances"]["units"], len(self.leaks) // 4)
        self.assertEqual(tool["misses"], [])
        self.assertEqual(tool["by"]["channel"]["macro_recall"], 1)

    def test_empty(self):
        tool = self.tool("empty")
        self.assertEqual(tool["total"]["instances"]["hits"], 0)
        self.assertEqual(tool["total"]["instances"]["of"], len(self.leaks))
        self.assertIsNone(tool["total"]["precision"]["value"], "0 of 0 is no number")
        self.assertIsNone(tool["total"]["layers"]["interval"])
        self.assertEqual(tool["pairs"]["hits"], 0)

    def test_everything_flagging(self):
        tool = self.tool("everything")
        self.assertEqual(tool["total"]["instances"]["hits"], len(self.leaks))
        self.assertEqual(tool["total"]["decoys"]["hits"], tool["total"]["decoys"]["of"])
        self.assertEqual(tool["findings"]["stray"], len(self.truths))
        self.assertEqual(tool["pairs"]["hits"], self.pairs_with_a_twin_without_decoys())
        self.assertLess(tool["pairs"]["hits"], tool["pairs"]["of"])
        precision = tool["total"]["precision"]
        self.assertEqual((precision["hits"], precision["of"]), (len(self.leaks), len(self.leaks) + tool["total"]["decoys"]["of"]))

    def pairs_with_a_twin_without_decoys(self):
        debatable = {"expired-public", "hash-like", "package-test-key", "snakeoil"}
        pairs = 0
        for seed in fake_work.SEEDS:
            rows = json.loads((self.work / "catalogue" / seed / "catalogue.json").read_text())["fixtures"]
            truths = {(truth["fixture"], truth["archive"]): truth for truth in fake_work.truths(self.work, seed)}
            for row in rows:
                leaking = truths[row["fixture"], row["archive"]]
                twin = truths.get((row.get("twin"), row["archive"]))
                if twin is None or leaking["clean"] or not twin["clean"] or not leaking["leaks"]:
                    continue
                pairs += all(decoy["class"] in debatable for decoy in twin["decoys"])
        return pairs

    def test_duplicate(self):
        tool = self.tool("duplicate")
        self.assertEqual(tool["findings"]["matched"], tool["findings"]["duplicate"])
        self.assertEqual(tool["total"]["alerts"], 2 * len(self.leaks))
        self.assertEqual(tool["findings"]["stray"], 0)

    def test_off_by_one_layer(self):
        tool = self.tool("off-by-one")
        findings = tool["findings"]
        self.assertEqual(findings["stray"] + findings["decoy"] + findings["elsewhere"], 0)
        of_layers = sum(leak["layer"] is not None for truth in self.truths for leak in truth["leaks"])
        self.assertEqual(findings["matched"] + findings["wrong-layer"] + findings["duplicate"], of_layers)
        self.assertGreater(findings["wrong-layer"], 0.7 * of_layers)

    def test_crashed_and_absent_have_no_row(self):
        crashed = self.tool("crashed")
        self.assertFalse(crashed["headline"])
        self.assertEqual(crashed["states"]["error"], len(self.truths))
        self.assertEqual(crashed["total"]["instances"]["of"], 0)
        absent = self.tool("absent")
        self.assertFalse(absent["headline"])
        self.assertEqual(absent["states"]["not_run"], len(self.truths))
        self.assertEqual(absent["states"]["reasons"][0]["reason"], "no package")
        self.assertRegex(self.text, r"crashed\.default\.image +\d+ of \d+ images are errors: exit code 139")
        self.assertRegex(self.text, r"absent\.default\.image +did not run: no package")

    def test_a_run_that_is_not_complete_has_no_row(self):
        tool = self.tool("one-seed")
        missing = sum(truth["seed"] == fake_work.SEEDS[1] for truth in self.truths)
        self.assertEqual((tool["states"]["missing"], tool["states"]["not_run"]), (missing, missing))
        self.assertFalse(tool["headline"])
        said = f"not complete: {missing} of {len(self.truths)} images have no result"
        self.assertIn("one-seed.default.image  " + said, self.text)
        row = next(line for line in (self.out / "score.md").read_text().split("## Runs")[1].splitlines() if "one-seed" in line)
        self.assertIn(said, row)
        ranked = {one["tool"] for ranking in self.score["rankings"] for one in ranking["ranks"]}
        self.assertNotIn(tool["id"], ranked)

    def test_a_merged_tree_is_scored_on_what_it_holds(self):
        tool = self.tools["live.default.rootfs"]
        live = [leak for leak in self.leaks if leak["carrier"] == "file" and leak["visibility"] == "live"]
        self.assertEqual((tool["total"]["instances"]["hits"], tool["total"]["instances"]["of"]), (len(live), len(live)))
        self.assertLess(len(live), len(self.leaks))
        decoys = [decoy for decoy in self.decoys if decoy["carrier"] == "file" and decoy["visibility"] == "live"]
        self.assertLessEqual(tool["total"]["decoys"]["of"], len(decoys))
        self.assertLess(tool["pairs"]["of"], self.tool("perfect")["pairs"]["of"])
        self.assertEqual(tool["pairs"]["hits"], tool["pairs"]["of"])

    def test_ranks_over_channels(self):
        [ranking] = [one for one in self.score["rankings"] if one["view"] == "image" and one["configuration"] == "default"]
        ranks = {one["tool"].split(".")[0]: one["mean_rank"] for one in ranking["ranks"]}
        self.assertGreater(ranking["channels"], 2)
        self.assertEqual(ranks["perfect"], ranks["everything"])
        self.assertEqual(min(ranks.values()), ranks["perfect"])
        self.assertLess(ranking["p"], 0.01)
        self.assertNotIn("crashed", ranks)
        self.assertNotIn("watertight", ranks)
        self.assertAlmostEqual(sum(ranks.values()), len(ranks) * (len(ranks) + 1) / 2, 3)

    def test_one_that_reads_another_layout_keeps_its_row(self):
        tool = self.tool("half-blind")
        unread = sum(truth["archive"] == "docker-28" for truth in self.truths)
        self.assertTrue(tool["headline"])
        self.assertEqual((tool["states"]["error"], tool["states"]["unread_layout"]), (unread, unread))
        self.assertEqual(tool["total"]["instances"]["value"], 1)
        said = [row["text"] for row in self.score["differences"] if row["tool"] == "half-blind.default.image"]
        self.assertIn("does not read the layout buildkit-0.25/docker-28: a token in a live file is not found there, "
                      "and is found in buildkit-0.25/docker-20", said)
        self.assertIn("takes layers up to an earlier CMD for the base's and skips them: in buildkit-0.25/docker-20 "
                      "a token in a live file is found above it, not below", said)

    def test_a_missed_canary_is_an_error_of_its_layout(self):
        blind = self.tool("blind")
        new = sum(truth["archive"] == "docker-28" for truth in self.truths)
        self.assertEqual(blind["states"]["error"], new)
        self.assertEqual(blind["states"]["ok"], len(self.truths) - new)
        self.assertFalse(blind["headline"])
        self.assertEqual(blind["states"]["not_read"], ["file in buildkit-0.25/docker-28"])

    def test_a_layout_names_the_cause(self):
        tool = self.tool("old-layout")
        self.assertEqual({miss["archive"] for miss in tool["misses"]}, {"docker-28"})
        of_files = [miss for miss in tool["misses"] if miss["carrier"] == "file"]
        self.assertTrue(of_files)
        self.assertEqual({miss["cause"] for miss in of_files}, {"layout"})
        distinct = len(self.leaks) // 4  # two seeds, two layouts
        self.assertIn(f"depends on the archive's layout: finds {distinct} of {distinct} leaks in docker-20, "
                      f"and 0 of {distinct} of the same in docker-28",
                      [one["text"] for one in self.score["differences"] if one["tool"] == tool["id"]])
        found = {group["name"]: group["instances"]["value"] for group in tool["by"]["archive"]["groups"]}
        self.assertEqual(found, {"docker-20": 1, "docker-28": 0})

    def test_a_carrier_names_the_cause(self):
        tool = self.tool("files")
        for miss in tool["misses"]:
            self.assertIn("carrier", miss["cause"], miss)

    def test_what_is_never_found_is_told_of_kinds_that_it_finds_elsewhere(self):
        kinds = {leak["kind"] for leak in self.leaks if leak["carrier"] == "file"}
        expected = []
        for carrier in sorted({leak["carrier"] for leak in self.leaks} - {"file"}):
            distinct = sum(leak["carrier"] == carrier and leak["kind"] in kinds for leak in self.leaks) // 4  # two seeds, two layouts
            if distinct >= 5:
                expected.append(f"finds none of {distinct} leaks of carrier {carrier}, all of kinds that it finds elsewhere; "
                                f'told to look (configuration "best"), {distinct} of them')
        self.assertTrue(expected)
        texts = [one["text"] for one in self.score["differences"] if one["tool"] == "files.default.image"]
        self.assertEqual([text for text in texts if "leaks of carrier" in text], expected)

    def test_the_end_of_a_base_is_told(self):
        texts = [one["text"] for one in self.score["differences"] if one["tool"] == "base-end.default.image"]
        self.assertTrue(any("base/below-command is not" in text for text in texts), texts)

    def test_default_against_best(self):
        one = next(one for one in self.score["comparisons"] if one["question"] == "configurations")
        self.assertEqual((one["a"], one["b"]), ("files.best.image", "files.default.image"))
        of_files = sum(leak["carrier"] == "file" for leak in self.leaks)
        self.assertEqual((one["both"], one["only_a"], one["only_b"], one["neither"]),
                         (of_files // 4, (len(self.leaks) - of_files) // 4, 0, 0))

    def test_channels_are_counted(self):
        for name in ("channel", "carrier", "visibility", "kind"):
            expected = {}
            for leak in self.leaks:
                expected[leak[name]] = expected.get(leak[name], 0) + 1
            counted = {group["name"]: group["instances"]["of"] for group in self.tool("files")["by"][name]["groups"]
                       if group["instances"]["of"]}
            self.assertEqual(counted, expected)

    def test_ours_is_apart(self):
        self.assertTrue(self.tool("watertight")["own"])
        ranking = self.text.split("\nOurs")[0]
        self.assertNotIn("watertight.default", ranking)
        self.assertIn("watertight.default", self.text)

    def test_csv_has_a_line_for_each_label_and_finding(self):
        labels = self.rows("labels.csv", "files")
        self.assertEqual(len(labels), sum(len(truth["leaks"]) + len(truth["decoys"]) for truth in self.truths))
        of_files = sum(leak["carrier"] == "file" for truth in self.truths for leak in truth["leaks"])
        self.assertEqual(sum(row["found"] == "1" for row in labels), of_files)
        findings = self.rows("findings.csv", "everything")
        self.assertEqual(len(findings), sum(len(truth["leaks"]) + len(truth["decoys"]) + 1 for truth in self.truths))
        self.assertEqual(sum(row["is"] == "stray" for row in findings), len(self.truths))
        self.assertEqual({row["path"] for row in findings if row["is"] == "stray"}, {fake_work.MARKUP})

    def test_csv_adds_up_to_the_totals_in_each_view(self):
        with open(self.out / "labels.csv", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["scored"] == "1" and row["state"] == "ok"]
        self.assertEqual({"image", "layers", "rootfs"}, {name.split(".")[2] for name in self.tools})
        for name, tool in self.tools.items():
            for kind, measure in (("leak", "instances"), ("decoy", "decoys")):
                of = [row["found"] for row in rows if row["tool"] == name and row["type"] == kind]
                total = tool["total"][measure]
                self.assertEqual((of.count("1"), len(of), of.count("")), (total["hits"], total["of"], 0), name + " " + kind)

    def test_no_report_holds_a_value(self):
        values = {leak["value"] for truth in self.truths for leak in truth["leaks"] if "value" in leak}
        values |= {planted["value"] for truth in self.truths for planted in truth["planted"] if "value" in planted}
        texts = {name: (self.out / name).read_text() for name in FILES}
        texts["terminal"] = self.text
        for name, text in texts.items():
            held = [value for value in values if len(value) >= 4 and (value in text or json.dumps(value)[1:-1] in text)]
            self.assertEqual(len(held), 0, name)

    def test_the_same_runs_give_the_same_bytes(self):
        again = pathlib.Path(self.folder.name) / "again"
        self.assertEqual(run(self.work, again).stdout, self.text)
        for name in FILES:
            self.assertEqual((again / name).read_bytes(), (self.out / name).read_bytes(), name)

    def test_other_digests_are_refused(self):
        for change, complaint in ((lambda run_json, lines: (run_json.replace('"catalogue_sha256": "', '"catalogue_sha256": "0'), lines),
                                   "of another catalogue"),
                                  (lambda run_json, lines: (run_json, lines.replace('"archive_sha256": "', '"archive_sha256": "0')),
                                   "of another archive")):
            with tempfile.TemporaryDirectory(prefix="watertight-") as folder:
                work = pathlib.Path(folder) / "work"
                shutil.copytree(self.work / "catalogue", work / "catalogue", ignore=shutil.ignore_patterns("*.tar"))
                shutil.copytree(self.work / "runs/empty.default.image", work / "runs/empty.default.image")
                target = work / "runs/empty.default.image" / fake_work.SEEDS[0]
                texts = change((target / "run.json").read_text(), (target / "results.jsonl").read_text())
                for name, text in zip(("run.json", "results.jsonl"), texts):
                    (target / name).write_text(text)
                done = run(work, pathlib.Path(folder) / "out")
                self.assertEqual(done.returncode, 2)
                self.assertIn(complaint, done.stderr)
                self.assertEqual(done.stderr.count("\n"), 1)


if __name__ == "__main__":
    PROGRAM, SCORE_REPORTS = sys.argv[1:3]
    del sys.argv[1:3]
    unittest.main()
