#!/usr/bin/env python3
"""What `watertight find` undoes: containers as text, chains of two encodings, and the ways in which tools write digits.

usage: decoders_test.py WATERTIGHT

All texts are those of the standard library, or written as the named tool writes them.
"""

import base64
import bz2
import csv
import gzip
import hashlib
import html
import io
import itertools
import json
import lzma
import quopri
import re
import shlex
import sqlite3
import subprocess
import sys
import tarfile
import textwrap
import time
import unittest
import urllib.parse
import zipfile
import zlib

import carriers_test
from carriers_test import Case, FILLER, SECRET, VALUE, image_of_layer, zipped
from policy_test import image, tar

WORD = "Quiet7Harbour" + "Lantern9x"


def tarred_gz(members):
    return gzip.compress(tar(members))


class Encoded(Case):
    maxDiff = None

    def chains(self, content, value=VALUE, where=None):
        """(nested, encoding) of all findings in a file; no note."""
        for layer in (image({"a": content}), image_of_layer(gzip.compress(tar({"a": content})))):
            result = self.result(layer, value=value)
            self.assertEqual(result["notes"], [], where)
            found = [(one["nested"], one["encoding"]) for one in result["findings"]]
            self.assertTrue(found, where)
        return found


class ContainersAsText(Encoded):
    PACKED = (("zip", zipped({"m": FILLER + SECRET}), ["m"], []),
              ("small zip", zipped({"m": SECRET + b"1" * 99}), ["m"], []),
              ("stored zip", zipped({"m": SECRET}, zipfile.ZIP_STORED), ["m"], []),
              ("tar", tar({"m": gzip.compress(SECRET)}), ["m"], ["gzip"]),
              ("plain tar", tar({"m": SECRET}), ["m"], []),
              ("tar.gz", tarred_gz({"m": SECRET}), ["m"], ["gzip"]),
              ("tar.xz", lzma.compress(tar({"m": SECRET})), ["m"], ["xz"]),
              ("gzip of gzip", gzip.compress(gzip.compress(FILLER + SECRET)), [], ["gzip", "gzip"]),
              ("zip in zip", zipped({"z": zipped({"m": FILLER + SECRET})}), ["z", "m"], []))

    def test_in_base64(self):
        for name, packed, nested, encoding in self.PACKED:
            for text in (base64.b64encode(packed), base64.encodebytes(packed), base64.encodebytes(packed).replace(b"\n", b"\r\n"),
                         json.dumps({"a": base64.b64encode(packed).decode()}).encode(),
                         b"<img src=\"data:application/octet-stream;base64," + base64.b64encode(packed) + b"\">"):
                self.assertEqual(self.chains(text + b"\n", where=name), [(nested, ["base64"] + encoding)], name)

    def test_in_documents(self):
        for name, packed, nested, encoding in self.PACKED:
            text = "data:application/zip;base64," + base64.b64encode(packed).decode()
            result = self.result(image({"a": b"1"}, config={"Labels": {"l": text}}))
            self.assertEqual([(one["field"], one["nested"], one["encoding"]) for one in result["findings"]],
                             [("config.Labels.l", nested, ["base64"] + encoding)], name)

    def test_in_digits_that_are_escaped(self):
        for packed in (gzip.compress(FILLER + SECRET), bz2.compress(FILLER + SECRET)):
            text = base64.b64encode(packed).decode()
            self.assertTrue("/" in text and "+" in text)
            for spelled in (text.replace("/", "\\/"), urllib.parse.quote(text, safe=""), urllib.parse.quote(text, safe="").lower(),
                            text.replace("+", "\\u002b").replace("/", "\\u002F")):
                if spelled == spelled.lower():
                    continue
                found = self.chains(b"x " + spelled.encode() + b"\n", where=spelled[:60])
                self.assertEqual([encoding[0] for _, encoding in found], ["base64"])

    def test_in_hexadecimal_digits(self):
        for name, packed, nested, encoding in self.PACKED:
            for text in (packed.hex(), packed.hex().upper(), "\n".join(textwrap.wrap(packed.hex(), 60))):
                self.assertEqual(self.chains(text.encode() + b"\n", where=name), [(nested, ["hex"] + encoding)], name)

    def test_damaged_ones_are_notes(self):
        for packed in (zipped({"m": FILLER + SECRET})[:-4000], tarred_gz({"m": FILLER + SECRET})[:-900]):
            notes = self.notes(image({"a": base64.b64encode(packed)}))
            self.assertTrue(notes and "damaged" in notes[0], notes)


