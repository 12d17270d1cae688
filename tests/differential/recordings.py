"""The recorded results of real builders: recorded/BUILDER.json.xz, one object with `origin` and `cases`."""

import hashlib
import json
import lzma
import os

import bases

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "recorded")


def path_of(builder):
    return os.path.join(FOLDER, builder + ".json.xz")


def read(builder):
    with lzma.open(path_of(builder), "rt", encoding="utf-8") as file:
        return json.load(file)


def write(builder, origin, cases):
    os.makedirs(FOLDER, exist_ok=True)
    words = json.dumps({"origin": origin, "cases": dict(sorted(cases.items()))}, ensure_ascii=False,
                       separators=(",", ":"), indent=None)
    with open(path_of(builder), "wb") as file:
        file.write(lzma.compress(words.encode("utf-8", "backslashreplace"), preset=9 | lzma.PRESET_EXTREME))


def busybox():
    return hashlib.sha256(bases.busybox_program()).hexdigest()
