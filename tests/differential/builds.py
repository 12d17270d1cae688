#!/usr/bin/env python3
"""Compares what `watertight generate` builds of the corpus with what real builders made of it.

usage: builds.py PROGRAM [--builder B]… [--case GLOB]… [--shard I/N] [--live] [--docker COMMAND]… [--buildah COMMAND]
                 [--verbose] [--accept REASON] [--open]

Against the recorded results; with --live, against the builders of this machine (see live.py). Prints each difference
once, and equal / compared for each builder. A difference that known_differences.json explains makes a build differ all
the same, but is no failure; an explanation that explains nothing any more is one. --accept writes what is left
unexplained into that file. The cases of open_differences.json may differ in any way until they are mended (--verbose
prints how, --open lists those that still do).

Exit: 0 when every difference is known, 1 when not, 77 when PROGRAM cannot generate or no builder is here.
"""

import argparse
import collections
import fnmatch
import json
import os
import subprocess
import sys
import tempfile

import bases
import corpus
import differences
import engines
import known
import live
import recordings
import reduction
import refusals

SKIPPED = 77


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("--builder", action="append")
    parser.add_argument("--case", action="append", default=[])
    parser.add_argument("--shard", default="0/1")
    parser.add_argument("--live", action="store_true")
    parser.add_argument("--docker", action="append", default=[])
    parser.add_argument("--buildah")
    parser.add_argument("--accept", metavar="REASON")
    parser.add_argument("--open", action="store_true")
    parser.add_argument("--verbose", action="store_true")
    return parser.parse_args()


