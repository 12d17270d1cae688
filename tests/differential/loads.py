#!/usr/bin/env python3
"""Whether Docker, and skopeo with umoci, accept what `watertight generate` writes and see in it what watertight sees.

usage: loads.py PROGRAM [--builder B]… [--archive A]… [--case NAME]… [--docker COMMAND] [--image FILE]…

Every builder and archive, the cases below. Compared with `ls` and `inspect`: each path of the root filesystem with type,
mode, owner, size, link and content, and the history. --image checks saved images instead. Needs root: dockerd for the
run (or the client COMMAND of one that runs), skopeo and umoci.
"""

import argparse
import contextlib
import hashlib
import io
import json
import os
import shlex
import shutil
import stat
import subprocess
import sys
import tarfile
import tempfile

import builds
import engines
import live

CASES = ["run-chain-article", "run-replace-folder", "run-rename-folder", "copy-from-hard-links", "context-long-names"]
# Archive -> skopeo's transport, and whether `docker load` of 20.10 reads it.
ARCHIVES = {
    "docker-20": ("docker-archive", True), "docker-26": ("docker-archive", True), "docker-28": ("docker-archive", True),
    "docker-28-containerd": ("docker-archive", True), "buildx-docker": ("docker-archive", True),
    "buildx-oci": ("oci-archive", False), "skopeo": ("docker-archive", True), "podman": ("docker-archive", True),
    "crane": ("docker-archive", True), "crane-legacy": ("docker-archive", True), "jib": ("docker-archive", True),
    "nix": ("docker-archive", True), "oci": ("oci-archive", False), "oci-dir": ("oci", False),
}
# What a container has of its own, in no image.
OF_CONTAINERS = {".dockerenv", "dev/console", "dev/pts", "dev/shm", "etc/hostname", "etc/hosts", "etc/mtab", "etc/resolv.conf"}
PARENTS_OF_CONTAINERS = {"dev", "etc", "proc", "sys"}
TYPES = {tarfile.REGTYPE: "file", tarfile.DIRTYPE: "directory", tarfile.SYMTYPE: "symlink", tarfile.CHRTYPE: "char",
         tarfile.BLKTYPE: "block", tarfile.FIFOTYPE: "fifo"}
KINDS = [(stat.S_ISREG, "file"), (stat.S_ISDIR, "directory"), (stat.S_ISLNK, "symlink"), (stat.S_ISCHR, "char"),
         (stat.S_ISBLK, "block"), (stat.S_ISFIFO, "fifo")]


class Refused(Exception):
    pass


