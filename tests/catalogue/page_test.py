#!/usr/bin/env python3
"""docs/fixtures.md is what the program writes; docs/writing-fixtures.md names all that a fixture may use, and every fault.

    page_test.py PROGRAM SOURCE
"""

import json
import pathlib
import re
import subprocess
import sys

import faults_table

ROWS = pathlib.Path(__file__).with_name("rows.json")


def names_in(source, file):
    """First texts of a C++ table's rows: {"zip", …"""
    return re.findall(r'^ +\{"([a-z0-9-]+)",', (source / file).read_text(), re.MULTILINE)


def main():
    program, source = sys.argv[1], pathlib.Path(sys.argv[2])
    problems = []
    page = subprocess.run([program, "generate", "--list", "fixtures", "--format", "markdown"], check=True,
                          capture_output=True, text=True).stdout
    if (source / "docs/fixtures.md").read_text() != page:
        problems.append("docs/fixtures.md is not current: run scripts/update-fixtures-page")
    text = (source / "docs/writing-fixtures.md").read_text()
    if text != faults_table.page(source):
        problems.append("the faults in docs/writing-fixtures.md are not current: run scripts/update-fixtures-page")
    rows = json.loads(ROWS.read_text())
    words = rows["channels"] + rows["decoys"] + rows["encodings"] + rows["carriers"]
    words += names_in(source, "generator/fixtures/recipes/recipe.cc") + names_in(source, "generator/fixtures/then.cc")
    words += names_in(source, "generator/fixtures/fixture.cc")
    problems += [f"docs/writing-fixtures.md does not name {word}" for word in words if f"`{word}`" not in text]
    print(f"{len(words)} words looked for", *problems, sep="\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
