#!/usr/bin/env python3
"""Plants values at random places of random images and compares them with what `watertight find` says.

usage: find_test.py WATERTIGHT [--seeds N]

The images, the encodings and the expectations are the standard library's.
"""

import argparse
import base64
import bz2
import codecs
import gzip
import hashlib
import io
import json
import lzma
import os
import random
import subprocess
import sys
import tarfile
import tempfile
import urllib.parse
import zipfile
import zlib

WORDS = b"the quick brown fox 0123456789 jumps over = : , { } [ ] ; lazy dog Zm9v YmFy \\ / % \n\n".split(b" ")
COMPRESS = {"gzip": gzip.compress, "xz": lzma.compress, "bzip2": bz2.compress, "zlib": zlib.compress}


def noise(rng, size):
    parts = []
    while size > 0:
        part = bytes(rng.getrandbits(8) for _ in range(8)) if rng.random() < 0.1 else rng.choice(WORDS) + b" "
        parts.append(part[:size])
        size -= len(part)
    return b"".join(parts)


def wrapped(text, width, end):
    return end.join(text[i : i + width] for i in range(0, len(text), width))


def base64_form(rng, value):
    """The digits that hold bits of the value, in a text that may hold other bytes beside it."""
    before = bytes(rng.getrandbits(8) for _ in range(rng.randrange(7)))
    behind = bytes(rng.getrandbits(8) for _ in range(rng.randrange(5)))
    url = rng.random() < 0.4
    digits = (base64.urlsafe_b64encode if url else base64.b64encode)(before + value + behind)
    first = len(before) * 8 // 6
    last = (8 * (len(before) + len(value)) + 5) // 6
    name = "base64url" if set(digits[first:last]) & set(b"-_") else "base64"
    if rng.random() < 0.3:
        width, end = rng.choice((16, 19, 20, 60, 64, 76)), rng.choice((b"\n", b"\r\n"))
        column = lambda digit: digit + digit // width * len(end)  # noqa: E731
        return wrapped(digits, width, end), column(first), column(last - 1) + 1, [name]
    return digits, first, last, [name]


def json_text(value, **options):
    return json.dumps(value.decode(), **options)[1:-1].encode()


def simple_forms(value):
    text = value.decode()
    forms = [
        ([], value),
        (["hex"], value.hex().encode()),
        (["hex"], value.hex().upper().encode()),
        (["utf-16le"], text.encode("utf-16-le")),
        (["utf-16be"], text.encode("utf-16-be")),
        (["percent"], "".join(f"%{byte:02X}" for byte in value).encode()),
        (["percent"], "".join(f"%{byte:02x}" for byte in value).encode()),
        (["c-escape"], "".join(f"\\x{byte:02x}" for byte in value).encode()),
        (["c-escape"], "".join(f"\\{byte:03o}" for byte in value).encode()),
        (["unicode-escape"], "".join(f"\\u{ord(c):04x}" for c in text).encode()),
    ]
    for chain, form in (
        (["percent"], urllib.parse.quote(text, safe="").encode()),
        (["percent"], urllib.parse.quote(text, safe="/:@").encode()),
        (["json"], json_text(value)),
        (["json"], json_text(value, ensure_ascii=False)),
        (["json", "json"], json_text(json_text(value))),
    ):
        if form != value:
            forms.append((chain, form))
    return forms


def planted_form(rng, value):
    """Bytes, and where in them the occurrence begins and ends, and its encodings."""
    if rng.random() < 0.4:
        return base64_form(rng, value)
    chain, form = rng.choice(simple_forms(value))
    return form, 0, len(form), chain


def set_lines(findings, text):
    for finding in findings:
        offset = finding["offset"]
        finding["line"] = text.count(b"\n", 0, offset) + 1
        finding["column"] = offset - text.rfind(b"\n", 0, offset)


