#!/usr/bin/env python3
"""Makes a docker-archive of bare layer tars.

usage: wrap_layers.py IMAGE LAYER...
"""

import hashlib
import io
import json
import sys
import tarfile


def main():
    layers = [open(path, "rb").read() for path in sys.argv[2:]]
    digests = [hashlib.sha256(layer).hexdigest() for layer in layers]
    config = json.dumps({"architecture": "amd64", "os": "linux",
                         "rootfs": {"type": "layers", "diff_ids": ["sha256:" + digest for digest in digests]},
                         "history": [{"created_by": f"layer {i}"} for i in range(len(layers))]}).encode()
    name = hashlib.sha256(config).hexdigest() + ".json"
    manifest = [{"Config": name, "RepoTags": ["made:v1"], "Layers": [digest + ".tar" for digest in digests]}]
    files = {digest + ".tar": layer for digest, layer in zip(digests, layers)}
    files.update({name: config, "manifest.json": json.dumps(manifest).encode()})
    with tarfile.open(sys.argv[1], "w", format=tarfile.USTAR_FORMAT) as image:
        for path, content in files.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            image.addfile(entry, io.BytesIO(content))


if __name__ == "__main__":
    main()
