"""Records what real BuildKits write as configuration and history for the cases of data/buildkit.json.

usage: record.py NAME=COMMAND…     for example buildkit-0.8=docker 'buildkit-0.25=/opt/docker-28 --host …'

NAME is a builder of Watertight, COMMAND the client of a Docker with it. Rewrites "expected" of each case: the whole
configuration as text, or "refused". Times after 2020 become NOW, digests of layers D: all else counts to the letter.
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

FOLDER = os.path.dirname(os.path.abspath(__file__))
CASES = os.path.join(FOLDER, "data", "buildkit.json")
BASES = os.path.join(FOLDER, "data", "bases.json")
sys.path.insert(0, os.path.join(FOLDER, "..", "..", "differential"))


def base_archive(name, document):
    import bases
    layers = [layer for _, layer in bases.busybox_layers()]
    return bases.archive_of_document("bk/" + name, document, layers)


def write_context(folder, case):
    for path, content in {**case.get("files", {}), "Dockerfile": "\n".join(case["dockerfile"]) + "\n"}.items():
        os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
        with open(os.path.join(folder, path), "w") as file:
            file.write(content)


def configuration(archive):
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        manifest = json.load(tar.extractfile("manifest.json"))
        return tar.extractfile(manifest[0]["Config"]).read().decode()


def masked(text):
    text = re.sub(r'"20(?!20)\d\d-\d\d-\d\dT[^"]*Z"', '"NOW"', text)
    return re.sub(r'"sha256:[0-9a-f]{64}"', '"D"', text)


def build(client, case):
    environment = dict(os.environ, DOCKER_BUILDKIT="1", BUILDKIT_PROGRESS="plain")
    with tempfile.TemporaryDirectory() as folder:
        write_context(folder, case)
        words = ["build", "--no-cache", "--network=none", "-t", "bk/case"]
        for name, value in case.get("arguments", {}).items():
            words += ["--build-arg", f"{name}={value}"]
        words += case.get("options", [])
        done = subprocess.run(client + words + ["."], cwd=folder, env=environment, capture_output=True)
        if done.returncode != 0:
            print(case["name"], done.stderr.decode()[-300:], file=sys.stderr)
            return "refused"
        saved = subprocess.run(client + ["save", "bk/case"], capture_output=True)
        return masked(configuration(saved.stdout)) if saved.returncode == 0 else "not saved"


def merged(results):
    """Builders with the same text share an entry."""
    shared = {}
    for name, text in results.items():
        shared.setdefault(text, []).append(name)
    return {", ".join(names): text for text, names in shared.items()}


def split(expected):
    return {name: text for names, text in expected.items() for name in names.split(", ")}


def main(builders, only):
    with open(CASES) as file:
        cases = json.load(file)
    with open(BASES) as file:
        documents = json.load(file)
    for name, client in builders.items():
        for base, document in documents.items():
            subprocess.run(client + ["load", "-q"], input=base_archive(base, document), check=True,
                           stdout=subprocess.DEVNULL)
    for case in cases:
        if only and case["name"] not in only:
            continue
        results = split(case.get("expected", {}))
        for name, client in builders.items():
            results[name] = build(client, case)
        case["expected"] = merged(dict(sorted(results.items())))
    with open(CASES, "w") as file:
        file.write(json.dumps(cases, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    pairs = [word.split("=", 1) for word in sys.argv[1:] if "=" in word]
    main({name: shlex.split(command) for name, command in pairs}, [w for w in sys.argv[1:] if "=" not in w])
