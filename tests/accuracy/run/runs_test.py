"""`watertight score` runs scanners: fake ones that behave and misbehave, and the reports of real ones as they were recorded.

usage: runs_test.py PROGRAM SCANNERS RECORDED

What is expected comes from the truth of the images, which the generator wrote.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest

import fakes

PROGRAM = os.path.abspath(sys.argv.pop(1))
SCANNERS = pathlib.Path(sys.argv.pop(1))
RECORDED = pathlib.Path(sys.argv.pop(1))
FIXTURES = ["copy/then-delete", "copy/same-run-delete", "env/literal"]
SEED = "a test"


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="runs_test.")
        self.addCleanup(folder.cleanup)
        self.work = pathlib.Path(folder.name).resolve() / "work"
        self.work.mkdir()
        self.tools = self.work.parent / "tools"
        self.scanners = self.work.parent / "scanners"

    def score(self, *arguments, scanners=None, expected=0, fixtures=FIXTURES):
        command = [PROGRAM, "score", "--scanner-dir", str(scanners or self.scanners), "--tools", str(self.tools),
                   "--work", str(self.work), "--seed", SEED, "--fixtures", ",".join(fixtures),
                   "--configuration", "default", "--view", "image", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, expected, done.stderr)
        return done

    def fake(self, name, body, **changes):
        fakes.write_scanner(self.scanners, name, **changes)
        fakes.write_program(self.tools, name, self.work, body)

    def run_of(self, name, view="image", configuration="default"):
        folder = self.work / "runs" / f"{name}.{configuration}.{view}" / SEED
        results = folder / "results.jsonl"
        lines = results.read_text().splitlines() if results.exists() else []
        return json.loads((folder / "run.json").read_text()), [json.loads(line) for line in lines]

    def truth(self, fixture):
        [path] = (self.work / "catalogue" / SEED).glob(fixture.replace("/", ".") + ".buildkit*.truth.json")
        return json.loads(path.read_text())

    def calls(self):
        return (self.work / "calls").read_text().splitlines()


class FakeScanners(Case):
    def test_one_that_finds_all_is_right(self):
        self.fake("all", fakes.FINDS_ALL)
        self.score("--view", "image,layers")
        run, results = self.run_of("all")
        self.assertEqual((run["state"], run["smoke"], run["network"]), ("ok", {"hit": True, "silent": True}, "off"))
        self.assertEqual({(row["fixture"], row["state"]) for row in results}, {(name, "ok") for name in FIXTURES})
        [row] = [row for row in results if row["fixture"] == "copy/then-delete"]
        [leak] = self.truth("copy/then-delete")["leaks"]
        [finding] = row["findings"]
        for key in ("layer", "diff_id", "path", "line", "column", "value"):
            self.assertEqual(finding[key], leak[key], key)
        self.assertEqual((finding["carrier"], finding["family"]), ("file", "vcs"))
        self.assertGreater(row["seconds"], 0)
        self.assertGreater(row["peak_memory"], 1 << 20)
        self.assertEqual(json.loads((self.work / "runs/all.default.image" / SEED / row["raw"]).read_text())["found"][0]["path"],
                         leak["path"])
        seen = {canary["carrier"]: canary["seen"] for canary in run["canaries"]}
        self.assertEqual(seen, {"file": True, "lower-layer": True, "base-layer": True, "config": False, "history": False})

    def errors(self, body, *arguments, **changes):
        """What is said of each image by a scanner that reads canaries as it should, and then does this."""
        self.fake("broken", "if IS_CANARY:\n    " + fakes.FINDS_ALL.strip().replace("\n", "\n    ") + "\n" + body, **changes)
        self.score(*arguments)
        _, results = self.run_of("broken")
        self.assertEqual({(row["state"], len(row["findings"])) for row in results}, {("error", 0)})
        self.assertEqual(len(results), len(FIXTURES))
        [reason] = {row["reason"] for row in results}
        return reason

    def test_one_that_fails_found_nothing_out(self):
        self.assertEqual(self.errors("sys.exit(3)"), "its exit code is 3")

    def test_one_that_crashes_found_nothing_out(self):
        self.assertEqual(self.errors("os.kill(os.getpid(), signal.SIGSEGV)"), "its exit code is 139")

    def test_one_that_hangs_is_ended_with_its_children(self):
        body = "import subprocess\nsubprocess.Popen(['sleep', '60'])\ntime.sleep(60)"
        self.assertEqual(self.errors(body, "--timeout", "4"), "it was ended after 4 s")

    def test_one_that_prints_garbage_found_nothing_out(self):
        self.assertEqual(self.errors("print('{]')"), "its report is no JSON")

    def test_one_that_prints_nothing_found_nothing_out(self):
        self.assertEqual(self.errors(""), "its report is empty")

    def test_a_report_of_another_shape_is_no_empty_one(self):
        self.assertEqual(self.errors("print('{\"results\": []}')"), "its report lacks found")

    def test_a_code_of_findings_without_a_finding_is_an_error(self):
        self.assertEqual(self.errors("print('{\"found\": []}')\nsys.exit(1)"),
                         "its exit code is 1, and its report has no finding")

    def test_one_that_does_not_come_to_its_end_is_an_error(self):
        report = {"from": "stdout", "format": "json", "findings": "/found/*", "fields": {"rule": "/rule", "path": "/path", "value": "/value"},
                  "end": {"in": "stderr", "pattern": "^done"}}
        said = "sys.stderr.write('done\\n') if IS_CANARY else None\n"
        self.fake("ends", said + fakes.FINDS_ALL, report=report)
        self.score()
        run, results = self.run_of("ends")
        self.assertEqual(run["state"], "ok")
        self.assertEqual({row["reason"] for row in results}, {"it did not say that it came to its end"})

    def test_one_that_does_not_look_is_an_error_and_not_silent(self):
        self.fake("blind", "print('{\"found\": []}')")
        self.score()
        run, results = self.run_of("blind")
        self.assertEqual((run["state"], run["smoke"]), ("error", {"hit": False, "silent": True}))
        self.assertEqual({row["state"] for row in results}, {"error"})
        self.assertEqual(len(self.calls()), len({"live-file", "lower-layer", "base-layer", "config", "history", "clean"}))

    def test_a_layout_that_is_not_read_is_an_error_there_alone(self):
        self.fake("old", "if 'docker-28' in IMAGE:\n    print('{\"found\": []}')\n    sys.exit(0)\n" + fakes.FINDS_ALL)
        self.score("--archive", "docker-20,docker-28")
        run, results = self.run_of("old")
        self.assertEqual(run["state"], "ok")
        self.assertEqual({(row["archive"], row["state"]) for row in results}, {("docker-20", "ok"), ("docker-28", "error")})

    def test_one_that_is_not_there_is_not_available(self):
        fakes.write_scanner(self.scanners, "absent")
        self.score()
        run, results = self.run_of("absent")
        self.assertEqual((run["state"], run["reason"], results), ("not-available", "it is not installed", []))

    def test_one_that_is_unknown_is_refused(self):
        fakes.write_scanner(self.scanners, "absent")
        said = self.score("--scanners", "other", expected=2).stderr
        self.assertEqual(said, "watertight: score: the scanner other is unknown; there are absent\n")

    @unittest.skipUnless(sys.platform == "linux", "networks are taken away on Linux alone")
    def test_none_has_a_network_or_the_users_settings(self):
        body = ("names = {line.split(':')[0].strip() for line in open('/proc/net/dev').readlines()[2:]}\n"
                "bad = names - {'lo'} or 'SECRET_OF_USER' in os.environ or not os.environ['HOME'].startswith(WORK)\n"
                "if bad or os.getcwd() == os.environ['HOME']:\n    sys.exit(9)\n")
        self.fake("alone", body + fakes.FINDS_ALL)
        os.environ["SECRET_OF_USER"] = "x"
        self.score()
        run, results = self.run_of("alone")
        if run["network"] == "on":
            self.skipTest("this machine takes no network away")
        self.assertEqual({row["state"] for row in results}, {"ok"})

    def test_what_is_finished_is_not_run_again(self):
        self.fake("all", fakes.FINDS_ALL)
        self.score()
        path = self.work / "runs/all.default.image" / SEED / "results.jsonl"
        lines = path.read_text().splitlines(keepends=True)
        # As an interruption leaves it: one image is missing, another's line is cut.
        path.write_text(lines[0] + lines[1][:20])
        (self.work / "calls").unlink()
        self.score()
        images = [call for call in self.calls() if "/catalogue/" in call]
        self.assertEqual(len(images), len(FIXTURES) - 1)
        self.assertEqual(sorted(json.loads(line)["fixture"] for line in path.read_text().splitlines()), sorted(FIXTURES))

    def test_another_program_begins_anew(self):
        self.fake("all", fakes.FINDS_ALL)
        self.score()
        self.fake("all", "# newer\n" + fakes.FINDS_ALL)
        (self.work / "calls").unlink()
        self.score()
        self.assertEqual(len([call for call in self.calls() if "/catalogue/" in call]), len(FIXTURES))

    def test_reports_are_read_again_by_another_description(self):
        several = {"several": {"image": "folder"}, "views": {"image": ["{program}", "{image}"]}}
        for batch, body, configuration in (("1", fakes.FINDS_ALL, {"views": several["views"]}),
                                           ("3", fakes.FINDS_ALL_OF_SEVERAL, several)):
            with self.subTest(batch=batch):
                self.fake("all", body, configurations={"default": configuration})
                self.score("--batch", batch)
                path = self.work / "runs/all.default.image" / SEED / "results.jsonl"
                before = {row["fixture"]: row for row in self.run_of("all")[1]}
                report = {"from": "stdout", "format": "json", "findings": "/found/*",
                          "fields": {"rule": "/rule", "path": "/path?", "layer": "/layer?", "value": "/value", "line": {"pointer": "/line", "add": 5}}}
                fakes.write_scanner(self.scanners, "all", configurations={"default": configuration}, report=report)
                (self.work / "calls").unlink()
                # As an interruption leaves it.
                lines = path.read_text().splitlines(keepends=True)
                path.with_name("results.earlier.jsonl").write_text("".join(lines[:2]))
                path.write_text(lines[2])
                self.score("--batch", batch, "--reread")
                self.assertEqual([call for call in self.calls() if "anaries" not in call], [])
                after = {row["fixture"]: row for row in self.run_of("all")[1]}
                self.assertEqual(set(after), set(FIXTURES))
                lines_found = [(then["line"] + 5, now["line"]) for name in FIXTURES
                               for then, now in zip(before[name]["findings"], after[name]["findings"], strict=True)]
                self.assertGreater(len(lines_found), 0)
                for then, now in lines_found:
                    self.assertEqual(now, then)
                for key in ("state", "exit_code", "peak_memory", "shared_by", "raw"):
                    self.assertEqual([after[name][key] for name in FIXTURES], [before[name][key] for name in FIXTURES], key)
                for name in FIXTURES:
                    self.assertAlmostEqual(after[name]["seconds"], before[name]["seconds"])
                self.assertFalse(path.with_name("results.earlier.jsonl").exists())

    def test_what_left_no_result_is_run_when_reports_are_read_again(self):
        self.fake("all", fakes.FINDS_ALL)
        self.score()
        path = self.work / "runs/all.default.image" / SEED / "results.jsonl"
        rows = [json.loads(line) for line in path.read_text().splitlines()]
        rows[1].update(state="error", reason="its exit code is 3", findings=[])
        path.write_text("".join(json.dumps(row) + "\n" for row in rows[:2]))
        (self.work / "calls").unlink()
        self.score("--reread")
        self.assertEqual(len([call for call in self.calls() if "/catalogue/" in call]), len(FIXTURES) - 1)
        self.assertEqual({row["state"] for row in self.run_of("all")[1]}, {"ok"})

    def test_sarif_needs_no_description_of_its_fields(self):
        body = r'''
def result(leak):
    region = {"startLine": leak["line"], "startColumn": leak["column"], "endColumn": leak["end_column"]}
    return {"ruleId": "github-pat", "message": {"text": "a token"}, "locations": [{"physicalLocation": {
        "artifactLocation": {"uri": leak["path"]}, "region": region}}]}
print(json.dumps({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "s"}}, "results": [
    result(leak) for leak in TRUTH["leaks"] if leak["carrier"] == "file"]}]}))
'''
        features = {"layer": False, "line": True, "column": True, "offset": False, "value": "none"}
        self.fake("sarif", body, report={"from": "stdout", "format": "sarif"}, exit={"clean": [0], "findings": [0]},
                  features=features)
        self.score()
        [row] = [row for row in self.run_of("sarif")[1] if row["fixture"] == "copy/then-delete"]
        [leak] = self.truth("copy/then-delete")["leaks"]
        [finding] = row["findings"]
        self.assertEqual([finding[key] for key in ("path", "line", "column", "end_column", "layer", "value")],
                         [leak["path"], leak["line"], leak["column"], leak["end_column"], None, None])


class Several(Case):
    """Scanners that take several images in one run."""

    def fake_of_several(self, body, how="folder", views=None):
        views = views or {"image": ["{program}", "{image}"], "rootfs": ["{program}", "{tree}"]}
        several = {view: how for view in views}
        self.fake("many", body, configurations={"default": {"views": views, "several": several}})

    def scan(self, *arguments, canaries=1):
        self.score(*arguments)
        run, results = self.run_of("many")
        self.assertEqual({row["state"] for row in results}, {"ok"})
        self.assertEqual(len(results), len(FIXTURES))
        images = [call for call in self.calls() if "canaries" not in call]
        self.assertEqual(len(self.calls()) - len(images), canaries)
        (self.work / "calls").unlink()
        found = {row["fixture"]: row["findings"] for row in results}
        self.assertEqual(len(found["copy/then-delete"]), 1)
        return run, found, sorted(row["shared_by"] for row in results), images

    def test_find_what_they_find_in_each(self):
        self.fake_of_several(fakes.FINDS_ALL_OF_SEVERAL)
        run, alone, shared, images = self.scan(canaries=6)
        self.assertEqual((run["batch"], shared, len(images)), (1, [1, 1, 1], 3))
        run, together, shared, images = self.scan("--batch", "2")
        self.assertEqual((run["batch"], shared, len(images)), (2, [1, 2, 2], 2))
        self.assertEqual(together, alone)

    def test_are_given_a_word_for_each(self):
        body = "SHOWN = [word for word in ARGUMENTS if word.startswith('--of=')]\nassert len(SHOWN) == len(INPUTS)\n"
        self.fake_of_several(body + fakes.FINDS_ALL_OF_SEVERAL, "repeat", {"image": ["{program}", "--of={image}"]})
        _, _, shared, _ = self.scan("--batch", "3")
        self.assertEqual(shared, [3, 3, 3])

    def test_of_which_one_fails_are_scanned_alone(self):
        self.fake_of_several("if len(INPUTS) > 1:\n    sys.exit(3)\n" + fakes.FINDS_ALL_OF_SEVERAL)
        _, _, shared, images = self.scan("--batch", "3", canaries=7)
        self.assertEqual((shared, len(images)), ([1, 1, 1], 4))

    def test_whose_findings_name_none_are_scanned_alone(self):
        body = "INPUTS = [(path if IMAGE else '/elsewhere', truth) for path, truth in INPUTS]\n"
        self.fake_of_several(body + fakes.FINDS_ALL_OF_SEVERAL)
        _, _, shared, images = self.scan("--batch", "3", canaries=7)
        self.assertEqual((shared, len(images)), ([1, 1, 1], 4))

    def test_get_plain_folders(self):
        self.fake_of_several(fakes.FINDS_ALL_OF_SEVERAL)
        self.score("--view", "rootfs", "--batch", "3", fixtures=["copy/then-delete", "base/deleted-in-base"])
        folder = self.work / "views" / SEED / "rootfs" / "3.0"
        self.assertEqual(sorted(path.name for path in folder.iterdir()), ["0", "1"])


class Views(Case):
    def test_are_plain_folders_of_what_the_archive_holds(self):
        self.fake("all", fakes.FINDS_ALL)
        fixtures = ["copy/then-delete"]
        self.score("--view", "layers,rootfs", fixtures=fixtures)
        views = self.work / "views" / SEED
        [layers] = (views / "layers").iterdir()
        [rootfs] = (views / "rootfs").iterdir()
        stored, visible, config = {}, {}, None
        with tarfile.open(self.work / "catalogue" / SEED / layers.name) as archive:
            [image] = json.load(archive.extractfile("manifest.json"))
            config = archive.extractfile(image["Config"]).read()
            for index, (name, digest) in enumerate(zip(image["Layers"], json.loads(config)["rootfs"]["diff_ids"])):
                for entry, content in self.files(archive.extractfile(name)):
                    base = os.path.basename(entry)
                    if base.startswith(".wh."):
                        visible.pop(os.path.join(os.path.dirname(entry), base[4:]))
                        continue
                    stored[f"layers/{index}-{digest[7:19]}/{entry}"] = content
                    visible[entry] = content
        found = self.tree(layers)
        self.assertEqual({name: found[name] for name in found if name.startswith("layers/")}, stored)
        self.assertEqual(found["config.json"], config)
        steps = json.loads(config)["history"]
        self.assertEqual([found[f"history/{i}.txt"].decode() for i in range(len(steps))], [step["created_by"] for step in steps])
        self.assertIn("archive/manifest.json", found)
        self.assertEqual(self.tree(rootfs), visible)

    @staticmethod
    def files(stream):
        with tarfile.open(fileobj=stream) as layer:
            for entry in layer:
                if entry.isfile():
                    yield entry.name.removeprefix("./"), layer.extractfile(entry).read()

    def tree(self, folder):
        found = {}
        for path in sorted(folder.rglob("*")):
            self.assertFalse(path.is_symlink(), path)
            if path.is_file():
                found[path.relative_to(folder).as_posix()] = path.read_bytes()
        return found


class MadeUpReports(Case):
    """What the descriptions of real scanners read in reports that the images of these tests do not lead to."""

    def findings(self, name, text, form=None):
        recorded = json.loads((RECORDED / f"{form or name}.json").read_text())
        other = {**recorded, "head": text, "join": "", "tail": "", "image": {"file": ""}}
        return self.replayed(name, recorded, other, "image", "copy/then-delete")

    def replayed(self, name, recorded, other, view, fixture):
        canaries = fakes.replaying(recorded).strip().replace("\n", "\n    ")
        fakes.write_program(self.tools, name, self.work, f"if IS_CANARY:\n    {canaries}\n" + fakes.replaying(other))
        self.score("--scanners", name, "--view", view, fixtures=[fixture], scanners=SCANNERS)
        _, [row] = self.run_of(name, view)
        self.assertEqual((row["state"], row["reason"]), ("ok", None))
        return row["findings"]

    def values(self, name, text):
        return [(finding["rule"], finding["path"], finding["value"]) for finding in self.findings(name, text)]

    def test_osv_scalibr_tells_the_secrets_and_not_who_they_are_for(self):
        secrets = {
            "pgpass": {"hostname": "a-host", "port": "5432", "database": "a-base", "username": "a-user", "password": "secret-1"},
            "maria_db_credentials": {"section": "client", "host": "a-host", "user": "a-user", "password": "secret-2"},
            "composer_http_basic_credentials": {"host": "a-host", "username": "a-user", "password": "secret-3"},
            "gcp_oauth2_client_credentials": {"id": "an-id", "secret": "secret-4"},
            "aws_access_key_credentials": {"access_id": "secret-5", "secret": "secret-6"},
            "gcpsak": {"private_key_id": "an-id", "client_email": "a-user", "signature": "no-secret"},
            "url_credentials": {"url": "secret-7"},
            "private_key": {"block": "secret-8"},
        }
        text = 'inventory: {\n'
        for rule, fields in secrets.items():
            inner = " ".join(f'{name}: "{value}"' for name, value in fields.items())
            text += f'secrets: {{ secret: {{ {rule}: {{ {inner} }} }} locations: {{ filepath: {{ path: "srv/{rule}" }} }} }}\n'
        expected = [(rule, f"srv/{rule}", value) for rule, fields in secrets.items() if rule != "gcpsak"
                    for value in fields.values() if value.startswith("secret")]
        self.assertEqual(sorted(self.values("osv-scalibr", text + "}\n"), key=str),
                         sorted(expected + [("gcpsak", "srv/gcpsak", None)], key=str))

    def test_trufflehog_tells_what_follows_an_id(self):
        def line(rule, raw, raw_v2):
            place = {"Data": {"Docker": {"file": "/srv/x", "image": "i", "layer": ""}}}
            return json.dumps({"SourceMetadata": place, "DetectorName": rule, "Raw": raw, "RawV2": raw_v2}) + "\n"
        text = (line("AWS", "id-1", "id-1secret-1") + line("Twilio", "id-2", "id-2secret-2") + line("Github", "secret-3", "") +
                line("Azure", "secret-4", "a tenant, secret-4, an id") + line("PyPI", "secret-5", "secret-5") +
                line("URI", "secret-6", "secret-6/path") + line("DatabricksToken", "secret-7", "secret-7host"))
        expected = {"AWS": ["id-1", "secret-1"], "Twilio": ["id-2", "secret-2"], "Github": ["secret-3"], "Azure": ["secret-4"],
                    "PyPI": ["secret-5"], "URI": ["secret-6"], "DatabricksToken": ["secret-7"]}
        self.assertEqual(self.values("trufflehog", text),
                         [(rule, "srv/x", value) for rule, values in expected.items() for value in values])

    def test_trivy_tells_no_line_of_a_binary_file(self):
        secrets = [{"RuleID": "github-pat", "StartLine": 1, "EndLine": 1, "Match": match}
                   for match in ('Binary file "/srv/x" matches a rule "GitHub Personal Access Token"', "TOKEN=****")]
        [binary, text] = self.findings("trivy", json.dumps({"Results": [{"Target": "srv/x", "Class": "secret", "Secrets": secrets}]}))
        self.assertEqual([binary[key] for key in ("rule", "path", "line", "end_line")], ["github-pat", "srv/x", None, None])
        self.assertEqual((text["line"], text["end_line"]), (1, 1))

    def test_a_rule_for_paths_tells_no_line_and_no_value(self):
        blob = "blobs/sha256/" + "0" * 64
        found = {"RuleID": "pkcs12-file", "StartLine": 0, "EndLine": 0, "StartColumn": 0, "EndColumn": 0, "Match": "file detected",
                 "Secret": "", "File": f"%image%!{blob}!srv/x.p12"}
        for name in ("gitleaks", "betterleaks"):
            [finding] = self.findings(name, json.dumps([found]), form="gitleaks")
            self.assertEqual((finding["rule"], finding["path"], finding["family"]), ("pkcs12-file", "srv/x.p12", "private-key"))
            self.assertEqual({finding[key] for key in ("line", "end_line", "column", "end_column", "value")}, {None})

    def test_kingfisher_names_the_repository_of_what_is_in_a_history(self):
        place = {"path": "conf/app.conf", "line": 3, "column_start": 8, "column_end": 47}
        file = {"git_command": "git -C %tree%/%layer%/srv/app/.git show a1e5adcf43870427ca0259113eb39d3d8ccf1b1d:conf/app.conf"}
        finding = {"rule": {"id": "generic"}, "finding": {"snippet": "secret-1", **place, "git_metadata": {"file": file}}}
        recorded = json.loads((RECORDED / "kingfisher.json").read_text())
        other = {**recorded, "tree": {"file": json.dumps(finding)}}
        unpacked = {"git_command": "git -C /tmp/.x/docker_archive_a_b-1/srv/app/.git show " + 40 * "a" + ":docs/how to show it.md"}
        finding["finding"]["git_metadata"] = {"file": unpacked}
        [found] = self.findings("kingfisher", json.dumps({"findings": [finding]}))
        self.assertEqual([found[key] for key in ("carrier", "layer", "path", "value")], ["file", None, "srv/app/.git", "secret-1"])
        findings = self.replayed("kingfisher", recorded, other, "layers", "git/loose")
        self.assertTrue(findings)
        for found in findings:
            self.assertEqual([found[key] for key in ("carrier", "layer", "path", "value")], ["file", 2, "srv/app/.git", "secret-1"])


class Adapters(Case):
    """Reports as the real scanners write them, with the values of the images of this test."""

    def check(self, name, view):
        recorded = json.loads((RECORDED / f"{name}.json").read_text())
        fakes.write_program(self.tools, name, self.work, fakes.replaying(recorded))
        self.score("--scanners", name, "--view", view, scanners=SCANNERS)
        run, results = self.run_of(name, view)
        self.assertEqual(run["state"], "ok", run)
        carriers = set(recorded["image" if view == "image" else "tree"])
        for row in results:
            self.assertEqual((row["state"], row["reason"]), ("ok", None), (name, row["fixture"]))
            leaks = [leak for leak in self.truth(row["fixture"])["leaks"] if leak["carrier"] in carriers]
            self.assertEqual(len(row["findings"]), len(leaks), (name, row["fixture"]))
            for finding, leak in zip(row["findings"], leaks):
                self.compare(run["features"], finding, leak)

    def compare(self, features, finding, leak):
        where = (finding, {key: leak[key] for key in leak if key != "value"})
        if leak["carrier"] == "file":
            self.assertEqual((finding["carrier"], finding["path"]), ("file", leak["path"]), where)
            self.assertIn(finding["diff_id"], (leak["diff_id"], None), where)
            if features["line"]:
                self.assertEqual(finding["line"], leak["line"], where)
            if features["column"]:
                self.assertEqual((finding["column"], finding["end_column"]), (leak["column"], leak["end_column"]), where)
        elif features["value"] != "none":
            self.assertEqual((finding["carrier"], finding["field"]), (leak["carrier"], leak["field"]), where)
        if features["value"] == "plain":
            self.assertEqual(finding["value"], leak["value"])
        self.assertEqual(finding["layer"] is None, finding["diff_id"] is None, where)


def add_adapters():
    for path in sorted(RECORDED.glob("*.json")):
        recorded = json.loads(path.read_text())
        for view, key in (("image", "image"), ("layers", "tree")):
            if key in recorded:
                name = f"test_{path.stem.replace('-', '_')}_in_{view}"
                setattr(Adapters, name, lambda self, name=path.stem, view=view: self.check(name, view))


add_adapters()

if __name__ == "__main__":
    if shutil.which("python3") is None:
        sys.exit("no python3")
    unittest.main()
