#!/usr/bin/env python3
"""Stands for docker where there is none: the generator builds, and an image is an archive in $GENERATOR_DOCKER.

It knows what the examples call: build, image inspect, save. WATERTIGHT names the program.
"""

import argparse
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys


def archive(tag):
    return pathlib.Path(os.environ["GENERATOR_DOCKER"]) / (tag.replace("/", "%").replace(":", "@") + ".tar")


def known(tag):
    if not archive(tag).exists():
        sys.exit(f"Error: No such image: {tag}")
    return archive(tag)


def build(options):
    command = [os.environ["WATERTIGHT"], "generate", "--context", options.context, "--tag", options.tag,
               "--output", str(archive(options.tag))]
    command += ["--dockerfile", options.file] if options.file else []
    command += ["--target", options.target] if options.target else []
    for argument in options.build_arg:
        command += ["--build-arg", argument]
    sys.exit(subprocess.run(command).returncode)


def inspect(options):
    print("sha256:" + hashlib.sha256(known(options.tag).read_bytes()).hexdigest())


def save(options):
    shutil.copy(known(options.tag), options.output)


def main():
    parser = argparse.ArgumentParser(prog="docker")
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("build")
    one.add_argument("--tag", required=True)
    one.add_argument("--file")
    one.add_argument("--target")
    one.add_argument("--build-arg", action="append", default=[])
    one.add_argument("context")
    one.set_defaults(run=build)
    one = commands.add_parser("image").add_subparsers(required=True).add_parser("inspect")
    one.add_argument("--format", choices=["{{.Id}}"], required=True)
    one.add_argument("tag")
    one.set_defaults(run=inspect)
    one = commands.add_parser("save")
    one.add_argument("--output", required=True)
    one.add_argument("tag")
    one.set_defaults(run=save)
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
