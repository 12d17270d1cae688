"""Every text of a saved image that can hold a value, each with its place. The standard library alone."""

import bz2
import gzip
import io
import json
import lzma
import os
import re
import struct
import sys
import zipfile
import zlib
from dataclasses import dataclass, replace

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "differential"))
import image_reading  # noqa: E402
import tar_reading  # noqa: E402
import whiteouts  # noqa: E402

from spellings import unzstd  # noqa: E402

STREAMS = {"gzip": gzip.decompress, "zstd": unzstd, "xz": lzma.decompress, "bzip2": bz2.decompress}
DEEPEST = 6
BARE_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")


@dataclass(frozen=True)
class Place:
    carrier: str
    blob: str
    layer: int | None = None
    path: str | None = None
    field: str | None = None
    nested: tuple = ()
    streams: tuple = ()  # compressors undone on the way in


class Folder(image_reading.Archive):
    """An OCI layout as a folder."""

    def __init__(self, path):
        self.problems, self.files, self.links, self.spelled = [], {}, {}, {}
        for folder, _, names in os.walk(path):
            for name in names:
                file = os.path.join(folder, name)
                with open(file, "rb") as opened:
                    self.files[os.path.relpath(file, path)] = opened.read()


def open_archive(path):
    return Folder(path) if os.path.isdir(path) else image_reading.Archive(path)


def text_of(name):
    return name.decode("utf-8", "surrogateescape")


def entry_path(entry):
    """As findings name it: cleaned; of a whiteout, its own name."""
    return "/".join(text_of(part) for part in whiteouts.clean(entry["name"]))


class Blanked(bytes):
    """Bytes without what is told elsewhere; lines still count in the `whole`."""


def opened(place, data, depth=0):
    """The text itself, and those of what it contains: compressed streams, archive members."""
    members = list(members_of(data)) if depth < DEEPEST else []
    yield place, without(data, members)
    if depth == DEEPEST:
        return
    packed = rpm_payload(data)
    kind = tar_reading.compression_of(packed)
    if kind != "none":
        try:
            inner = STREAMS[kind](packed)
        except Exception:  # a stream that ends early is no stream
            inner = None
        if inner is not None:
            yield from opened(replace(place, streams=place.streams + (kind,)), inner, depth + 1)
    for name, content, _ in members:
        yield from opened(replace(place, nested=place.nested + (name,)), content, depth + 1)
    for stream in zlib_streams(data):
        yield replace(place, streams=place.streams + ("zlib",)), stream


def without(data, members):
    """What a container holds beside its members: headers, comments. What is in a member is told as the member's."""
    rest = bytearray(data)
    for _, content, at in members:
        if at is not None:
            rest[at : at + len(content)] = bytes(len(content))
    blanked = Blanked(rest)
    blanked.whole = data
    return blanked


def members_of(data):
    """(name, content, where it stands in `data` as it is)"""
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                yield member.filename, archive.read(member), stored_at(data, member)
    elif data[257:262] == b"ustar":
        for entry in tar_reading.entries(data):
            yield text_of(entry["name"]), entry["content"], None if entry["sparse"] else entry["content_offset"]
    elif data[:8] == b"!<arch>\n":
        yield from ar_members(data)


def stored_at(data, member):
    """Behind the local header and its name and extra field, unless it is compressed."""
    if member.compress_type != zipfile.ZIP_STORED:
        return None
    name, extra = struct.unpack_from("<HH", data, member.header_offset + 26)
    return member.header_offset + 30 + name + extra


def ar_members(data):
    at = 8
    while at + 60 <= len(data):
        size = int(data[at + 48 : at + 58])
        yield text_of(data[at : at + 16].strip().rstrip(b"/")), data[at + 60 : at + 60 + size], at + 60
        at += 60 + size + size % 2


def rpm_payload(data):
    """Of an RPM package what stands behind its lead and two headers, the first of them padded; else all."""
    if data[:4] != b"\xed\xab\xee\xdb":
        return data
    at = 96
    for _ in range(2):
        at += -at % 8
        entries, size = struct.unpack_from(">II", data, at + 8)
        at += 16 + 16 * entries + size
    return data[at:]


def zlib_streams(data):
    """Git keeps each object as one, in a file of its own or one behind the other in a pack."""
    if not (data[:4] == b"PACK" or data[:1] == b"\x78"):
        return
    for match in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data):
        stream = zlib.decompressobj()
        try:
            inner = stream.decompress(data[match.start() :])
        except zlib.error:
            continue
        if stream.eof:
            yield inner


