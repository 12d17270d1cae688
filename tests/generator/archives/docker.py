#!/usr/bin/env python3
"""Has a Docker daemon of our own load archives, and compares what it saves of them with our writer.

usage: docker.py PROGRAM WORK ARCHIVE...

WORK becomes the daemon's folder; the caller removes it. Each ARCHIVE is loaded; its image must have the layers
that its config claims. Then all images are saved together, twice, in other orders, and resave.py must find the two
archives equal to ours. Exit 77 where no daemon can run.
"""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import time


def run(*command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)


class Daemon:
    def __init__(self, work):
        self.work = work
        self.socket = os.path.join(work, "docker.sock")
        self.log = open(os.path.join(work, "log"), "w")
        self.process = subprocess.Popen(
            ["dockerd", "--data-root", work + "/data", "--exec-root", work + "/exec", "-H", "unix://" + self.socket,
             "--pidfile", work + "/pid", "--iptables=false", "--bridge=none"], stdout=self.log, stderr=self.log)

    def docker(self, *arguments):
        return run("docker", "-H", "unix://" + self.socket, *arguments)

    def ready(self):
        for _ in range(120):
            if self.process.poll() is not None:
                return False
            if self.docker("version").returncode == 0:
                return True
            time.sleep(0.25)
        return False

    def stop(self):
        self.process.terminate()
        self.process.wait()


def loads(daemon, path):
    loaded = daemon.docker("load", "-i", path)
    if loaded.returncode != 0:
        return f"not loaded: {loaded.stdout}"
    name = loaded.stdout.strip().splitlines()[-1].removeprefix("Loaded image: ")
    with tarfile.open(path) as tar:
        item = json.load(tar.extractfile("manifest.json"))[0]
        config = json.load(tar.extractfile(item["Config"]))
    seen = json.loads(daemon.docker("inspect", name).stdout)[0]
    history = daemon.docker("history", "-q", "--no-trunc", name).stdout.splitlines()
    if seen["RootFS"]["Layers"] != config["rootfs"]["diff_ids"]:
        return f"layers {seen['RootFS']['Layers']}"
    if len(history) != len(config["history"]):
        return f"history {history}"
    return name


def main():
    program, work, *archives = sys.argv[1:]
    if not shutil.which("dockerd") or not shutil.which("docker") or os.geteuid() != 0:
        print("no dockerd, or not root")
        return 77
    daemon = Daemon(work)
    try:
        if not daemon.ready():
            print("dockerd does not start here")
            return 77
        names, failed = [], 0
        for path in archives:
            outcome = loads(daemon, path)
            if " " in outcome:
                failed += 1
                print(f"{os.path.basename(path)}: {outcome}")
            else:
                names.append(outcome)
        print(f"{len(names)} of {len(archives)} archives loaded")
        version = daemon.docker("version", "-f", "{{.Server.Version}}").stdout.strip()
        if not version.startswith("20.10."):
            print(f"docker save of {version} is not compared")
            return 1 if failed else 0
        saved = [os.path.join(work, f"docker20-{order}.tar") for order in ("first", "last", "one")]
        for path, chosen in zip(saved, (names, names[::-1], names[:1])):
            failed += daemon.docker("save", "-o", path, *chosen).returncode != 0
        resaved = run("python3", os.path.join(os.path.dirname(__file__), "resave.py"), program, *saved)
        print(resaved.stdout)
        return 1 if failed or resaved.returncode != 0 else 0
    finally:
        daemon.stop()


sys.exit(main())
