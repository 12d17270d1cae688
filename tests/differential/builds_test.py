#!/usr/bin/env python3
"""The comparison itself: every kind of change to an image is found, once, where it is; nothing else is."""

import copy
import io
import json
import os
import tarfile
import tempfile
import unittest

import bases
import corpus
import differences
import known
import recordings
import reduction
import refusals

NEW = reduction.BUILD_BEGINS + 1000
ROWS = [("app/", 0o755, (0, 0), None), ("app/.wh.gone", 0o600, (0, 0), ""), ("app/link", 0o777, (0, 0), "-> run"),
        ("app/run", 0o755, (5, 6), "#!/bin/sh\n"), ("etc/", 0o755, (0, 0), None)]


def image(rows=ROWS, edit=lambda config: None, entries=None):
    """The reduction of a base with one more layer; `edit` changes its config, `entries` the outer archive's order."""
    steps, fields = bases.bases()["system-base"]
    steps = steps + [("RUN build # buildkit", bases.tar_of(rows))]
    path = os.path.join(FOLDER, "image.tar")
    data = bases.archive_of("case", steps, fields)
    with open(path, "wb") as file:
        file.write(changed(data, edit, entries or (lambda rows: rows)))
    return reduction.reduce(path, reduction.base_layers())


def changed(data, edit, entries):
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        members = {member.name: archive.extractfile(member).read() for member in archive}
    manifest = json.loads(members.pop("manifest.json"))
    config = json.loads(members.pop(manifest[0]["Config"]))
    config["created"] = "2026-11-25T01:02:03.456789Z"
    edit(config)
    words = json.dumps(config, separators=(",", ":")).encode()
    manifest[0]["Config"] = reduction.sha256(words) + ".json"
    members.update({manifest[0]["Config"]: words, "manifest.json": json.dumps(manifest).encode()})
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in entries(list(members.items())):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime = len(content), NEW
            archive.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


def fields(ours, real):
    found = [field for field, _, _ in differences.between(ours, real)]
    # Python's tarfile pads by what an archive holds.
    return [field for field in found if not field.endswith(".end")]


def row(path, **change):
    """ROWS with one entry changed: mode, owner, content."""
    rows = []
    for name, mode, owner, content in ROWS:
        if name == path:
            mode, owner, content = change.get("mode", mode), change.get("owner", owner), change.get("content", content)
        rows.append((name, mode, owner, content))
    return rows


class Comparison(unittest.TestCase):
    def test_equal_images_have_no_difference(self):
        self.assertEqual(fields(image(), image()), [])

    def test_times_and_ids_of_a_build_are_no_difference(self):
        def later(config):
            config["created"] = "2027-01-01T00:00:00Z"
            config["container"] = "ab" * 32

        def sooner(config):
            config["container"] = "cd" * 32

        self.assertEqual(fields(image(edit=later), image(edit=sooner)), [])

    def test_names_every_field_of_an_entry(self):
        for path, change, field in [("app/run", {"mode": 0o700}, "mode"), ("app/run", {"owner": (5, 7)}, "owner"),
                                    ("app/run", {"content": "#!/bin/ash"}, "content"),
                                    ("app/link", {"content": "-> ran"}, "link")]:
            self.assertEqual(fields(image(row(path, **change)), image()), [f"layers[3][{path}].{field}"])

    def test_finds_entries_that_are_missing_added_or_moved(self):
        self.assertEqual(fields(image(ROWS[1:]), image()), ["layers[3][app/]"])
        self.assertEqual(fields(image(ROWS + [("x", 0o644, (0, 0), "")]), image()), ["layers[3][x]"])
        self.assertEqual(fields(image(ROWS[4:] + ROWS[:4]), image()), ["layers[3].order"])
        self.assertEqual(fields(image(ROWS + ROWS[3:4]), image()), ["layers[3][app/run (2)]"])

    def test_old_times_count(self):
        real = image()
        ours = copy.deepcopy(real)
        ours["layers"][3]["entries"][0]["mtime"] = 0
        self.assertEqual(fields(ours, real), ["layers[3][app/].mtime"])

    def test_history_is_compared_to_the_letter(self):
        def space(config):
            config["history"][4]["created_by"] += " "

        def flag(config):
            config["history"][4]["empty_layer"] = True

        self.assertEqual(fields(image(edit=space), image()), ["config.history[4].created_by"])
        self.assertEqual(fields(image(edit=flag), image()), ["config.history[4].empty_layer"])

    def test_the_order_of_keys_counts(self):
        def reorder(config):
            config["os"] = config.pop("os")

        def spelled(found):
            return [found[0]] if found else []

        self.assertEqual(spelled(fields(image(edit=reorder), image())), ["config.spelling"])

    def test_the_outer_archive_counts(self):
        # Two ways to list one set of entries.
        backwards = image(entries=lambda rows: rows[::-1])
        self.assertTrue(all(field.startswith("archive") for field in fields(backwards, image())))
        self.assertTrue(fields(backwards, image()))

    def test_an_image_is_no_refusal(self):
        self.assertEqual(fields(image(), {"refused": "no", "line": 2}), ["refusal"])
        self.assertEqual(fields({"refused": "no", "line": 3}, {"refused": "no", "line": 2}), ["refusal.line"])
        self.assertEqual(fields({"refused": "no", "line": 3}, {"refused": "no"}), [])
        self.assertEqual(fields({"refused": "no", "printed": "a"}, {"refused": "no", "printed": "b"}), ["refusal.printed"])

    def test_a_message_of_a_run_ends_with_what_was_printed(self):
        self.assertEqual(refusals.of_run("exit status 3: why: so"), ("exit status 3", "why: so"))
        self.assertEqual(refusals.of_run("exit status 3"), ("exit status 3", None))
        self.assertEqual(refusals.of_run("no: such"), ("no: such", None))


