"""How a value can be spelled, and how a stated spelling is undone. The standard library alone."""

import base64
import bz2
import codecs
import gzip
import html
import json
import lzma
import quopri
import re
import subprocess
import urllib.parse
import zlib

URL_ALPHABET = bytes.maketrans(b"+/", b"-_")
# The letters of a C escape, other than octal and \x.
C_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}


def unzstd(data):
    return subprocess.run(["zstd", "-dcq"], input=data, stdout=subprocess.PIPE, check=True).stdout


def undo_base64(data):
    """Whole bytes only: what stands before and after may belong to a neighbour, as may half a byte of an encoding around."""
    text = re.sub(rb"[^A-Za-z0-9+/]", b"", data.translate(bytes.maketrans(b"-_", b"+/")))
    for lead in range(4):
        padded = b"A" * lead + text
        try:
            yield base64.b64decode(padded + b"=" * (-len(padded) % 4) if len(padded) % 4 != 1 else padded[:-1])
        except ValueError:
            continue


def undo_c(text):
    def letter(match):
        escape = match.group(1)
        if escape[0] == "x":
            return chr(int(escape[1:], 16))
        if escape[0] in "01234567":
            return chr(int(escape, 8))
        return C_LETTERS.get(escape, escape)

    return re.sub(r"\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)", letter, text, flags=re.S)


def as_text(change):
    return lambda data: [change(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")]


def undo_unicode(text):
    return re.sub(r"\\u\{?([0-9a-fA-F]{4,6})\}?", lambda match: chr(int(match.group(1), 16)), text)


def undo_ascii85(data):
    inner = re.sub(rb"\s|<~|~>", b"", data)
    for lead in range(5):
        try:
            yield base64.a85decode(b"!" * lead + inner)
        except ValueError:
            continue


def undo_base32(data):
    inner = re.sub(rb"[\s=]", b"", data).upper()
    for lead in range(8):
        padded = b"A" * lead + inner
        try:
            yield base64.b32decode(padded + b"=" * (-len(padded) % 8))
        except ValueError:
            continue


def undo_hex(data):
    """Digits of a neighbour may stand at either end."""
    digits = re.sub(rb"0x|\\x|[^0-9a-fA-F]", b"", data).decode()
    for lead in range(2):
        whole = digits[lead:]
        yield bytes.fromhex(whole[: len(whole) // 2 * 2])


def undo_utf16(order):
    """Half of a neighbour's character may stand at either end."""
    return lambda data: [data[lead:].decode(order, "ignore").encode("utf-8", "ignore") for lead in range(2)]


# Each gives the texts that the bytes can mean; more than one where an alignment is open.
UNDO = {
    "base64": undo_base64,
    "base64url": undo_base64,
    "base32": undo_base32,
    "ascii85": undo_ascii85,
    "hex": undo_hex,
    "percent": lambda data: [urllib.parse.unquote_to_bytes(data)],
    "html": as_text(html.unescape),
    "quoted-printable": lambda data: [quopri.decodestring(data)],
    "json": lambda data: [json.loads(b'"' + data + b'"', strict=False).encode("utf-8", "surrogatepass")],
    "c-escape": as_text(undo_c),
    "unicode-escape": as_text(undo_unicode),
    "utf-16le": undo_utf16("utf-16-le"),
    "utf-16be": undo_utf16("utf-16-be"),
    "rot13": as_text(lambda text: codecs.decode(text, "rot13")),
    "reversed": lambda data: [data[::-1]],
    "gzip": lambda data: [gzip.decompress(data)],
    "zlib": lambda data: [zlib.decompressobj().decompress(data)],
    "zstd": lambda data: [unzstd(data)],
    "xz": lambda data: [lzma.decompress(data)],
    "bzip2": lambda data: [bz2.decompress(data)],
}


def meanings(data, chain):
    """All texts that `data` can mean when the encodings, from the outside in, are undone."""
    found = [data]
    for encoding in chain:
        found = [text for one in found for text in undone(one, encoding)]
    return found


def undone(data, encoding):
    """Nothing where this is no text of that encoding, as of a wrong alignment of the one around it."""
    try:
        return list(UNDO[encoding](data))
    except Exception:
        return []


def spellings(value):
    """What to look for besides the value itself: forms that anybody would recognise as it."""
    forms = {value}
    for lead in range(3):
        whole = base64.b64encode(b"\0" * lead + value)
        # Only characters that the value alone decides.
        first = (8 * lead + 5) // 6
        last = 8 * (lead + len(value)) // 6
        for form in (whole[first:last], whole[first:last].translate(URL_ALPHABET)):
            forms.add(form)
    forms |= {value.hex().encode(), value.hex().upper().encode(), value[::-1]}
    text = value.decode("utf-8", "replace")
    if text.encode() == value:
        forms |= {
            text.encode("utf-16-le"),
            text.encode("utf-16-be"),
            codecs.encode(text, "rot13").encode(),
            json.dumps(text)[1:-1].encode(),
            urllib.parse.quote(text, safe="").encode(),
            urllib.parse.quote(text, safe="/").encode(),
            html.escape(text).encode(),
        }
    return {form for form in forms if len(form) >= 8 or form == value}
