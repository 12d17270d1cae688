"""Reads a tar's headers byte by byte, and checks the result against Python's tarfile.

tarfile alone is not enough: it drops the trailing slash of names and the offsets of extension headers, keeps the size
field of hard links, gives times as floats (so that nanoseconds are lost), and decodes names. Where it does speak, both
readings must agree.
"""

import bz2
import decimal
import gzip
import io
import lzma
import subprocess
import tarfile

BLOCK = 512
MAGICS = [(b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"\xfd7zXZ\0", "xz"), (b"BZh", "bzip2")]


def compression_of(data):
    return next((name for magic, name in MAGICS if data.startswith(magic)), "none")


def decompress(data):
    kind = compression_of(data)
    if kind == "zstd":
        return subprocess.run(["zstd", "-dcq"], input=data, stdout=subprocess.PIPE, check=True).stdout
    return {"none": bytes, "gzip": gzip.decompress, "xz": lzma.decompress, "bzip2": bz2.decompress}[kind](data)


def text(field):
    return field.split(b"\0", 1)[0]


def number(field):
    if field[0] & 0x80:
        value = int.from_bytes(field, "big") - (0x80 << 8 * (len(field) - 1))
        # bsdtar ends its eleven bytes of base-256 with a space; as twelve they are still the number that it means.
        return value - (0x80 << 8 * (len(field) - 1)) if field[0] & 0x40 else value
    digits = field.strip(b"\0 ").split(b"\0")[0].split(b" ")[0]
    return int(digits, 8) if digits else 0


def pax_records(body):
    records = {}
    while body and body[0] != 0:
        length = int(body[: body.index(b" ")])
        record = body[body.index(b" ") + 1 : length - 1]
        key, value = record.split(b"=", 1)
        records[key] = value
        body = body[length:]
    return records


def old_sparse_map(header, data, at):
    """GNU type S: pairs in the header, more of them in blocks that follow it."""
    pairs = [(number(header[386 + 24 * i : 398 + 24 * i]), number(header[398 + 24 * i : 410 + 24 * i])) for i in range(4)]
    more = header[482] != 0
    while more:
        block = data[at : at + BLOCK]
        pairs += [(number(block[24 * i : 24 * i + 12]), number(block[24 * i + 12 : 24 * i + 24])) for i in range(21)]
        more = block[504] != 0
        at += BLOCK
    return pairs, at


def pax_sparse_map(stored):
    """GNU.sparse 1.0: lines of decimal numbers at the head of the content, padded to a block."""
    lines = stored.split(b"\n")
    count = int(lines[0])
    values = [int(line) for line in lines[1 : 1 + 2 * count]]
    used = sum(len(line) + 1 for line in lines[: 1 + 2 * count])
    return list(zip(values[::2], values[1::2])), (used + BLOCK - 1) // BLOCK * BLOCK


def expand(pairs, stored, size):
    whole = bytearray(size)
    at = 0
    for offset, length in pairs:
        whole[offset : offset + length] = stored[at : at + length]
        at += length
    return bytes(whole)


def entries(data):
    """Every entry as a dict of what the tar states."""
    result, at, first, pax, long_name, long_link, shared = [], 0, None, {}, None, None, {}
    while at + BLOCK <= len(data) and data[at : at + BLOCK].strip(b"\0"):
        header = data[at : at + BLOCK]
        first = at if first is None else first
        kind, size = header[156:157], number(header[124:136])
        at += BLOCK
        if kind in b"xgLK":
            body = data[at : at + size]
            at += (size + BLOCK - 1) // BLOCK * BLOCK
            if kind == b"x":
                pax = pax_records(body)
            elif kind == b"g":
                shared.update(pax_records(body))
            elif kind == b"L":
                long_name = text(body)
            else:
                long_link = text(body)
            continue
        entry, at = read_entry(header, data, at, {**shared, **pax}, long_name, long_link)
        entry["header_offset"] = first
        result.append(entry)
        first, pax, long_name, long_link = None, {}, None, None
    return result


def read_entry(header, data, at, pax, long_name, long_link):
    kind = header[156:157].decode("latin-1")
    name = text(header[0:100])
    if header[257:263] == b"ustar\0" and text(header[345:500]):
        name = text(header[345:500]) + b"/" + name
    name = pax.get(b"path", long_name if long_name is not None else name)
    if kind == "\0":
        kind = "5" if name.endswith(b"/") else "0"
    size = int(pax.get(b"size", number(header[124:136])))
    seconds = decimal.Decimal(pax[b"mtime"].decode()) if b"mtime" in pax else decimal.Decimal(number(header[136:148]))
    whole = int(seconds.to_integral_value(decimal.ROUND_FLOOR))
    entry = {
        "name": name,
        "kind": "0" if kind in "S7" else kind,
        "mode": number(header[100:108]) & 0o7777,
        "uid": int(pax.get(b"uid", number(header[108:116]))),
        "gid": int(pax.get(b"gid", number(header[116:124]))),
        "uname": pax.get(b"uname", text(header[265:297])),
        "gname": pax.get(b"gname", text(header[297:329])),
        "mtime": whole,
        "mtime_nanoseconds": int((seconds - whole) * 10**9),
        "link": pax.get(b"linkpath", long_link if long_link is not None else text(header[157:257])),
        "pax": pax,
        "xattrs": {key[len(b"SCHILY.xattr.") :]: value for key, value in pax.items() if key.startswith(b"SCHILY.xattr.")},
        "device_major": number(header[329:337]) if kind in "34" else 0,
        "device_minor": number(header[337:345]) if kind in "34" else 0,
        "sparse": 0,
    }
    if kind in "123456":
        size = 0
    if kind == "S":
        pairs, at = old_sparse_map(header, data, at)
        entry.update(sparse=1, size=number(header[483:495]))
        entry["content"] = expand(pairs, data[at : at + size], entry["size"])
    elif b"GNU.sparse.realsize" in pax:
        entry["name"] = pax[b"GNU.sparse.name"]
        pairs, used = pax_sparse_map(data[at : at + size])
        entry.update(sparse=1, size=int(pax[b"GNU.sparse.realsize"]))
        entry["content"] = expand(pairs, data[at + used : at + size], entry["size"])
    else:
        entry.update(size=size, content=data[at : at + size])
    entry.update(content_offset=at, stored_size=size)
    return entry, at + (size + BLOCK - 1) // BLOCK * BLOCK


def check_with_tarfile(data, found):
    """Lines of disagreement between the byte-by-byte reading and tarfile."""
    problems = []
    encode = lambda name: name.encode("utf-8", "surrogateescape")
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:", encoding="utf-8", errors="surrogateescape") as archive:
        members = archive.getmembers()
        if len(members) != len(found):
            return [f"tarfile finds {len(members)} entries, not {len(found)}"]
        for member, entry in zip(members, found):
            theirs = [encode(member.name).rstrip(b"/"), encode(member.linkname), member.mode & 0o7777, member.uid, member.gid,
                      encode(member.uname), encode(member.gname), int(member.mtime // 1)]
            ours = [entry["name"].rstrip(b"/"), entry["link"], entry["mode"], entry["uid"], entry["gid"],
                    entry["uname"], entry["gname"], entry["mtime"]]
            if member.isreg():
                theirs += [member.size, archive.extractfile(member).read()]
                ours += [entry["size"], entry["content"]]
            if theirs != ours:
                problems.append(f"tarfile: {theirs[:8]} is not {ours[:8]}")
    return problems