class Refusals(unittest.TestCase):
    def test_takes_off_what_the_clients_say_around(self):
        for log, expected in [
            ("Error response from daemon: dockerfile parse error line 2: Unknown flag: link\n",
             {"refused": "Unknown flag: link", "line": 2}),
            ("#1 DONE\nDockerfile:2\n----\n   2 | >>> X\n----\nERROR: failed to build: failed to solve: "
             "dockerfile parse error on line 2: unknown instruction: X\n", {"refused": "unknown instruction: X", "line": 2}),
            ("#1 DONE\nfailed to solve with frontend dockerfile.v0: failed to create LLB definition: file with no "
             "instructions\n", {"refused": "file with no instructions"}),
            ("STEP 1/2: FROM x\nError: error building at STEP \"COPY a b\": no such file\n", {"refused": "no such file"}),
            ("#4 CACHED\n------\n > [2/2] RUN false:\n#5 0.1 words\n------\nexecutor failed running [false]: exit code: 1\n",
             {"refused": "executor failed running [false]: exit code: 1"}),
            ("panic: runtime error: index out of range [9] with length 1\n\ngoroutine 21 [running]:\nmain()\n",
             {"refused": "panic: runtime error: index out of range [9] with length 1"}),
            ("The command '/bin/sh -c false' returned a non-zero code: 1\n",
             {"refused": "The command '/bin/sh -c false' returned a non-zero code: 1"}),
            ("/bin/sh: x: not found\nsubprocess exited with status 127\nsubprocess exited with status 127\n"
             "Error: building at STEP \"RUN x\": exit status 127\n",
             {"refused": "exit status 127", "printed": "/bin/sh: x: not found"}),
            ("process failed to start with error: no such fileprocess exited with error: exec: not startedsubprocess "
             "exited with status 1\nError: building at STEP \"RUN x\": exit status 1\n",
             {"refused": "exit status 1", "printed": "process failed to start with error: no such file"}),
            ("#5 0.2 one\n#5 0.3 two words\n#5 ERROR: process \"x\" did not complete successfully: exit code: 2\n"
             "ERROR: failed to solve: process \"x\" did not complete successfully: exit code: 2\n",
             {"refused": "process \"x\" did not complete successfully: exit code: 2", "printed": "two words"}),
            ("Error: building at STEP \"COPY b /x/b\": 2 errors occurred:\n\t* reading \"/tmp/t1/context/b\": io: "
             "read/write on closed pipe\n\t* storing \"/tmp/t1/context/b\": not a directory\n\n",
             {"refused": "storing \"b\": not a directory"}),
            ("Error: building at STEP \"COPY b /x\": checking on sources under \"/tmp/t1/context\": copier: stat: \"/b\": "
             "no such file\n", {"refused": "checking on sources: copier: stat: \"/b\": no such file"}),
            ("Error: resolving step {Value:env Next:0xc000123456 Children:[] Original:ENV A=${B!x} StartLine:2 "
             "EndLine:2}: Missing ':'\n", {"refused": "Missing ':'"}),
            ("Error: building at STEP \"X \": Build error: Unknown instruction: \"X\" &imagebuilder.Step{Env:[]string{"
             "\"A=1\"}, Original:\"x\"}\n", {"refused": "Build error: Unknown instruction: \"X\""}),
            ("Get \"https://registry-1.docker.io/v2/\": no such host\n", {"unrecorded": "needs a registry"}),
        ]:
            self.assertEqual(refusals.refusal(log), expected)


class Known(unittest.TestCase):
    FOUND = [("classic-28", "copy-a", "config.os", "x", "y"), ("classic-28", "copy-b", "config.os", "x", "y")]

    def test_explains_only_what_an_entry_names(self):
        entry = {"builders": ["classic-*"], "cases": ["copy-a"], "field": r"config\.", "reason": "r"}
        self.assertEqual(known.split(self.FOUND, [entry]), (self.FOUND[:1], self.FOUND[1:]))

    def test_an_entry_that_explains_nothing_is_unused_where_it_could_have_been_used(self):
        entry = {"builders": ["classic-28"], "cases": ["copy-c"], "field": "", "reason": "r"}
        self.assertEqual(known.unused([entry], self.FOUND, ["classic-28"], ["copy-a", "copy-c"]), [entry])
        self.assertEqual(known.unused([entry], self.FOUND, ["classic-28"], ["copy-a"]), [])
        self.assertEqual(known.unused([{**entry, "sometimes": True}], self.FOUND, ["classic-28"], ["copy-a", "copy-c"]), [])
        self.assertEqual(known.unused([entry], self.FOUND, ["classic-26"], ["copy-c"]), [])


class Recordings(unittest.TestCase):
    # The others are recorded elsewhere; the cases real-* came after that.
    OF_DEBIAN_12 = ("classic-20.10", "buildkit-0.8", "buildah-1.28", "buildah-1.28-layers")

    def test_every_case_is_recorded_and_every_recording_is_a_case(self):
        for name in sorted(os.listdir(recordings.FOLDER)) if os.path.exists(recordings.FOLDER) else []:
            builder = name.removesuffix(".json.xz")
            cases = set(recordings.read(builder)["cases"])
            self.assertLessEqual(cases, set(corpus.names()), name)
            missing = [case for case in corpus.names() if case not in cases]
            late = [] if builder in self.OF_DEBIAN_12 else [case for case in missing if case.startswith("real-")]
            self.assertEqual(missing, late, name)

    def test_the_corpus_is_large_enough(self):
        self.assertGreaterEqual(len(corpus.names()), 140)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as FOLDER:
        unittest.main()
