#!/usr/bin/env python3
"""Compares the library with the oracle on random images: odd names, whiteouts, links, repeated paths.

usage: random_images.py DUMP FIRST_SEED COUNT      exit 0: all agree; prints the seeds that do not
"""

import io
import os
import random
import subprocess
import sys
import tarfile
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = ["a", "b", "c"]
KINDS = [tarfile.REGTYPE] * 4 + [tarfile.DIRTYPE] * 3 + [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE]


def path(dice):
    parts = [dice.choice(NAMES) for _ in range(dice.choice([1, 1, 2, 2, 3]))]
    odd = dice.random()
    if odd < 0.25:
        parts[-1] = ".wh." + parts[-1]
    elif odd < 0.33:
        parts[-1] = ".wh..wh..opq"
    elif odd < 0.36:
        parts[-1] = dice.choice([".wh.", ".wh..", ".wh...", ".wh..wh.a", ".wh.wh", "caf\udce9", "new\nline"])
    elif odd < 0.45:
        parts.insert(dice.randrange(len(parts)), dice.choice(["..", ".", "", ".wh.a"]))
    return dice.choice(["", "", "", "./", "/", "../"]) + "/".join(parts)


def layer(dice):
    stream = io.BytesIO()
    form = dice.choice([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
    with tarfile.open(fileobj=stream, mode="w", format=form, encoding="utf-8", errors="surrogateescape") as tar:
        for _ in range(dice.randrange(7)):
            entry = tarfile.TarInfo(path(dice))
            entry.type = dice.choice(KINDS)
            entry.mode, entry.uid, entry.gid = dice.randrange(0o10000), dice.randrange(70000), dice.randrange(70000)
            entry.mtime = dice.randrange(2**32)
            if entry.type in (tarfile.SYMTYPE, tarfile.LNKTYPE):
                entry.linkname = dice.choice(["", "", "/", "../", "../../../"]) + "/".join(
                    dice.choice(NAMES) for _ in range(dice.choice([1, 1, 2])))
            content = b"x" * dice.randrange(2000) if entry.isreg() else b""
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


def main():
    program, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, first + count):
            dice = random.Random(seed)
            paths = []
            for i in range(dice.choice([1, 2, 3, 4])):
                paths.append(f"{folder}/{i}")
                with open(paths[-1], "wb") as file:
                    file.write(layer(dice))
            subprocess.run([sys.executable, f"{HERE}/wrap_layers.py", f"{folder}/image.tar", *paths], check=True)
            result = subprocess.run([sys.executable, f"{HERE}/oracle.py", program, f"{folder}/image.tar"],
                                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if result.returncode != 0:
                failed.append(seed)
                print(f"seed {seed}: {result.stdout.decode('utf-8', 'replace')[:1500]}")
    print(f"{count} images, {len(failed)} differ")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
