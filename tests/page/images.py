"""Images for the tests of the page: docker save archives, made with tarfile alone."""

import hashlib
import io
import json
import tarfile
import zlib

DIRECTORY = object()
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def base62(number, length):
    text = ""
    for _ in range(length):
        number, digit = divmod(number, len(DIGITS))
        text = DIGITS[digit] + text
    return text


def github_token(seed):
    """A dead token of the right form: its last six characters are the CRC-32 of the 30 before them."""
    text = base62(int.from_bytes(hashlib.sha256(seed.encode()).digest(), "big"), 30)
    return "gh" + "p_" + text + base62(zlib.crc32(text.encode()), 6)


TOKEN = github_token("page")

HOSTILE = [
    "</script><img src=x onerror=window.hit=1>",
    "<!--<script>",
    "\" onmouseover=\"window.hit=2",
    "'`${window.hit=3}",
    "&lt;b&gt;&#60;i&#62;",
    "line\u2028end\u2029",
    "right\u202eto\u2066left",
    "new\nline\ttab",
    "javascript:window.hit=4",
    "caf\udce9",  # not UTF-8
]


def tar(files):
    """files: (name, content); DIRECTORY for a directory."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.GNU_FORMAT, errors="surrogateescape") as archive:
        for name, content in files:
            entry = tarfile.TarInfo(name)
            if content is DIRECTORY:
                entry.type, entry.mode = tarfile.DIRTYPE, 0o755
                archive.addfile(entry)
            else:
                content = content if isinstance(content, bytes) else content.encode()
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


def image(path, layers, history=None, config=None, tag="app:ci"):
    """layers: lists of files; history: (created_by, whether it made no layer)."""
    layers = [tar(files) for files in layers]
    steps = history or [(f"COPY layer{i} /", False) for i in range(len(layers))]
    document = json.dumps({
        "architecture": "amd64", "os": "linux", "created": "2026-03-07T08:51:22Z", "config": config or {},
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest() for layer in layers]},
        "history": [{"created_by": text, **({"empty_layer": True} if empty else {})} for text, empty in steps]}).encode()
    name = hashlib.sha256(document).hexdigest() + ".json"
    names = [f"{i}/layer.tar" for i in range(len(layers))]
    manifest = json.dumps([{"Config": name, "RepoTags": [tag], "Layers": names}]).encode()
    path.write_bytes(tar([(name, document), *zip(names, layers), ("manifest.json", manifest)]))


def leaking(path):
    """A token in a file that a later layer deletes, one in the history, one in a variable; 60 files around them."""
    image(path, [[(f"usr/bin/tool{i:02}", "#" * 40 * i) for i in range(60)] + [("etc/app.conf", "a=1\n")],
                 [("root/.npmrc", f"//registry.example/:_authToken={TOKEN}\n"), ("srv/notes.txt", "none\n")],
                 [("root/.wh..npmrc", ""), ("etc/app.conf", "a=2\n")]],
          [("ADD rootfs.tar /", False), ("COPY .npmrc /root/", False), (f"ARG NPM_TOKEN={TOKEN}", True),
           ("RUN npm ci && rm /root/.npmrc", False), ("CMD [\"node\"]", True)],
          {"Env": ["PATH=/bin", f"NPM_TOKEN={TOKEN}"], "Labels": {"org.example.owner": "team"}})


def hostile(path):
    image(path, [[("names/" + name, "x") for name in HOSTILE if "/" not in name] + [(HOSTILE[0], "x")]],
          [(name.encode("utf-8", "replace").decode(), False) for name in HOSTILE[:1]]
          + [(name.encode("utf-8", "replace").decode(), True) for name in HOSTILE[1:]],
          {"Labels": {name.encode("utf-8", "replace").decode(): name.encode("utf-8", "replace").decode() for name in HOSTILE},
           "Env": [f"A={HOSTILE[0]}"], "User": HOSTILE[0]})


def large(path, count=100_000):
    folder = "usr/lib/node_modules/package-{}/lib/".format
    image(path, [[(f"{folder(i // 1000)}module-{i}.js", b"x" * (i % 50)) for i in range(count)],
                 [("opt/server", b"x" * 1000)]
                 + [(f"usr/lib/node_modules/package-{i}/.wh.lib", "") for i in range(0, count // 1000, 5)]])
