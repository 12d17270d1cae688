"""Reduces a saved image to what two builds of the same Dockerfile must have in common.

What differs from run to run is replaced by a name: digests by the role of what they are of (`<layer 1>`, `<config>`,
`<v1 0>`), container ids and host names, times of the build. Times of the context and of the base stay as they are, and
so does the spelling of every JSON document.

  {"config": text, "documents": {name: text}, "outer": {…}, "layers": [name of a base layer | {"entries": […], "end": n}]}
"""

import hashlib
import json
import re

import bases
import tar_reading

# The corpus and the bases are older, so whatever is later was written by the build. Some files of the corpus have
# times in the far future.
BUILD_BEGINS, BUILD_ENDS = 1735689600, 4102444800
HEX = re.compile(r"\b[0-9a-f]{64}\b")
TIME = re.compile(r'"\d{4}-\d\d-\d\dT[0-9:.]+Z"')
SOURCE = re.compile(r'"sha256:[0-9a-f]{64}":\{[^}]*\}')
KEPT_TIMES = ('"' + bases.CREATED + '"', '"1970-01-01T00:00:00Z"', '"0001-01-01T00:00:00Z"')


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def base_layers():
    """Digest -> name of each layer of a base; both with the real busybox and with the stub."""
    found = {}
    for steps, _ in bases.bases().values():
        for i, layer in enumerate(layer for _, layer in steps if layer):
            found.setdefault(sha256(layer), f"<base {i} {sha256(steps[-1][0].encode())[:4]}>" if i > 2 else f"<base {i}>")
    return found


def time_of(entry):
    if BUILD_BEGINS <= entry["mtime"] < BUILD_ENDS:
        return "build"
    return entry["mtime"]


def text(data):
    return data.decode("utf-8", "backslashreplace")


def raw_header(data, entry):
    """The entry's own header: the one before its content."""
    at = entry["content_offset"]
    return data[at - tar_reading.BLOCK : at]


def header_form(data, entry):
    """What of the header is seldom other than in every entry; {} for a plain ustar header."""
    header, form = raw_header(data, entry), {}
    if header[257:265] != b"ustar\x0000":
        form["magic"] = header[257:265].hex()
    if tar_reading.text(header[345:500]):
        form["prefix"] = text(tar_reading.text(header[345:500]))
    if entry["pax"]:
        form["pax"] = {text(key): "build" if key == b"mtime" and time_of(entry) == "build" else text(value)
                       for key, value in sorted(entry["pax"].items())}
        form["name"] = text(tar_reading.text(header[0:100]))
        first = data[entry["header_offset"] : entry["header_offset"] + tar_reading.BLOCK]
        form["pax_header"] = [text(tar_reading.text(first[0:100])), first[100:107].decode()]
    # Where Docker 20.10 and Buildah fill in names, those of other ids than 0 come from the machine that builds.
    for key, number in (("uname", "uid"), ("gname", "gid")):
        if entry[key] and entry[number] == 0:
            form[key] = text(entry[key])
    if entry["kind"] in "34":
        form["device"] = [entry["device_major"], entry["device_minor"]]
    return form


def content_of(entry):
    """The busybox binary, or the stub in its place, counts as the same."""
    if entry["content"] == bases.busybox_program():
        return "busybox", "busybox"
    return entry["size"], sha256(entry["content"])[:16] if entry["size"] else ""


def entry_of(data, entry):
    mode = tar_reading.text(raw_header(data, entry)[100:108]).decode()
    row = {"path": text(entry["name"]), "type": entry["kind"], "mode": mode, "owner": f"{entry['uid']}:{entry['gid']}",
           "mtime": time_of(entry)}
    if entry["kind"] == "0":
        row["size"], row["content"] = content_of(entry)
    if entry["link"]:
        row["link"] = text(entry["link"])
    form = header_form(data, entry)
    if form:
        row["header"] = form
    return row


def end_of(data, found):
    """Bytes after the last entry; an error when they are not all zero."""
    last = found[-1] if found else None
    end = last["content_offset"] + (last["stored_size"] + 511) // 512 * 512 if last else 0
    assert not data[end:].strip(b"\0")
    return len(data) - end


class Saved:
    def __init__(self, path):
        with open(path, "rb") as file:
            data = tar_reading.decompress(file.read())
        self.found = tar_reading.entries(data)
        self.data, self.end = data, end_of(data, self.found)
        self.files = {text(e["name"]): e["content"] for e in self.found if e["kind"] == "0"}
        self.links = {text(e["name"]): text(e["link"]) for e in self.found if e["kind"] in "12"}
        self.manifest = json.loads(self.files["manifest.json"])[0]
        self.config = self.files[self.manifest["Config"]]
        self.layer_names = self.manifest["Layers"] or []
        self.layers = [self.read_layer(name) for name in self.layer_names]

    def real(self, name):
        if name in self.links:
            return self.links[name].replace("../", "", 1)
        return name

    def read_layer(self, name):
        return tar_reading.decompress(self.files[self.real(name)])

    def documents(self):
        """Everything that is no layer."""
        layers = {self.real(name) for name in self.layer_names}
        return {name: content for name, content in self.files.items() if name not in layers}