class Planter:
    def __init__(self, rng, values):
        self.rng, self.values, self.expected = rng, values, []

    def text(self, sizes, place):
        """A text with one to three values in it, of which `place` is the rest of the expectation."""
        rng, text = self.rng, b""
        first = len(self.expected)
        for _ in range(rng.randint(1, 3)):
            number = rng.randrange(len(self.values))
            form, begin, end, chain = planted_form(rng, self.values[number])
            text += noise(rng, rng.choice(sizes)) + b"\n\t "
            self.expected.append(dict(
                place, secret=number + 1, offset=len(text) + begin, length=end - begin,
                encoding=place.get("encoding", []) + chain))
            text += form + b' "'
        text += noise(rng, rng.choice(sizes))
        set_lines(self.expected[first:], text)
        return text


class ImageMaker:
    # Around the sizes of buffers: 16, 64 and 256 KiB.
    SIZES = (0, 1, 7, 100, 500, 4096, 16380, 65530, 65536 + 4090, 262140, 262144, 270000)

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.values = [self.value() for _ in range(self.rng.randint(1, 3))]
        self.planter = Planter(self.rng, self.values)
        self.layers = []

    def value(self):
        rng = self.rng
        kind = rng.randrange(3)
        if kind == 0:
            return "".join(rng.choice("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLM23456789-_") for _ in range(rng.randint(8, 40))).encode()
        if kind == 1:
            return ("p" + "".join(rng.choice('abcXYZ0189!"#$%&/()=?\\+*~<>|@ü€') for _ in range(rng.randint(8, 24))) + "w").encode()
        return base64.b64encode(bytes(rng.getrandbits(8) for _ in range(rng.randint(9, 60))))

    def content(self, place):
        rng = self.rng
        kind = rng.choice(("text",) * 4 + ("gzip", "xz", "bzip2", "zlib", "zip", "tar", "tar.gz", "gzip.zip"))
        if kind == "text":
            return self.planter.text(self.SIZES, place)
        sizes = (0, 10, 3000, 70000)
        if kind in COMPRESS:
            return COMPRESS[kind](self.planter.text(sizes, dict(place, encoding=[kind])))
        if kind in ("zip", "gzip.zip"):
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w") as archive:
                for i in range(rng.randint(1, 3)):
                    name = f"in/{i}.txt"
                    inner = dict(place, nested=[name])
                    method = rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2))
                    if kind == "gzip.zip":
                        text = gzip.compress(self.planter.text(sizes, dict(inner, encoding=["gzip"])))
                    else:
                        text = self.planter.text(sizes, inner)
                    archive.writestr(zipfile.ZipInfo(name), text, method)
            return out.getvalue()
        inner = [(f"m{i}", None) for i in range(rng.randint(1, 3))]
        chain = ["gzip"] if kind == "tar.gz" else []
        data = make_tar([(name, self.planter.text(sizes, dict(place, nested=[name], encoding=chain)), {}) for name, _ in inner])
        return gzip.compress(data) if chain else data

    def layer(self, index):
        rng, entries = self.rng, []
        for i in range(rng.randint(1, 5)):
            path = f"dir{rng.randrange(2)}/file{index}-{i}"
            place = dict(carrier="file", layer=index, path=path, field=None, nested=[])
            entries.append((path, self.content(place), {}))
        number = rng.randrange(len(self.values))
        value = self.values[number]
        at = dict(layer=index, secret=number + 1, length=len(value), encoding=[], nested=[])
        usable = b"/" not in value and b"\\" not in value
        if rng.random() < 0.3 and usable:
            name = "x" * rng.choice((1, 90, 120)) + "/n-" + value.decode()
            entries.append((name, b"", {}))
            self.planter.expected.append(dict(at, carrier="path", path=name, field=None, offset=len(name.encode()) - len(value)))
        if rng.random() < 0.3:
            entries.append((f"link{index}", b"", {"type": tarfile.SYMTYPE, "linkname": "to/" + value.decode()}))
            self.planter.expected.append(dict(at, carrier="link", path=f"link{index}", field=None, offset=3))
        if rng.random() < 0.3:
            path = f"attributes{index}"
            entries.append((path, b"", {"pax_headers": {"SCHILY.xattr.user.x": "a=" + value.decode()}}))
            self.planter.expected.append(dict(at, carrier="xattr", path=path, field="SCHILY.xattr.user.x", offset=2))
        if rng.random() < 0.3:
            path = f"dir0/.wh.gone{index}"
            text = self.planter.text((0, 50), dict(carrier="file", layer=index, path=path, field=None, nested=[]))
            entries.append((path, text, {}))
        tar = make_tar(entries)
        if rng.random() < 0.3:
            at.update(carrier="blob", path=None, field=None, offset=len(tar) + 3)
            tar += b"+++" + value
            set_lines([at], tar)
            self.planter.expected.append(at)
        return tar

    def archive(self):
        rng = self.rng
        tars = [self.layer(index) for index in range(rng.randint(1, 4))]
        number = rng.randrange(len(self.values))
        value = self.values[number]
        at = dict(layer=None, path=None, secret=number + 1, length=len(value), encoding=[], nested=[])
        config = {
            "architecture": "amd64", "os": "linux",
            "config": {"Env": ["A=b", "TOKEN=" + value.decode()], "Labels": {"a.b": value.decode()}},
            "history": [{"created_by": "RUN x"}] * (len(tars) - 1) + [{"created_by": "RUN y " + value.decode() + "!"}],
            "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(tar).hexdigest() for tar in tars]},
        }
        self.planter.expected += [
            dict(at, carrier="config", field="config.Env[1]", offset=6),
            dict(at, carrier="config", field='config.Labels["a.b"]', offset=0),
            dict(at, carrier="history", field=f"history[{len(tars) - 1}].created_by", offset=6, layer=len(tars) - 1),
        ]
        config = json.dumps(config).encode()
        files = [("config.json", config, {})]
        names = []
        for index, tar in enumerate(tars):
            kind = rng.choice(("none", "none", "gzip", "xz", "bzip2"))
            files.append((f"layer{index}", COMPRESS[kind](tar) if kind != "none" else tar, {}))
            names.append(f"layer{index}")
        if rng.random() < 0.5:
            text = self.planter.text((0, 1000), dict(carrier="blob", layer=None, path=None, field=None, nested=[]))
            files.append(("left/over", text, {}))
        files.append(("manifest.json", json.dumps([{"Config": "config.json", "RepoTags": ["a:b"], "Layers": names}]).encode(), {}))
        return make_tar(files)


