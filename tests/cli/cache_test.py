#!/usr/bin/env python3
"""`check --cache DIR`: the same results, fewer bytes read, whatever happens to the folder.

usage: cache_test.py WATERTIGHT
"""

import base64
import fcntl
import hashlib
import json
import os
import pathlib
import random
import shutil
import stat
import subprocess
import sys
import tempfile
import time
import unittest

from saved_images import layer_of, noise, token, write_image

BASE_TOKEN = token("base")
PACKAGED = b"key = " + token("packaged").encode() + b"\n"
BASE_FILES = {
    "etc/os-release": b"ID=debian\n",
    "etc/shadow": b"root:$6$" + b"saltsalt" + b"$" + b"Ab1/" * 21 + b"Ab:19000:0:99999:7:::\n",
    "root/.npmrc": b"//registry.example.com/:_authToken=" + BASE_TOKEN.encode() + b"\n",
    "root/.pgpass": b"db:5432:app:app:Vq8xLr2WnT4zKd7\n",
    "usr/share/doc/tool/sample.cfg": PACKAGED,
    "var/lib/dpkg/status": b"Package: tool\nStatus: install ok installed\n\n",
    "var/lib/dpkg/info/tool.md5sums":
        hashlib.md5(PACKAGED).hexdigest().encode() + b"  usr/share/doc/tool/sample.cfg\n",
    "var/lib/dpkg/info/tool.list": b"/.\n/usr/share/doc/tool/sample.cfg\n",
}


