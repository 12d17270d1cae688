"""scripts/bench, with scanners that do not exist.

usage: bench_test.py PROGRAM SCRIPT
"""

import json
import os
import pathlib
import stat
import subprocess
import sys
import tempfile
import unittest

import fakes

PROGRAM = pathlib.Path(sys.argv.pop(1)).resolve()
SCRIPT = sys.argv.pop(1)


class Bench(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="bench_test.")
        self.addCleanup(folder.cleanup)
        self.top = pathlib.Path(folder.name).resolve()
        self.scanners, self.tools, self.work = self.top / "scanners", self.top / "tools", self.top / "work"
        fakes.write_scanner(self.scanners, "finder")
        fakes.write_program(self.tools, "finder", self.work / "quick", fakes.FINDS_ALL)
        fakes.write_scanner(self.scanners, "absent")

    def install(self, name, body):
        path = self.scanners / name / "install"
        path.write_text("#!/bin/sh\n" + body)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def bench(self, *arguments, expected=0):
        command = [SCRIPT, "--only", "accuracy", "--build", PROGRAM.parent.parent, "--scanner-dir", self.scanners, "--tools", self.tools,
                   "--work", self.work, "--out", self.top / "out", "--fixtures", "copy/then-delete", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, expected, done.stderr)
        return done

    def test_installs_runs_and_scores(self):
        self.install("finder", f"touch '{self.top}'/installed\n")
        self.install("absent", "echo 'not available: absent: no package' >&2\nexit 3\n")
        done = self.bench("--quick")
        self.assertTrue((self.top / "installed").exists())
        self.assertIn("not available: absent: no package", done.stderr)
        score = json.loads((self.top / "out/score-quick.json").read_text())
        tools = {tool["id"]: tool for tool in score["tools"]}
        instances = tools["finder.default.image"]["total"]["instances"]
        self.assertEqual((instances["hits"], instances["of"]), (2, 2), "one leak in each of two layouts")
        self.assertEqual(tools["finder.default.rootfs"]["total"]["instances"]["of"], 0, "it is deleted")
        self.assertEqual(tools["absent.default.image"]["states"]["not_run"], 2)
        for name in ("score-quick.md", "score-quick.html", "score-quick-labels.csv"):
            self.assertGreater((self.top / "out" / name).stat().st_size, 100, name)
        self.assertEqual(stat.S_IMODE(os.stat(self.work).st_mode), 0o700)

    def test_runs_those_that_are_named(self):
        self.bench("--quick", "--scanners", "finder")
        score = json.loads((self.top / "out/score-quick.json").read_text())
        self.assertEqual({tool["scanner"] for tool in score["tools"]}, {"finder"})

    def test_stops_when_an_installation_goes_wrong(self):
        self.install("finder", "exit 1\n")
        self.bench("--quick", expected=1)
        self.assertFalse((self.top / "out/score-quick.json").exists())

    def test_refuses_what_is_not_there_before_it_installs_anything(self):
        self.install("finder", f"touch '{self.top}'/installed\n")
        for wrong, said in ((["--build", "/nope"], "/nope/cli/watertight: there is no such program; --build is a folder that was built"),
                            (["--scanners", "nope"], f"the scanner nope is unknown; {self.scanners} has absent finder"),
                            (["--scanners", "finder,nope"], f"the scanner nope is unknown; {self.scanners} has absent finder"),
                            (["--scanner-dir", "/nope"], "/nope: there is no such folder")):
            done = self.bench("--quick", *wrong, expected=2)
            self.assertEqual((done.stdout, done.stderr), ("", f"scripts/bench: {said}\n"), wrong)
        self.assertFalse((self.top / "installed").exists())
        self.assertFalse((self.top / "out").exists())

    def test_explains_itself(self):
        done = subprocess.run([SCRIPT, "--help"], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for option in ("--quick", "--scanners", "--only", "--tools", "--work", "--out"):
            self.assertIn(f"\n  {option} ", done.stdout)
        for wrong in (["--quack"], ["--only", "x"], ["--tools"]):
            done = subprocess.run([SCRIPT, *wrong], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (2, "", 1), wrong)


if __name__ == "__main__":
    unittest.main()