def make_tar(entries):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, content, more in entries:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            for key, value in more.items():
                setattr(info, key, value)
            tar.addfile(info, io.BytesIO(content))
    return out.getvalue()


FIELDS = ("secret", "carrier", "layer", "path", "field", "offset", "length", "encoding", "nested")


def comparable(finding):
    """Lines are told of contents; of names and fields all stand on the first."""
    line = [finding[name] for name in ("line", "column")] if "line" in finding else [1, finding["offset"] + 1]
    return json.dumps([finding[field] for field in FIELDS] + line)


def find(watertight, archive, values, *options):
    with tempfile.TemporaryDirectory() as folder:
        command = [watertight, "find", archive, "--format", "json", *options]
        for number, value in enumerate(values):
            path = os.path.join(folder, str(number))
            with open(path, "wb") as file:
                file.write(value + b"\n")
            command += ["--value-file", path]
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300)


def check(watertight, seed):
    maker = ImageMaker(seed)
    archive = maker.archive()
    with tempfile.NamedTemporaryFile(suffix=".tar") as file:
        file.write(archive)
        file.flush()
        result = find(watertight, file.name, maker.values)
    assert result.returncode == 1, (result.returncode, result.stderr)
    output = json.loads(result.stdout)
    found = sorted(comparable(finding) for finding in output["findings"])
    expected = sorted(comparable(finding) for finding in maker.planter.expected)
    missing = [one for one in expected if one not in found]
    surplus = [one for one in found if one not in expected]
    revealed = [value for value in maker.values if len(value) > 12 and value in result.stdout and b"/n-" + value not in result.stdout]
    if missing or surplus or output["notes"] or len(found) != len(expected) or revealed:
        print(f"seed {seed}, values {maker.values}:")
        for title, list_ in (("missing", missing), ("surplus", surplus), ("note", output["notes"]), ("revealed", revealed)):
            for one in list_:
                print(f"  {title}: {one}")
        return False
    return True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("watertight")
    parser.add_argument("--seeds", type=int, default=60)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    failed = sum(not check(options.watertight, seed) for seed in range(options.first, options.first + options.seeds))
    print(f"{options.seeds} images, {failed} with differences")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
