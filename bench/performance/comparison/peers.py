"""The programs that watertight is compared with, as a table: how each is called, and what its run is.

Scanners are not listed here: the adapters of bench/accuracy/scanners say how they are called; those that read a saved
image take part, with their best flags.
"""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass, field

from comparison.measure import Command

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SCANNERS = os.path.join(HERE, "..", "accuracy", "scanners")


@dataclass(frozen=True)
class Peer:
    name: str
    program: str  # looked for in the folder of tools, then in PATH
    origin: str  # where to get it
    beside: str  # what of watertight it is compared with
    command: tuple  # {program}, and what a comparison gives: {image}, {layer}, {value} …
    is_run: str  # what it does in the measured run, and what not
    version: tuple = ("{program}", "--version")
    exits: tuple = (0,)
    environment: dict = field(default_factory=dict)
    ready: tuple = ()  # a command that succeeds where the peer can work
    not_ready: str = ""
    after: tuple = ()  # not timed


COPY = 'rm -rf "$1"; cp -r "$0" "$1"'
BUILD = ('DOCKER_BUILDKIT=$0 "$1" build -q --no-cache -t watertight-bench -f "$2" "$3" && '
         '"$1" save watertight-bench -o "$4"')
# A newer client has BuildKit as a plugin, which may be missing.
CAN_BUILD = 'printf "FROM scratch\\nLABEL a=b\\n" | DOCKER_BUILDKIT=$0 "$1" build -q -'
BUILDAH = ('rm -f "$4"; "$0" --storage-driver vfs --root "$1/root" --runroot "$1/run" bud -q --no-cache --isolation '
           'chroot -t watertight-bench -f "$2" "$3" && "$0" --storage-driver vfs --root "$1/root" --runroot "$1/run" '
           'push -q watertight-bench "docker-archive:$4"')

PEERS = (
    Peer("tar tf", "tar", "Debian package tar", "watertight ls", ("{program}", "tf", "{layer}"),
         "lists one bare layer: no archive around it, no merge of layers"),
    Peer("igzip -d", "igzip", "Debian package isal", "watertight ls, check", ("{program}", "-d", "-c", "{packed}"),
         "uncompresses the layer, and drops the bytes"),
    Peer("rg -a -c -F", "rg", "Debian package ripgrep", "watertight find",
         ("{program}", "-a", "-c", "-F", "{value}", "{image}"),
         "one value as it stands in the archive: nothing encoded or compressed, no layer, no path", exits=(0, 1)),
    Peer("openssl dgst -sha256", "openssl", "Debian package openssl", "watertight check",
         ("{program}", "dgst", "-sha256", "{image}"), "one digest of the same bytes, no search", ("{program}", "version")),
    Peer("dive --ci", "dive", "peers/dive/install", "watertight inspect",
         ("{program}", "--ci", "docker-archive://{image}"),
         "layers, their commands and waste; opaque whiteouts are not seen, no digest is checked",
         environment={"CI": "true"}, exits=(0, 1)),
    Peer("container-structure-test", "container-structure-test", "peers/container-structure-test/install",
         "watertight check --policy", ("{program}", "test", "--driver", "tar", "--image", "{image}", "--config", "{tests}",
                                       "--quiet"),
         "the same tests; no digest is checked", ("{program}", "version")),
    Peer("cp -r", "cp", "Debian package coreutils", "watertight generate", ("sh", "-c", COPY, "{context}", "{out}"),
         "copies the context: no image"),
    Peer("cp -r, and sha256sum", "sha256sum", "Debian package coreutils", "watertight generate",
         ("sh", "-c", COPY + '; find "$0" -type f -exec sha256sum {{}} + >"$1.sums"', "{context}", "{out}"),
         "copies and hashes the context: no image"),
    Peer("tar c, and sha256sum", "tar", "Debian package tar", "watertight generate",
         ("sh", "-c", 'tar cf "$1.tar" -C "$0" . && sha256sum "$1.tar"', "{context}", "{out}"),
         "one layer and its diff_id: no image"),
    *(Peer(f"docker build, save ({kit})", "docker", "Debian package docker.io, and its daemon", "watertight generate",
           ("sh", "-c", BUILD, switch, "{program}", "{dockerfile}", "{context}", "{out}.tar"),
           "the real builder, which runs what RUN says; its daemon's memory is not counted",
           ready=("sh", "-c", CAN_BUILD, switch, "{program}"), not_ready="no docker daemon that builds so answers",
           after=("{program}", "rmi", "-f", "watertight-bench"))
      for kit, switch in (("classic", "0"), ("BuildKit", "1"))),
    Peer("buildah bud, push", "buildah", "Debian package buildah", "watertight generate",
         ("sh", "-c", BUILDAH, "{program}", "{own}", "{dockerfile}", "{context}", "{out}.tar"),
         "the real builder, with storage driver vfs",
         after=("{program}", "--storage-driver", "vfs", "--root", "{own}/root", "--runroot", "{own}/run", "rmi", "-a", "-f")),
)


