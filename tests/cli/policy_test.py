#!/usr/bin/env python3
"""What `watertight check --policy` tells, and that the schema and the parser judge alike.

usage: policy_test.py WATERTIGHT SCHEMA [--all]

With --all, every value stands once at every place of every policy, not a sample of them. The images are tarfile's, the fingerprints hashlib's; the schema is judged by the package jsonschema.
"""

import hashlib
import io
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tarfile
import tempfile
import unittest

try:
    import jsonschema
except ImportError:
    jsonschema = None

TOKEN = "acme_" + "0123456789abcdef" * 2
KNOWN = "correct horse " + "battery staple"


def tar(files):
    """files: contents by name; a str is the target of a symbolic link."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            if isinstance(content, str):
                entry.type, entry.linkname, content = tarfile.SYMTYPE, content, b""
            elif name.endswith("/"):
                entry.type, entry.mode = tarfile.DIRTYPE, 0o755
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


def image(files, created_by="COPY . /", env=(), config=None):
    """A docker save archive of one layer."""
    layer = tar(files)
    config = json.dumps({
        "architecture": "amd64", "os": "linux", "config": {"Env": list(env), **(config or {})},
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest()]},
        "history": [{"created_by": created_by}]}).encode()
    name = hashlib.sha256(config).hexdigest() + ".json"
    manifest = json.dumps([{"Config": name, "RepoTags": ["a:b"], "Layers": ["l.tar"]}]).encode()
    return tar({name: config, "l.tar": layer, "manifest.json": manifest})


def fingerprint(value):
    return hashlib.sha256(value.encode()).hexdigest()[:8]


class FolderTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="watertight-")
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)


class PolicyTest(FolderTest):
    def check(self, policy, *options, images=("app.tar",), environment=None):
        text = policy if isinstance(policy, str) else json.dumps(policy)
        (self.path / "policy.yaml").write_text(text)
        return subprocess.run([PROGRAM, "check", *images, "--policy", "policy.yaml", *options], cwd=self.path,
                              capture_output=True, text=True, timeout=120, env={**os.environ, **(environment or {})})

    def write(self, **options):
        (self.path / "app.tar").write_bytes(image(**options))

    def statuses(self, result):
        return {test["name"]: test["status"] for test in json.loads(result.stdout)["tests"]}

    def test_own_rules_find_in_every_carrier_and_are_redacted_everywhere(self):
        self.write(files={"srv/a": f"x {TOKEN}".encode(), "srv/.npmrc": b"registry=x\n"},
                   created_by=f"RUN fetch {TOKEN}", env=[f"PLACE={TOKEN}"])
        policy = {"version": 1, "rules": [{"id": "acme-token", "title": "of acme", "pattern": "acme_[0-9a-f]{32}"}]}
        for options in (), ("--format", "json"):
            result = self.check(policy, *options)
            self.assertEqual(result.returncode, 1, result.stderr)
            self.assertNotIn(TOKEN, result.stdout)
            self.assertNotIn(TOKEN[:8], result.stdout)
        findings = [one for one in json.loads(result.stdout)["findings"] if one["rule"] == "acme-token"]
        self.assertEqual({one["carrier"] for one in findings}, {"file", "history", "config"})
        self.assertEqual({one["about"] for one in findings}, {"of acme"})
        self.assertEqual(json.loads(result.stdout)["policy"]["rules"], [{"id": "acme-token", "findings": 3}])

    def test_known_secrets_of_the_environment_and_of_files(self):
        self.write(files={"srv/a": f"x {KNOWN} y".encode(), "srv/.npmrc": b"x"}, created_by=f"RUN say '{KNOWN}'")
        (self.path / "key").write_text("another value\n")
        policy = {"version": 1, "secrets": [{"file": "key"}, {"env": "KNOWN"}]}
        for options in (), ("--format", "json"):
            result = self.check(policy, *options, environment={"KNOWN": KNOWN})
            self.assertEqual(result.returncode, 1, result.stderr)
            self.assertNotIn(KNOWN[:8], result.stdout)
        self.assertEqual(self.statuses(result)["NoLeakedValue"], "failed")
        self.assertEqual([one["secret"] for one in json.loads(result.stdout)["findings"] if one["secret"]], [2, 2])
        result = self.check(policy, "--format", "json", environment={"KNOWN": "is not there"})
        self.assertEqual(self.statuses(result)["NoLeakedValue"], "passed")

    def test_a_value_at_the_wrong_place_is_not_printed(self):
        self.write(files={"srv/a": b"clean"})
        result = self.check({"version": 1, "allow": [{"fingerprint": KNOWN, "reason": "pasted"}]})
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertNotIn(KNOWN[:8], result.stderr)
        self.assertIn("a fingerprint is eight digits", result.stderr)

    def test_a_folder_is_no_secret(self):
        self.write(files={"srv/a": b"clean"})
        result = self.check(f"version: 1\nsecrets:\n  - file: {self.path}\n")
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertEqual(result.stderr, f"watertight: policy.yaml:3:11: {self.path}: is a directory\n")

    def test_allowed_findings_are_notes_and_unused_entries_are_told(self):
        self.write(files={"srv/a": TOKEN.encode(), "srv/.npmrc": b"_auth=x\n"},
                   created_by="ENV API_TOKEN=" + "q8Wdg3Kd92" + "jfHqpw71mZ")
        rules = "version: 1\nrules:\n- {id: acme, pattern: 'acme_[0-9a-f]{32}'}\nallow:\n"
        entries = [
            "- {rule: acme, path: srv/a, reason: one}",
            f"- {{fingerprint: '{fingerprint('_auth=x' + chr(10))}', reason: two}}",
            f"- {{fingerprint: '{fingerprint('q8Wdg3Kd92' + 'jfHqpw71mZ')}', reason: three}}",
            "- {rule: jwt-*, reason: four}",
            "- {path: '**', reason: five, expires: 2020-01-31}",
        ]
        result = self.check(rules + "\n".join(entries))
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertIn("policy.yaml:8:3: this entry allows nothing that was found\n", result.stdout)
        self.assertIn("policy.yaml:9:3: this entry expired on 2020-01-31, and allows nothing any more\n", result.stdout)
        self.assertEqual(result.stdout.count("policy.yaml:"), 2, result.stdout)
        document = json.loads(self.check(rules + "\n".join(entries), "--format", "json").stdout)
        self.assertEqual({one["allowed"]: one["level"] for one in document["findings"]},
                         {"one": "note", "two": "note", "three": "note"})
        self.assertEqual([one["findings"] > 0 for one in document["policy"]["allow"]],
                         [True, True, True, False, False])
        self.assertEqual([one["expired"] for one in document["policy"]["allow"]], [False] * 4 + [True])
        for left_out in range(3):
            fewer = entries[:left_out] + entries[left_out + 1:]
            self.assertEqual(self.check(rules + "\n".join(fewer)).returncode, 1, left_out)

    def test_an_entry_is_used_when_one_image_of_several_needs_it(self):
        self.write(files={"srv/a": b"clean"})
        (self.path / "other.tar").write_bytes(image({"srv/a": TOKEN.encode()}))
        result = self.check("version: 1\nrules:\n- {id: acme, pattern: 'acme_[0-9a-f]{32}'}\n"
                            "allow:\n- {rule: acme, reason: one}", images=("app.tar", "other.tar"))
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertNotIn("policy.yaml", result.stdout)

    def test_checks_are_switched_off_and_narrowed(self):
        self.write(files={"srv/.npmrc": b"x", "srv/x.bak": b"y"})
        every = ["Intact", "NoLeakedFile", "HistoryClean", "ConfigClean", "NoSecrets"]
        result = self.check({"version": 1}, "--format", "json")
        self.assertEqual(list(self.statuses(result)), every)
        for name in every:
            result = self.check({"version": 1, "checks": {name: False}}, "--format", "json")
            self.assertEqual(list(self.statuses(result)), [one for one in every if one != name])
        for options, files in (({}, ["srv/.npmrc"]), ({"except": ["srv/.npmrc"]}, []),
                               ({"globs": ["*.bak"], "except": [".npmrc"]}, ["srv/x.bak"])):
            result = self.check({"version": 1, "checks": {"NoLeakedFile": options}}, "--format", "json")
            self.assertEqual([one["path"] for one in json.loads(result.stdout)["findings"]], files)
            self.assertEqual(result.returncode, 1 if files else 0)

    def test_lines_below_an_error_are_one_line_each_and_hold_no_value(self):
        value = "ACMEnamevalue" + "XYZ98765"
        self.write(files={f"srv/{value}": b"x", "srv/a.txt": value.encode()})
        rule = {"id": "acme", "title": "evil\x1b[31m\nsecond line\u202e" + 300 * "x", "pattern": "ACMEnamevalue[A-Z0-9]{8}", "level": "warning"}
        result = self.check({"version": 1, "rules": [rule]})
        self.assertEqual(result.returncode, 0, result.stdout)
        [line] = [line for line in result.stdout.splitlines() if line.startswith("        warning")]
        self.assertTrue(line.startswith("        warning  srv/a.txt:1:1: evil\\x1b[31m\\nsecond line"), line)
        self.assertTrue(line.endswith("…") and len(line) <= 170, line)
        self.assertIn("        and 1 more; --format json lists all\n", result.stdout)
        for bad in (value, "\x1b", "\u202e"):
            self.assertNotIn(bad, result.stdout)

    def test_a_credential_file_that_holds_no_secret_is_a_note(self):
        reference, helper = b"//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n", b'{"credsStore": "desktop"}'
        harmless = {"root/.npmrc": reference, "root/.docker/config.json": helper, "root/.netrc": b""}
        self.write(files=harmless)
        result = self.check({"version": 1})
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertIn("  ok    NoLeakedFile  3 findings below an error\n", result.stdout)
        self.assertIn("        note     root/.netrc:1:1: login names and passwords of hosts; this one is empty\n", result.stdout)
        self.assertNotIn("more; --format json", result.stdout)
        self.write(files=harmless | {f"srv/{i}/.npmrc": reference for i in range(2)})
        result = self.check({"version": 1})
        self.assertEqual((result.returncode, result.stdout.count("        note     ")), (0, 3), result.stdout)
        self.assertIn("        and 2 more; --format json lists all\n", result.stdout)
        self.write(files=harmless)
        document = json.loads(self.check({"version": 1}, "--format", "json").stdout)
        self.assertEqual({one["path"]: (one["level"], one["about"]) for one in document["findings"]}, {
            "root/.npmrc": ("note", "npm registry credentials; this one names a variable or placeholder in place of a secret"),
            "root/.docker/config.json": ("note", "container registry credentials; this one holds no value that could be a secret"),
            "root/.netrc": ("note", "login names and passwords of hosts; this one is empty")})
        sarif = json.loads(self.check({"version": 1}, "--format", "sarif").stdout)
        self.assertEqual([one["level"] for one in sarif["runs"][0]["results"]], ["note"] * 3)

    def test_a_credential_file_is_an_error_beside_one_that_holds_no_secret(self):
        for files, failed in (({"root/.npmrc": b"", "srv/.npmrc": b"_auth=x\n"}, ["srv/.npmrc"]),
                              ({"root/.npmrc": "/run/secrets/npmrc"}, ["root/.npmrc"])):  # a symbolic link
            self.write(files=files)
            result = self.check({"version": 1}, "--format", "json")
            self.assertEqual(result.returncode, 1)
            errors = [one["path"] for one in json.loads(result.stdout)["findings"] if one["level"] == "error"]
            self.assertEqual(errors, failed)

    def test_a_file_that_the_policy_names_is_an_error_whatever_it_holds(self):
        self.write(files={"root/.npmrc": b"", "srv/x.bak": b""})
        policy = {"version": 1, "checks": {"NoLeakedFile": {"globs": ["*.bak", "root/*"]}}}
        result = self.check(policy, "--format", "json")
        self.assertEqual(result.returncode, 1)
        self.assertEqual([one["level"] for one in json.loads(result.stdout)["findings"]], ["error", "error"])

    def test_names_of_no_secrets_are_none_for_no_secrets_either(self):
        value = "q8Wdg3Kd92" + "jfHqpw71mZ"
        self.write(files={"a": b"b"}, created_by=f"ENV DEMO_TOKEN={value}", env=[f"DEMO_TOKEN={value}"])
        for history, config, failing in (([], [], ["HistoryClean", "ConfigClean", "NoSecrets"]),
                                         (["DEMO_*"], ["DEMO_*"], []), (["DEMO_*"], [], ["ConfigClean", "NoSecrets"])):
            checks = {"HistoryClean": {"allow": history}, "ConfigClean": {"allow": config}}
            result = self.check({"version": 1, "checks": checks}, "--format", "json")
            self.assertEqual([name for name, status in self.statuses(result).items() if status == "failed"], failing)

    # What holds, and what does not, for each matcher of the library.
    CLAIMS = (
        ("RunsAs", "app", "root"),
        ("RunsAsNonRoot", True, None),
        ("HasEnv", ["A", "EMPTY"], ["A", "MISSING"]),
        ("HasEnv", {"A": "one two", "EMPTY": "", "PATH": {"contains": "/bin", "starts_with": "/usr", "matches": "/.*n"}},
         {"A": "one"}),
        ("HasEnv", {"A": {"ends_with": "two"}}, {"A": {"matches": "one"}}),
        ("HasLabel", {"org.x": {"equals": "y"}}, {"org.x": {"equals": "Y"}}),
        ("HasEntrypoint", ["/app/run", "--fast"], ["/app/run"]),
        ("HasCmd", [], ["sh"]),
        ("HasWorkdir", "/srv", {"contains": "app"}),
        ("HasStopSignal", "SIGINT", "SIGTERM"),
        ("Exposes", [8080, "53/udp"], 53),
        ("HasVolume", "/data", ["/data", "/logs"]),
        ("HasHealthcheck", True, None),
        ("HasFile", ["app/run", {"path": "/etc/os", "mode": "0644", "owner": "0:0", "size": {"at_least": 1, "at_most": "1 kB"},
                                 "content": {"contains": "debian"}}], {"path": "etc/os", "content": "debian"}),
        ("HasFile", {"path": "app/run", "mode": 644}, {"path": "app/run", "size": "1 MiB"}),
        ("HasDirectory", {"path": "srv", "mode": "755"}, "etc/os"),
        ("HasSymlink", {"bin": "usr/bin"}, {"bin": "usr/sbin"}),
        ("LacksFile", ["*.map", "usr/bin/curl"], "app/**"),
        ("NeverStores", {"globs": ["**/o*"], "except": ["etc/*"]}, ["**/o*"]),
        ("HasNoSetuidFiles", True, None),
        ("HasSize", {"at_most": "1 MB"}, 7),
        ("HasLayerCount", 1, {"at_least": 2}),
        ("WastesAtMost", "0.5%", None),
        ("WastesAtMost", 0, None),
        ("IsBasedOn", "app.tar", "other.tar"),
        ("HasSameContentAs", "docker-archive:app.tar", "other.tar"),
    )

    def write_claimed(self):
        self.write(files={"app/run": b"#!", "etc/os": b"debian 12", "srv/": b"", "bin": "usr/bin"},
                   env=["A=one two", "EMPTY=", "PATH=/usr/bin"], config={
                       "User": "app", "Labels": {"org.x": "y"}, "Entrypoint": ["/app/run", "--fast"], "WorkingDir": "/srv",
                       "StopSignal": "SIGINT", "ExposedPorts": {"8080/tcp": {}, "53/udp": {}}, "Volumes": {"/data": {}},
                       "Healthcheck": {"Test": ["CMD", "true"]}})
        (self.path / "other.tar").write_bytes(image({"x": b"y"}))

    def test_every_matcher_is_there_by_its_name(self):
        self.write_claimed()
        for name, holds, fails in self.CLAIMS:
            for claim, status in ((holds, "passed"), (fails, "failed")):
                if claim is None:
                    continue
                checks = {name: claim, "Not": {name: claim}}
                result = self.check({"version": 1, "checks": checks}, "--format", "json")
                self.assertIn(result.returncode, (0, 1), result.stderr)
                statuses = self.statuses(result)
                self.assertEqual(statuses[name], status, checks)
                # Of several, none may hold.
                if status == "passed" or name in ("HasEntrypoint", "HasCmd") or not isinstance(claim, list):
                    self.assertNotEqual(statuses["Not." + name], status, checks)
        for transport in "", "docker-archive:":
            (self.path / "sub").mkdir(exist_ok=True)
            (self.path / "sub/policy.yaml").write_text(f"version: 1\nchecks: {{IsBasedOn: '{transport}../app.tar'}}\n")
            result = subprocess.run([PROGRAM, "check", "--policy", "sub/policy.yaml", "app.tar"], cwd=self.path,
                                    capture_output=True, text=True, check=False)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
        names = {name for name, _, _ in self.CLAIMS}
        schema = json.loads(SCHEMA.read_text())["definitions"]["not"]["properties"]
        self.assertEqual(names, set(schema))

    def test_the_message_of_a_claim_tells_all_that_fail(self):
        self.write_claimed()
        result = self.check("version: 1\nchecks:\n  HasFile: [app/run, app/a, app/b]\n  RunsAsNonRoot: false\n")
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stdout.count("Expected: "), 2, result.stdout)
        self.assertIn("FAIL  HasFile       its rootfs has no /app/a; expected: has the file /app/a, and 1 more\n", result.stdout)
        self.assertNotIn("RunsAsNonRoot", result.stdout)

    def test_mistakes_are_one_line_with_their_place(self):
        self.write(files={})
        for text, line in (("version: 1\nrule: []", "policy.yaml:2:1: a policy has no key rule; did you mean rules?"),
                           ("version: 1\nsecrets: [{env: WATERTIGHT_NOT_SET}]",
                            "policy.yaml:2:17: the environment variable WATERTIGHT_NOT_SET is not set"),
                           ("version: 1\nchecks: {Intact: false, NoLeakedFile: false, HistoryClean: false,\n"
                            "         ConfigClean: false, NoSecrets: false}",
                            "policy.yaml:2:9: every check is switched off, and no secret is given")):
            result = self.check(text)
            self.assertEqual((result.returncode, result.stdout), (2, ""))
            self.assertEqual(result.stderr, f"watertight: {line}\n")

    def test_a_folder_is_no_policy(self):
        self.write(files={})
        (self.path / "folder").mkdir()
        result = subprocess.run([PROGRAM, "check", "--policy", "folder", "app.tar"], cwd=self.path,
                                capture_output=True, text=True, check=False)
        self.assertEqual((result.returncode, result.stderr), (2, "watertight: folder: is a directory\n"))

    @unittest.skipIf(jsonschema is None, "needs the Python package jsonschema")
    def test_the_schema_and_the_parser_judge_alike(self):
        self.write(files={})
        schema = json.loads(SCHEMA.read_text())
        jsonschema.Draft7Validator.check_schema(schema)
        (self.path / "key").write_text("another value\n")
        rule = {"id": "acme", "pattern": "acme_"}
        allow = {"rule": "jwt-hs", "reason": "r"}
        full = {"version": 1, "checks": {"Intact": True, "NoSecrets": True, "NoLeakedFile": {"globs": [], "except": ["a"]},
                                         "HistoryClean": {"allow": ["A"]}, "ConfigClean": {}},
                "secrets": [{"file": "key"}, {"env": "PATH"}],
                "rules": [{**rule, "title": "t", "literals": ["acme"], "entropy": 0.5, "stop_words": ["x"],
                           "level": "note"}],
                "allow": [{**allow, "path": "a", "fingerprint": "0123abcd", "expires": "2999-12-31"}]}
        self.write_claimed()
        (self.path / "base.yaml").write_text("version: 1")
        entry = {"image": "app.tar"}
        good = [full, {"version": 1}, {"version": 1, "include": "base.yaml", "images": []},
                {"version": 1, "include": ["base.yaml"], "images": [
                    entry, {"tags": "a:b"}, {**full, "image": ["*.tar", "docker://x"], "tags": ["a:*"], "platform": "linux/amd64"}]}]
        del good[-1]["images"][-1]["version"]
        judged = [{"version": 1, "checks": {name: claim}} for name, *both in self.CLAIMS for claim in both if claim is not None]
        bad = [{}, [], {"version": 2}, {"version": "1"}, {"version": 1, "more": 1}, {"version": 1, "checks": []},
               {"version": 1, "checks": {"NoSecrets": {}}}, {"version": 1, "checks": {"ConfigClean": {"deny": []}}},
               {"version": 1, "checks": {"NoLeakedFile": {"globs": [""]}}}, {"version": 1, "checks": {"Intact": None}}]
        bad += [{"version": 1, "secrets": one} for one in ({}, [{}], [{"env": "PATH", "file": "key"}], [{"value": "x"}])]
        bad += [{"version": 1, "rules": [one]} for one in (
            {"id": "acme"}, {"pattern": "acme_"}, {**rule, "id": "Acme"}, {**rule, "level": "info"},
            {**rule, "entropy": 9}, {**rule, "entropy": "1"}, {**rule, "literals": ["ab"]}, {**rule, "regex": "x"})]
        bad += [{"version": 1, "allow": [one]} for one in (
            {"rule": "jwt-hs"}, {"reason": "r"}, {**allow, "reason": " "}, {**allow, "fingerprint": "0123ABCD"},
            {**allow, "expires": "tomorrow"}, {**allow, "until": "2999-12-31"})]
        bad += [{"version": 1, "checks": one} for one in (
            {"RunsAs": []}, {"RunsAsNonRoot": "node"}, {"HasEnv": {}}, {"HasEnv": {"A": []}}, {"HasEnv": {"A": {"is": "b"}}},
            {"HasCmd": "sh"}, {"Exposes": {}}, {"HasFile": {"mode": "0755"}}, {"HasFile": {"path": "a", "mode": "rwx"}},
            {"HasDirectory": {"path": "a", "size": 1}}, {"LacksFile": []}, {"NeverStores": {"except": ["a"]}}, {"HasSize": {}},
            {"HasWorkdir": {}}, {"HasEnv": {"A": {}}}, {"HasFile": {"path": "a", "content": {}}}, {"Exposes": 0},
            {"Exposes": [80, 65536]}, {"Exposes": "80/tpc"}, {"Not": {"Exposes": "http"}}, {"HasSize": "12 Mb"}, {"HasLayerCount": -1}, {"WastesAtMost": "x%"}, {"Not": []}, {"Not": {"Intact": True}})]
        bad += [{"version": 1, "images": one} for one in (
            entry, ["app.tar"], [{}], [{"checks": {}}], [{"image": []}], [{"image": ""}], [{"image": [[]]}], [{"tags": []}],
            [{**entry, "platform": "arm64"}], [{**entry, "version": 1}], [{**entry, "checks": {"RunsAs": []}}],
            [{**entry, "allow": [{"rule": "jwt-hs"}]}], [{**entry, "secrets": [{}]}], [{**entry, "include": "base.yaml"}])]
        bad += [{"version": 1, "include": one} for one in ([], "", {}, [1.5, []])]
        validator = jsonschema.Draft7Validator(schema)
        for policy in judged:
            self.assertTrue(validator.is_valid(policy), policy)
        for policies, valid in ((good, True), (bad, False)):
            for policy in policies:
                self.assertEqual(validator.is_valid(policy), valid, policy)
                self.assertEqual(self.check(policy).returncode, 0 if valid else 2, policy)

    @unittest.skipIf(jsonschema is None, "needs the Python package jsonschema")
    def test_they_judge_values_of_a_wrong_type_alike(self):
        self.write_claimed()
        (self.path / "key").write_text("another value\n")
        (self.path / "base.yaml").write_text("version: 1")
        validator = jsonschema.Draft7Validator(json.loads(SCHEMA.read_text()))
        changed = list(changed_policies(self.CLAIMS))
        self.assertGreater(len(changed), 3000)
        if not ALL:
            changed = random.Random(7).sample(changed, 700)
        accepted = 0
        for policy in changed:
            result = self.check(policy, "--gtest_list_tests")
            self.assertIn(result.returncode, (0, 2), policy)
            if result.returncode == 2:
                self.assertRegex(result.stderr, r"\A[^\n]+\n\Z")
                if validator.is_valid(policy):
                    self.assertRegex(result.stderr, BEYOND_TYPES, policy)
                continue
            accepted += 1
            self.assertTrue(validator.is_valid(policy), policy)
        self.assertGreater(accepted, len(changed) // 20)


# What no schema can say of a value.
BEYOND_TYPES = re.compile(
    "RE2 refuses|glob|cannot be opened|is not set|no rule has the id|mode is octal|of 32 bits|every check is switched off|"
    "expires is a day|is a directory|is one character alone|has this id|literal|No such file|covers everything|"
    "allowed finding|skopeo|is no file or folder|no image")

VALUES = (
    None, True, False, 0, 1, -1, 8, 1.0, 1.5, 1e3, 65536, 1e16, 1e300, "", "x", "5", "-5", "1.5", "5%", ".%", "101%", "true", "0755",
    "99999", "80/tcp", "12 MB", "1.2.3", "1000:1000", "a b", "a=b", [], [""], ["x"], [5], [None], [True], [[]], [{}], ["x", 5], {}, {"x": "y"}, {"x": 5},
    {"x": None}, {"x": []}, {"a=b": "x"}, {"path": "a"}, {"path": 5}, {"path": "a", "mode": True}, {"at_least": 1}, {"at_most": "x"}, {"equals": 5},
    {"equals": None}, {"contains": ""}, {"globs": ["a"]}, {"globs": [5]}, {"except": []}, {"except": [True]}, {"env": "PATH"}, {"env": 5})


def places(value, path=()):
    yield path
    if isinstance(value, (dict, list)):
        for key in (value if isinstance(value, dict) else range(len(value))):
            yield from places(value[key], (*path, key))


def changed_policies(claims):
    """Policies with one value in place of another, each kind of place once."""
    allow = {"rule": "jwt-hs", "path": "a", "fingerprint": "0123abcd", "reason": "r", "expires": "2999-12-31"}
    rule = {"id": "acme", "pattern": "acme_", "title": "t", "literals": ["acme"], "entropy": 0.5, "stop_words": ["x"], "level": "note"}
    checks = {"Intact": True, "NoSecrets": True, "NoLeakedFile": {"globs": ["b"], "except": ["a"]}, "HistoryClean": {"allow": ["A"]}}
    shared = {"checks": checks, "secrets": [{"file": "key"}], "rules": [rule], "allow": [allow]}
    policies = [{"version": 1, "include": "base.yaml", **shared},
                {"version": 1, "images": [{"image": ["*.tar"], "tags": ["a:*"], "platform": "linux/amd64", **shared}]}]
    for name, holds, fails in claims:
        for claim in holds, fails:
            if claim is not None:
                policies += [{"version": 1, "checks": {name: claim}}, {"version": 1, "checks": {"Not": {name: claim}}}]
    known = set()
    for policy in policies:
        for path in places(policy):
            kind = tuple(0 if isinstance(part, int) else part for part in path)
            if not path or kind in known:
                continue
            known.add(kind)
            for value in VALUES:
                changed = json.loads(json.dumps(policy))
                inner = changed
                for part in path[:-1]:
                    inner = inner[part]
                inner[path[-1]] = value
                yield changed


if __name__ == "__main__":
    PROGRAM = str(pathlib.Path(sys.argv[1]).resolve())
    SCHEMA = pathlib.Path(sys.argv[2])
    ALL = "--all" in sys.argv
    unittest.main(argv=sys.argv[:1])
