#!/usr/bin/env python3
"""Wraps random values in random chains of encodings, puts them into random carriers, and asks `watertight find` for them.

usage: chains_test.py WATERTIGHT [--seeds N] [--first SEED]

The chains are those that docs/known-values.md promises; all encodings are those of the standard library.
"""

import argparse
import base64
import bz2
import gzip
import html
import io
import json
import lzma
import pathlib
import quopri
import random
import subprocess
import sys
import tarfile
import tempfile
import urllib.parse
import zipfile
import zlib

from policy_test import image

SPECIAL = "+/&\"'<>\\é=%@ü\n"
LETTERS = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789-_"


def value_of(rng):
    parts = []
    for _ in range(rng.randint(2, 4)):
        parts.append("".join(rng.choice(LETTERS) for _ in range(rng.randint(3, 9))))
        parts.append("".join(rng.choice(SPECIAL) for _ in range(rng.randint(0, 2))))
    return "x" + "".join(parts) + "z"


def php(text):
    return json.dumps(text)[1:-1].replace("/", "\\/")


def go(text):
    escaped = json.dumps(text, ensure_ascii=False)[1:-1]
    return escaped.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


# What a text may be written as. Each gives a text.
TEXTS = {
    "json": lambda text: json.dumps(text)[1:-1],
    "json.utf8": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "json.php": php,
    "json.go": go,
    "percent": lambda text: urllib.parse.quote(text, safe=""),
    "html": html.escape,
}
# These stand alone.
OTHERS = {
    "percent.plus": urllib.parse.quote_plus,
    "percent.path": lambda text: urllib.parse.quote(text, safe="/"),
    "percent.twice": lambda text: urllib.parse.quote(urllib.parse.quote(text, safe=""), safe=""),
    "html.text": lambda text: html.escape(text, quote=False),
    "html.ascii": lambda text: html.escape(text).encode("ascii", "xmlcharrefreplace").decode(),
    "html.named": lambda text: html.escape(text).replace("é", "&eacute;").replace("ü", "&uuml;"),
    "html.hex": lambda text: "".join(f"&#x{ord(c):x};" for c in text),
    "c-escape": lambda text: "".join(f"\\x{byte:02x}" for byte in text.encode()),
    "unicode-escape": lambda text: "".join(f"\\u{ord(c):04x}" for c in text),
    "quoted-printable": lambda text: quopri.encodestring(text.encode()).decode("latin-1"),
}
# What bytes may be written as.
BYTES = {
    "hex": lambda data: data.hex().encode(),
    "hex.upper": lambda data: data.hex().upper().encode(),
    "base64": base64.b64encode,
    "base64url": base64.urlsafe_b64encode,
    "base64.lines": base64.encodebytes,
}
WIDE = {"utf-16le": "utf-16-le", "utf-16be": "utf-16-be"}
INSIDE_BASE64 = {"hex": BYTES["hex"], "base64": BYTES["base64"]}
COMPRESS = {"gzip": gzip.compress, "zlib": zlib.compress, "bzip2": bz2.compress, "xz": lzma.compress}


def zipped(data):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("member", data)
    return stream.getvalue()


def tarred(data):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        entry = tarfile.TarInfo("member")
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    return stream.getvalue()


CARRIERS = {"file": lambda data: data, "zip": zipped, "tar": tarred, "gzip": gzip.compress, "xz": lzma.compress,
            "lzma": lambda data: lzma.compress(data, format=lzma.FORMAT_ALONE)}


class Chain:
    def __init__(self, rng, value):
        self.rng, self.names = rng, []
        self.data = self.spelled(value)
        if rng.random() < 0.3:
            self.stream()
        carrier = rng.choice(list(CARRIERS))
        self.names.insert(0, carrier)
        self.data = CARRIERS[carrier](self.around(self.data))

    def use(self, table, name, argument):
        self.names.insert(0, name)
        return table[name](argument)

    def around(self, data):
        """As a part of something else, at any place."""
        before = bytes(self.rng.choice(b"abc =:,{[\n\t") for _ in range(self.rng.randrange(9)))
        return before + b"\n" + data + b"\n" + b"rest" * self.rng.randrange(300)

    def beside(self, data):
        """Other bytes before and behind: all three phases of base64."""
        return b"k" * self.rng.randrange(5) + b" " + data + b" " * self.rng.randrange(5)

    def spelled(self, value):
        kind = self.rng.choice(("plain", "text", "other", "wide", "bytes", "base64 of text", "base64 of bytes", "base64 of wide"))
        if kind == "plain":
            return value.encode()
        if kind == "text":
            return self.use(TEXTS, self.rng.choice(list(TEXTS)), value).encode()
        if kind == "other":
            return self.use(OTHERS, self.rng.choice(list(OTHERS)), value).encode()
        if kind == "wide":
            name = self.rng.choice(list(WIDE))
            self.names.insert(0, name)
            return value.encode(WIDE[name])
        if kind == "bytes":
            return self.use(BYTES, self.rng.choice(list(BYTES)), self.beside(value.encode()))
        if kind == "base64 of text":
            inner = self.use(TEXTS, self.rng.choice(list(TEXTS)), value).encode()
        elif kind == "base64 of bytes":
            inner = self.use(INSIDE_BASE64, self.rng.choice(list(INSIDE_BASE64)), self.beside(value.encode()))
        else:
            self.names.insert(0, "utf-16le")
            inner = value.encode("utf-16-le")
        return self.use(BYTES, self.rng.choice(("base64", "base64url", "base64.lines")), self.beside(inner))

    def stream(self):
        """A compressed stream as a text."""
        kind = self.rng.choice(("base64", "base64.lines", "twice", "hex"))
        if kind in ("twice", "hex"):
            self.data = self.use(COMPRESS, "gzip", self.data)
            self.data = base64.b64encode(base64.b64encode(self.data)) if kind == "twice" else self.data.hex().encode()
            self.names.insert(0, kind)
        else:
            self.data = self.use(COMPRESS, self.rng.choice(list(COMPRESS)), self.data)
            self.data = self.use(BYTES, kind, self.data)


def check(seed):
    rng = random.Random(seed)
    values = [value_of(rng) for _ in range(20)]
    chains = [Chain(rng, value) for value in values]
    with tempfile.TemporaryDirectory(prefix="watertight-") as folder:
        path = pathlib.Path(folder)
        (path / "app.tar").write_bytes(image({f"file{i}": chain.data for i, chain in enumerate(chains)}))
        command = [PROGRAM, "find", "app.tar", "--format", "json"]
        for i, value in enumerate(values):
            (path / f"value{i}").write_bytes(value.encode() + b"\n")
            command += ["--value-file", f"value{i}"]
        result = subprocess.run(command, cwd=path, capture_output=True, timeout=120)
    output = json.loads(result.stdout)
    found = {(finding["secret"] - 1, finding["path"]) for finding in output["findings"]}
    missing = [i for i in range(len(values)) if (i, f"file{i}") not in found]
    for i in missing:
        print(f"seed {seed}: {values[i]!r} in {' of '.join(chains[i].names)}")
    for note in output["notes"]:
        print(f"seed {seed}: {note['path']}: {note['text']}")
    return len(missing) + len(output["notes"])


def main():
    global PROGRAM
    parser = argparse.ArgumentParser()
    parser.add_argument("watertight")
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    PROGRAM = str(pathlib.Path(options.watertight).resolve())
    failed = sum(check(seed) for seed in range(options.first, options.first + options.seeds))
    print(f"{20 * options.seeds} values, {failed} not found or left out")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
