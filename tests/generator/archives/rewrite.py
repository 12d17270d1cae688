#!/usr/bin/env python3
"""Takes every layer of real images apart into entries and has the generator's tar writer write them again.

usage: rewrite.py PROGRAM SAMPLE...   images
       rewrite.py PROGRAM --bare TAR...  tars of GNU tar or Python

The headers are read here, field by field (POSIX ustar, PAX, GNU). The two tars must be the same, byte for byte.
"""

import gzip
import json
import os
import subprocess
import sys
import tarfile
import tempfile

# Layers of tools whose tar form the writer does not claim: sample, reason.
FOREIGN = {"crane020-append": "layers made by GNU tar and Python, not by crane",
           "crane020-append-docker": "layers made by GNU tar and Python, not by crane"}


def unpacked(data):
    if data[:2] == b"\x1f\x8b":
        return gzip.decompress(data)
    if data[:4] == b"\x28\xb5\x2f\xfd":
        return subprocess.run(["zstd", "-dc"], input=data, stdout=subprocess.PIPE, check=True).stdout
    return data


def number(field):
    if field[0] & 0x80:
        return int.from_bytes(bytes([field[0] & 0x7f if field[0] == 0x80 else field[0]]) + field[1:], "big",
                              signed=field[0] == 0xff)
    return int(field.split(b"\0")[0].strip() or b"0", 8)


def text(field):
    return field.split(b"\0")[0]


def records_of(body):
    records = {}
    while body:
        length = int(body[:body.index(b" ")])
        key, value = body[body.index(b" ") + 1:length - 1].split(b"=", 1)
        records[key] = value
        body = body[length:]
    return records


def entries_of(path):
    data = open(path, "rb").read()
    at, records, long_name, long_link, form = 0, {}, None, None, "go"
    entries = []
    while at < len(data) and data[at] != 0:
        h = data[at:at + 512]
        size, kind = number(h[124:136]), h[156:157]
        body_at = at + 512
        at = body_at + (size + 511) // 512 * 512
        if h[257:265] == b"ustar  \0":
            form = "gnu"
        elif kind == b"0" and h[329:337] == bytes(8):
            form = "python"
        body = data[body_at:body_at + size]
        if kind == b"x":
            records = records_of(body)
            continue
        if kind in b"LK":
            long_name = body[:-1] if kind == b"L" else long_name
            long_link = body[:-1] if kind == b"K" else long_link
            continue
        prefix = text(h[345:500]) if form != "gnu" else b""
        name = records.pop(b"path", None) or long_name or (prefix + b"/" if prefix else b"") + text(h[:100])
        field = lambda key, plain: int(records.pop(key, plain))
        entries.append({
            "name": name.hex(), "type": kind.decode(), "mode": number(h[100:108]),
            "uid": field(b"uid", number(h[108:116])), "gid": field(b"gid", number(h[116:124])),
            "mtime": field(b"mtime", number(h[136:148])),
            "link": (records.pop(b"linkpath", None) or long_link or text(h[157:257])).hex(),
            "uname": records.pop(b"uname", text(h[265:297])).hex(),
            "gname": records.pop(b"gname", text(h[297:329])).hex(),
            "major": number(h[329:337]), "minor": number(h[337:345]),
            "pax": {key.hex(): value.hex() for key, value in records.items()},
            "content": {"file": path, "offset": body_at, "length": size}})
        records, long_name, long_link = {}, None, None
    return entries, form, len(data)


def layers_of(path):
    tar = tarfile.open(path)
    seen = set()
    for member in tar:
        if not member.isfile():
            continue
        data = unpacked(tar.extractfile(member).read())
        if len(data) % 512 == 0 and (data[257:262] == b"ustar" or data == bytes(len(data))) and data not in seen:
            seen.add(data)
            yield member.name, data


def check(program, label, path):
    entries, form, size = entries_of(path)
    spec = {"form": form, "entries": entries, "record_size": 1024 if form == "go" else 10240}
    with open(path + ".spec", "w") as file:
        json.dump(spec, file)
    subprocess.run([program, "tar", path + ".spec", path + ".out"], check=True)
    theirs, ours = open(path, "rb").read(), open(path + ".out", "rb").read()
    if theirs == ours:
        return True
    at = next((i for i, (a, b) in enumerate(zip(theirs, ours)) if a != b), min(len(theirs), len(ours)))
    block = at // 512 * 512
    print(f"{label}: DIFFERS at {at} of {len(theirs)} ({len(ours)} written): "
          f"{theirs[block:block + 512]} is {ours[block:block + 512]}")
    return False


def main():
    program, *samples = sys.argv[1:]
    bare = samples[0] == "--bare"
    samples = samples[1:] if bare else samples
    equal = compared = 0
    for path in samples:
        name = os.path.basename(path)[:-len(".tar")]
        if name in FOREIGN:
            print(f"{name}: left out: {FOREIGN[name]}")
            continue
        with tempfile.TemporaryDirectory() as folder:
            layers = [(name, open(path, "rb").read())] if bare else layers_of(path)
            for number_, (member, data) in enumerate(layers):
                copy = os.path.join(folder, str(number_))
                with open(copy, "wb") as file:
                    file.write(data)
                compared += 1
                equal += check(program, f"{name}: {member}", copy)
    print(f"{equal} of {compared} tars equal")
    return 0 if equal == compared else 1


sys.exit(main())