class Chains(Encoded):
    """Each of two encodings, the outer one of the inner one."""
    TEXTS = {
        "percent": lambda text: urllib.parse.quote(text, safe=""),
        "json": lambda text: json.dumps({"key": text}),
        "json.ascii": lambda text: json.dumps(text)[1:-1].replace("/", "\\/").replace("&", "\\u0026"),
        "html": html.escape,
        "html.numbers": lambda text: "".join(f"&#{ord(c)};" for c in text),
        "html.padded": lambda text: "".join(f"&#{ord(c):05d};" for c in text),
        "html.hex": lambda text: "".join(f"&#X{ord(c):04X};" for c in text),
        "base64": lambda text: base64.b64encode(text.encode()).decode(),
        "base64url": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
        "base64.lines": lambda text: base64.encodebytes(text.encode() * 3).decode(),
        "hex": lambda text: text.encode().hex(),
        "hex.upper": lambda text: text.encode().hex().upper(),
    }
    WIDE = {"utf-16le": "utf-16-le", "utf-16be": "utf-16-be"}
    # Of digits in digits, those of one byte order and of a letter's case that tools write.
    OUTER = ("percent", "json", "json.ascii", "html", "html.numbers", "html.padded", "html.hex")

    def text(self, before, inner):
        return f"{before} {inner} rest"

    def test_of_texts(self):
        value = 'va&lue"' + WORD + "</x+y"
        for outer, inner in itertools.product(self.OUTER, self.TEXTS):
            if inner.startswith("html.") and outer in ("percent", "json.ascii", "html"):
                continue  # a limit: not a letter stands there as it is, nor is the outer one HTML's numbers
            text = self.TEXTS[outer](self.text("k" * 3, self.TEXTS[inner](value)))
            self.chains(b"x = " + text.encode() + b"\n", value=value, where=(outer, inner))

    def test_three_times(self):
        value = 'va&lue"' + WORD + "</x+y"
        for outer, middle, inner in itertools.product(("percent", "json.ascii", "html"), repeat=3):
            text = self.TEXTS[outer](self.TEXTS[middle](self.TEXTS[inner](value)))
            self.chains(b"x = " + text.encode() + b"\n", value=value, where=(outer, middle, inner))

    def test_in_utf_16(self):
        for (name, codec), inner in itertools.product(self.WIDE.items(), self.TEXTS):
            for value in (VALUE, WORD):
                text = self.text("some words " * 6, self.TEXTS[inner](value)).encode(codec)
                self.chains(text, value=value, where=(name, inner))

    def test_in_base64(self):
        for inner, encode in itertools.product(self.TEXTS, (base64.b64encode, base64.encodebytes)):
            for before in ("", "k", "kk"):
                # Short ones by their spellings; long ones whatever they hold.
                text = encode((before + self.TEXTS[inner](VALUE) + " " + FILLER[:400].decode()).encode())
                self.chains(b"x\n" + text + b"\n", where=(inner, before))
        for inner in ("base64", "hex", "percent", "html"):
            self.chains(b"x " + base64.b64encode(self.TEXTS[inner](VALUE).encode()) + b"\n", where=inner)

    def test_in_hexadecimal_digits(self):
        for inner in self.TEXTS:
            text = (self.TEXTS[inner](VALUE) + " " + FILLER[:400].decode()).encode().hex()
            self.chains(b"x " + text.encode() + b"\n", where=inner)
        for before in ("", "k", "kk"):
            text = base64.b64encode((before + VALUE).encode()).hex()
            self.chains(b"x " + text.encode() + b"\n", where=before)


class Digits(Encoded):
    def test_of_tools(self):
        for value in (VALUE, WORD):
            data = b"one two " + value.encode() + b" three and more of it"
            digits = [f"{byte:02x}" for byte in data]
            lines = lambda each, join: [join.join(digits[i:i + each]) for i in range(0, len(digits), each)]  # noqa: E731
            texts = {
                "xxd -p": "\n".join(lines(30, "")) + "\n",
                "xxd -p, CRLF": "\r\n".join(lines(30, "")),
                "xxd -p -c 10": "\n".join(lines(10, "")),
                "openssl": ":\n    ".join(lines(15, ":")),
                "blanks": " ".join(digits),
                "hyphens": "-".join(digits),
                "xxd -i": ",\n  ".join(", ".join("0x" + one for one in digits[i:i + 12]) for i in range(0, len(digits), 12)),
                "no blanks": ",".join("0x" + one for one in digits),
            }
            for name, text in texts.items():
                for form in (text, text.upper().replace("0X", "0x")):
                    self.assertEqual(self.chains(b"x\n" + form.encode() + b"\n", value=value, where=(name, value)), [([], ["hex"])], name)

    def test_of_pages(self):
        value = "nine&two" + "=one<blue"
        for form in ("&#{:05d};", "&#x{:04x};", "&#X{:x};", "&#x{:X};", "&#{};", "&#x{:06X};"):
            every = "".join(form.format(ord(c)) for c in value)
            some = "".join(c if c.isalnum() else form.format(ord(c)) for c in WORD + value)
            self.assertEqual(self.chains(b"<p>" + every.encode(), value=value, where=form), [([], ["html"])], form)
            self.assertEqual(self.chains(b"<p>" + some.encode(), value=WORD + value, where=form), [([], ["html"])], form)


