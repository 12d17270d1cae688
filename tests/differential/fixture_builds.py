#!/usr/bin/env python3
"""Builds fixtures of the catalogue with real builders, and looks whether planted values are where the truth says.

    fixture_builds.py PROGRAM [--docker CLIENT]… [GLOB…]

`watertight generate` writes the truth, and the same fixtures as contexts with a build script; the script runs against an
engine of this machine, on a base that has a real busybox. Left out is what no engine here can build: steps that comments
describe, steps after the build. Compared are the places of values that stand as they are, counted from the upper end, for
the bases differ: layers, and the history's entries.
"""

import argparse
import collections
import contextlib
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

import bases
import live

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "catalogue"))
import places  # noqa: E402

GLOBS = ["arg/*", "base/*", "config/*", "controls/*", "copy/*", "env/*", "mount/*", "run/*", "stage/*"]
ARCHIVE = "docker-20"
SKIP = 77
COMPARED = collections.Counter()
OWN = [
    ("etc/passwd", 0o644, (0, 0), bases.PASSWD + "node:x:1001:1001:node:/home/node:/bin/sh\n"),
    ("etc/group", 0o644, (0, 0), bases.GROUP + "node:x:1001:\n"),
    ("opt/", 0o755, (0, 0), None),
    ("usr/local/", 0o755, (0, 0), None),
    ("usr/local/bin/", 0o755, (0, 0), None),
    ("var/lib/", 0o755, (0, 0), None),
]