def layer_texts(image, index):
    place = Place("file", image.blobs[index], index)
    for entry in image.layers[index]:
        path = entry_path(entry)
        yield from opened(replace(place, path=path), entry["content"])
        yield replace(place, carrier="path", path=path), entry["name"]
        yield replace(place, carrier="link", path=path), entry["link"]
        for field in ("uname", "gname"):
            yield replace(place, carrier="header", path=path, field=field), entry[field]
        for key, value in entry["pax"].items():
            if key in (b"path", b"linkpath"):
                continue
            carrier = "xattr" if key.startswith(b"SCHILY.xattr.") else "header"
            yield replace(place, carrier=carrier, path=path, field=text_of(key)), value
    for field, value in gzip_header(image.archive.files[image.blobs[index]]):
        yield replace(place, carrier="blob", field=field), value
    end = tar_end(image.layers[index])
    tail = image.tars[index][end:]
    if tail.strip(b"\0"):
        blanked = Blanked(b"\0" * end + tail)
        blanked.whole = image.tars[index]
        yield replace(place, carrier="blob"), blanked


def gzip_header(data):
    """RFC 1952, section 2.3: a name and a comment, each ended by a zero byte."""
    if data[:3] != b"\x1f\x8b\x08":
        return
    flags, at = data[3], 10
    if flags & 4:
        at += 2 + int.from_bytes(data[at : at + 2], "little")
    for bit, field in ((8, "gzip.name"), (16, "gzip.comment")):
        if flags & bit:
            end = data.index(b"\0", at)
            yield field, data[at:end]
            at = end + 1


def tar_end(entries):
    if not entries:
        return 0
    last = entries[-1]
    return last["content_offset"] + (last["stored_size"] + 511) // 512 * 512


def fields(document, name=""):
    """(place, text) of each string and key of a JSON document."""
    if isinstance(document, str):
        yield name, document
    elif isinstance(document, list):
        for index, item in enumerate(document):
            yield from fields(item, f"{name}[{index}]")
    elif isinstance(document, dict):
        for key, item in document.items():
            bare = BARE_KEY.match(key)
            below = (f"{name}.{key}" if name else key) if bare else f"{name}[{json.dumps(key, ensure_ascii=False)}]"
            yield below, key
            yield from fields(item, below)


def carrier_of(blob, image, document, field):
    if blob == image.config_blob:
        return "history" if field.startswith("history[") else "config"
    if isinstance(document, dict) and ("predicateType" in document or "_type" in document):
        return "attestation"
    return "annotation" if "annotations" in field else "manifest"


def document_texts(image):
    """Of every file of the archive that is no layer of this image."""
    for blob, data in image.archive.files.items():
        if blob in image.blobs:
            continue
        document = None
        if blob in image.reached:
            try:
                document = json.loads(data)
            except ValueError:
                pass
        if isinstance(document, (dict, list)):
            for field, text in fields(document):
                yield Place(carrier_of(blob, image, document, field), blob, field=field), text.encode("utf-8", "surrogatepass")
        else:
            yield from opened(Place("blob", blob), data)


def all_texts(image):
    for index in range(len(image.layers)):
        yield from layer_texts(image, index)
    yield from document_texts(image)


def open_image(path, image_id=None):
    """Of several images in the archive the one with that id."""
    archive = open_archive(path)
    image = image_reading.Image(archive, image_id=image_id)
    image.config_blob = next(name for name, data in archive.files.items() if data == image.config_bytes and name in image.reached)
    return image


def removed_how(image, layer, path):
    """What becomes of the entry at `path` in `layer`: live, deleted, opaque, overwritten."""
    parts = whiteouts.clean(path.encode("utf-8", "surrogateescape"))
    above = [parts[:length] for length in range(1, len(parts) + 1)]
    for later in image.layers[layer + 1 :]:
        stated = [(*whiteouts.recognise(entry["name"]), entry) for entry in later]
        if any(kind == "whiteout" and gone in above for kind, gone, _ in stated):
            again = any(kind == "entry" and at == parts for kind, at, _ in stated)
            return "overwritten" if again else "deleted"
        if any(kind == "opaque" and gone in [()] + above[:-1] for kind, gone, _ in stated):
            again = any(kind == "entry" and at == parts for kind, at, _ in stated)
            return "overwritten" if again else "opaque"
        for kind, at, entry in stated:
            if kind == "entry" and (at == parts or (at in above and entry["kind"] != "5")):
                return "overwritten"
    return "live"