class QuotedPrintable(Encoded):
    def test_lines_that_end_anywhere(self):
        value = "harbour=Lantern" + "é7x9"
        for before, end in itertools.product(range(76), (b"\n", b"\r\n")):
            text = quopri.encodestring(b"k" * before + value.encode()).replace(b"\n", end)
            chain = [([], ["quoted-printable"])]
            self.assertEqual(self.chains(text + end + b"rest", value=value, where=(before, end)), chain)

    def test_of_plain_words(self):
        for before in range(50, 76):
            for end in (b"\n", b"\r\n"):
                text = quopri.encodestring(b"k" * before + WORD[:12].encode() + b" and more").replace(b"\n", end)
                self.chains(text, value=WORD[:12], where=(before, end))

    def test_values_of_several_lines(self):
        value = "first=line" + "é\nsecond=Line9\nthird"
        text = quopri.encodestring(value.encode())
        for form in (text, text.replace(b"\n", b"\r\n"), text.replace(b"\n", b"=0D=0A"), text.replace(b"\n", b"=0A")):
            self.chains(b"x\n" + form + b"\n", value=value, where=form)


class Lines(carriers_test.Keys):
    def test_behind_marks(self):
        """Keys in comments, quotations, lists and differences; some begin in the first line's middle."""
        for mark in ("# ", "#", "> ", "> > ", "+ ", "+", " * ", "// ", "; ", "-- ", "| ", "    # "):
            for end in ("\n", "\r\n"):
                text = "".join(mark + line + end for line in self.KEY.split("\n"))
                self.assertEqual(self.found(b"a\n" + text.encode() + b"b\n"), [[]], (mark, end))
        text = "# key: " + self.KEY.replace("\n", "\n# ")
        self.assertEqual(self.found(text.encode()), [[]])

    def test_keys_that_hold_marks(self):
        lines = ["-----BEGIN KEY-----", "+abc/defghijklmnop+", "/qrstuvwxyzABCDEFG+", "++HIJKLMNOPQRSTUVW/", "-----END KEY-----"]
        value = "\n".join(lines).encode()
        for mark in ("# ", "> ", "+ ", "+", " * ", "// "):
            text = "".join(mark + line + "\n" for line in lines)
            self.assertEqual(self.found(text.encode(), value), [[]], mark)

    def test_short_lines(self):
        for value in (b"user\npass\nab12", b"a1b2c\nx\nzz9", b"abc\nde"):
            for text in (value, value.replace(b"\n", b"\r\n")):
                self.assertEqual(self.found(b"k\n" + text + b"\n", value), [[]], text)
            text = json.dumps(value.replace(b"\n", b"\r\n").decode()).encode()
            self.assertEqual(self.found(text, value), [["json"]], text)