def v1_documents(saved):
    """(content, id) of the v1 documents, from the lowest layer up."""
    above = {}
    for content in saved.documents().values():
        if content.startswith(b'{"') and b'"id":"' in content and b'"schemaVersion"' not in content:
            document = json.loads(content)
            above[document.get("parent", "").replace("sha256:", "")] = (content, document["id"])
    found, at = [], ""
    while at in above:
        found.append(above[at])
        at = above[at][1]
    return found


def roles(saved, base):
    """Hex digest or id -> what it is of."""
    named = {sha256(saved.config): "<config>"}
    for i, (content, name) in enumerate(v1_documents(saved)):
        named[name] = f"<v1 {i}>"
        named[sha256(content)] = f"<v1 {i} document>"
    for name, content in saved.documents().items():
        if b'"schemaVersion"' in content and name.startswith("blobs/"):
            named[sha256(content)] = "<manifest>" if b'"layers"' in content else "<index>"
    for i, (name, layer) in enumerate(zip(saved.layer_names, saved.layers)):
        role = base.get(sha256(layer), f"<layer {i}>")
        named.setdefault(sha256(layer), role)
        named.setdefault(sha256(saved.files[saved.real(name)]), role.replace(">", " compressed>"))
    return named


def with_roles(words, named):
    return HEX.sub(lambda match: named.get(match.group(), match.group()), words)


def with_sizes(words, saved):
    """A size beside a digest becomes `<size>` when it is the size of that blob."""
    sizes = {sha256(content): len(content) for content in saved.files.values()}

    def checked(digest, size):
        return '"<size>"' if sizes.get(digest) == int(size) else size

    def after(match):
        return match.group(1) + match.group(2) + match.group(3) + checked(match.group(2), match.group(4))

    def before(match):
        return match.group(1) + checked(match.group(4), match.group(2)) + match.group(3) + match.group(4)

    words = re.sub(r'("digest": ?"sha256:)([0-9a-f]{64})(",\s*"size": ?)(\d+)', after, words)
    return re.sub(r'("size": ?)(\d+)(,\s*"digest": ?"sha256:)([0-9a-f]{64})', before, words)


def with_sources_by_role(words, named):
    """Docker sorts LayerSources by digest; where it did, the order by role says the same in every run."""

    def reorder(match):
        sources = SOURCE.findall(match.group(2))
        if sources != sorted(sources):
            return match.group()
        return match.group(1) + ",".join(sorted(sources, key=lambda source: with_roles(source, named))) + match.group(3)

    return re.sub(r'("LayerSources":\{)(.*?\})(\})', reorder, words)


def normal_json(content, saved, named):
    words = with_sources_by_role(content.decode("utf-8", "backslashreplace"), named)
    words = with_roles(with_sizes(words, saved), named)
    words = TIME.sub(lambda match: match.group() if match.group() in KEPT_TIMES else '"<time>"', words)
    words = re.sub(r'"container":"[0-9a-f]{64}"', '"container":"<id>"', words)
    words = re.sub(r'"Hostname":"[^"]+"', '"Hostname":"<host>"', words)
    words = re.sub(r'"Image":"sha256:([0-9a-f]{64}|<config>)"', '"Image":"sha256:<id>"', words)
    return re.sub(r'"comment":"FROM [0-9a-f]{12}"', '"comment":"FROM <id>"', words)


def outer(saved, named):
    names = [text(entry["name"]) for entry in saved.found]
    rows = []
    for entry in saved.found:
        row = {"path": with_roles(text(entry["name"]), named), "type": entry["kind"],
               "mode": tar_reading.text(raw_header(saved.data, entry)[100:108]).decode(),
               "owner": f"{entry['uid']}:{entry['gid']}", "mtime": time_of(entry)}
        if entry["link"]:
            row["link"] = with_roles(text(entry["link"]), named)
        form = header_form(saved.data, entry)
        if form:
            row["header"] = form
        rows.append(row)
    ordered = names == sorted(names, key=lambda name: name.encode())
    if ordered:
        rows.sort(key=lambda row: row["path"])
    return {"order": "by name" if ordered else "as listed", "entries": rows, "end": saved.end}


def layer_of(data, base):
    if sha256(data) in base:
        return base[sha256(data)]
    found = tar_reading.entries(data)
    return {"entries": [entry_of(data, entry) for entry in found], "end": end_of(data, found)}


def reduce(path, base):
    """`base` comes from base_layers()."""
    saved = Saved(path)
    named = roles(saved, base)
    documents = {}
    for name, content in saved.documents().items():
        if content != saved.config:
            documents[with_roles(name, named)] = normal_json(content, saved, named)
    return {"config": normal_json(saved.config, saved, named), "layers": [layer_of(layer, base) for layer in saved.layers],
            "documents": dict(sorted(documents.items())), "outer": outer(saved, named)}
