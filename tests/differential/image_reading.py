"""Reads a saved image with the standard library alone: documents, layers, history, blobs."""

import hashlib
import json
import posixpath

import tar_reading

HOST = ("linux", "amd64")


def sha256(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


class Archive:
    """Files by cleaned name; symlinks followed once all entries are known."""

    def __init__(self, path):
        data = tar_reading.decompress(open(path, "rb").read())
        self.problems = []
        self.files, self.links, self.spelled = {}, {}, {}
        found = tar_reading.entries(data)
        self.problems += tar_reading.check_with_tarfile(data, found)
        for entry in found:
            name = posixpath.normpath(entry["name"].decode("utf-8", "surrogateescape")).lstrip("/")
            if entry["kind"] == "2":
                self.links[name] = posixpath.normpath(posixpath.join(posixpath.dirname(name), entry["link"].decode()))
            elif entry["kind"] == "0":
                self.files[name] = entry["content"]

    def real(self, name):
        name = posixpath.normpath(name)
        while name in self.links:
            name = self.links[name]
        return name

    def read(self, name):
        return self.files[self.real(name)]

    def blob(self, digest):
        return "blobs/" + digest.replace(":", "/", 1)


class Image:
    def __init__(self, archive, name=None, image_id=None):
        self.archive, self.reached = archive, set()
        images = self.docker_images() if "manifest.json" in archive.files else self.oci_images()
        self.reach_all()
        if name is not None:
            images = [image for image in images if name in image["names"] or any(n.endswith(":" + name) for n in image["names"])]
        if image_id is not None:
            images = [image for image in images if sha256(archive.read(image["config"])) == image_id] or images
        first = images[0]
        assert all(image["config"] == first["config"] for image in images), "several images"
        self.names = first["names"]
        self.config_bytes = archive.read(first["config"])
        self.config = json.loads(self.config_bytes)
        self.id = sha256(self.config_bytes)
        self.diff_ids = (self.config.get("rootfs") or {}).get("diff_ids") or []
        self.blobs = [archive.real(layer) for layer in first["layers"]]
        assert len(self.blobs) == len(self.diff_ids)
        self.map_history()
        self.tars = [tar_reading.decompress(archive.files[blob]) for blob in self.blobs]
        self.layers = [tar_reading.entries(tar) for tar in self.tars]

    def docker_images(self):
        return [
            {"config": image["Config"], "names": image.get("RepoTags") or [], "layers": image.get("Layers") or []}
            for image in json.loads(self.archive.read("manifest.json"))
        ]

    def oci_images(self):
        """Of the tops of index.json, those for this machine; attestations are no images."""
        images = []

        def walk(descriptor, names):
            if "vnd.docker.reference.type" in (descriptor.get("annotations") or {}):
                return
            document = json.loads(self.archive.read(self.archive.blob(descriptor["digest"])))
            if "manifests" in document:
                for child in document["manifests"] or []:
                    walk(child, names)
                return
            platform = descriptor.get("platform")
            if platform and (platform["os"], platform["architecture"]) != HOST:
                return
            images.append({
                "config": self.archive.blob(document["config"]["digest"]),
                "names": names,
                "layers": [self.archive.blob(layer["digest"]) for layer in document["layers"] or []],
            })

        for top in json.loads(self.archive.read("index.json"))["manifests"] or []:
            notes = top.get("annotations") or {}
            name = notes.get("io.containerd.image.name") or notes.get("org.opencontainers.image.ref.name")
            walk(top, [name] if name else [])
        return images

    def reach_all(self):
        """Every file that manifest.json and index.json lead to."""
        archive = self.archive

        def reach(name):
            if archive.real(name) in archive.files:
                self.reached.add(archive.real(name))

        def walk(document):
            for key in ("config", "layers", "manifests"):
                below = document.get(key) or []
                for descriptor in [below] if isinstance(below, dict) else below:
                    blob = archive.blob(descriptor["digest"])
                    reach(blob)
                    if key == "manifests" and archive.real(blob) in archive.files:
                        walk(json.loads(archive.read(blob)))

        for name in ("manifest.json", "index.json", "oci-layout", "repositories"):
            reach(name)
        if "manifest.json" in archive.files:
            for image in json.loads(archive.read("manifest.json")):
                for name in [image["Config"]] + (image.get("Layers") or []):
                    reach(name)
        if "index.json" in archive.files:
            walk(json.loads(archive.read("index.json")))

    def map_history(self):
        self.history = self.config.get("history") or []
        filled = [step for step in self.history if not step.get("empty_layer")]
        self.matches = len(filled) == len(self.diff_ids)
        self.layer_of_step, layer = [], 0
        for step in self.history:
            takes = self.matches and not step.get("empty_layer")
            self.layer_of_step.append(layer if takes else -1)
            layer += 1 if takes else 0
