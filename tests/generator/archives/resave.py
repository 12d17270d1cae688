#!/usr/bin/env python3
"""Takes a real archive apart and has the generator's writer save the same image again.

usage: resave.py PROGRAM [--writer NAME] SAMPLE...

Config, layers, names and attestations of the sample are read here, with Python's tarfile and json alone.
The time of saving is taken from the sample. The two archives must then be the same, byte for byte; what differs
is printed entry by entry. Exit 1 when anything differs, but for saving that took more than a second.
"""

import gzip
import hashlib
import json
import os
import subprocess
import sys
import tarfile
import tempfile

# The first row whose prefix fits. `None`: nobody's writer; a person tarred the layout.
WRITERS = [("docker20-", "docker-20"), ("docker26-", "docker-26"), ("docker28-", "docker-28"),
           ("docker26c-", "docker-28-containerd"), ("docker28c-", "docker-28-containerd"),
           ("buildx029-bx-docker", "buildx-docker"), ("buildx029-bx-oci", "buildx-oci"),
           ("skopeo19-C-oci", "oci"), ("skopeo19-", "skopeo"), ("podman43-C-oci", "oci"), ("podman43-", "podman"),
           ("buildah128-A-layers-oci", "oci"), ("buildah128-commit-oci", "oci"), ("buildah", "podman"),
           ("crane020-oci", None), ("umoci047", None), ("crane020-", "crane")]

def writer_of(name):
    return next(writer for prefix, writer in WRITERS if name.startswith(prefix))


def maker_of(name):
    if "import" in name:
        return "import"
    if name.startswith(("buildah", "podman")):
        return "buildah"
    return "buildkit" if "-bk" in name or "-bx-" in name or "inline" in name or "zstd" in name else "classic"


class Sample:
    def __init__(self, path):
        self.name = os.path.basename(path)[:-len(".tar")]
        self.tar = tarfile.open(path)
        self.members = {m.name.removeprefix("./"): m for m in self.tar.getmembers()}

    def bytes_of(self, name):
        member = self.members[name]
        if member.issym():
            return self.bytes_of(os.path.normpath(os.path.join(os.path.dirname(name), member.linkname)))
        return self.tar.extractfile(member).read()

    def json_of(self, name):
        return json.loads(self.bytes_of(name)) if name in self.members else None

    def blob(self, digest):
        return self.bytes_of("blobs/sha256/" + digest.split(":")[1])


def unpacked(data):
    if data[:2] == b"\x1f\x8b":
        return "gzip", gzip.decompress(data)
    if data[:4] == b"\x28\xb5\x2f\xfd":
        return "zstd", subprocess.run(["zstd", "-dc"], input=data, stdout=subprocess.PIPE, check=True).stdout
    return "none", data


