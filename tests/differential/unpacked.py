#!/usr/bin/env python3
"""Compares the library's root filesystem with the tree that skopeo and umoci make of the same image.

usage: unpacked.py DUMP IMAGE [NAME]      as root, because umoci restores owners and devices

Exit 0: both agree; 1: they differ; 77: skopeo or umoci refuses the image (the reason is printed).
"""

import os
import stat
import subprocess
import sys
import tempfile

import oracle

KINDS = [(stat.S_ISREG, b"file"), (stat.S_ISDIR, b"directory"), (stat.S_ISLNK, b"symlink"), (stat.S_ISCHR, b"char"),
         (stat.S_ISBLK, b"block"), (stat.S_ISFIFO, b"fifo")]


def run(*command):
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if result.returncode != 0:
        print(f"{command[0]} refuses it: {result.stdout.decode('utf-8', 'replace').strip().splitlines()[-1]}")
        sys.exit(77)


def tree_of(root):
    rows = {}
    for folder, directories, files in os.walk(root):
        for name in directories + files:
            path = os.path.join(folder, name)
            status = os.lstat(path)
            kind = next(word for fits, word in KINDS if fits(status.st_mode))
            row = {"type": kind, "mode": stat.S_IMODE(status.st_mode), "uid": status.st_uid, "gid": status.st_gid,
                   "mtime": int(status.st_mtime_ns // 10**9)}
            if kind == b"file":
                row["size"] = status.st_size
                row["sha256"] = oracle.digest(open(path, "rb").read())
            if kind == b"symlink":
                row["link"] = os.readlink(path)
                del row["mode"]  # Linux knows none
            rows[os.path.relpath(path, root)] = row
    return rows


def main():
    program, path = sys.argv[1:3]
    name = sys.argv[3] if len(sys.argv) > 3 else None
    transport = "docker-archive:" if b"manifest.json" in subprocess.check_output(["tar", "tf", path]) else "oci-archive:"
    reference = f"{transport}{path}:{name}" if name else f"{transport}{path}"
    with tempfile.TemporaryDirectory() as folder:
        run("skopeo", "copy", "--quiet", "--insecure-policy", reference, f"oci:{folder}/layout:t")
        run("umoci", "raw", "unpack", "--image", f"{folder}/layout:t", f"{folder}/rootfs")
        theirs = tree_of(os.fsencode(f"{folder}/rootfs"))
    lines = oracle.read_dump(program, reference)
    ours = {row["path"]: row for row in lines["row"]}
    stated = {row["path"] for row in lines["stored"] if row["visible"]}
    problems = [f"only unpacked: {path}" for path in theirs.keys() - ours.keys()]
    problems += [f"only read: {path}" for path in ours.keys() - theirs.keys()]
    for path in sorted(ours.keys() & theirs.keys()):
        row = theirs[path]
        # A directory that no layer states has the time of unpacking; some file systems keep 32 bits of a time.
        if path not in stated or not -(2**31) <= ours[path]["mtime"] < 2**31:
            del row["mtime"]
        wrong = {key: (ours[path][key], value) for key, value in row.items() if ours[path][key] != value}
        if wrong:
            problems.append(f"{path}: (read, unpacked) {wrong}")
    for problem in problems[:20]:
        print(problem)
    print(f"{len(theirs)} paths unpacked")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
