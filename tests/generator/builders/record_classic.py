#!/usr/bin/env python3
"""Records what real classic builders write into configurations, for classic_test.cc.

usage: record_classic.py DATA NAME=COMMAND...   e.g. data/classic.json 'classic-20.10=docker' 'classic-28+c=docker -H …'

COMMAND is the client of a Docker of that version; +c marks one with the containerd store. What differs from build to
build is replaced: times by T, ids of images by I, of containers by C, of layers by L, host names made of them by H.
"""

import io
import json
import os
import re
import shlex
import subprocess
import sys
import tarfile
import tempfile

FILES = {"f": "one\n", "d/g": "two\n", "d/h": "three\n"}
FROM = "FROM scratch\nCOPY f /f\n"
CASES = {
    "copy-last": "FROM scratch\nENV A=1\nLABEL l=1\nCOPY f /f\n",
    "copy-alone": "FROM scratch\nCOPY f /f\n",
    "sources": FROM + "COPY d /d/\nCOPY f d/g /m/\nADD d/* /n/\nCOPY --chown=1:2 f /o\nADD --chown=3 f d /p/\nUSER 1\n",
    "env-and-labels": FROM + "ENV A=1 B=\"two words\" C='q\"q'\nENV D four and more\nENV A=5 E=$A\\$x\n"
                      "LABEL \"a b\"='c d' e=\nLABEL z y x\nLABEL e=<&>\n",
    "arguments": "ARG G=global\nFROM scratch\nCOPY f /f\nARG G\nARG A\nARG B=\"b $G\" C=\nARG GIVEN=default\n"
                 "ENV GIVEN=$GIVEN A=${A:-none} B=${B:+x}\n",
    "workdir": FROM + "WORKDIR a\nWORKDIR b/../c/\nWORKDIR /trailing/\nWORKDIR ./\nWORKDIR /\nWORKDIR //x//y\nENV A=1\n",
    "workdir-last": FROM + "WORKDIR /trailing/\n",
    "healthcheck": FROM + "HEALTHCHECK --interval=90s --timeout=1500ms --start-period=1h1m --retries=100 CMD it's \"a\"\n"
                   "HEALTHCHECK --timeout=1ms --retries=34 CMD [\"x\", \"a \\\"q\\\" <b>\"]\nHEALTHCHECK NONE\n",
    "healthcheck-merged": FROM + "HEALTHCHECK --interval=5s --retries=39 CMD a\nHEALTHCHECK --timeout=2m CMD b\nENV A=1\n",
    "healthcheck-before-copy": FROM + "HEALTHCHECK --interval=5s CMD a\nHEALTHCHECK CMD b\nCOPY f /g\n",
    "commands": FROM + "CMD echo a  b\nENTRYPOINT [\"e\", \"\\u00e4 \\t\"]\nCMD [\"x\"]\nENTRYPOINT y \"z\"\n",
    "command-reset": FROM + "CMD a\nENTRYPOINT b\n",
    "commands-emptied": FROM + "ENTRYPOINT [\"a\"]\nCMD [\"b\"]\nENTRYPOINT []\nCMD []\n",
    "empty-command-does-not-count": FROM + "CMD []\nENTRYPOINT [\"a\"]\n",
    "shell": FROM + "SHELL [\"/bin/x y\", \"-z\"]\nCMD a\nWORKDIR /w\nCOPY f /g\nSHELL [\"q\"]\nENTRYPOINT b\n",
    "ports": FROM + "ARG P=7\nEXPOSE 80 53/UDP 100-102/udp 8080:90/tcp 1:$P\nEXPOSE 80/tcp\n",
    "other-fields": FROM + "VOLUME /v /u\nVOLUME [\"/w/\", \"/v\"]\nSTOPSIGNAL 9\nSTOPSIGNAL SIGTERM\nUSER a:b\n",
    "user-emptied": FROM + "ARG E=\nUSER u\nUSER ${E}\n",
    "maintainer": FROM + "MAINTAINER Me <a@b>\nENV A=1\nMAINTAINER You\nCOPY f /g\nENV B=1\n",
    "maintainer-of-another-stage": "FROM scratch AS a\nCOPY f /f\nMAINTAINER Me\nFROM a\nENV A=1\nLABEL b=2\n",
    "maintainer-before-copy": "FROM scratch AS a\nCOPY f /f\nMAINTAINER Me\nFROM a\nENV A=1\nCOPY f /g\nENV B=1\n",
    "triggers": "FROM scratch AS a\nCOPY f /f\nONBUILD ENV A=$B\nONBUILD COPY f /g\nONBUILD LABEL l=m\n"
                "FROM a AS b\nENV C=1\nFROM b\nONBUILD RUN x\nCMD c\n",
    "stages": "FROM scratch AS a\nCOPY f /f\nCMD a\nFROM a AS b\nENTRYPOINT b\nFROM scratch\nCOPY --from=0 f /x\n"
              "COPY --from=b /f /y\n",
}
ARGUMENTS = {"GIVEN": "given", "UNUSED": "unused", "HTTP_PROXY": "http://p:1"}


def normal(value, key=""):
    if isinstance(value, dict):
        return {name: normal(member, name) for name, member in value.items()}
    if isinstance(value, list):
        return [normal(member, key) for member in value]
    if key == "created":
        return "T"
    if key == "Image" and value:
        return "I"
    if key == "container":
        return "C"
    if key == "diff_ids":
        return "L"
    if key == "Hostname" and re.fullmatch("[0-9a-f]{12}", value):
        return "H"
    return value


def write_context(folder, dockerfile):
    for path, content in FILES.items():
        os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
        with open(os.path.join(folder, path), "w") as file:
            file.write(content)
        os.chmod(os.path.join(folder, path), 0o644)
    os.chmod(os.path.join(folder, "d"), 0o755)
    with open(os.path.join(folder, "Dockerfile"), "w") as file:
        file.write(dockerfile)


def build(command, dockerfile):
    arguments = [word for name, value in ARGUMENTS.items() for word in ("--build-arg", name + "=" + value)]
    with tempfile.TemporaryDirectory() as folder:
        write_context(folder, dockerfile)
        subprocess.run(command + ["build", "-q", "--no-cache", "-t", "recorded", *arguments, folder], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, "DOCKER_BUILDKIT": "0"})
    saved = subprocess.run(command + ["save", "recorded"], check=True, stdout=subprocess.PIPE).stdout
    archive = tarfile.open(fileobj=io.BytesIO(saved))
    manifest = json.load(archive.extractfile("manifest.json"))
    return normal(json.load(archive.extractfile(manifest[0]["Config"])))


def main():
    path, engines = sys.argv[1], [engine.split("=", 1) for engine in sys.argv[2:]]
    cases = []
    for name, dockerfile in CASES.items():
        configs = {}
        for engine, command in engines:
            try:
                configs[engine] = build(shlex.split(command), dockerfile)
            except subprocess.CalledProcessError as error:
                text = error.stderr.decode().strip().splitlines()[-1] if error.stderr else "not saved"
                configs[engine] = {"error": text}
                print(name, engine, text, file=sys.stderr)
        cases.append({"name": name, "dockerfile": dockerfile, "configs": configs})
    with open(path, "w") as file:
        rows = ",\n".join(json.dumps(case, ensure_ascii=False, separators=(",", ":")) for case in cases)
        file.write(json.dumps({"files": FILES, "arguments": ARGUMENTS})[:-1] + ', "cases": [\n' + rows + "\n]}\n")


main()