def digest_of(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def manifests_of(sample):
    """Of each image: names, config path, layer paths, manifest, index."""
    index = sample.json_of("index.json")
    pointed = []
    for descriptor in (index or {}).get("manifests", []):
        document = json.loads(sample.blob(descriptor["digest"]))
        inner = None
        if "manifests" in document:
            inner = document
            document = json.loads(sample.blob(inner["manifests"][0]["digest"]))
        pointed.append((descriptor, document, inner))
    listed = sample.json_of("manifest.json")
    if listed is not None:
        first = pointed[0] if pointed else (None, {}, None)
        return [(item["RepoTags"] or [], item["Config"], item["Layers"] or [], first[1], first[2])
                for item in listed]
    images = []
    for descriptor, document, inner in pointed:
        notes = descriptor.get("annotations", {})
        name = notes.get("io.containerd.image.name") or notes.get("org.opencontainers.image.ref.name")
        path = lambda d: "blobs/sha256/" + d["digest"].split(":")[1]
        images.append(([name] if name else [], path(document["config"]), [path(d) for d in document["layers"]],
                       document, inner))
    return images


def attestations_of(sample, inner):
    found = []
    for descriptor in (inner or {}).get("manifests", []):
        if "vnd.docker.reference.type" not in descriptor.get("annotations", {}):
            continue
        for layer in json.loads(sample.blob(descriptor["digest"]))["layers"]:
            text = sample.blob(layer["digest"]).decode()
            # The predicate's own bytes: the last member of the statement.
            predicate = text[text.index('"predicate":') + len('"predicate":'):-1]
            found.append((layer["annotations"]["in-toto.io/predicate-type"], predicate))
    return found


def clock_of(sample):
    """The time of saving, where the tool writes one."""
    index = sample.json_of("index.json")
    for descriptor in (index or {}).get("manifests", []):
        created = descriptor.get("annotations", {}).get("org.opencontainers.image.created")
        if created:
            return int(subprocess.run(["date", "-d", created, "+%s"], stdout=subprocess.PIPE, check=True).stdout)
    for member in sample.members.values():
        if member.issym() and member.mtime:
            return member.mtime
    return sample.members["blobs/sha256"].mtime if "blobs/sha256" in sample.members else 0


def write(folder, name, data):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(data)
    return {"file": path}


def spec_of(sample, writer, folder):
    images = []
    for number, (names, config, layers, manifest, inner) in enumerate(manifests_of(sample)):
        config_bytes = sample.bytes_of(config)
        parts = []
        for i, path in enumerate(layers):
            stored = sample.bytes_of(path)
            compression, plain = unpacked(stored)
            layer = {"tar": write(folder, f"{number}-{i}.tar", plain), "diff_id": digest_of(plain)}
            if compression != "none" or "uncompressed" in sample.name:
                layer.update(stored=write(folder, f"{number}-{i}.blob", stored), digest=digest_of(stored),
                             compression=compression)
            parts.append(layer)
        images.append({
            "names": names, "config": write(folder, f"{number}.json", config_bytes), "layers": parts,
            "maker": maker_of(sample.name),
            "attestations": [{"type": kind, "predicate": write(folder, f"{number}-{i}.predicate", text.encode())}
                             for i, (kind, text) in enumerate(attestations_of(sample, inner))],
            "manifest_annotations": manifest.get("annotations", {}) if sample.json_of("index.json") else {},
            "index_annotations": (inner or {}).get("annotations", {})})
    return {"writer": writer, "clock": clock_of(sample), "images": images}


def entries_of(path):
    """(header without checksum, body) of each entry, and what follows the last."""
    data = open(path, "rb").read()
    entries, at = [], 0
    while data[at:at + 1] not in (b"", b"\0"):
        header = data[at:at + 512]
        size = int(header[124:135], 8)
        entries.append((header, data[at + 512:at + 512 + size]))
        at += 512 + (size + 511) // 512 * 512
    return entries, data[at:]


FIELDS = [("name", 0, 100), ("mode", 100, 8), ("uid", 108, 8), ("gid", 116, 8), ("size", 124, 12), ("mtime", 136, 12),
          ("type", 156, 1), ("link", 157, 100), ("magic", 257, 8), ("uname", 265, 32), ("gname", 297, 32),
          ("devices", 329, 16), ("prefix", 345, 155)]


def saved_later(theirs, mine, clock):
    """Both are times of saving; the tool took a while."""
    return int(mine[136:147], 8) == clock and 0 < abs(int(theirs[136:147], 8) - clock) < 60


def differences(real, ours, clock):
    real_entries, real_end = entries_of(real)
    our_entries, our_end = entries_of(ours)
    name = lambda entry: entry[0][:100].rstrip(b"\0").decode()
    if [name(e) for e in real_entries] != [name(e) for e in our_entries]:
        missing = [name(e) for e in real_entries if name(e) not in map(name, our_entries)]
        extra = [name(e) for e in our_entries if name(e) not in map(name, real_entries)]
        yield f"names or their order: missing {missing}, extra {extra}"
    for theirs, mine in zip(real_entries, our_entries):
        if name(theirs) != name(mine):
            continue
        for field, at, size in FIELDS:
            if field == "mtime" and saved_later(theirs[0], mine[0], clock):
                continue
            if theirs[0][at:at + size] != mine[0][at:at + size]:
                yield f"{name(theirs)}: {field}: {theirs[0][at:at + size]} is {mine[0][at:at + size]}"
        if theirs[1] != mine[1]:
            yield f"{name(theirs)}: content: {theirs[1][:2000]} is {mine[1][:2000]}"
    if real_end != our_end:
        yield f"end of the archive: {len(real_end)} bytes are {len(our_end)}"


def main():
    program, *samples = sys.argv[1:]
    forced = samples[1] if samples[0] == "--writer" else None
    samples = samples[2:] if forced else samples
    failed = equal = compared = 0
    for path in samples:
        sample = Sample(path)
        writer = forced or writer_of(sample.name)
        if writer is None:
            print(f"{sample.name}: no tool's archive; a person tarred it")
            continue
        compared += 1
        with tempfile.TemporaryDirectory() as folder:
            spec = spec_of(sample, writer, folder)
            with open(os.path.join(folder, "spec"), "w") as file:
                json.dump(spec, file)
            ours = os.path.join(folder, "out.tar")
            subprocess.run([program, "archive", os.path.join(folder, "spec"), ours], check=True)
            if open(path, "rb").read() == open(ours, "rb").read():
                equal += 1
                print(f"{sample.name}: {writer}: equal")
                continue
            found = list(differences(path, ours, spec["clock"]))
            failed += len(found)
            for difference in found:
                print(f"{sample.name}: {writer}: DIFFERS: {difference}")
            if not found:
                print(f"{sample.name}: {writer}: equal, but for a second while it was saved")
    print(f"{equal} of {compared} archives equal")
    return 1 if failed else 0


sys.exit(main())