class Archives(Encoded):
    def test_tars_one_behind_the_other(self):
        first, second = tar({"one": b"1" * 700}), tar({"two": gzip.compress(SECRET)})
        cut = first[:first.rindex(b"1") // 512 * 512 + 512]
        for joined in (first + second, first + first + second, cut + second, first[:-512] + second):
            self.assertEqual(self.chains(joined), [(["two"], ["gzip"])])
            self.assertEqual(self.chains(gzip.compress(joined)), [(["two"], ["gzip", "gzip"])])
        self.assertEqual(self.chains(first + gzip.compress(SECRET)), [([], ["gzip"])])

    def test_zips_behind_other_bytes(self):
        archive = zipped({"m": FILLER + SECRET})
        for before in (1, 100, 600, 4000):
            self.assertEqual(self.chains(b"J" * before + archive), [(["m"], [])], before)

    def test_zips_that_are_not_opened_are_notes(self):
        archive = zipped({"m": FILLER + SECRET})
        zeroed = bytes(30) + archive[30:]
        both = zipped({"one": FILLER + SECRET, "two": FILLER})
        for content in (zeroed, bytes(30) + both[30:], b"J" * 9000 + zeroed):
            for stored in (content, gzip.compress(content), tar({"x": content})):
                for layer in (image({"a": stored}), image_of_layer(gzip.compress(tar({"a": stored})))):
                    notes = self.notes(layer)
                    self.assertTrue(notes and "a" in notes[0], len(content))

    def test_marks_of_zips_are_no_note(self):
        empty = b"PK\5\6" + bytes(18)
        for content in (b"x = " + empty, b"unzip: PK\3\4 PK\1\2 PK\5\6" + FILLER, b"\x7fELF" + FILLER + b"PK\5\6" + FILLER):
            self.assertEqual(self.notes(image({"a": content})), [])

    def test_objects_of_git_that_are_no_stream_are_notes(self):
        stored = zlib.compress(b"blob 12\0" + SECRET)
        name = hashlib.sha1(b"x").hexdigest()
        path = f"app/.git/objects/{name[:2]}/{name[2:]}"
        for damaged in (bytes([stored[0] ^ 8]) + stored[1:], stored[:1] + bytes([stored[1] ^ 4]) + stored[2:]):
            for layer in (image({path: damaged}), image_of_layer(gzip.compress(tar({path: damaged})))):
                notes = self.notes(layer)
                self.assertEqual(len(notes), 1)
                self.assertIn("zlib", notes[0])


class Escapes(Encoded):
    QUOTED = "Quiet7\"Harbour'" + "Lantern$9x"

    def test_every_character_as_a_number(self):
        for value in (WORD, "Quiet\U0001f511Harbour" + "\u00e9t\u00e9"):
            for form in ("\\U{:08x}", "\\U{:08X}", "\\u{{{:x}}}"):
                text = "".join(form.format(ord(c)) for c in value).encode()
                self.assertEqual(self.chains(text, value=value), [([], ["unicode-escape"])], text)
        text = ascii("Quiet\U0001f511Harbour")[1:-1].encode()
        self.assertIn(b"\\U0001f511", text)
        self.assertEqual(self.chains(text, value="Quiet\U0001f511Harbour"), [([], ["unicode-escape"])])

    def test_backslashes_before_marks(self):
        def bash(script):
            return subprocess.run(["bash", "-c", script, "bash", self.QUOTED], capture_output=True, check=True).stdout
        in_double_quotes = b'"' + self.QUOTED.replace('"', '\\"').replace("$", "\\$").encode() + b'"'
        for text in (bash('printf %q "$1"'), re.escape(self.QUOTED).encode(), in_double_quotes):
            self.assertIn(b"\\$", text)
            self.assertEqual(self.chains(text, value=self.QUOTED), [([], ["c-escape"])], text)

    def test_quotes_within_quotes(self):
        rows = io.StringIO()
        csv.writer(rows).writerow(["user", self.QUOTED])
        sql = sqlite3.connect(":memory:").execute("SELECT quote(?)", (self.QUOTED,)).fetchone()[0]
        power_shell = '"' + self.QUOTED.replace('"', '`"').replace("$", "`$") + '"'
        compose = "PASSWORD=" + self.QUOTED.replace("$", "$$")
        other_shell = "'" + self.QUOTED.replace("'", "'\\''") + "'"
        for text in (rows.getvalue(), sql, shlex.quote(self.QUOTED), other_shell, power_shell, compose):
            self.assertNotIn(self.QUOTED, text)
            self.assertEqual(self.chains(text.encode(), value=self.QUOTED), [([], ["quotes"])], text)


class Cost(Case):
    def test_values_that_repeat_themselves(self):
        """Twenty megabytes of a value's own repetitions: in seconds."""
        for value, text in (("a" * 40, b"a"), ("ab" * 20, b"ab"), ("a" * 39 + "b", b"a")):
            start = time.monotonic()
            self.result(image({"a": text * ((20 << 20) // len(text))}), value=value)
            self.assertLess(time.monotonic() - start, 30, value)

    def test_a_frequent_value_takes_no_other_ones_place(self):
        content = b"frequent-value-1\n" * 30_000 + b"rare-value-of-ours\n"
        result = self.result(image({"a": content}), "--value", "rare-value-of-ours", value="frequent-value-1")
        self.assertEqual(sum(one["secret"] == 2 for one in result["findings"]), 1)

    def test_notes_of_a_document_are_bounded(self):
        cut = base64.b64encode(gzip.compress(FILLER)[:-900]).decode()
        notes = self.notes(image({"a": b"1"}, env=[f"A{i}={cut}" for i in range(50)]))
        self.assertEqual(len(notes), 21)
        self.assertEqual(notes[-1], "30 more parts were not searched")


if __name__ == "__main__":
    carriers_test.PROGRAM = sys.argv.pop(1)
    unittest.main()
