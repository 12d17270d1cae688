#!/usr/bin/env python3
"""Compares what the library reads of an image with an independent reading.

usage: oracle.py DUMP IMAGE [NAME]      DUMP is the program built from dump.cc; NAME chooses one image of several

Prints one line with counts and exits 0 when both agree; prints what differs and exits 1 when not.
"""

import collections
import json
import subprocess
import sys

import image_reading
import tar_reading
import whiteouts

TYPES = {"0": b"file", "1": b"hardlink", "2": b"symlink", "3": b"char", "4": b"block", "5": b"directory", "6": b"fifo"}
BYTES = {"path", "stored_name", "type", "uname", "gname", "link", "diff_id", "digest", "blob", "compression", "computed",
         "id", "config", "transport", "created_by", "comment", "name", "sha256", "how", "code", "place"}


def hexed(value):
    return bytes.fromhex(value)


def read_dump(program, reference):
    run = subprocess.run([program, reference], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if run.returncode != 0:
        sys.exit(f"{reference}: the library refuses it: {run.stderr.decode()}")
    lines = collections.defaultdict(list)
    for line in run.stdout.splitlines():
        row = json.loads(line)
        for key, value in row.items():
            if key in BYTES:
                row[key] = hexed(value)
            elif isinstance(value, dict):
                row[key] = {hexed(k): hexed(v) for k, v in value.items()}
        lines[row.pop("what")].append(row)
    return lines


def digest(content):
    return bytes.fromhex(image_reading.sha256(content)[7:])


def expected_entry(layer, entry):
    """What the library should say of one entry of a tar."""
    kind, path = whiteouts.recognise(entry["name"])
    row = {key: entry[key] for key in ("mode", "uid", "gid", "uname", "gname", "mtime", "mtime_nanoseconds", "link", "pax",
                                       "xattrs", "device_major", "device_minor", "sparse", "header_offset",
                                       "content_offset", "stored_size", "size")}
    kinds = {"entry": TYPES[entry["kind"]], "invalid": b"whiteout"}
    row.update(layer=layer, path=b"/".join(path), stored_name=entry["name"], type=kinds.get(kind, kind.encode()))
    if row["type"] == b"file":
        row["sha256"] = digest(entry["content"])
    return row


def expected_row(path, node):
    layer, entry = node["content"]
    row = {"path": b"/".join(path), "layer": node["entry"][0], "content_layer": layer, "type": b"directory", "mode": 0o755,
           "uid": 0, "gid": 0, "size": 0, "mtime": 0, "link": b""}
    if entry is not None:
        row.update({key: entry[key] for key in ("mode", "uid", "gid", "size", "mtime", "link")}, type=TYPES[entry["kind"]])
    if row["type"] == b"file":
        row["sha256"] = digest(entry["content"])
    return row


def expected(image, rootfs):
    lines = {}
    lines["image"] = [{"id": image.id.encode(), "config": image.config_bytes, "matches": int(image.matches),
                       "size": sum(len(tar) for tar in image.tars), "wasted": rootfs.wasted(image.layers)}]
    lines["tag"] = [{"name": name.encode()} for name in image.names]
    lines["step"] = [
        {"index": i, "layer": image.layer_of_step[i], "created_by": (step.get("created_by") or "").encode(),
         "comment": (step.get("comment") or "").encode()}
        for i, step in enumerate(image.history)
    ]
    lines["layer"] = []
    for i, (blob, tar) in enumerate(zip(image.blobs, image.tars)):
        stored = image.archive.files[blob]
        kind = tar_reading.compression_of(stored)
        claimed = image.diff_ids[i] if kind == "none" else image_reading.sha256(stored)
        lines["layer"].append({
            "index": i, "diff_id": image.diff_ids[i].encode(), "digest": claimed.encode(), "blob": blob.encode(),
            "compression": kind.encode(), "stored_size": len(stored), "size": len(tar),
            "step": image.layer_of_step.index(i) if i in image.layer_of_step else -1,
            "computed": image_reading.sha256(tar).encode()})
    lines["entry"] = [expected_entry(i, entry) for i, entries in enumerate(image.layers) for entry in entries]
    lines["row"] = [expected_row(path, node) for path, node in rootfs.tree.items()]
    lines["row"].sort(key=lambda row: row["path"])
    lines["stored"] = []
    shown = {node["entry"] for node in rootfs.tree.values()}
    for (layer, index), (how, by) in rootfs.fates.items():
        entry = image.layers[layer][index]
        path = whiteouts.recognise(entry["name"])[1]
        visible = (layer, index) in shown
        lines["stored"].append({"layer": layer, "header_offset": entry["header_offset"], "path": b"/".join(path),
                                "visible": int(visible), "how": (how or "").encode() if not visible else b"",
                                "by": by if not visible else -1})
    lines["stored"].sort(key=lambda row: (row["path"], row["layer"], row["header_offset"]))
    lines["blob"] = [{"path": name.encode(), "size": len(content), "referenced": int(name in image.reached)}
                     for name, content in sorted(image.archive.files.items())]
    return lines


def compare(ours, theirs):
    problems = []
    for what, rows in theirs.items():
        found = ours[what]
        if len(found) != len(rows):
            problems.append(f"{what}: the library has {len(found)}, expected {len(rows)}")
        for library, oracle in zip(found, rows):
            wrong = {key: (library.get(key), value) for key, value in oracle.items() if library.get(key) != value}
            if wrong:
                problems.append(f"{what} {oracle.get('path', oracle.get('index', ''))}: {str(wrong)[:400]}")
    return problems


def main():
    program, path = sys.argv[1:3]
    name = sys.argv[3] if len(sys.argv) > 3 else None
    archive = image_reading.Archive(path)
    image = image_reading.Image(archive, name)
    problems = list(archive.problems)
    for tar, entries in zip(image.tars, image.layers):
        problems += tar_reading.check_with_tarfile(tar, entries)
    rootfs = whiteouts.merge(image.layers)
    transport = "docker-archive:" if "manifest.json" in archive.files else "oci-archive:"
    ours = read_dump(program, f"{transport}{path}:{name}" if name else path)
    theirs = expected(image, rootfs)
    problems += compare(ours, theirs)
    for problem in problems[:20]:
        print(problem)
    counts = ", ".join(f"{len(theirs[what])} {words}" for what, words in
                       (("layer", "layers"), ("entry", "entries"), ("row", "rows"), ("stored", "stored"), ("blob", "blobs")))
    print(f"{path.rsplit('/', 1)[-1]}: {counts}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
