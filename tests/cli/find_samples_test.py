#!/usr/bin/env python3
"""Every planted string of the sample images: found where Python's standard library finds it, and nowhere else.

usage: find_samples_test.py WATERTIGHT FOLDER      FOLDER takes the unpacked kit

Without the kit (WATERTIGHT_SAMPLES names its folder) it ends with 77: skipped.
"""

import base64
import hashlib
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "catalogue"))
import places  # noqa: E402

VALUE = b"PLANT"
# As every output has it: the first character at most of so short a value, its length, its fingerprint.
REDACTED = f"P… (5 bytes, {hashlib.sha256(VALUE).hexdigest()[:8]})"


def forms():
    """What the value alone decides of its base64, and how many digits before and behind it has a part in."""
    yield VALUE, 0, 0
    for lead in range(3):
        digits = base64.b64encode(b"\0" * lead + VALUE + b"\0\0")
        first, last = (8 * lead + 5) // 6, 8 * (lead + len(VALUE)) // 6
        yield digits[first:last], first - 8 * lead // 6, (8 * (lead + len(VALUE)) + 5) // 6 - last


def occurrences(text):
    for form, before, behind in forms():
        at = text.find(form)
        while at >= 0:
            yield at - before, len(form) + before + behind
            at = text.find(form, at + len(form))


def expected(archive):
    image = places.open_image(archive)
    found = set()
    for place, text in places.all_texts(image):
        for offset, length in occurrences(text):
            layer = place.layer
            if place.carrier == "history" and image.matches:
                step = int(place.field[len("history["):place.field.index("]")])
                layer = image.layer_of_step[step]
                layer = None if layer < 0 else layer
            field = None if place.carrier in ("path", "link") else place.field or None
            field = field and field.replace(VALUE.decode(), REDACTED)
            found.add((place.carrier, layer, place.blob, place.path, field, place.nested, offset, length))
    return found


def path_of(finding):
    if "path_base64" in finding:
        return places.text_of(base64.b64decode(finding["path_base64"]))
    return finding["path"]


def found_by(watertight, archive):
    result = subprocess.run([watertight, "find", archive, "--format", "json", "--value", VALUE.decode()],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    output = json.loads(result.stdout)
    found = {(f["carrier"], f["layer"], f["blob"], path_of(f), f["field"], tuple(f["nested"]), f["offset"], f["length"])
             for f in output["findings"]}
    problems = []
    if result.returncode != (1 if found else 0):
        problems.append(f"exit code {result.returncode}: {result.stderr}")
    if len(found) != len(output["findings"]):
        problems.append("a finding comes twice")
    if output["notes"]:
        problems.append(f"notes: {output['notes']}")
    # Where a name holds the value, the name tells it.
    for finding in output["findings"]:
        if VALUE.decode() in json.dumps([finding[key] for key in ("redacted", "recover", "field", "name")]):
            if finding["carrier"] not in ("path", "link"):
                problems.append(f"a finding tells the value: {finding}")
    return found, problems


def main():
    watertight, folder = sys.argv[1:]
    kit = os.environ.get("WATERTIGHT_SAMPLES")
    if not kit:
        print("skipped: no samples (set WATERTIGHT_SAMPLES)")
        return 77
    subprocess.run([os.path.join(kit, "unpack"), folder], check=True, stdout=subprocess.DEVNULL)
    failed = count = total = 0
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".tar"):
            continue
        archive = os.path.join(folder, name)
        try:
            want = expected(archive)
        except AssertionError as error:
            print(f"{name}: left out, {error}")
            continue
        have, problems = found_by(watertight, archive)
        problems += [f"missing: {one}" for one in sorted(want - have, key=str)]
        problems += [f"surplus: {one}" for one in sorted(have - want, key=str)]
        count, total, failed = count + 1, total + len(want), failed + bool(problems)
        for problem in problems:
            print(f"{name}: {problem}")
    print(f"{count} images, {total} places, {failed} with differences")
    return 1 if failed or not count else 0


if __name__ == "__main__":
    sys.exit(main())
