#!/usr/bin/env python3
"""What a person must get out of an image: a line for each file and hard link of each layer.

    stored_bytes.py IMAGE [TAG]     prints LAYER PATH_IN_HEX SHA256

A hard link has the bytes of what it links to, in its layer or in the nearest below. One that links to nothing is left out.
"""

import hashlib
import pathlib
import posixpath
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "differential"))
import image_reading  # noqa: E402


def clean(name):
    kept = []
    for part in name.split(b"/"):
        if part == b"..":
            kept = kept[:-1]
        elif part not in (b"", b"."):
            kept.append(part)
    return b"/".join(kept)


def is_whiteout(path):
    return posixpath.basename(path).startswith(b".wh.")


def target_of(layers, layer, position, path):
    """The bytes that a link at this position means: the last entry of the path before it, else of the layers below."""
    for below in range(layer, -1, -1):
        entries = layers[below][:position] if below == layer else layers[below]
        for at in range(len(entries) - 1, -1, -1):
            entry = entries[at]
            if clean(entry["name"]) != path:
                continue
            if entry["kind"] == "0":
                return entry["content"]
            if entry["kind"] == "1":
                return target_of(layers, below, at, clean(entry["link"]))
    return None


def stored(layers):
    for layer, entries in enumerate(layers):
        for position, entry in enumerate(entries):
            path = clean(entry["name"])
            if not path or is_whiteout(path) or entry["kind"] not in "01":
                continue
            content = entry["content"]
            if entry["kind"] == "1":
                content = target_of(layers, layer, position, clean(entry["link"]))
            if content is not None:
                yield layer, path, content


def main():
    image = image_reading.Image(image_reading.Archive(sys.argv[1]), *sys.argv[2:])
    for layer, name, content in stored(image.layers):
        print(layer, name.hex(), hashlib.sha256(content).hexdigest())


if __name__ == "__main__":
    main()
