"""Saved images for tests of many: written with Python's own tarfile, as `docker save` lays them out."""

import gzip
import hashlib
import io
import json
import random
import string
import tarfile
import zlib


BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase


def token(name):
    """In the form of a token of GitHub's, with the checksum that these have; dead."""
    chance = random.Random(name)
    drawn = "".join(chance.choice(BASE62) for _ in range(30))
    check = zlib.crc32(drawn.encode())
    checksum = ""
    for _ in range(6):
        check, digit = divmod(check, 62)
        checksum = BASE62[digit] + checksum
    return "gh" + "p_" + drawn + checksum


def layer_of(files):
    """A layer tar of {name: bytes}."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            info.mtime = 1646642700
            info.mode = 0o644
            tar.addfile(info, io.BytesIO(content))
    return out.getvalue()


def noise(seed, size):
    return random.Random(seed).randbytes(size)


def write_image(path, layers, tag="app:ci", compress=False, diff_ids=None, env=()):
    """An archive of layer tars. diff_ids: what its configuration claims instead of the truth."""
    claimed = diff_ids or ["sha256:" + hashlib.sha256(layer).hexdigest() for layer in layers]
    config = {"architecture": "amd64", "os": "linux", "config": {"Env": list(env)},
              "rootfs": {"type": "layers", "diff_ids": claimed},
              "history": [{"created_by": f"COPY step {i} /"} for i in range(len(layers))]}
    documents = json.dumps(config).encode()
    name = hashlib.sha256(documents).hexdigest() + ".json"
    members = {name: documents}
    for i, layer in enumerate(layers):
        members[f"{i}{claimed[i][7:20]}/layer.tar"] = gzip.compress(layer, 6, mtime=0) if compress else layer
    members["manifest.json"] = json.dumps(
        [{"Config": name, "RepoTags": [tag], "Layers": list(members)[1:]}]).encode()
    with tarfile.open(path, "w") as tar:
        for member, content in members.items():
            info = tarfile.TarInfo(member)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return sum(len(content) for content in members.values())
