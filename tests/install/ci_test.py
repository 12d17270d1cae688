#!/usr/bin/env python3
"""The examples for GitHub Actions and GitLab CI: their commands are run as the services would, in a folder of their own.

    ci_test.py PREFIX SARIF_SCHEMA

In the place of docker stands the generator, in that of CMake's build an installed program. What belongs to a service, such as
an upload, is held to what it needs: its inputs have known names, and the files are there.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

try:
    import jsonschema
    import yaml
except ImportError as error:
    print(f"skipped: {error}; scripts/setup --dev installs it")
    sys.exit(77)

SOURCE = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = SOURCE / "examples"

# Action -> its inputs, as its action.yml names them, those in use here.
ACTIONS = {
    "actions/checkout@v5": {"repository", "ref", "path"},
    "actions/cache@v5": {"path", "key"},
    "actions/upload-artifact@v6": {"name", "path"},
    "github/codeql-action/upload-sarif@v4": {"sarif_file", "category"},
}
STEP_KEYS = {"name", "id", "if", "uses", "with", "run", "working-directory"}
JOB_KEYS = {"stage", "image", "services", "parallel", "script", "artifacts"}  # of GitLab
IF_KEYS = {"${{ !cancelled() }}", "steps.program.outputs.cache-hit != 'true'"}

CMAKE = """#!/bin/sh
# The build of the program: notes the call, and "installs" what is installed already.
echo "$*" >>"$HOME/cmake"
case "$1" in --install) cp -r "$PREFIX" "$4" ;; esac
"""


class Sandbox(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="watertight-ci-")
        self.addCleanup(scratch.cleanup)
        self.home = pathlib.Path(scratch.name)
        self.folder = self.home / "checkout"
        self.folder.mkdir()
        (self.home / "bin").mkdir()
        (self.home / "images").mkdir()
        (self.home / "bin/docker").symlink_to(SOURCE / "tests/install/generator_docker.py")
        (self.home / "bin/cmake").write_text(CMAKE)
        (self.home / "bin/cmake").chmod(0o755)
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("GTEST_", "WATERTIGHT_", "CI"))}
        self.environment = plain | {"HOME": str(self.home), "PATH": f"{self.home / 'bin'}:{PREFIX / 'bin'}:{os.environ['PATH']}",
                                    "PREFIX": str(PREFIX), "GENERATOR_DOCKER": str(self.home / "images"),
                                    "WATERTIGHT": str(PREFIX / "bin/watertight"), "CI": "true"}
        shutil.copytree(EXAMPLES / "image_policy", self.folder, dirs_exist_ok=True)
        (self.folder / ".npmrc").write_text("//npm.example/:_password=hunter2\n")

    def leak(self):
        path = self.folder / "Dockerfile"
        path.write_text(path.read_text().replace("COPY index", "COPY .npmrc index"))

    def shell(self, text, folder=".", **environment):
        return subprocess.run(["bash", "-e", "-o", "pipefail", "-c", text], cwd=self.folder / folder, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env=self.environment | environment)

    def knows_its_options(self, texts):
        """Every option of a `watertight COMMAND` stands in that command's help."""
        joined = "\n".join(texts).replace("\\\n", " ")
        calls = re.findall(r"watertight (check|inspect|find) (.*)", joined)
        self.assertTrue(calls)
        for command, words in calls:
            said = self.shell(f"watertight {command} --help").stdout
            for option in re.findall(r"(?<!\S)--[a-z-]+", words):
                self.assertIn(option, said)

    def cases(self, path):
        return {case.get("name"): case.find("failure") is None
                for case in xml.etree.ElementTree.parse(path).iter("testcase")}


