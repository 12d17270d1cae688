#!/usr/bin/env python3
"""Images of a real Docker daemon, a real registry, podman, and the storage that podman and buildah share.

usage: engines_test.py WATERTIGHT IMAGES      IMAGES holds recorded images

Each engine is started for the test, with folders of its own; what is not installed, or does not start, is skipped. An image
must read the same through each of them as from the file that `docker save` writes.
"""

import contextlib
import functools
import gzip
import hashlib
import http.server
import io
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import unittest

SAVED = ("env.classic.tar", "copy-then-delete.buildkit.tar")


def digest(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def two_platforms(folder):
    """An OCI layout whose index has two images and an attestation about each."""
    blobs = folder / "blobs/sha256"
    blobs.mkdir(parents=True)

    def store(content, media_type, **more):
        (blobs / digest(content)[7:]).write_bytes(content)
        return {"mediaType": media_type, "digest": digest(content), "size": len(content), **more}

    manifests = []
    for architecture in ("amd64", "arm64"):
        tar = io.BytesIO()
        with tarfile.open(fileobj=tar, mode="w") as layer:
            member = tarfile.TarInfo("etc/machine")
            member.size = len(architecture)
            layer.addfile(member, io.BytesIO(architecture.encode()))
        config = {"os": "linux", "architecture": architecture, "config": {}, "history": [{"created_by": "COPY machine /etc"}],
                  "rootfs": {"type": "layers", "diff_ids": [digest(tar.getvalue())]}}
        oci = "application/vnd.oci.image."
        image = json.dumps({"schemaVersion": 2, "mediaType": oci + "manifest.v1+json",
                            "config": store(json.dumps(config).encode(), oci + "config.v1+json"),
                            "layers": [store(gzip.compress(tar.getvalue(), mtime=0), oci + "layer.v1.tar+gzip")]}).encode()
        manifests.append(store(image, oci + "manifest.v1+json", platform={"os": "linux", "architecture": architecture}))
        statement = json.dumps({"_type": "https://in-toto.io/Statement/v0.1", "predicate": {"parameter": "built-with-" + architecture}})
        empty = {"os": "unknown", "architecture": "unknown", "config": {}, "rootfs": {"type": "layers", "diff_ids": [digest(statement.encode())]}}
        attestation = json.dumps({"schemaVersion": 2, "mediaType": oci + "manifest.v1+json",
                                  "config": store(json.dumps(empty).encode(), oci + "config.v1+json"),
                                  "layers": [store(statement.encode(), "application/vnd.in-toto+json",
                                                   annotations={"in-toto.io/predicate-type": "https://slsa.dev/provenance/v0.2"})]}).encode()
        manifests.append(store(attestation, oci + "manifest.v1+json", platform={"os": "unknown", "architecture": "unknown"}, annotations={
            "vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": digest(image)}))
    index = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": manifests}).encode()
    top = store(index, "application/vnd.oci.image.index.v1+json")
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [top]}))
    (folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')


class Engines(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="watertight-")
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name)
        self.spool = self.path / "spool"
        self.spool.mkdir()
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DOCKER_", "CONTAINER", "XDG_"))}
        self.environment = {**kept, "TMPDIR": str(self.spool), "HOME": str(self.path)}

    def needs(self, *programs, root=False):
        for program in programs:
            if not shutil.which(program):
                self.skipTest("no " + program)
        if root and os.geteuid() != 0:
            self.skipTest("needs root")

    def call(self, *words, **options):
        return subprocess.run(words, cwd=self.path, env=self.environment, capture_output=True, timeout=120, **options)

    def must(self, *words):
        result = self.call(*words)
        self.assertEqual(result.returncode, 0, result.stderr.decode())
        return result.stdout.decode()

    def start(self, *words, ready):
        log = open(self.path / "log", "wb")
        self.addCleanup(log.close)
        process = subprocess.Popen(words, cwd=self.path, env=self.environment, stdout=log, stderr=log)
        def stop():
            process.terminate()
            process.wait()
        self.addCleanup(stop)
        for _ in range(150):
            if ready():
                return
            if process.poll() is not None:
                break
            time.sleep(0.2)
        self.skipTest(f"{words[0]} does not start here: " + (self.path / "log").read_text()[-200:])

    def watertight(self, *words):
        result = self.call(PROGRAM, *words)
        self.assertEqual(list(self.spool.iterdir()), [], "a temporary file stays")
        return result

    def opened(self, reference, *options):
        result = self.watertight("inspect", reference, "--format", "json", *options)
        self.assertEqual((result.returncode, result.stderr), (0, b""), result.stderr.decode())
        return json.loads(result.stdout)

    def refusal(self, *words):
        result = self.watertight(*words)
        self.assertEqual((result.returncode, result.stdout), (2, b""))
        self.assertEqual(result.stderr.count(b"\n"), 1, result.stderr)
        return result.stderr.decode()

    def image(self, document, but=()):
        """What an image is, however it is stored."""
        layers = [{key: layer[key] for key in ("index", "diff_id", "size", "entries", "step", "created_by") if key not in but}
                  for layer in document["layers"]]
        return {**{key: document[key] for key in ("image", "history", "config", "history_matches_layers")}, "layers": layers}

    def proofs(self, reference, value):
        """The commands of all findings print the value."""
        found = json.loads(self.watertight("find", reference, "--value", value, "--format", "json").stdout)["findings"]
        self.assertTrue(found)
        for finding in found:
            self.assertIn(value.encode(), self.call("bash", "-c", finding["recover"]).stdout, finding["recover"])

    # A Docker daemon

    def start_docker(self):
        self.needs("dockerd", "docker", root=True)
        host = f"unix://{self.path}/docker.sock"
        self.environment["DOCKER_HOST"] = host
        client = next((path for path in (os.path.join(folder, "docker") for folder in os.environ["PATH"].split(":"))
                       if os.path.exists(path) and b"20.10" in subprocess.run([path, "--version"], capture_output=True).stdout), "docker")
        self.start("dockerd", "--data-root", f"{self.path}/data", "--exec-root", f"{self.path}/exec", "--pidfile", f"{self.path}/pid",
                   "-H", host, "--iptables=false", "--bridge=none", ready=lambda: self.call(client, "version").returncode == 0)
        # A daemon that is stopped while it works may leave its root folder mounted on itself.
        self.addCleanup(subprocess.run, ["umount", "--lazy", f"{self.path}/data"], stderr=subprocess.DEVNULL, check=False)
        return client

    def test_a_docker_daemon(self):
        client = self.start_docker()
        for name in SAVED:
            loaded = self.must(client, "load", "-i", str(IMAGES / name)).split("Loaded image: ")[1].strip()
            self.must(client, "save", "-o", "saved.tar", loaded)
            expected = self.opened("saved.tar")
            identity = expected["image"]["id"]
            self.must(client, "tag", loaded, "other:latest")
            for reference, tags in ((loaded, [loaded]), ("other", ["other:latest"]), (identity, []), (identity[7:19], [])):
                with self.subTest(reference):
                    document = self.opened("docker-daemon:" + reference)
                    expected["source"] = {"reference": "docker-daemon:" + reference, "path": "", "transport": "docker-daemon", "tags": tags}
                    self.assertEqual(document, expected)
        self.assertIn(" answers 404: no such image: nope", self.refusal("ls", "docker-daemon:nope:1"))
        self.proofs("docker-daemon:app:env", "supersecretenv")
        self.proofs("docker-daemon:app:copy-then-delete", "supersecretfile")

    # A registry

    def start_registry(self):
        self.needs("docker-registry", "skopeo")
        with contextlib.closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        (self.path / "registry.yml").write_text(json.dumps({
            "version": "0.1", "log": {"level": "error"}, "storage": {"filesystem": {"rootdirectory": str(self.path / "registry")}},
            "http": {"addr": f"127.0.0.1:{port}"}}))
        def ready():
            with contextlib.closing(socket.socket()) as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0
        self.start("docker-registry", "serve", "registry.yml", ready=ready)
        return f"127.0.0.1:{port}"

    def push(self, source, target, *options):
        self.must("skopeo", "copy", "--quiet", "--dest-tls-verify=false", *options, source, "docker://" + target)

    def test_a_registry(self):
        registry = self.start_registry()
        for name in SAVED:
            self.push(f"docker-archive:{IMAGES / name}", registry + "/team/app:ci")
            refused = self.refusal("ls", f"docker://{registry}/team/app:ci")
            self.assertIn("server gave HTTP response to HTTPS client", refused)
            self.environment["WATERTIGHT_TLS_VERIFY"] = "0"
            document = self.opened(f"docker://{registry}/team/app:ci")
            self.assertEqual(document["source"]["tags"], [registry + "/team/app:ci"])
            self.assertEqual(self.image(document), self.image(self.opened(str(IMAGES / name))))
            self.assertEqual({layer["compression"] for layer in document["layers"]}, {"gzip"})
            self.assertEqual(self.watertight("check", f"docker://{registry}/team/app:ci", "--gtest_filter=*.Intact").returncode, 0)
            del self.environment["WATERTIGHT_TLS_VERIFY"]
        self.environment["WATERTIGHT_TLS_VERIFY"] = "0"
        self.assertRegex(self.refusal("ls", f"docker://{registry}/team/nope:1"),
                         "^watertight: docker://[^ ]*: skopeo: .*manifest unknown\n$")

    def test_an_index_of_a_registry(self):
        registry = self.start_registry()
        self.environment["WATERTIGHT_TLS_VERIFY"] = "0"
        two_platforms(self.path / "layout")
        self.push("oci:layout", registry + "/app:ci", "--all")
        reference = f"docker://{registry}/app:ci"
        for architecture in ("amd64", "arm64"):
            options = ("--platform", "linux/" + architecture)
            document = self.opened(reference, *options)
            from_layout = self.opened("layout", *options)
            self.assertEqual(document["layers"], from_layout["layers"])
            self.assertEqual(document["image"], from_layout["image"])
            self.assertEqual(self.watertight("cat", reference, "etc/machine", *options).stdout.decode(), architecture)
            # The attestation about the image is searched, and the other's is not fetched.
            found = json.loads(self.watertight("find", reference, "--value", "built-with-", "--format", "json", *options).stdout)["findings"]
            self.assertEqual([finding["carrier"] for finding in found], ["attestation"])
            self.assertEqual(self.watertight("check", reference, "--gtest_filter=*.Intact", *options).returncode, 0)
        self.assertIn("holds no image for linux/s390x; it holds linux/amd64, linux/arm64", self.refusal("ls", reference, "--platform", "linux/s390x"))

    def test_a_registry_that_refuses(self):
        self.needs("skopeo")
        class Refuses(http.server.BaseHTTPRequestHandler):
            def log_message(self, *words):
                pass

            def do_GET(self):
                body = b'{"errors":[{"code":"DENIED","message":"requested access to the resource is denied"}]}'
                self.send_response(200 if self.path == "/v2/" else 403)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refuses)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.environment["WATERTIGHT_TLS_VERIFY"] = "0"
        self.assertRegex(self.refusal("ls", f"docker://127.0.0.1:{server.server_address[1]}/app:ci"), "skopeo: .*denied")

    # podman, and its storage

    @functools.cached_property
    def storage(self):
        """Options of podman and buildah for a storage of the test's own."""
        return ["--root", f"{self.path}/root", "--runroot", f"{self.path}/runroot", "--storage-driver", "vfs"]

    def test_containers_storage(self):
        self.needs("buildah", "skopeo", root=True)
        store = f"[vfs@{self.path}/root+{self.path}/runroot]"
        for name in SAVED:
            self.must("buildah", *self.storage, "pull", "--quiet", f"docker-archive:{IMAGES / name}")
            saved = self.opened(str(IMAGES / name))
            document = self.opened(f"containers-storage:{store}localhost/{saved['source']['tags'][0]}")
            self.assertEqual(self.image(document), self.image(saved))
        self.assertRegex(self.refusal("ls", f"containers-storage:{store}localhost/nope:1"), "skopeo: .*nope")

    def test_podman_as_a_docker_daemon(self):
        self.needs("podman", "docker", root=True)
        self.environment["DOCKER_HOST"] = f"unix://{self.path}/podman.sock"
        socket_path = self.path / "podman.sock"
        self.start("podman", *self.storage, "system", "service", "--time=0", self.environment["DOCKER_HOST"], ready=socket_path.exists)
        for name in SAVED:
            self.must("podman", *self.storage, "load", "--quiet", "-i", str(IMAGES / name))
            saved = self.opened(str(IMAGES / name))
            document = self.opened("docker-daemon:" + saved["source"]["tags"][0])
            self.assertEqual(self.image(document), self.image(saved))
        self.assertIn(" answers 404: ", self.refusal("ls", "docker-daemon:nope:1"))


if __name__ == "__main__":
    PROGRAM = os.path.abspath(sys.argv[1])
    IMAGES = pathlib.Path(sys.argv[2]).resolve()
    unittest.main(argv=sys.argv[:1])
