#!/usr/bin/env python3
"""Whether Docker, and skopeo with umoci, accept what `watertight generate` writes and see in it what watertight sees.

usage: loads.py PROGRAM [--builder B]… [--archive A]… [--case NAME]… [--sample I/N] [--docker COMMAND]… [--image FILE]…

Each case of load_cases.py from every builder in every archive, given to every reader that can read the archive. Compared
with `ls`, `cat` and `inspect`: each path of the root filesystem with type, mode, owner, size, link and content, and the
history; with the case: the names, and attributes of files. --sample takes each Nth image. --image checks saved images
instead. Needs root: dockerd for the run (or clients COMMAND of those that run), skopeo and umoci.

Exit: 0 when all is accepted and seen alike, 1 when not, 77 when no reader is here.
"""

import argparse
import collections
import concurrent.futures
import contextlib
import os
import shlex
import shutil
import subprocess
import sys
import tempfile

import load_cases
import live
import readers

SKIPPED = 77
ARCHIVES = ["docker-20", "docker-26", "docker-28", "docker-28-containerd", "buildx-docker", "buildx-oci", "skopeo",
            "podman", "crane", "crane-legacy", "jib", "nix", "oci", "oci-dir"]
# What a container has of its own, in no image.
OF_CONTAINERS = {".dockerenv", "dev/console", "dev/pts", "dev/shm", "etc/hostname", "etc/hosts", "etc/mtab", "etc/resolv.conf",
                 "dev", "etc", "proc", "sys"}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    for name in ("--builder", "--archive", "--case", "--docker", "--image"):
        parser.add_argument(name, action="append", default=[])
    parser.add_argument("--sample", default="0/1")
    return parser.parse_args()


def found_readers(options, folder, stack):
    """(readers, what is missing)"""
    clients, missing = [shlex.split(command) for command in options.docker], []
    is_root = os.geteuid() == 0
    if not clients and is_root and shutil.which("dockerd"):
        clients = [stack.enter_context(live.Daemon(folder)).client()]
    found = [readers.Docker(client) for client in clients]
    if not found:
        missing.append("docker")
    if is_root and shutil.which("skopeo") and shutil.which("umoci"):
        found.append(readers.Umoci())
    else:
        missing.append("skopeo and umoci")
    return found, missing


def short(name):
    """Docker leaves out what is the same for all, podman and buildah add the name of their own store."""
    return name.removeprefix("docker.io/").removeprefix("library/").removeprefix("localhost/")


def problems(ours, theirs, is_container, case, xattrs):
    ignored = OF_CONTAINERS if is_container else set()
    for path in sorted((ours.rows.keys() | theirs.rows.keys()) - ignored):
        if ours.rows.get(path) != theirs.rows.get(path):
            yield f"{path}: watertight {ours.rows.get(path)}, reader {theirs.rows.get(path)}"
        elif ours.contents.get(path) != theirs.contents.get(path):
            yield f"{path}: content differs"
    if ours.history != theirs.history:
        yield f"history: watertight {ours.history}, reader {theirs.history}"
    for path, key, value in xattrs:
        if theirs.xattrs.get((path, key)) != value:
            yield f"{path}: {key} is {theirs.xattrs.get((path, key))}"
    if case and theirs.names and sorted(map(short, theirs.names)) != sorted(map(short, case.names())):
        yield f"names: {theirs.names}, given {case.names()}"


def problem_of(reader, ours, archive, path, case=None, xattrs=()):
    try:
        found = list(problems(ours, reader.view(archive, path, case), reader.is_container, case, xattrs))
    except readers.Refused as refused:
        found = [f"refused: {refused}"]
    return "; ".join(found[:3]) if found else None


def remove(path):
    if os.path.isdir(path):
        shutil.rmtree(path)
    elif os.path.exists(path):
        os.unlink(path)


class Check:
    def __init__(self, options, images, found):
        self.program, self.images, self.readers = options.program, images, found
        self.builders = options.builder or images.builders()
        self.archives = options.archive or ARCHIVES
        self.index, self.step = (int(part) for part in options.sample.split("/"))

    def chosen(self, number):
        """(builder, archive) of one case; a sample takes other pairs of each case."""
        pairs = [(builder, archive) for builder in self.builders for archive in self.archives]
        return [pair for i, pair in enumerate(pairs) if (i + number) % self.step == self.index]

    def of_case(self, numbered):
        """[(archive, reader, label, problem)]; images of one case are the same to an engine, so one after the other."""
        number, case = numbered
        return [row for builder, archive in self.chosen(number) for row in self.of_image(case, builder, archive)]

    def of_image(self, case, builder, archive):
        path = os.path.join(self.images.folder, f"{case.name}.{builder}.{archive}")
        label = f"{case.name}, {builder}, {archive}"
        refused = self.images.write(case, builder, archive, path)
        if refused:
            return [(archive, "generate", label, refused)]
        ours = readers.Watertight(self.program, f"{readers.transport(archive)}:{path}")
        xattrs = case.xattrs_of(builder)
        rows = [(archive, reader.name, label, problem_of(reader, ours, archive, path, case, xattrs))
                for reader in self.readers if reader.reads(archive, case)]
        remove(path)
        return rows


def of_saved_images(options, found):
    for path in options.image:
        ours = readers.Watertight(options.program, f"docker-archive:{path}")
        for reader in found:
            yield "given", reader.name, path, problem_of(reader, ours, "given", path)


def all_rows(options, found, folder):
    if options.image:
        yield from of_saved_images(options, found)
        return
    check = Check(options, load_cases.Images(options.program, folder), found)
    cases = [case for case in load_cases.CASES if not options.case or case.name in options.case]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for rows in pool.map(check.of_case, enumerate(cases)):
            yield from rows


def print_table(counts):
    columns = list(collections.OrderedDict((reader, None) for _, reader in counts))
    archives = list(collections.OrderedDict((archive, None) for archive, _ in counts))
    width = max(len(archive) for archive in archives) + 2
    print("accepted and seen alike, of those tried:")
    print(" " * width + "  ".join(columns))
    for archive in archives:
        cells = [f"{counts[archive, reader][0]}/{counts[archive, reader][1]}" if (archive, reader) in counts else "-"
                 for reader in columns]
        print(archive.ljust(width) + "  ".join(cell.ljust(len(reader)) for cell, reader in zip(cells, columns)))
    for reader in columns:
        sums = [sum(count[i] for (_, name), count in counts.items() if name == reader) for i in (0, 1)]
        print(f"{reader}: {sums[0]} of {sums[1]}")


def main():
    options = arguments()
    options.program = os.path.abspath(options.program)
    counts, failed = collections.OrderedDict(), 0
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        found, missing = found_readers(options, folder, stack)
        if not found:
            print("skipped: neither Docker nor skopeo with umoci is here, or this is not root")
            return SKIPPED
        for archive, reader, label, problem in all_rows(options, found, folder):
            count = counts.setdefault((archive, reader), [0, 0])
            count[1] += 1
            count[0] += not problem
            if problem:
                failed += 1
                print(f"{label}, {reader}: {problem}", flush=True)
    print_table(counts)
    for reader in missing:
        print(f"not tried, not installed or not root: {reader}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
