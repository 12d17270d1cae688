#!/usr/bin/env python3
"""No output of inspect, check, find and diff holds a planted value, in text, JSON or a page, over all fixtures.

Excepted are names that hold a value themselves: a person must see which file it is. ls and cat show what they are
asked for.

    redaction_test.py PROGRAM [--all]   without --all, every third image
"""

import concurrent.futures
import html
import json
import os
import pathlib
import subprocess
import sys
import tempfile

NAMES = ("path", "link")
# Names too: the tag of an image, the path of a volume.
NAMED = ("config/tag", "config/volume")
SHORTEST = 8  # shorter ones are found in digests by chance


def outputs_of(program, archive, value, other):
    """(what was run, all that it wrote) of each command, in both forms."""
    environment = {key: text for key, text in os.environ.items() if key != "WATERTIGHT_REVEAL"}
    secret = pathlib.Path(archive + ".value")
    secret.write_text(value)
    for command in (["inspect", archive], ["check", archive], ["find", archive, "--value-file", str(secret)],
                    ["diff", archive, other]):
        for form in ([], ["--format", "json"]):
            done = subprocess.run([program, *command, *form], capture_output=True, env=environment)
            yield " ".join([command[0], *form]), done.stdout + done.stderr
    for command in ("inspect", "check"):
        files = {form: pathlib.Path(f"{archive}.{form}") for form in ("html", *(("sarif", "junit") if command == "check" else ()))}
        reports = [word for form, file in files.items()
                   for word in (("--html", str(file)) if form == "html" else ("--output", f"{form}={file}"))]
        subprocess.run([program, command, archive, *reports], capture_output=True, env={**environment, "GITHUB_ACTIONS": "true"})
        for form, file in files.items():
            # No page is written of an image that cannot be read.
            yield f"{command} {form}", file.read_bytes() if file.exists() else b""
            file.unlink(missing_ok=True)


def values_of(truth):
    """The values that no output may hold: those that are no part of a name."""
    in_names = {place.get("value") for place in truth["leaks"] + truth["decoys"] if place["carrier"] in NAMES}
    return sorted({leak["value"] for leak in truth["leaks"] if leak.get("value")} - in_names)


def shown(program, truth_path, other):
    truth = json.loads(truth_path.read_text())
    if truth["fixture"] in NAMED:
        return []
    values = [value for value in values_of(truth) if len(value) >= SHORTEST]
    if not values:
        return []
    archive = str(truth_path)[:-len(".truth.json")] + ".tar"
    found = []
    for run, output in outputs_of(program, archive, values[0], other):
        for value in values:
            quoted = json.dumps(value)[1:-1]
            spellings = {text.encode() for text in (value, quoted, quoted.replace("<", "\\u003c").replace(">", "\\u003e"), html.escape(value, quote=True))}
            if any(spelling in output for spelling in spellings):
                found.append(f"{truth['fixture']}: {run} shows a value of kind "
                             + next(leak["kind"] for leak in truth["leaks"] if leak.get("value") == value))
    return found


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory(prefix="watertight-redaction-") as scratch:
        subprocess.run([program, "generate", "--reveal", "--out", scratch, "--seed", "redaction"], check=True,
                       stdout=subprocess.DEVNULL)
        truths = sorted(pathlib.Path(scratch).glob("*.truth.json"))
        truths = truths if "--all" in sys.argv else truths[::3]
        other = str(truths[0])[:-len(".truth.json")] + ".tar"
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            found = [line for part in pool.map(lambda path: shown(program, path, other), truths) for line in part]
    for line in found:
        print(line)
    print(f"{len(truths)} images, {len(found)} outputs with a value")
    return 1 if found or not truths else 0


if __name__ == "__main__":
    sys.exit(main())
