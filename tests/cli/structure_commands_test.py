#!/usr/bin/env python3
"""Command tests of container-structure-test: what `watertight check` asks of an engine, and how it judges the answers.

usage: structure_commands_test.py WATERTIGHT DATA FOLDER      FOLDER takes the unpacked kit of samples

The engine is a script, which keeps a diary; where a real docker answers, it runs commands too.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

# A container's command is: say OUTPUT ERROR EXIT_CODE, or what cannot be started.
ENGINE = '''#!{python}
import json, os, pathlib, sys
folder = pathlib.Path({folder!r})
words = sys.argv[1:]
with open(folder / "diary", "a") as diary:
    diary.write(json.dumps(words) + "\\n")
verb = words[0]
if verb == "ps":
    sys.exit(int((folder / "asleep").exists()))
if verb == "image":
    known = (folder / "images").read_text().split() if (folder / "images").exists() else []
    sys.exit(int(words[2] not in known))
if verb == "load":
    if (folder / "refuses").exists():
        print("it is no archive", file=sys.stderr)
        sys.exit(1)
    print("Loaded image: app:ci")
if verb == "create":
    (folder / "created").write_text(json.dumps(words))
    print("container1")
if verb in ("start", "inspect"):
    created = json.loads((folder / "created").read_text())
    command = created[created.index("") + 2:]
    code = command[3] if command[0] == "say" else "127"
    if verb == "inspect":
        print(code + ("" if command[0] == "say" else " no such program"))
    elif command[0] == "say":
        print(command[1])
        print(command[2], file=sys.stderr)
    else:
        print("Error: no such program", file=sys.stderr)
if verb == "commit":
    print("sha256:made")
'''


class StructureCommandsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="watertight-")
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name)
        engine = self.path / "docker"
        engine.write_text(ENGINE.format(python=sys.executable, folder=folder.name))
        engine.chmod(0o755)
        (self.path / "app.tar").write_bytes(IMAGES.app())

    def check(self, tests, *options, path=None, image="app.tar", **more):
        (self.path / "tests.yaml").write_text(json.dumps({"schemaVersion": "2.0.0", "commandTests": tests, **more}))
        return subprocess.run([PROGRAM, "check", image, "--policy", "tests.yaml", *options], cwd=self.path,
                              capture_output=True, text=True, timeout=120, env={**os.environ, "PATH": path or str(self.path)})

    def statuses(self, *arguments, **more):
        result = self.check(*arguments, "--format", "json", **more)
        self.assertEqual(result.stderr, "")
        return {test["name"]: test["status"] for test in json.loads(result.stdout)["tests"]}

    def diary(self):
        return [json.loads(line) for line in (self.path / "diary").read_text().splitlines()]

    def test_judges_outputs_and_exit_codes(self):
        say = {"command": "say", "args": ["out", "err", "3"]}
        statuses = self.statuses([
            {"name": "all", **say, "exitCode": 3, "expectedOutput": ["^out\n$"], "excludedOutput": ["err"],
             "expectedError": ["^err\n$"], "excludedError": ["out"]},
            {"name": "code", **say}, {"name": "output", **say, "exitCode": 3, "expectedOutput": ["^err"]},
            {"name": "not output", **say, "exitCode": 3, "excludedOutput": ["out"]},
            {"name": "error", **say, "exitCode": 3, "expectedError": ["out"]},
            {"name": "not error", **say, "exitCode": 3, "excludedError": ["e"]},
            {"name": "pattern", **say, "exitCode": 3, "excludedError": ["("]},
            {"name": "not started", "command": "nope", "exitCode": 127}])
        self.assertEqual(statuses, {"CommandTest.all": "passed", **{"CommandTest." + name: "failed" for name in (
            "code", "output", "not output", "error", "not error", "pattern", "not started")}})

    def test_no_message_shows_an_output(self):
        result = self.check([{"name": "n", "command": "say", "args": ["very" + "secret", "e", "1"],
                              "expectedOutput": ["x"]}])
        self.assertEqual(result.returncode, 1)
        self.assertNotIn("verysecret", result.stdout)
        self.assertIn("    its output (11 bytes) lacks x\n", result.stdout)

    def test_loads_the_image_once_and_removes_all_that_it_made(self):
        say = {"command": "say", "args": ["a", "b", "0"], "setup": [["say", "1", "2", "0"]]}
        self.statuses([{"name": "one", **say}, {"name": "two", **say}])
        verbs = [words[0] for words in self.diary()]
        self.assertEqual(verbs.count("load"), 1)
        self.assertEqual(verbs.count("create"), verbs.count("rm"))
        self.assertEqual(verbs.count("create"), 4)
        removed = [words[-1] for words in self.diary() if words[0] == "rmi"]
        self.assertEqual(removed, ["sha256:made", "sha256:made", "app:ci"])

    def test_an_image_that_is_there_is_neither_loaded_nor_removed(self):
        result = self.check([{"name": "n", "command": "say", "args": ["a", "b", "0"]}], "--format", "json")
        self.assertEqual(json.loads(result.stdout)["tests"][0]["status"], "passed")
        inspected = next(words[2] for words in self.diary() if words[:2] == ["image", "inspect"])
        self.assertRegex(inspected, r"^sha256:[0-9a-f]{64}$")
        (self.path / "images").write_text(inspected)
        (self.path / "diary").unlink()
        self.assertEqual(self.statuses([{"name": "n", "command": "say", "args": ["a", "b", "0"]}]),
                         {"CommandTest.n": "passed"})
        self.assertFalse({"load", "rmi"} & {words[0] for words in self.diary()})

    def test_takes_no_name_from_another_image(self):
        (self.path / "images").write_text("app:ci")
        result = self.check([{"name": "n", "command": "say", "args": ["a", "b", "0"]}])
        self.assertIn("docker has another image of the name app:ci", result.stdout)
        self.assertNotIn("load", [words[0] for words in self.diary()])

    def test_options_and_variables_reach_the_container(self):
        options = {"user": "u", "privileged": True, "allocateTty": True, "envFile": "f", "envVars": ["N"],
                   "capabilities": ["C"], "bindMounts": ["/a:/b"]}
        self.statuses([{"name": "n", "command": "say", "args": ["$HOME", "${G}", "0"], "setup": [["say", "a", "b", "0"]],
                        "envVars": [{"key": "K", "value": "$HOME"}]}],
                      containerRunOptions=options, globalEnvVars=[{"key": "G", "value": "$PATH:/g"}])
        setup, command = [words for words in self.diary() if words[0] == "create"]
        given = ["create", "--user", "u", "--privileged", "--tty", "--env-file", "f", "--env", "N", "--cap-add", "C",
                 "--volume", "/a:/b", "--env", "G=/usr/bin:/g"]
        self.assertEqual(setup, given + ["--env", "K=/home/app", "--entrypoint", "", "app:ci", "say", "a", "b", "0"])
        self.assertEqual(command, given + ["--env", "K=$HOME", "--entrypoint", "", "sha256:made",
                                           "say", "/home/app", "$PATH:/g", "0"])

    def test_is_skipped_where_no_engine_takes_the_image(self):
        test = [{"name": "n", "command": "say", "args": ["a", "b", "0"]}]
        self.assertEqual(self.statuses(test, path="/nowhere"), {"CommandTest.n": "skipped"})
        (self.path / "refuses").touch()
        self.assertIn("docker cannot load the image: it is no archive", self.check(test).stdout)
        (self.path / "asleep").touch()
        result = self.check(test)
        self.assertEqual(result.returncode, 0)
        self.assertIn("neither docker nor podman answers", result.stdout)
        self.assertEqual(self.check(test, "--strict").returncode, 1)

    def test_a_real_docker_runs_commands(self):
        real = shutil.which("docker")
        if not KIT:
            self.skipTest("no samples (set WATERTIGHT_SAMPLES)")
        if not real or subprocess.run([real, "ps"], capture_output=True).returncode != 0:
            self.skipTest("no docker answers")
        if not FOLDER.exists():
            subprocess.run([os.path.join(KIT, "unpack"), FOLDER], check=True, stdout=subprocess.DEVNULL)
        sample = FOLDER.absolute() / "docker20-S-classic.tar"
        shell = {"command": "/bin/busybox"}
        statuses = self.statuses([
            {"name": "output", **shell, "args": ["echo", "hello"], "expectedOutput": ["^hello\n$"]},
            {"name": "code", **shell, "args": ["sh", "-c", "exit 3"], "exitCode": 3},
            {"name": "wrong code", **shell, "args": ["false"]}, {"name": "none", "command": "nope", "exitCode": 127},
            {"name": "setup", **shell, "args": ["cat", "/made"], "expectedOutput": ["vee"],
             "setup": [["/bin/busybox", "sh", "-c", "echo $V > /made"]], "envVars": [{"key": "V", "value": "vee"}]}],
            path=os.environ["PATH"], image=str(sample))
        self.assertEqual(statuses, {"CommandTest.output": "passed", "CommandTest.code": "passed",
                                    "CommandTest.wrong code": "failed", "CommandTest.none": "failed",
                                    "CommandTest.setup": "passed"})


if __name__ == "__main__":
    PROGRAM = os.path.abspath(sys.argv[1])
    FOLDER = pathlib.Path(sys.argv[3])
    KIT = os.environ.get("WATERTIGHT_SAMPLES")
    sys.path.insert(0, sys.argv[2])
    sys.dont_write_bytecode = True
    import images
    IMAGES = images
    unittest.main(argv=sys.argv[:1])