def generate(program, *arguments):
    subprocess.run([program, "generate", *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def can_be_built(folder):
    """All RUN lines mean what they say, and nothing follows the build."""
    script = (folder / "build").read_text()
    texts = [file.read_text() for file in folder.rglob("Dockerfile")]
    return "# " not in script.split("\n", 1)[1] and not any("# watertight:" in text for text in texts)


def base_names(folder, own):
    """The images of FROM lines that are neither stages nor bases of the fixture's own."""
    names = set()
    for file in folder.rglob("Dockerfile"):
        text = file.read_text()
        stages = set(re.findall(r"^FROM \S+ AS (\S+)", text, re.MULTILINE))
        defaults = dict(re.findall(r"^ARG (\w+)=(\S+)", text, re.MULTILINE))
        for name in re.findall(r"^FROM (\S+)", text, re.MULTILINE):
            name = re.sub(r"\$\{(\w+)\}", lambda found: defaults[found[1]], name)
            if name not in stages | own | {"scratch"}:
                names.add(name)
    return names


class Engine:
    """A Docker client, called by the build scripts as `docker`."""

    def __init__(self, client, folder):
        self.client, self.based = client, set()
        self.path = pathlib.Path(folder, "bin")
        self.path.mkdir(parents=True, exist_ok=True)
        (self.path / "docker").write_text(f'#!/bin/sh\nexec {shlex.join(client)} "$@"\n')
        (self.path / "docker").chmod(0o755)
        steps, fields = bases.bases()["system-base"]
        archive = pathlib.Path(folder, "base.tar")
        archive.write_bytes(bases.archive_of("fixture-base", steps + [("own", bases.tar_of(OWN))], fields))
        self.run("load", "-q", "-i", str(archive))

    def run(self, *arguments, **options):
        return subprocess.run(self.client + list(arguments), check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)

    def build(self, folder, buildkit, image, into):
        """Saves what the fixture's script builds; else what the client said."""
        script = (folder / "build").read_text()
        script = re.sub(r"DOCKER_BUILDKIT=\d docker build", f"DOCKER_BUILDKIT={buildkit} docker build --network=none --no-cache", script)
        own = set(re.findall(r"--tag (\S+) bases/", script))
        # BuildKit takes contexts of the same path for the same.
        script = re.sub(r" (context|bases/\S+)$", lambda found: f" {folder / found[1]}", script, flags=re.MULTILINE)
        for name in base_names(folder, own) - self.based:
            self.run("tag", "fixture-base:latest", name)
            self.based.add(name)
        (folder / "build").write_text(script)
        environment = dict(os.environ, PATH=f"{self.path}:{os.environ['PATH']}")
        built = subprocess.run(["sh", str(folder / "build")], env=environment, check=False, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT)
        if built.returncode:
            return built.stdout.decode("utf-8", "replace")
        self.run("save", "-o", str(into), image)
        return None


def upwards(field, history):
    """A field without what the base decides: history counts from the end, lists of the configuration do not count."""
    def from_the_end(found):
        return f"history[{int(found[1]) - history}]"

    return re.sub(r"^((?:container_)?config\.\w+)\[\d+\]", r"\1[]", re.sub(r"^history\[(\d+)\]", from_the_end, field or ""))


def stated_places(archive, truth):
    image = places.open_image(archive)
    for item in truth["leaks"] + truth["decoys"]:
        if not item["encoding"] and not item["nested"] and item["length"]:
            layer = None if item["layer"] is None else item["layer"] - len(image.layers)
            yield item["value_sha256"], item["carrier"], layer, item["path"], upwards(item["field"], len(image.history)), item["visibility"]


def found_places(archive, truth):
    image = places.open_image(archive)
    values = [planted["value"].encode() for planted in truth["planted"]]
    for place, text in places.all_texts(image):
        if place.nested or place.streams:
            continue
        layer = None if place.layer is None else place.layer - len(image.layers)
        fate = "metadata" if layer is None else places.removed_how(image, place.layer, place.path)
        field = "" if place.carrier in ("path", "link") else upwards(place.field, len(image.history))
        for value in values:
            for _ in range(text.count(value)):
                yield hashlib.sha256(value).hexdigest(), place.carrier, layer, place.path, field, fate


def differences(generated, truth, built):
    stated = collections.Counter(stated_places(generated, truth))
    found = collections.Counter(found_places(built, truth))
    COMPARED["places"] += sum((stated & found).values())
    names = {planted["value_sha256"]: f"{planted['kind']}:{planted['name']}" for planted in truth["planted"]}
    for title, rest in (("only in the truth", stated - found), ("only in the real image", found - stated)):
        for (value, *place), count in rest.items():
            yield f"{title}: {names[value]} {place}" + (f" {count} times" if count > 1 else "")


def compare(program, engine, builder, globs, folder):
    """(fixture, what is wrong) of each that was built."""
    generate(program, *globs, "--builder", builder, "--archive", ARCHIVE, "--reveal", "--out", str(folder / "generated"))
    rows = json.loads((folder / "generated/catalogue.json").read_text())["fixtures"]
    for row in rows:
        contexts = folder / "contexts"
        generate(program, row["fixture"], "--write-contexts", str(contexts))
        context = contexts / row["fixture"]
        if not can_be_built(context):
            continue
        saved = folder / (row["fixture"].replace("/", ".") + ".tar")
        said = engine.build(context, int(builder.startswith("buildkit")), "watertight/" + row["fixture"], saved)
        if said is not None:
            yield row["fixture"], ["is not built: " + said.strip().replace("\n", " ")[-300:]]
            continue
        truth = json.loads((folder / "generated" / row["truth"]).read_text())
        yield row["fixture"], list(differences(str(folder / "generated" / row["file"]), truth, str(saved)))
        saved.unlink()


def clients(options, folder, stack):
    """(builder, client) of each Docker 20.10 that is here."""
    given = [shlex.split(client) for client in options.docker]
    if not given and os.geteuid() == 0:
        with contextlib.suppress(FileNotFoundError):
            given = [stack.enter_context(live.Daemon(folder)).client()]
    for client in given:
        version = subprocess.run(client + ["version", "--format", "{{.Server.Version}}"], check=True, stdout=subprocess.PIPE)
        if version.stdout.startswith(b"20.10."):
            yield from (("classic-20.10", client), ("buildkit-0.8", client))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("globs", nargs="*", default=GLOBS, metavar="GLOB")
    parser.add_argument("--docker", action="append", default=[], metavar="CLIENT")
    options = parser.parse_args()
    if not os.path.exists(bases.BUSYBOX):
        print(f"skipped: there is no {bases.BUSYBOX}")
        return SKIP
    wrong, any_builder = 0, False
    with tempfile.TemporaryDirectory() as scratch, contextlib.ExitStack() as stack:
        for builder, client in clients(options, scratch, stack):
            any_builder, equal, built = True, 0, 0
            folder = pathlib.Path(scratch, builder)
            engine = Engine(client, folder)
            for fixture, problems in compare(options.program, engine, builder, options.globs, folder):
                built += 1
                equal += not problems
                for problem in problems:
                    print(f"{builder} {fixture}: {problem}")
            print(f"{builder}: {equal} of {built} fixtures have their values where the truth says, at {COMPARED['places']} places")
            COMPARED.clear()
            wrong += built - equal
    if not any_builder:
        print("skipped: no Docker 20.10 is here, or not as root")
        return SKIP
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