def scanners():
    """Of every adapter that can read a saved image."""
    peers = []
    for name in sorted(os.listdir(SCANNERS)):
        path = os.path.join(SCANNERS, name, "scanner.json")
        if name == "watertight" or not os.path.isfile(path):
            continue
        with open(path) as file:
            scanner = json.load(file)
        configurations = scanner.get("configurations", {})
        views = configurations.get("best", configurations.get("default", {})).get("views", {})
        if "image" not in views:
            continue
        codes = {code for kind in ("clean", "findings") for code in scanner["exit"][kind]}
        peers.append(Peer(name, scanner.get("program", name), f"bench/accuracy/scanners/{name}/install", "watertight check",
                          tuple(views["image"]), scanner["about"], tuple(scanner.get("version", {}).get("command", ())),
                          tuple(sorted(codes)), scanner.get("environment", {})))
    return tuple(peers)


def package_version(name):
    """Of what an install script has installed: programs that are built from their module do not know theirs."""
    for path in (os.path.join(SCANNERS, name, "scanner.json"), os.path.join(HERE, "peers", name, "peer.json")):
        if os.path.isfile(path):
            with open(path) as file:
                return json.load(file).get("package", {}).get("version")
    return None


class Tools:
    """Finds the peers of this machine."""

    def __init__(self, folder):
        self.folder = folder
        self.answers = {}  # of commands that say whether a peer is ready

    def find(self, program):
        if self.folder:
            path = os.path.join(self.folder, "bin", program)
            if os.access(path, os.X_OK):
                return path
        return shutil.which(program)

    def missing(self, peer):
        """Why the peer cannot be run; empty when it can."""
        program = self.find(peer.program)
        if program is None:
            return f"{peer.program} is not installed ({peer.origin})"
        ready = tuple(part.format(program=program) if part == "{program}" else part for part in peer.ready)
        if ready and ready not in self.answers:
            self.answers[ready] = subprocess.run(ready, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0
        return "" if not ready or self.answers[ready] else peer.not_ready

    def command(self, peer, values):
        why = self.missing(peer)
        if why:
            return Command(peer.name, (), missing=why)
        values = values | {"program": self.find(peer.program)}
        return Command(peer.name, tuple(part.format(**values) for part in peer.command), peer.exits,
                       {name: text.format(**values) for name, text in peer.environment.items()},
                       tuple(part.format(**values) for part in peer.after))

    def version(self, peer):
        program = self.find(peer.program)
        if program is None:
            return "not available"
        installed = package_version(peer.program)
        if installed and (not peer.version or self.folder and program.startswith(self.folder)):
            return installed
        command = [part.format(program=program) for part in peer.version]
        told = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        lines = (told.stdout or told.stderr).strip().splitlines()
        return lines[0] if lines else "unknown"