def run(*command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        words = (done.stdout + done.stderr).decode("utf-8", "replace").strip().splitlines()
        raise Refused(f"{os.path.basename(command[0])} {command[1]}: {words[-1] if words else done.returncode}")
    return done.stdout


def row(kind, mode, uid, gid, size=0, link=None):
    return (kind, None if kind == "symlink" else mode, uid, gid, size if kind == "file" else 0, link or None)


def seen_by_watertight(program, reference):
    """({path: row}, {path: layer}, history)"""
    rows = {}
    for line in run(program, "ls", "--format", "json", reference).decode().splitlines():
        entry = json.loads(line)
        rows[entry["path"]] = row(entry["type"], int(entry["mode"], 8), entry["uid"], entry["gid"], entry["size"], entry["link"])
    history = json.loads(run(program, "inspect", "--format", "json", reference))["history"]
    return rows, [step.get("created_by") or "" for step in history]


def content_of_watertight(program, reference, path):
    return hashlib.sha256(run(program, "cat", reference, "/" + path)).hexdigest()


def seen_by_docker(client, path):
    loaded = run(*client, "load", "-q", "-i", path).decode().strip().splitlines()[-1]
    image = loaded.split(": ", 1)[1]
    listed = run(*client, "history", "--no-trunc", "--format", "{{json .CreatedBy}}", image).decode().splitlines()
    container = run(*client, "create", "--network=none", image, "none").decode().strip()
    rows, contents = {}, {}
    with tarfile.open(fileobj=io.BytesIO(run(*client, "export", container))) as archive:
        for entry in archive:
            origin = entry
            while origin.islnk():
                origin = archive.getmember(origin.linkname)
            rows[entry.name] = row(TYPES[origin.type], origin.mode & 0o7777, origin.uid, origin.gid, origin.size,
                                   origin.linkname if origin.issym() else None)
            if origin.isreg():
                contents[entry.name] = hashlib.sha256(archive.extractfile(origin).read()).hexdigest()
    run(*client, "rm", container)
    run(*client, "rmi", "-f", image)
    return rows, contents, [json.loads(words) for words in listed[::-1]]


def seen_by_umoci(reference):
    with tempfile.TemporaryDirectory() as folder:
        run("skopeo", "copy", "--quiet", "--insecure-policy", reference, f"oci:{folder}/layout:t")
        run("umoci", "raw", "unpack", "--image", f"{folder}/layout:t", f"{folder}/rootfs")
        config = json.loads(run("skopeo", "inspect", "--config", "--raw", f"oci:{folder}/layout:t"))
        rows, contents = {}, {}
        for parent, folders, files in os.walk(f"{folder}/rootfs"):
            for name in folders + files:
                path = os.path.join(parent, name)
                status, inside = os.lstat(path), os.path.relpath(path, f"{folder}/rootfs")
                kind = next(word for fits, word in KINDS if fits(status.st_mode))
                rows[inside] = row(kind, stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid, status.st_size,
                                   os.readlink(path) if kind == "symlink" else None)
                if kind == "file":
                    contents[inside] = hashlib.sha256(open(path, "rb").read()).hexdigest()
        return rows, contents, [step.get("created_by") or "" for step in config.get("history") or []]


def problems(program, reference, theirs, of_container):
    rows, history = seen_by_watertight(program, reference)
    their_rows, contents, their_history = theirs
    ignored = OF_CONTAINERS | PARENTS_OF_CONTAINERS if of_container else set()
    for path in sorted((rows.keys() | their_rows.keys()) - ignored):
        if rows.get(path) != their_rows.get(path):
            yield f"{path}: watertight {rows.get(path)}, reader {their_rows.get(path)}"
        elif path in contents and rows[path][4] < 10**6 and content_of_watertight(program, reference, path) != contents[path]:
            yield f"{path}: content differs"
    if history != their_history:
        yield f"history: watertight {history}, reader {their_history}"


def check(program, client, path, transport, docker_reads):
    """(reader, problem or None) for each reader that can read the archive."""
    reference = f"{transport}:{path}"
    readers = [("skopeo and umoci", lambda: seen_by_umoci(reference), False)]
    if docker_reads and client:
        readers.append(("docker", lambda: seen_by_docker(client, path), True))
    for reader, read, of_container in readers:
        try:
            found = list(problems(program, reference, read(), of_container))
        except Refused as refused:
            found = [f"refused: {refused}"]
        yield reader, "; ".join(found[:3]) if found else None


def remove(path):
    if os.path.isdir(path):
        shutil.rmtree(path)
    elif os.path.exists(path):
        os.unlink(path)


def images(options, folder):
    """(label, path, transport, docker reads it)"""
    for path in options.image:
        yield path, path, "docker-archive", True
    if options.image:
        return
    generator = builds.Generator(options.program, folder)
    for builder in options.builder or [b for b in engines.BUILDERS if b in generator.builders]:
        for archive in options.archive or ARCHIVES:
            for case in options.case or CASES:
                path = os.path.join(folder, f"{case}.{builder}.{archive}")
                refused = generator.write(case, builder, archive, path)
                label = f"{case}, {builder}, {archive}" + (f": {refused}" if refused else "")
                yield label, None if refused else path, *ARCHIVES[archive]
                remove(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    for name in ("--builder", "--archive", "--case", "--image"):
        parser.add_argument(name, action="append", default=[])
    parser.add_argument("--docker")
    options = parser.parse_args()
    options.program = os.path.abspath(options.program)
    accepted, failed = {}, 0
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        client = shlex.split(options.docker) if options.docker else stack.enter_context(live.Daemon(folder)).client()
        for label, path, transport, docker_reads in images(options, folder):
            found = check(options.program, client, path, transport, docker_reads) if path else [("generate", "refused")]
            for reader, problem in found:
                accepted.setdefault(reader, [0, 0])[1] += 1
                if problem:
                    failed += 1
                    print(f"{label}, {reader}: {problem}")
                else:
                    accepted[reader][0] += 1
    for reader, (equal, compared) in accepted.items():
        print(f"{reader}: {equal} of {compared} accepted and seen alike")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
