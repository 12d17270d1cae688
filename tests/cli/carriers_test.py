#!/usr/bin/env python3
"""Where `watertight find` sees a value: behind archives, in names, in streams without a header of their own.

usage: carriers_test.py WATERTIGHT

The carriers are made by Python's standard library, or written byte by byte from their specification.
"""

import base64
import bz2
import gzip
import hashlib
import io
import json
import lzma
import pathlib
import struct
import subprocess
import sys
import tarfile
import tempfile
import unittest
import unittest.mock
import urllib.parse
import zipfile
import zlib

from policy_test import image, tar

VALUE = "blue+falcon/" + "nine&two=one"
SECRET = f"key = {VALUE}\n".encode()
FILLER = b"".join(hashlib.sha256(str(i).encode()).hexdigest().encode() + b"\n" for i in range(400))


def zipped(members, method=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return stream.getvalue()


def image_of_layer(layer, **more):
    """A docker save archive of one layer, with other members beside."""
    config = json.dumps({
        "architecture": "amd64", "os": "linux", "config": {}, "history": [{"created_by": "COPY . /"}],
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest()]}}).encode()
    manifest = json.dumps([{"Config": "c.json", "RepoTags": ["a:b"], "Layers": ["l.tar"]}]).encode()
    return tar({"c.json": config, "l.tar": layer, "manifest.json": manifest, **more})


def checksummed(block):
    block = bytearray(block)
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def old_gnu_sparse(name, size, parts):
    """GNU tar's type S: up to four parts, each an offset and its bytes."""
    info = tarfile.TarInfo(name)
    info.size = sum(len(data) for _, data in parts)
    info.type = tarfile.GNUTYPE_SPARSE
    block = bytearray(info.tobuf(tarfile.GNU_FORMAT)[-512:])
    for i, (offset, data) in enumerate(parts):
        block[386 + 24 * i:386 + 24 * i + 24] = b"%011o\0%011o\0" % (offset, len(data))
    block[483:495] = b"%011o\0" % size
    data = b"".join(data for _, data in parts)
    return checksummed(block) + data + bytes(-len(data) % 512)


def pax_sparse(name, size, parts):
    """GNU tar's PAX format 1.0: the map stands before the data."""
    sparse_map = f"{len(parts)}\n" + "".join(f"{offset}\n{len(data)}\n" for offset, data in parts)
    stored = sparse_map.encode() + bytes(-len(sparse_map) % 512) + b"".join(data for _, data in parts)
    info = tarfile.TarInfo("GNUSparseFile.0/" + name)
    info.size = len(stored)
    info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": name,
                        "GNU.sparse.realsize": str(size)}
    return info.tobuf(tarfile.PAX_FORMAT) + stored + bytes(-len(stored) % 512)


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="watertight-")
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name)

    def find(self, archive, *options, name="app.tar", value=VALUE):
        (self.path / name).write_bytes(archive)
        return subprocess.run([PROGRAM, "find", name, "--value", value, *options], cwd=self.path,
                              capture_output=True, text=True, timeout=120)

    def result(self, archive, *options, **more):
        run = self.find(archive, "--format", "json", *options, **more)
        self.assertEqual(run.stderr, "")
        return json.loads(run.stdout)

    def places(self, archive, **more):
        """(carrier, path, nested, encoding) of all findings; nothing may be left out."""
        result = self.result(archive, **more)
        self.assertEqual(result["notes"], [])
        return [(one["carrier"], one["path"], one["nested"], one["encoding"]) for one in result["findings"]]

    def in_file(self, content):
        places = self.places(image({"a/file": content}))
        self.assertEqual({(carrier, path) for carrier, path, _, _ in places} - {("file", "a/file")}, set())
        return [(nested, encoding) for _, _, nested, encoding in places]

    def notes(self, archive, **more):
        return [note["text"] for note in self.result(archive, **more)["notes"]]