class GitHubActions(Sandbox):
    def setUp(self):
        super().setUp()
        self.workflow = yaml.safe_load((EXAMPLES / "github-actions/image.yml").read_text())
        self.steps = self.workflow["jobs"]["check"]["steps"]
        (self.folder / "watertight/scripts").mkdir(parents=True)
        (self.folder / "watertight/scripts/setup").write_text("#!/bin/sh\n")
        (self.folder / "watertight/scripts/setup").chmod(0o755)

    def run_job(self, cached):
        """Runs the steps as the service does: how each with a command ended, what it said, and the inputs of uploads."""
        ended, said, uploads, failed = {}, {}, {}, False
        for step in self.steps:
            condition = step.get("if", "")
            if condition.startswith("steps.program") and cached or failed and condition != "${{ !cancelled() }}":
                continue
            if "run" in step:
                done = self.shell(step["run"], step.get("working-directory", "."), GITHUB_ACTIONS="true")
                ended[step["name"]], said[step["name"]] = done.returncode, done.stdout
                failed = failed or done.returncode != 0
            elif "upload" in step["uses"]:
                uploads[step["uses"].split("@")[0]] = step["with"]
        return ended, said, uploads

    def test_form(self):
        # YAML 1.1 reads the key `on` as true.
        self.assertEqual(set(self.workflow), {"name", True, "permissions", "jobs"})
        self.assertEqual(self.workflow["permissions"], {"actions": "read", "contents": "read", "security-events": "write"})
        for step in self.steps:
            self.assertLessEqual(set(step), STEP_KEYS)
            self.assertEqual(len({"uses", "run"} & set(step)), 1)
            self.assertLessEqual({step["if"]} if "if" in step else set(), IF_KEYS)
            if "uses" in step:
                self.assertLessEqual(set(step.get("with", {})), ACTIONS[step["uses"]])
        self.knows_its_options(step.get("run", "") for step in self.steps)

    def test_builds_what_there_is(self):
        presets = json.loads((SOURCE / "CMakePresets.json").read_text())
        self.assertIn("release", [preset["name"] for preset in presets["buildPresets"]])
        ended, said, uploads = self.run_job(cached=False)
        self.assertEqual((self.home / "cmake").read_text().splitlines(),
                         ["--preset release", "--build --preset release --target watertight",
                          f"--install build/release --prefix {self.home}/watertight"])

    def test_an_image_that_leaks_and_a_clean_one(self):
        clean = (self.folder / "Dockerfile").read_text()
        self.leak()
        ended, said, uploads = self.run_job(cached=False)
        self.assertEqual(ended, {"Install the libraries": 0, "Build the program": 0, "Build the image": 0, "Check the image": 1},
                         said)
        self.assertIn("\n::error ", said["Check the image"])
        rules = {result["ruleId"] for result in self.sarif(uploads)["runs"][0]["results"] if result["level"] == "error"}
        self.assertTrue(rules)
        self.assertFalse(self.cases(self.folder / "watertight.xml")["NoLeakedFile"])
        kept = uploads["actions/upload-artifact"]["path"].split()
        self.assertTrue(kept)
        for name in kept:
            self.assertGreater((self.folder / name).stat().st_size, 0)

        (self.folder / "Dockerfile").write_text(clean)
        ended, said, uploads = self.run_job(cached=True)
        self.assertEqual(ended, {"Install the libraries": 0, "Build the image": 0, "Check the image": 0}, said)
        self.assertEqual([result for result in self.sarif(uploads)["runs"][0]["results"] if result["level"] == "error"], [])
        self.assertTrue(all(self.cases(self.folder / "watertight.xml").values()))

    def sarif(self, uploads):
        report = json.loads((self.folder / uploads["github/codeql-action/upload-sarif"]["sarif_file"]).read_text())
        jsonschema.validate(report, json.loads(SCHEMA.read_text()))
        return report


class GitLab(Sandbox):
    def setUp(self):
        super().setUp()
        self.pipeline = yaml.safe_load((EXAMPLES / "gitlab-ci/.gitlab-ci.yml").read_text())

    def run_job(self, name, **variables):
        """Runs a job's script in a folder with the artifacts of the jobs before, as a runner does."""
        job = self.pipeline[name]
        done = self.shell("\n".join(job["script"]), **variables)
        for path in [*job["artifacts"].get("paths", []), *job["artifacts"].get("reports", {}).values()]:
            self.assertTrue((self.folder / path).is_file(), done.stdout)
        return done

    def test_form(self):
        jobs = {name: job for name, job in self.pipeline.items() if name != "stages"}
        self.assertEqual([job["stage"] for job in jobs.values()], self.pipeline["stages"])
        for job in jobs.values():
            self.assertLessEqual(set(job), JOB_KEYS)
        self.knows_its_options(line for job in jobs.values() for line in job["script"])

    def test_parallel_jobs_make_each_check_once(self):
        self.leak()
        self.assertEqual(self.run_job("build image").returncode, 0)
        done = self.shell("watertight check app.tar --policy policy.yaml --output junit=whole.xml")
        self.assertEqual(done.returncode, 1, done.stdout)
        whole = self.cases(self.folder / "whole.xml")
        self.assertIn(False, whole.values())
        count, made, codes = self.pipeline["check image"]["parallel"], [], []
        for node in range(1, count + 1):
            codes.append(self.run_job("check image", CI_NODE_INDEX=str(node), CI_NODE_TOTAL=str(count)).returncode)
            made.append(self.cases(self.folder / "watertight.xml"))
        self.assertTrue(all(made), "a job without a check")
        self.assertEqual(sorted(name for cases in made for name in cases), sorted(whole))
        self.assertEqual({name: passed for cases in made for name, passed in cases.items()}, whole)
        self.assertEqual(codes, [0 if all(cases.values()) else 1 for cases in made])


if __name__ == "__main__":
    SCHEMA = pathlib.Path(sys.argv.pop()).resolve()
    PREFIX = pathlib.Path(sys.argv.pop()).resolve()
    unittest.main()