def base_layer(size):
    files = dict(BASE_FILES)
    for i in range(8):
        files[f"usr/lib/part{i}.bin"] = noise(i, size // 8)
    files["usr/lib/last.txt"] = b"password = Hq7" + b"vLx2RtZ9pWk4\n"
    return layer_of(files)


class CacheTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="watertight-")
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name)
        self.cache = self.path / "cache"

    def images(self, count, size, compress=False):
        """That share a base; and how many distinct bytes they have."""
        base = base_layer(size)
        paths, distinct = [], 0
        for i in range(count):
            own = layer_of({f"app/{i}.txt": b"app" + str(i).encode(), "app/.env":
                            b"API_TOKEN=" + token(f"app{i}").encode() + b"\n", "app/x": noise(100 + i, 4000)})
            paths.append(self.path / f"app{i}.{'gz' if compress else 'plain'}.tar")
            whole = write_image(paths[-1], [base, own], f"app:{i}", compress)
            alone = write_image(self.path / "alone.tar", [base], f"app:{i}", compress)
            distinct += whole if i == 0 else whole - alone
        time.sleep(0.15)  # a file that has just been written is hashed again
        return paths, distinct

    def check(self, images, *arguments, cache=True, policy=None, **environment):
        words = [PROGRAM, "check", *map(str, images), "--format", "json", *arguments]
        if cache:
            words += ["--cache", str(self.cache)]
        if policy:
            words += ["--policy", str(policy)]
        return subprocess.run(words, capture_output=True, text=True, timeout=300, cwd=self.path,
                              env={**os.environ, **environment})

    def report(self, result):
        """What it says, but for times."""
        self.assertIn(result.returncode, (0, 1), result.stderr)
        document = json.loads(result.stdout)
        for test in document["tests"]:
            del test["seconds"]
        return document

    def bytes_read(self, images, *arguments):
        """What all read calls of a run gave it."""
        words = [PROGRAM, "check", *map(str, images), "--cache", str(self.cache), *arguments]
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, cwd=self.path)
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        text = pathlib.Path(f"/proc/{process.pid}/io").read_text()
        process.wait()
        return int(text.split("rchar:")[1].split()[0])

    def entries(self):
        return sorted(path for path in (self.cache / "entries").iterdir())

    def test_a_second_run_reads_no_shared_base_again_and_says_the_same(self):
        for compress in False, True:
            images, distinct = self.images(20, 4_000_000, compress)
            total = sum(image.stat().st_size for image in images)
            self.assertGreater(total, 10 * distinct)
            uncached = self.report(self.check(images, cache=False))
            self.assertGreater(len(uncached["findings"]), 80)
            first = self.bytes_read(images)
            # The base is searched once, and hashed in each archive.
            self.assertLess(first, 1.2 * total)
            second = self.bytes_read(images)
            self.assertLess(second, 0.5 * distinct)
            self.assertEqual(self.report(self.check(images)), uncached)
            shutil.rmtree(self.cache)
            self.assertEqual(self.report(self.check(images)), uncached)

    def test_a_copy_of_an_archive_is_hashed_and_not_searched_again(self):
        images, _ = self.images(2, 4_000_000)
        self.check(images)
        copy = self.path / "copy.tar"
        shutil.copy(images[0], copy)
        self.assertLess(self.bytes_read([copy]), 1.2 * copy.stat().st_size)
        self.assertEqual(self.report(self.check([copy])), self.report(self.check([copy], cache=False)))

    def test_what_is_searched_for_decides(self):
        images, _ = self.images(2, 400_000)
        self.check(images)
        policy = self.path / "policy.yaml"
        policy.write_text("version: 1\nsecrets: [{env: APP_PASSWORD}]\n"
                          "rules: [{id: app-part, pattern: 'app[0-9]', title: a part of an app}]\n")
        for value in "Vq8xLr2WnT4zKd7", "registry.example.com":
            uncached = self.report(self.check(images, cache=False, policy=policy, APP_PASSWORD=value))
            for _ in range(2):
                self.assertEqual(self.report(self.check(images, policy=policy, APP_PASSWORD=value)), uncached)
            self.assertEqual([one["secret"] for one in uncached["findings"] if one["rule"] == "known-value"], [1, 1])
        self.assertIn("app-part", [one["rule"] for one in uncached["findings"]])
        self.assertEqual(self.report(self.check(images)), self.report(self.check(images, cache=False)))

    def test_values_can_be_shown(self):
        images, _ = self.images(1, 100_000)
        self.check(images)
        shown = self.check(images, WATERTIGHT_REVEAL="1")
        self.assertIn(BASE_TOKEN, shown.stdout)
        self.assertEqual(self.report(shown), self.report(self.check(images, cache=False, WATERTIGHT_REVEAL="1")))
        self.assertNotIn(BASE_TOKEN, self.check(images).stdout)

    def test_the_folder_tells_nothing(self):
        images, _ = self.images(2, 100_000)
        self.check(images, WATERTIGHT_REVEAL="1")
        self.assertEqual(stat.S_IMODE(self.cache.stat().st_mode), 0o700)
        told = [BASE_TOKEN.encode(), b"Vq8xLr2WnT4zKd7", b"npmrc", b"app:ci", b"sha256"]
        told += [base64.b64encode(BASE_TOKEN.encode())[:40], BASE_TOKEN.encode().hex().encode()]
        told += [hashlib.sha256(BASE_TOKEN.encode()).hexdigest().encode(), hashlib.sha256(BASE_TOKEN.encode()).digest()]
        for path in [self.cache / "key", *self.entries()]:
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
            content = path.read_bytes() + path.name.encode()
            self.assertEqual([text for text in told if text in content], [], path)

    def test_a_killed_run_leaves_a_usable_cache(self):
        images, _ = self.images(4, 1_000_000, compress=True)
        uncached = self.report(self.check(images, cache=False))
        begun = time.monotonic()
        self.check(images)
        whole = time.monotonic() - begun
        chance = random.Random(7)
        for turn in range(30):
            if turn % 5 == 0:
                shutil.rmtree(self.cache)
            process = subprocess.Popen([PROGRAM, "check", *map(str, images), "--cache", str(self.cache)],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(0, whole))
            process.kill()
            process.wait()
            if turn % 3 == 0:
                self.assertEqual(self.report(self.check(images)), uncached)
        result = self.check(images)
        self.assertEqual((self.report(result), result.stderr), (uncached, ""))

    def test_concurrent_runs(self):
        images, _ = self.images(5, 500_000)
        uncached = self.report(self.check(images, cache=False))
        for size in "1GB", "700kB":
            words = [PROGRAM, "check", *map(str, images), "--format", "json", "--cache", str(self.cache), "--cache-size", size]
            runs = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.path)
                    for _ in range(8)]
            for run in runs:
                output, errors = run.communicate(timeout=300)
                self.assertEqual((run.returncode, errors), (1, ""))
                document = json.loads(output)
                for test in document["tests"]:
                    del test["seconds"]
                self.assertEqual(document, uncached)
            shutil.rmtree(self.cache)

    def test_a_key_that_another_run_makes_meanwhile(self):
        image, = self.images(1, 1000)[0]
        words = [PROGRAM, "check", str(image), "--cache", str(self.cache)]
        subprocess.run(words, stdout=subprocess.DEVNULL, check=False)
        key = self.cache / "key"
        kept = key.read_bytes()
        key.unlink()
        folder = os.open(self.cache, os.O_RDONLY)
        fcntl.flock(folder, fcntl.LOCK_EX)
        run = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        time.sleep(1)
        self.assertFalse(key.exists(), "it waits for who makes one")
        key.write_bytes(kept)
        os.close(folder)
        self.assertEqual(run.communicate(timeout=300)[1], "")
        self.assertEqual(key.read_bytes(), kept)

    def damaged(self, path, content):
        """Ways in which a file may be damaged, each done to it."""
        chance = random.Random(path.name)
        for position in sorted({0, 1, 11, 12, len(content) // 2, len(content) - 17, len(content) - 1,
                                *(chance.randrange(len(content)) for _ in range(4))}):
            path.write_bytes(content[:position] + bytes([content[position] ^ 1 << chance.randrange(8)]) + content[position + 1:])
            yield
        for size in 0, 1, len(content) // 2, len(content) - 1:
            path.write_bytes(content[:size])
            yield
        path.write_bytes(content + b"\0")
        yield
        path.unlink()
        yield
        path.unlink()
        path.mkdir()
        (path / "file").write_text("x")
        yield
        path.unlink()
        path.symlink_to("/etc/passwd")
        yield
        path.unlink()
        os.mkfifo(path)
        yield

    def test_damage_is_met_once_and_changes_no_result(self):
        images, _ = self.images(2, 20_000)
        uncached = self.report(self.check(images, cache=False))
        self.check(images)
        for path in self.entries():
            for _ in self.damaged(path, path.read_bytes()):
                result = self.check(images)
                self.assertEqual(self.report(result), uncached)
                self.assertLessEqual(result.stderr.count("\n"), 1, result.stderr)
                self.assertTrue(path.is_file() and not path.is_symlink(), path)
        result = self.check(images)
        self.assertEqual((self.report(result), result.stderr), (uncached, ""))

    def test_entries_in_one_anothers_places_are_damage(self):
        images, _ = self.images(2, 20_000)
        uncached = self.report(self.check(images))
        paths = self.entries()
        contents = [path.read_bytes() for path in paths]
        for i, path in enumerate(paths):
            path.write_bytes(contents[i - 1])
        self.assertEqual(self.report(self.check(images)), uncached)

    def test_a_damaged_key_begins_anew(self):
        images, _ = self.images(1, 20_000)
        uncached = self.report(self.check(images))
        key = self.cache / "key"
        content = key.read_bytes()
        for damaged in b"", content[:30], content[:-1], content.replace(b"cache", b"cachf"), content[:40] + b"!" + content[41:]:
            key.write_bytes(damaged)
            result = self.check(images)
            self.assertEqual(self.report(result), uncached)
            self.assertEqual(result.stderr, f"watertight: cache {self.cache}: its key was damaged; it begins anew\n")
            result = self.check(images)
            self.assertEqual((self.report(result), result.stderr), (uncached, ""))

    def refused(self, *arguments):
        result = self.check([self.path / "alone.tar"], *arguments, cache=not arguments)
        self.assertEqual((result.returncode, result.stdout), (2, ""), result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        return result.stderr

    def test_what_cannot_be_a_cache_is_one_line(self):
        self.images(1, 20_000)
        self.check([self.path / "alone.tar"])
        key = self.cache / "key"
        key.write_text(key.read_text().replace("cache 1", "cache 2"))
        self.assertIn("is a cache of another version of watertight (format 2, not 1)", self.refused())
        self.assertIn("cannot be made", self.refused("--cache", "/proc/not/there"))
        (self.path / "file").write_text("")
        self.assertIn("cannot be made", self.refused("--cache", str(self.path / "file")))
        self.assertIn("--cache", self.refused("--cache", ""))
        for size in "much", "", "-1", "-1MB", "1.2.3", "1 Mb", "1e30", "0x10", "+1":
            self.assertIn("--cache-size", self.refused("--cache", str(self.cache), "--cache-size", size), size)
            self.assertIn("--cache-size", self.refused("--cache", str(self.cache), "--cache-size=" + size), size)

    def test_a_full_disk_changes_no_result(self):
        if os.geteuid() != 0:
            self.skipTest("mounting needs root")
        images, _ = self.images(2, 400_000)
        self.cache.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", self.cache], stderr=subprocess.DEVNULL).returncode:
            self.skipTest("no file system can be mounted")
        try:
            uncached = self.report(self.check(images, cache=False))
            self.check(images[:1])
            with open(self.cache / "filler", "wb", buffering=0) as filler, self.assertRaises(OSError):
                while filler.write(bytes(4096)) == 4096:
                    pass
            for _ in range(2):
                result = self.check(images)
                self.assertEqual(self.report(result), uncached)
                self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
                self.assertIn("No space left on device", result.stderr)
            self.assertFalse([path for path in self.entries() if path.name.startswith("new-")])
            shutil.rmtree(self.cache / "entries")
            (self.cache / "key").unlink()
            with open(self.cache / "filler", "ab", buffering=0) as filler, self.assertRaises(OSError):
                while filler.write(bytes(4096)) == 4096:
                    pass
            result = self.check(images)
            self.assertEqual((result.returncode, result.stdout), (2, ""))
            self.assertIn("No space left on device", result.stderr)
        finally:
            subprocess.run(["umount", self.cache], check=True)

    def test_it_is_bounded(self):
        images, _ = self.images(12, 300_000)
        uncached = self.report(self.check(images, cache=False))
        (self.cache / "entries").mkdir(parents=True)
        abandoned = self.cache / "entries" / "new-0123"
        abandoned.write_bytes(b"x" * 100_000)
        os.utime(abandoned, (0, 0))
        for i in range(0, 12, 3):
            self.assertEqual(self.check(images[i:i + 3], "--cache-size", "60kB").stderr, "")
            size = sum(max(path.stat().st_size, 4096) for path in self.entries())
            self.assertLess(size, 60_000 * 17 / 16 + 30_000)
        self.assertFalse(abandoned.exists())
        self.assertEqual(self.report(self.check(images, "--cache-size", "60kB")), uncached)
        self.assertEqual(self.report(self.check(images, "--cache-size", "1")), uncached)

    def test_what_was_changed_is_not_served_stale(self):
        base = base_layer(200_000)
        path = self.path / "app.tar"
        for compress in False, True:
            write_image(path, [base, layer_of({"app/x": b"nothing in it, " + b"." * 40})], compress=compress)
            times = path.stat()
            time.sleep(0.15)
            self.check([path])
            self.check([path])
            # Of the same size in the same file, with its old times.
            changed = self.path / "changed.tar"
            secret = (b"token: " + token("new").encode()).ljust(55, b".")
            write_image(changed, [base, layer_of({"app/x": secret})], compress=False)
            with open(path, "r+b") as file:
                file.write(changed.read_bytes())
                file.truncate()
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
            report = self.report(self.check([path]))
            self.assertIn("app/x", [one["path"] for one in report["findings"]])
            self.assertEqual(report, self.report(self.check([path], cache=False)))

    def test_a_lying_diff_id_gets_no_honest_layers_results(self):
        honest = layer_of({"app/x": b"." * 300_000, "app/y": b"-" * 300_000})
        # Of the same size, and the same at its begin, end and thirds.
        secret = b"\ntoken = " + token("liar").encode() + b"\n"
        liar = honest[:250_000] + secret + honest[250_000 + len(secret):]
        claim = ["sha256:" + hashlib.sha256(honest).hexdigest()]
        first, second = self.path / "honest.tar", self.path / "liar.tar"
        for order in (first, second), (second, first), (first, second, first):
            write_image(first, [honest])
            write_image(second, [liar], diff_ids=claim)
            time.sleep(0.15)
            for _ in range(2):
                report = self.report(self.check(order))
                found = {pathlib.Path(one["image"]).name for one in report["findings"]}
                self.assertEqual(found, {"liar.tar"})
                failed = {pathlib.Path(one["image"]).name for one in report["tests"]
                          if one["name"] == "Intact" and one["status"] == "failed"}
                self.assertEqual(failed, {"liar.tar"})
            shutil.rmtree(self.cache)

    def test_a_damaged_layer_is_kept_by_nobody(self):
        write_image(self.path / "app.tar", [base_layer(200_000)], compress=True)
        content = (self.path / "app.tar").read_bytes()
        (self.path / "app.tar").write_bytes(content[:100_000] + bytes(64) + content[100_064:])
        uncached = self.check([self.path / "app.tar"], cache=False)
        self.assertEqual(uncached.returncode, 1)
        for _ in range(2):
            self.assertEqual(self.report(self.check([self.path / "app.tar"])), self.report(uncached))


if __name__ == "__main__":
    PROGRAM = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