class Generator:
    """The program under test."""

    def __init__(self, program, folder):
        self.program, self.folder = os.path.abspath(program), folder
        self.bases = bases.write(os.path.join(folder, "bases"))
        self.base_layers = reduction.base_layers()
        listed = subprocess.run([self.program, "generate", "--list", "builders"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.builders = listed.stdout.decode().split()

    def works(self):
        run = subprocess.run([self.program, "generate", "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return run.returncode == 0 and b"--dockerfile" in run.stdout

    def command(self, name, builder, archive, build, output):
        words = [self.program, "generate", "--dockerfile", "Dockerfile", "--context", ".", "--builder", builder,
                 "--archive", archive, "--output", output]
        for tag in engines.tags(builder, name):
            words += ["--tag", tag]
        for base, path in self.bases.items():
            words += ["--base", f"{base}={path}"]
        for key, value in build.get("build_args", {}).items():
            words += ["--build-arg", f"{key}={value}"]
        if engines.takes_secrets(builder):
            words += [f"--secret=id={key},src={file}" for key, file in build.get("secrets", {}).items()]
        return words + (["--target", build["target"]] if "target" in build else [])

    def run(self, name, builder, archive, output):
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            context = os.path.join(folder, "context")
            build = corpus.prepare(name, context)
            return subprocess.run(self.command(name, builder, archive, build, output), cwd=context,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def write(self, name, builder, archive, output):
        """What the program says when it refuses; None when the image is there."""
        run = self.run(name, builder, archive, output)
        return run.stderr.decode("utf-8", "replace").strip() or "refused" if run.returncode else None

    def result(self, name, builder):
        """A reduction or a refusal, as they are recorded; what is neither has the key `broken`."""
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            output = os.path.join(folder, "image.tar")
            run = self.run(name, builder, engines.BUILDERS[builder][2], output)
            if run.returncode == 0:
                return reduction.reduce(output, self.base_layers)
            words = run.stderr.decode("utf-8", "replace").strip()
            if run.returncode != 2 or os.path.exists(output):
                return {"broken": f"exit {run.returncode}: {words[-300:]}"}
            return our_refusal(words)


def our_refusal(words):
    """`Dockerfile:LINE: message`, or without a line."""
    words = words.removeprefix("Dockerfile:")
    words = words.partition(": docker save: ")[2] or words
    line, colon, message = words.partition(":")
    has_line = colon and line.isdigit()
    refused, printed = refusals.of_run(refusals.with_names(message if has_line else words).strip())
    return {"refused": refused, **({"line": int(line)} if has_line else {}), **({"printed": printed} if printed else {})}


def compare(generator, builder, name, real):
    try:
        ours = generator.result(name, builder)
    except Exception as error:  # what the generator wrote cannot be read: the worst of differences
        ours = {"broken": f"cannot be read: {error!r}"}
    if "broken" in ours:
        return [("broken", ours["broken"], "refused" if "refused" in real else "built")]
    return differences.between(ours, real)


def chosen_cases(options):
    shard, shards = (int(part) for part in options.shard.split("/"))
    names = [name for name in corpus.names() if not options.case or any(fnmatch.fnmatch(name, g) for g in options.case)]
    return names[shard::shards]


def usable(generator, builder, name, real, origin):
    """Why the two cannot be compared, or None."""
    if builder not in generator.builders:
        return f"watertight knows no builder {builder}"
    if real is None:
        return "not recorded"
    if "unrecorded" in real:
        return real["unrecorded"]
    if corpus.options(name).get("copies_busybox") and origin.get("busybox") != recordings.busybox():
        return "needs the busybox of the recording"
    return None


def compare_all(generator, options, names):
    """(found, counts, left out): found are (builder, case, field, ours, real)."""
    found, counts, left_out = [], collections.OrderedDict(), []
    for builder, origin, results in live.results(options, names) if options.live else recorded(options):
        equal = compared = 0
        for name in names:
            real = results.get(name)
            reason = usable(generator, builder, name, real, origin)
            if reason:
                left_out.append((builder, name, reason))
                continue
            rows = compare(generator, builder, name, real)
            compared, equal = compared + 1, equal + (not rows)
            found += [(builder, name, *row) for row in rows]
        counts[builder] = (equal, compared, origin["engine"])
    return found, counts, left_out


def recorded(options):
    for builder in options.builder or engines.BUILDERS:
        recording = recordings.read(builder)
        yield builder, recording["origin"], recording["cases"]


def shown(value):
    words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return words if len(words) <= 160 else words[:157] + "…"


def some_of(names):
    return ", ".join(sorted(names)) if len(names) < 20 else "all"


def print_found(found):
    """Each difference once, with the builders that have it."""
    together = collections.OrderedDict()
    for builder, name, field, ours, real in found:
        together.setdefault((name, field, shown(ours), shown(real)), []).append(builder)
    for (name, field, ours, real), builders in together.items():
        print(f"{name} [{' '.join(builders)}] {field}\n    ours {ours}\n    real {real}")


def main():
    options = arguments()
    names = chosen_cases(options)
    with tempfile.TemporaryDirectory() as folder:
        generator = Generator(options.program, folder)
        if not generator.works():
            print("skipped: the program has no command `generate`")
            return SKIPPED
        found, counts, left_out = compare_all(generator, options, names)
    if not counts:
        print("skipped: no builder of the corpus is here, or this is not root")
        return SKIPPED
    return report(options, names, found, counts, left_out)


def report(options, names, found, counts, left_out):
    explanations = known.read()
    explained, unexplained = known.split(found, explanations)
    if options.open:
        known.write_open(unexplained, counts, names)
    if options.accept:
        known.add(unexplained, options.accept)
    listed = known.read_open()
    still_open = [row for row in unexplained if row[1] in listed.get(row[0], [])]
    new = [row for row in unexplained if row[1] not in listed.get(row[0], [])]
    print_found(unexplained if options.verbose else new)
    unused = known.unused(explanations, explained, counts, names)
    for entry in unused:
        print(f"no longer needed in known_differences.json: {json.dumps(entry, ensure_ascii=False)}")
    for builder, (equal, compared, engine) in counts.items():
        of = [len({row[1] for row in rows if row[0] == builder}) for rows in (explained, still_open, new)]
        print(f"{builder}: equal {equal} of {compared}; cases with known differences {of[0]}, open {of[1]}, "
              f"others {of[2]} ({engine})")
    for reason, number in collections.Counter(row[2] for row in left_out).items():
        print(f"not compared, {reason}: {number}: {some_of({row[1] for row in left_out if row[2] == reason})}")
    return 1 if new or unused else 0


if __name__ == "__main__":
    sys.exit(main())
