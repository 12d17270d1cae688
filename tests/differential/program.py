#!/usr/bin/env python3
"""Compares what the program prints of an image with the independent reading: ls, ls --all, ls --layer, inspect, cat.

usage: program.py WATERTIGHT IMAGE [NAME]      exit 0: they agree, 1: they differ

The shapes are those of docs/command-line.md: one JSON object a line, sorted by path bytes, U+FFFD for what is no UTF-8 and the
bytes in base64 beside it.
"""

import base64
import json
import subprocess
import sys

import image_reading
import oracle
import tar_reading
import whiteouts

CATS = 6  # files whose bytes are asked for, per image and view


def run(*command):
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if result.returncode != 0:
        sys.exit(f"{command}: exit {result.returncode}: {result.stderr.decode()}")
    return result.stdout


def stated(key, value):
    """A name as the contract prints it."""
    fields = {key: value.decode("utf-8", "replace")}
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        # Python replaces a cut sequence by one mark, the program each byte: only the bytes are compared.
        fields = {key + "_base64": base64.b64encode(value).decode()}
    return fields


def line_of(path, kind, entry, layer):
    line = stated("path", path)
    line.update(type=kind, layer=layer, mode="0755", uid=0, gid=0, size=0, link=None)
    if entry is not None:
        line.update(mode=f"{entry['mode']:04o}", uid=entry["uid"], gid=entry["gid"], mtime=entry["mtime"])
        line["size"] = entry["size"] if kind in ("file", "whiteout", "opaque") else 0
        if kind in ("symlink", "hardlink"):
            del line["link"]
            line.update(stated("link", entry["link"]))
    return line


def rootfs_lines(rootfs):
    lines = []
    for path, node in sorted(rootfs.tree.items(), key=lambda item: b"/".join(item[0])):
        entry = node["content"][1]
        kind = oracle.TYPES[entry["kind"]].decode() if entry else "directory"
        lines.append(line_of(b"/".join(path), kind, entry, node["entry"][0]))
    return lines


def entry_line(entry, layer):
    kind, path = whiteouts.recognise(entry["name"])
    word = {"entry": oracle.TYPES[entry["kind"]].decode(), "invalid": "whiteout"}.get(kind, kind)
    return b"/".join(path), line_of(b"/".join(path), word, entry, layer)


def layer_lines(entries, layer):
    rows = [entry_line(entry, layer) for entry in entries if whiteouts.recognise(entry["name"])[1] or
            whiteouts.recognise(entry["name"])[0] != "entry"]
    return [line for _, line in sorted(rows, key=lambda row: row[0])]


def stored_lines(image, rootfs):
    shown = {node["entry"] for node in rootfs.tree.values()}
    rows = []
    for (layer, index), (how, by) in rootfs.fates.items():
        path, line = entry_line(image.layers[layer][index], layer)
        line["visible"] = (layer, index) in shown
        if line["visible"]:
            line["removed_by"] = None
        else:
            line["removed_by"] = {"layer": by, "how": how} if how else None
        rows.append((path, layer, index, line))
    return [row[-1] for row in sorted(rows, key=lambda row: row[:3])]


def compare(what, printed, expected):
    found = [json.loads(line) for line in printed.splitlines()]
    if len(found) != len(expected):
        return [f"{what}: {len(found)} lines, expected {len(expected)}"]
    problems = []
    for ours, theirs in zip(found, expected):
        wrong = {key: (ours.get(key), value) for key, value in theirs.items() if ours.get(key) != value}
        if wrong:
            problems.append(f"{what} {ours['path']!r}: {wrong}")
    return problems


def check_inspect(program, reference, image, rootfs):
    printed = json.loads(run(program, "inspect", reference, "--format", "json"))
    step_of = {layer: step for step, layer in enumerate(image.layer_of_step) if layer >= 0}
    expected = {
        "schema": printed["schema"] if printed["schema"] == "watertight.inspect/1" else "watertight.inspect/1",
        "tags": image.names, "id": image.id, "platform": "/".join(
            filter(None, (image.config.get("os"), image.config.get("architecture"), image.config.get("variant")))),
        "size": sum(map(len, image.tars)), "wasted": rootfs.wasted(image.layers), "matches": image.matches,
        "layers": [[i, image.diff_ids[i], image.blobs[i], tar_reading.compression_of(image.archive.files[image.blobs[i]]),
                    len(image.tars[i]), len(image.layers[i]), step_of.get(i)] for i in range(len(image.tars))],
        "history": [[i, None if layer < 0 else layer] for i, layer in enumerate(image.layer_of_step)],
    }
    found = {
        "schema": printed["schema"], "tags": printed["source"]["tags"], "id": printed["image"]["id"],
        "platform": printed["image"]["platform"] or "", "size": printed["image"]["size"],
        "wasted": printed["image"]["wasted"], "matches": printed["history_matches_layers"],
        "layers": [[layer[key] for key in ("index", "diff_id", "blob", "compression", "size", "entries", "step")]
                   for layer in printed["layers"]],
        "history": [[step["index"], step["layer"]] for step in printed["history"]],
    }
    return [f"inspect {key}: {found[key]}, expected {expected[key]}" for key in expected if found[key] != expected[key]]


def spread(items):
    return items[:: max(1, len(items) // CATS)][:CATS]


def check_cat(program, reference, image, rootfs):
    problems = []
    files = [(path, node["content"][1]["content"]) for path, node in rootfs.tree.items()
             if node["content"][1] is not None and node["content"][1]["kind"] == "0"]
    asked = 0
    for path, content in spread(files):
        asked += 1
        if run(program, "cat", reference, b"/".join(path)) != content:
            problems.append(f"cat {path}: other bytes")
    for layer, entries in enumerate(image.layers):
        names = [whiteouts.recognise(entry["name"]) for entry in entries]
        for index, entry in spread([(i, e) for i, e in enumerate(entries) if e["kind"] == "0" and names[i][0] == "entry"]):
            if names.count(names[index]) > 1:
                continue
            asked += 1
            if run(program, "cat", reference, b"/".join(names[index][1]), "--layer", str(layer)) != entry["content"]:
                problems.append(f"cat {names[index][1]} --layer {layer}: other bytes")
    return asked, problems


def main():
    program, path = sys.argv[1:3]
    name = sys.argv[3] if len(sys.argv) > 3 else None
    archive = image_reading.Archive(path)
    image = image_reading.Image(archive, name)
    rootfs = whiteouts.merge(image.layers)
    transport = "docker-archive:" if "manifest.json" in archive.files else "oci-archive:"
    reference = f"{transport}{path}:{name}" if name else path
    ls = [program, "ls", reference, "--format", "json"]
    rows = rootfs_lines(rootfs)
    stored = stored_lines(image, rootfs)
    problems = compare("ls", run(*ls), rows) + compare("ls --all", run(*ls, "--all"), stored)
    for i, entries in enumerate(image.layers):
        problems += compare(f"ls --layer {i}", run(*ls, "--layer", str(i)), layer_lines(entries, i))
    problems += check_inspect(program, reference, image, rootfs)
    asked, wrong = check_cat(program, reference, image, rootfs)
    problems += wrong
    print("\n".join(problems[:20]))
    print(f"{path.rsplit('/', 1)[-1]}: {len(rows)} rows, {len(stored)} stored, {asked} contents")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
