#!/usr/bin/env python3
"""Runs every command of the documents and compares what it says with what is printed there.

Each document has a scratch folder with links to all that is in the repository's root, so its commands run as from the root
and leave nothing behind. Folders that a document begins (`in:`) are projects with Watertight installed: --projects PREFIX runs
them alone, and where no other engine is asked for, Dockerfiles are built by the generator. In expected output a line `…` stands for any lines, and `…` in a line for any text. A command may
end with 0 or 1 (a failing check); more is an error, unless its output is shown.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import markdown


TIME_LIMIT = 600  # of a command, on a machine that does much else


class Failure(Exception):
    pass


def pattern(expected):
    """A regular expression for the expected lines."""
    parts = []
    for line in expected:
        if line.strip() == "…":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(".*?".join(re.escape(text) for text in line.rstrip().split("…")) + r"[ \t]*\n")
    return re.compile("".join(parts))


def run(command, folder, environment):
    return subprocess.run(["bash", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", timeout=TIME_LIMIT)


def check_command(place, command, expected, folder, environment):
    result = run(command, folder, environment)
    while expected and not expected[-1].strip():
        expected = expected[:-1]
    output = result.stdout if result.stdout.endswith("\n") or not result.stdout else result.stdout + "\n"
    if result.returncode not in (0, 1) and not expected:
        raise Failure(f"{place}: {command}\nended with {result.returncode}:\n{output}")
    if expected and not pattern(expected).fullmatch(output):
        shown = "\n".join(expected)
        raise Failure(f"{place}: {command}\n--- printed in the document\n{shown}\n--- said by the command\n{output}")


def check_block(block, folder, environment, counts):
    if name := block.marks.get("file"):
        (folder / name).write_text(block.text)
    if block.language == "before":
        result = run(block.text, folder, environment)
        if result.returncode:
            raise Failure(f"{block.place}: {block.text}\n{result.stdout}")
    if block.language != "console":
        return
    for line, command, expected in markdown.commands(block):
        if reason := block.marks.get("not run"):
            counts["not run"].append(f"{block.document}:{line}: {command.splitlines()[0]} ({reason})")
        else:
            check_command(f"{block.document}:{line}", command, expected, folder, environment)
            counts["run"] += 1


def check_form(root, document, blocks):
    """A command or snippet that no test would see."""
    for block in blocks:
        if block.language not in markdown.PROSE | markdown.TESTED | markdown.ANYWHERE:
            raise Failure(f"{block.place}: blocks of '{block.language}' are not known to the tests")
        for mark in ("not run", "not compiled"):
            if block.marks.get(mark) == "":
                raise Failure(f"{block.place}: '{mark}' needs a reason")
        if block.language in markdown.PROSE and re.search(r"^\$ ", block.text, re.MULTILINE):
            raise Failure(f"{block.place}: commands belong into a console block")
    fenced = False
    for number, line in enumerate((root / document).read_text().splitlines(), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced and re.match(r" {4,}(\$ |watertight |scripts/|cmake |ctest |docker |tar -|#include)", line):
            raise Failure(f"{document}:{number}: commands and code belong into fenced blocks")


def check_cmake(root, block):
    """CMake in a document is CMake that a consumer's test builds."""
    known = {line.strip() for folder in ("tests/install", "examples") for path in (root / folder).rglob("CMakeLists.txt")
             for line in path.read_text().splitlines()}
    for line in block.text.splitlines():
        if line.strip() and not line.strip().startswith("#") and line.strip() not in known:
            raise Failure(f"{block.place}: no tested consumer has the line '{line.strip()}'")


def by_folder(blocks, scratch):
    """Each block that is to be run, with the folder that the reader is in, and whether that is a project's."""
    folder = scratch
    for block in blocks:
        if block.language == "in":
            folder = scratch / block.text
            folder.mkdir(exist_ok=True)
        yield block, folder, folder.resolve() != scratch.resolve()


def check_document(root, document, options, programs, environment, counts):
    blocks = markdown.blocks(root, document)
    check_form(root, document, blocks)
    stem = re.sub(r"\W", "_", str(document.with_suffix("")))
    with tempfile.TemporaryDirectory(prefix="watertight-docs-") as scratch:
        for path in root.iterdir():
            (pathlib.Path(scratch) / path.name).symlink_to(path)
        for block, folder, is_project in by_folder(blocks, pathlib.Path(scratch)):
            if is_project != bool(options.projects):
                continue
            if block.language == "cmake" and "file" not in block.marks:
                check_cmake(root, block)
            if (name := block.marks.get("program")) and not is_project:
                (folder / name).symlink_to(programs[f"{stem}/{name}"])
            check_block(block, folder, environment, counts)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("--cli", type=pathlib.Path, required=True)
    parser.add_argument("--program", action="append", default=[])
    parser.add_argument("--projects", type=pathlib.Path, metavar="PREFIX")
    options = parser.parse_args()
    options.source, options.cli = options.source.resolve(), options.cli.resolve()
    programs = dict(program.split("=", 1) for program in options.program)
    environment = {**os.environ, "PATH": f"{options.cli.parent}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8", "COLUMNS": "100"}
    for name in [name for name in environment if name.startswith(("GTEST_", "WATERTIGHT_"))]:
        del environment[name]
    if options.projects:
        environment |= {"CMAKE_PREFIX_PATH": str(options.projects.resolve()), "CMAKE_CXX_COMPILER_LAUNCHER": "ccache",
                        "WATERTIGHT_CONTAINER_ENGINE": os.environ.get("WATERTIGHT_CONTAINER_ENGINE", "watertight")}
    counts, failures = {"run": 0, "not run": []}, []
    for document in markdown.documents(options.source):
        try:
            check_document(options.source, document, options, programs, environment, counts)
        except (Failure, ValueError) as failure:
            failures.append(str(failure))
    print(*failures, sep="\n\n")
    print(f"{counts['run']} commands run, {len(counts['not run'])} not run:", *counts["not run"], sep="\n  ")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