class BehindTheEnd(Case):
    def test_of_a_layer(self):
        layer = tar({"x": b"1"})
        for name, rest, nested, encoding in (
                ("gzip", gzip.compress(SECRET), [], ["gzip"]),
                ("xz", lzma.compress(SECRET), [], ["xz"]),
                ("bzip2", bz2.compress(SECRET), [], ["bzip2"]),
                ("zip", zipped({"m": FILLER + SECRET}), ["m"], []),
                ("tar", tar({"m": gzip.compress(SECRET)}), ["m"], ["gzip"])):
            for padding in (0, 1, 512, 10_000):
                with self.subTest(name=name, padding=padding):
                    archive = image_of_layer(layer + bytes(padding) + rest)
                    result = self.result(archive)
                    self.assertEqual([(one["carrier"], one["layer"], one["path"], one["nested"], one["encoding"])
                                      for one in result["findings"]], [("blob", 0, None, nested, encoding)])
                    self.assertEqual(result["notes"], [])

    def test_of_a_layer_that_is_compressed(self):
        layer = tar({"x": b"1"}) + gzip.compress(SECRET)
        archive = image_of_layer(layer)
        for compress in (gzip.compress, bz2.compress, lzma.compress):
            config = json.dumps({"architecture": "amd64", "os": "linux", "config": {}, "rootfs": {
                "type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest()]}}).encode()
            manifest = json.dumps([{"Config": "c.json", "Layers": ["l"]}]).encode()
            archive = tar({"c.json": config, "l": compress(layer), "manifest.json": manifest})
            self.assertEqual(self.places(archive), [("blob", None, [], ["gzip"])])

    def test_of_the_archive(self):
        for rest, encoding in ((SECRET, []), (base64.b64encode(SECRET), ["base64"]), (gzip.compress(SECRET), ["gzip"])):
            for padding in (0, 1, 512, 30_000):
                archive = image({"x": b"1"}) + bytes(padding) + rest
                self.assertEqual(self.places(archive), [("blob", None, [], encoding)], (encoding, padding))
                self.assertEqual(self.places(gzip.compress(archive), name="app.tar.gz"), [("blob", None, [], encoding)])

    def test_zeros_are_nothing(self):
        result = self.find(image({"x": b"1"}) + bytes(30_000))
        self.assertEqual((result.returncode, result.stderr), (0, ""))


class BesideWhatIsCompressed(Case):
    """Bytes of a compressed layer that its decompressor does not give."""
    LAYER = tar({"x": b"1"})

    def image_of(self, stored):
        config = json.dumps({"architecture": "amd64", "os": "linux", "config": {}, "rootfs": {
            "type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(self.LAYER).hexdigest()]}}).encode()
        manifest = json.dumps([{"Config": "c.json", "Layers": ["l"]}]).encode()
        return tar({"c.json": config, "l": stored, "manifest.json": manifest})

    def check(self, stored, encoding=(), value=VALUE.encode()):
        found = self.result(self.image_of(stored))
        self.assertEqual(found["notes"], [])
        self.assertEqual([(one["carrier"], one["layer"], one["path"], one["encoding"]) for one in found["findings"]],
                         [("blob", 0, None, list(encoding))])
        if not encoding:
            self.assertEqual(found["findings"][0]["offset"], stored.index(value))

    def test_fields_of_gzip(self):
        plain = gzip.compress(self.LAYER)
        text = VALUE.encode()
        extra = struct.pack("<H", len(text) + 4) + b"ab" + struct.pack("<H", len(text)) + text
        for flags, fields in ((4, extra), (8, b"a " + text + b"\0"), (16, text + b"\0"),
                              (28, extra[:-1] + b"?" + b"name\0" + text + b"\0"), (8, b"n" * 200_000 + text + b"\0")):
            self.check(plain[:3] + bytes([flags]) + plain[4:10] + fields + plain[10:])
        self.check(plain[:3] + b"\x10" + plain[4:10] + base64.b64encode(SECRET) + b"\0" + plain[10:], ["base64"])

    def test_fields_of_later_members_of_gzip(self):
        text = VALUE.encode()
        empty = gzip.compress(b"")
        parts = [gzip.compress(self.LAYER[i:i + 700]) for i in range(0, len(self.LAYER), 700)]
        noise = gzip.compress(b"".join(hashlib.sha256(b"%d" % i).digest() for i in range(5000)))
        marked = lambda member: member[:3] + b"\x10" + member[4:10] + text + b"\0" + member[10:]  # noqa: E731
        self.check(b"".join(parts[:3]) + marked(parts[3]) + b"".join(parts[4:]))
        self.check(b"".join(parts) + marked(empty))
        self.check(empty + marked(empty) + b"".join(parts))
        self.check(b"".join(parts) + noise + marked(empty))

    def test_skippable_frames_of_zstd(self):
        """Frames as RFC 8878 has them: one block as it is, and one that repeats a byte."""
        def frame(head):
            size = len(self.LAYER)
            self.assertLess(size, 1 << 17)
            return b"\x28\xb5\x2f\xfd" + head + struct.pack("<I", size << 3 | 1)[:3] + self.LAYER
        skippable = b"\x5a\x2a\x4d\x18" + struct.pack("<I", len(SECRET)) + SECRET
        inner = gzip.compress(FILLER + SECRET)
        packed = b"\x50\x2a\x4d\x18" + struct.pack("<I", len(inner)) + inner
        zeros = b"\x28\xb5\x2f\xfd\x00\x58" + struct.pack("<I", 512 << 3 | 1 << 1 | 1)[:3] + b"\0"
        for head in (b"\x00\x58", b"\xa0" + struct.pack("<I", len(self.LAYER)), b"\x60" + struct.pack("<H", len(self.LAYER) - 256)):
            for stored in (skippable + frame(head), frame(head) + skippable, frame(head) + zeros + skippable + zeros):
                self.check(stored)
            self.check(frame(head) + packed, ["gzip"])

    def test_bytes_behind_bzip2_are_an_error(self):
        whole = bz2.compress(self.LAYER)
        for rest in (SECRET, b"?" + bz2.compress(SECRET), bytes(9) + b"1", b"B", FILLER * 30):
            run = self.find(self.image_of(whole + rest))
            self.assertEqual(run.returncode, 2)
            self.assertIn(f"bzip2 stream is followed by bytes that are no bzip2 stream at byte {len(whole)} of", run.stderr)
        for rest in (b"", bytes(9), bytes(600_000), bz2.compress(bytes(1024))):
            self.assertEqual(self.find(self.image_of(whole + rest)).returncode, 0)


class Names(Case):
    def test_of_members_of_the_archive(self):
        value = VALUE.replace("/", "-")
        config = json.dumps({"architecture": "amd64", "os": "linux", "config": {},
                             "rootfs": {"type": "layers", "diff_ids": []}}).encode()
        manifest = json.dumps([{"Config": "c.json", "Layers": []}]).encode()
        archive = tar({"c.json": config, f"left/over-{value}": b"nothing", "manifest.json": manifest})
        found = self.result(archive, value=value)["findings"]
        self.assertEqual([(one["carrier"], one["path"], one["offset"]) for one in found], [("path", None, 10)])

    def test_of_members_of_archives_in_files(self):
        value = VALUE.replace("/", "-")
        for content in (tar({"in/" + value: b"1"}), gzip.compress(tar({"in/" + value: b"1"})),
                        zipped({"in/" + value: b"1" * 100}), gzip.compress(zipped({"in/" + value: b"1" * 100}))):
            found = self.result(image({"a": content}), value=value)["findings"]
            self.assertEqual({(one["carrier"], one["path"]) for one in found}, {("file", "a")})


class Streams(Case):
    def test_lzma_alone(self):
        alone = lzma.compress(FILLER + SECRET, format=lzma.FORMAT_ALONE)
        self.assertEqual(self.in_file(alone), [([], ["lzma"])])
        for preset in (0, 9):
            alone = lzma.compress(tar({"m": SECRET}), format=lzma.FORMAT_ALONE, preset=preset)
            self.assertEqual(self.in_file(alone), [(["m"], ["lzma"])])

    def test_what_looks_like_lzma_alone_is_no_note(self):
        for content in (b"]\0\0\0\x04" + b"\xff" * 8 + b"text", b"]\0\0\x80\0" + bytes(600), b"]\0\0"):
            self.assertEqual(self.in_file(content), [])

    def test_base64_of_streams(self):
        for encode, name in ((base64.b64encode, "base64"), (base64.urlsafe_b64encode, "base64url")):
            for level in (6, 9):
                text = encode(zlib.compress(FILLER + SECRET, level))
                if name == "base64url" and not set(text) & set(b"-_"):
                    continue
                self.assertEqual(self.in_file(b"data: " + text + b"\n"), [([], [name, "zlib"])], level)
        for compress, name in ((gzip.compress, "gzip"), (bz2.compress, "bzip2"), (lzma.compress, "xz")):
            text = base64.b64encode(compress(FILLER + SECRET))
            self.assertEqual(self.in_file(b"data: " + text + b"\n"), [([], ["base64", name])])

    def test_helm_releases(self):
        """Base64 of base64 of gzip of JSON: Helm's secret as kubectl shows it."""
        release = json.dumps({"name": "app", "config": {"key": VALUE}, "more": FILLER.decode()}).encode()
        stored = base64.b64encode(gzip.compress(release))
        self.assertEqual(self.in_file(b"  release: " + stored + b"\n"), [([], ["base64", "gzip"])])
        shown = base64.b64encode(stored)
        self.assertEqual(self.in_file(b"  release: " + shown + b"\n"), [([], ["base64", "base64", "gzip"])])

    def test_hex_of_streams(self):
        text = gzip.compress(FILLER + SECRET).hex()
        for form in (text, text.upper()):
            self.assertEqual(self.in_file(b"x " + form.encode() + b"\n"), [([], ["hex", "gzip"])])

    def test_cut_streams_are_noted(self):
        stream = gzip.compress(FILLER + SECRET)
        for text in (base64.b64encode(stream[:-900]), stream[:-900].hex().encode(), base64.b64encode(base64.b64encode(stream[:-900]))):
            notes = self.notes(image({"a": b"x " + text + b"\n"}))
            self.assertEqual(len(notes), 1)
            self.assertIn("1 encoded stream in it is damaged", notes[0])

    def test_damaged_streams_in_documents_are_noted(self):
        """Once for each string, whatever wrote it: cut off, damaged, and one that expands to too much."""
        whole = gzip.compress(FILLER + SECRET)
        flipped = whole[:900] + bytes([whole[900] ^ 0x55]) + whole[901:]
        for stream in (whole[:-900], flipped, gzip.compress(bytes(40 << 20))):
            text = base64.b64encode(stream).decode()
            for field, more in (('config.Labels["a.b"]', {"config": {"Labels": {"a.b": text}}}),
                                ("config.Env[0]", {"env": ["A=" + text]}),
                                ("history[0].created_by", {"created_by": "RUN echo " + text})):
                archive = image({"a": b"1"}, **more)
                notes = self.notes(archive)
                self.assertEqual(len(notes), 1, (field, notes))
                self.assertTrue(notes[0].startswith(f"in {field}: 1 encoded stream in it is damaged"), notes[0])
                self.assertEqual(self.find(archive, "--strict").returncode, 2)

    def test_whole_streams_in_documents_are_no_note(self):
        for stream in (gzip.compress(FILLER), zlib.compress(FILLER), bz2.compress(FILLER)):
            text = base64.b64encode(stream).decode()
            for spelled in (text, text[:300] + "\n" + text[300:], json.dumps({"a": text})):
                self.assertEqual(self.notes(image({"a": b"1"}, env=["A=" + spelled])), [])

    def test_chance_is_no_note(self):
        """Digits that begin like streams, as a long key or a picture has them."""
        for text in (b"H4sI", b"Qlpo", b"eJw", b"SDRzS", b"KLUv"):
            lines = b"".join(base64.encodebytes(hashlib.sha512(b"%d" % i).digest()) for i in range(2000))
            self.assertEqual(self.in_file(text + lines), [])
            self.assertEqual(self.in_file(lines.replace(b"\nA", b"\n" + text)), [])


class BehindPrograms(Case):
    """What these programs are made of: a header, and one segment or section of `size` bytes in all."""

    @staticmethod
    def elf(size, wide=True, order="<"):
        ident = b"\x7fELF" + bytes([2 if wide else 1, 1 if order == "<" else 2, 1]) + bytes(9)
        if wide:
            return (ident + struct.pack(order + "HHIQQQIHHHHHH", 2, 62, 1, 0, 64, 0, 0, 64, 56, 1, 64, 0, 0)
                    + struct.pack(order + "IIQQQQQQ", 1, 5, 0, 0, 0, size, size, 4096))
        return (ident + struct.pack(order + "HHIIIIIHHHHHH", 2, 3, 1, 0, 52, 0, 0, 52, 32, 1, 40, 0, 0)
                + struct.pack(order + "IIIIIIII", 1, 0, 0, 0, size, size, 5, 4096))

    @staticmethod
    def elf_of_sections(size):
        """As the linker of Go leaves it: the table of sections stands in front."""
        section = struct.pack("<IIQQQQIIQQ", 0, 1, 0, 0, 1024, size - 1024, 0, 0, 0, 0)
        return (b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, 0, 0, 64, 0, 64, 56, 0, 64, 1, 0)
                + section)

    @staticmethod
    def pe(size):
        return (b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, 1, 0, 0, 0, 240, 0)
                + bytes(240) + b".text\0\0\0" + struct.pack("<IIII", size, 4096, size - 1024, 1024) + bytes(16))

    def programs(self, size):
        for head in (self.elf(size), self.elf(size, wide=False), self.elf(size, order=">"), self.elf_of_sections(size), self.pe(size)):
            yield (head + FILLER * (size // len(FILLER) + 1))[:size]

    def test_zip(self):
        for size in (5_000, 3_000_000):
            for program in self.programs(size):
                for junk in (b"", bytes(100), b";!@Install@!UTF-8!\n"):
                    content = program + junk + zipped({"conf/settings": FILLER + SECRET})
                    self.assertEqual(self.in_file(content), [(["conf/settings"], [])], (program[:20], size))

    def test_streams(self):
        for program in self.programs(10_000):
            for compress, name in ((gzip.compress, "gzip"), (bz2.compress, "bzip2"), (lzma.compress, "xz")):
                content = program + compress(tar({"m": FILLER + SECRET}))
                self.assertEqual(self.in_file(content), [(["m"], [name])])

    def test_programs_that_hold_the_marks_alone_are_no_note(self):
        marks = b"PK\3\4 \x1f\x8b\x08\0 \xfd7zXZ\0 BZh91AY&SY (\xb5/\xfd " * 50
        for program in self.programs(10_000):
            program = program[:2_000] + marks + program[2_000 + len(marks):]
            self.assertEqual(self.in_file(program), [])
            self.assertEqual(self.in_file(program + SECRET), [([], [])])

    def test_damaged_headers_are_no_harm(self):
        for program in self.programs(4_000):
            for at in range(0, 64, 9):
                damaged = program[:at] + b"\xff" * 8 + program[at + 8:]
                self.assertIn(self.find(image({"a": damaged})).returncode, (0, 2))


class Damage(Case):
    def test_a_flipped_byte_of_a_member_is_a_note(self):
        for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2):
            content = bytearray(zipped({"first": FILLER, "second": b"1"}, method))
            begin = 30 + len("first")
            size = struct.unpack_from("<I", content, 18)[0]
            for at in (begin + size // 3, begin + size // 2, begin + size - 20):
                damaged = bytearray(content)
                damaged[at] ^= 1
                notes = self.notes(image({"a": bytes(damaged)}))
                self.assertEqual(len(notes), 1, (method, at, notes))
                self.assertIn("first", notes[0])
                self.assertEqual(self.find(image({"a": bytes(damaged)}), "--strict").returncode, 2)

    def test_streamed_zips(self):
        """Written to a pipe: the checksum stands behind the content."""
        class Pipe(io.RawIOBase):
            def __init__(self):
                self.bytes = bytearray()

            def writable(self):
                return True

            def write(self, data):
                self.bytes += data
                return len(data)

        pipe = Pipe()
        with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("first", FILLER + SECRET)
            archive.writestr("second", b"1")
        self.assertEqual(self.in_file(bytes(pipe.bytes)), [(["first"], [])])
        damaged = bytearray(pipe.bytes)
        damaged[5_000] ^= 1
        self.assertEqual(len(self.notes(image({"a": bytes(damaged)}))), 1)


    def test_members_of_zips_whose_headers_are_damaged_are_notes(self):
        for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            alone = zipped({"one": FILLER + SECRET}, method)
            both = zipped({"one": FILLER, "two": FILLER + SECRET}, method)
            second = both.index(b"PK\3\4", 4)
            for content, begin, name in ((alone, 0, "one"), (both, 0, "one"), (both, second, "two")):
                for at in range(begin, begin + 4):
                    damaged = content[:at] + bytes([content[at] ^ 0x10]) + content[at + 1:]
                    for stored in (damaged, tar({"m": damaged}), gzip.compress(damaged)):
                        notes = self.notes(image({"a": stored}))
                        self.assertTrue(any(f"member {name} is in the directory" in note for note in notes), notes)
                zeroed = content[:begin] + bytes(30) + content[begin + 30:]
                if begin > 0:
                    self.assertIn(f"member {name} is in the directory", self.notes(image({"a": zeroed}))[0])

    def test_whole_zips_are_no_note(self):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.comment = b"PK\1\2" + bytes(100)
            for i in range(3000):
                archive.writestr(f"folder {i}/", b"")
                archive.writestr(f"folder {i}/\u00e9.zip", zipped({"in": b"1" * i}))
        self.assertEqual(self.in_file(stream.getvalue()), [])
        self.assertEqual(self.in_file(b"PK\3\5" + FILLER * 10), [])

    def test_damaged_objects_of_git_are_notes(self):
        stored = zlib.compress(b"blob %d\0" % len(FILLER + SECRET) + FILLER + SECRET, 1)
        name = hashlib.sha1(b"x").hexdigest()
        for at in (2, 3, 20, 100, 500, len(stored) - 2):
            damaged = stored[:at] + bytes([stored[at] ^ 8]) + stored[at + 1:]
            for folder in ("app/.git/objects/", "srv/app.git/objects/"):
                notes = self.notes(image({f"{folder}{name[:2]}/{name[2:]}": damaged}))
                self.assertEqual(len(notes), 1, at)
                self.assertIn("zlib stream", notes[0])
        self.assertEqual(self.notes(image({f"objects/{name}": stored[:20] + b"??" + stored[22:]})), [])

    def test_a_cut_stream_of_lzma_alone_is_a_note(self):
        stream = lzma.compress(b"".join(hashlib.sha256(b"%d" % i).digest() for i in range(1000)), format=lzma.FORMAT_ALONE)
        for content in (stream[:200], stream[:20_000], stream[:300] + bytes(200) + stream[500:]):
            notes = self.notes(image({"a": content}))
            self.assertEqual(len(notes), 1, len(content))
            self.assertIn("LZMA stream", notes[0])

    def test_archives_that_are_not_opened_are_notes(self):
        """Their first bytes, as the formats' documents have them."""
        for name, begin in (("7-Zip archive", b"7z\xbc\xaf\x27\x1c\0\4"), ("RAR archive", b"Rar!\x1a\7\0"),
                            ("RAR archive", b"Rar!\x1a\7\1\0"), ("LZ4 stream", b"\x04\x22\x4d\x18\x64\x40\xa7"),
                            ("LZ4 stream", b"\x02\x21\x4c\x18"), ("lzip stream", b"LZIP\1\x0c"),
                            ("lzop stream", b"\x89LZO\0\r\n\x1a\n\x10\x30"), ("cabinet", b"MSCF\0\0\0\0\x2c\1\0\0"),
                            ("Snappy stream", b"\xff\6\0\0sNaPpY\0"),
                            ("SquashFS image", b"hsqs" + bytes(24) + b"\4\0\0\0" + bytes(64))):
            for content in (begin + FILLER, gzip.compress(begin + FILLER), zipped({"m": begin + FILLER})):
                notes = self.notes(image({"a": content}))
                self.assertEqual(len(notes), 1, begin)
                self.assertIn(f"the {name} is of a kind that is not opened here", notes[0])
                self.assertEqual(self.find(image({"a": content}), "--strict").returncode, 2)
        for content in (b"hsqs" + FILLER, b"LZIP" + FILLER, b"MSCF" + FILLER, b"7z" + FILLER):
            self.assertEqual(self.in_file(content), [])

    def test_bundles_of_git(self):
        """gitformat-bundle(5): a header of lines, an empty one, a pack."""
        content = FILLER + SECRET
        size = len(content)
        head = bytes([0xb0 | size & 15, 0x80 | size >> 4 & 127, size >> 11 & 127])
        pack = b"PACK" + struct.pack(">II", 2, 1) + head + zlib.compress(content)
        pack += hashlib.sha1(pack).digest()
        header = b"# v2 git bundle\n" + b"1" * 40 + b" refs/heads/main\n\n"
        self.assertEqual(self.in_file(header + pack), [([], ["zlib"])])
        self.assertIn("git bundle", self.notes(image({"a": header + pack[:900]}))[0])
        self.assertIn("git bundle has no pack", self.notes(image({"a": header + FILLER}))[0])

    def test_junk_behind_bzip2_is_a_note(self):
        content = bz2.compress(FILLER) + b"junk" + bz2.compress(SECRET)
        self.assertIn("is followed by bytes", self.notes(image({"a": content}))[0])
        self.assertEqual(self.in_file(bz2.compress(FILLER) + bz2.compress(SECRET)), [([], ["bzip2"])])


class Sparse(Case):
    def content(self, holes=(4096, 1 << 20)):
        return [(holes[0], b"A" * 512), (holes[1], SECRET[:20])], 1 << 21

    def test_members(self):
        head, rest = SECRET[:15], SECRET[15:]
        for make in (old_gnu_sparse, pax_sparse):
            # The parts adjoin: only their bytes together are the value.
            parts = [(4096, b"A" * 497 + head), (4608, rest), (1 << 20, b"B" * 100)]
            layer = make("x", 1 << 21, parts) + bytes(1024)
            found = self.result(image_of_layer(layer))["findings"]
            self.assertEqual([(one["carrier"], one["path"], one["offset"]) for one in found], [("file", "x", 4096 + 497 + 6)], make)

    def test_archives_in_them(self):
        for make in (old_gnu_sparse, pax_sparse):
            stream = gzip.compress(FILLER + SECRET)
            layer = make("x", len(stream), [(0, stream[:512]), (512, stream[512:])]) + bytes(1024)
            found = self.result(image_of_layer(layer))
            self.assertEqual([(one["path"], one["encoding"]) for one in found["findings"]], [("x", ["gzip"])], make)


class Keys(Case):
    KEY = "-----BEGIN KEY-----\n" + FILLER[:400].decode() + "-----END KEY-----"

    def found(self, content, value=None):
        (self.path / "app.tar").write_bytes(image({"key": content}))
        (self.path / "value").write_bytes(value or self.KEY.encode())
        run = subprocess.run([PROGRAM, "find", "app.tar", "--value-file", "value", "--format", "json"], cwd=self.path,
                             capture_output=True, text=True, timeout=120)
        return [one["encoding"] for one in json.loads(run.stdout)["findings"]]

    def test_line_ends_within_encodings(self):
        for text in (self.KEY, self.KEY.replace("\n", "\r\n")):
            data = text.encode()
            self.assertEqual(self.found(data), [[]])
            self.assertEqual(self.found(text.encode("utf-16-le")), [["utf-16le"]])
            self.assertEqual(self.found(text.encode("utf-16-be")), [["utf-16be"]])
            self.assertEqual(self.found(data.hex().encode()), [["hex"]])
            for before in (b"", b"k", b"kk"):
                self.assertEqual(self.found(base64.b64encode(before + data)), [["base64"]])
            self.assertEqual(self.found(urllib.parse.quote(text).encode()), [["percent"]])

    def test_values_that_hold_both_bytes_of_a_line_end(self):
        """Also where the part that is searched for first stands behind a line end."""
        for value in (b"aa/a\r\nbbbb\r\nzz", b"a\r\n" + b"blue-falcon-nine\r\n" * 3, b"\r\nblue&falcon\n\r\nx"):
            for text in (urllib.parse.quote(value, safe=""), urllib.parse.quote_plus(value),
                         urllib.parse.quote(value, safe="").lower(), "".join(f"%{byte:02X}" for byte in value)):
                self.assertEqual(self.found(text.encode(), value), [["percent"]], text)
            for text in ("".join(f"\\x{byte:02x}" for byte in value), value.decode().replace("\r\n", r"\x0d\x0a").replace("\n", r"\x0a")):
                self.assertEqual(self.found(text.encode(), value), [["c-escape"]], text)

    def test_of_megabytes(self):
        """Two million bytes, of which each spelling must be compared: in seconds, not in minutes."""
        key = "-----BEGIN KEY-----\n" + "".join(base64.encodebytes(hashlib.sha512(b"%d" % i).digest()).decode() for i in range(22_000))
        with unittest.mock.patch.object(self, "KEY", key):
            self.assertEqual(self.found(b"k = " + key.encode()), [[]])


class ManyOccurrences(Case):
    def test_are_listed_up_to_a_bound_of_the_layer(self):
        """Ten files of 3,000 each, compressed or in archives; another value is listed beside."""
        content = SECRET * 3_000
        for packed in (gzip.compress(content), zipped({"m": content})):
            archive = image({**{f"f{i}": packed for i in range(10)}, "last": b"other-value-of-ours"})
            for stored in (archive, gzip.compress(archive)):
                result = self.result(stored, "--value", "other-value-of-ours")
                self.assertEqual(sum(one["path"] == "last" for one in result["findings"]), 1)
                self.assertEqual(len(result["findings"]), 10_001)
                self.assertEqual([note["text"] for note in result["notes"]], ["20000 more occurrences are not listed"])


class Bombs(Case):
    def test_overlapping(self):
        """All entries of the directory tell of one and the same content: it is read once."""
        kernel = zipped({"a": bytes(1 << 20)})
        result = self.find(image({"bomb.zip": kernel}))
        self.assertEqual(result.returncode, 0)

    def test_nested(self):
        content = bytes(1 << 20)
        for level in range(10):
            content = zipped({f"{level}-{i}": content for i in range(4)})
        notes = self.notes(image({"bomb.zip": content}))
        self.assertTrue(notes)

    def test_flat(self):
        content = gzip.compress(bytes(300 << 20), 9)
        notes = self.notes(image({"bomb": gzip.compress(content)}))
        self.assertIn("more than", notes[0])


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
