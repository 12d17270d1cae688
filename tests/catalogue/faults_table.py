#!/usr/bin/env python3
"""The section "faults" of docs/writing-fixtures.md, from the tables in generator/faults.

    faults_table.py SOURCE            prints the page with the section as it should be
    faults_table.py SOURCE --write    writes it
"""

import pathlib
import re
import sys

PAGE = "docs/writing-fixtures.md"
# In the order of Faults() in faults.cc.
TABLES = ("file", "member", "config", "manifest", "layer", "stream")
VERDICTS = {"Refused": "refused", "Noted": "noted", "Unseen": "nothing"}
TEXT = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'
FAULT = re.compile(r"\.name = " + TEXT + r",\s*\.about = " + TEXT + r",\s*\.verdict = Verdict::k(\w+)"
                   r"(.*?)\}(?=,\n {6}\{|,\n {2}\})", re.DOTALL)  # to the brace that ends the row
PARAMETER = re.compile(r"\{" + TEXT + r",\s*" + TEXT + r",\s*(\d+),\s*(\d+),\s*(\d+)\}")
CONSTANT = re.compile(r"constexpr FaultParameter (k\w+) = (\{.*?\});", re.DOTALL)
HEAD = """## faults

Each is an object with the fault's name and its numbers, as in `{"fault": "file-truncated", "percent": 30}`. What a careful reader does is
what `expect` says, if the fixture has no other oddity; *nothing* is for damage that no reader can see or needs to object to. This section is
written anew by `scripts/update-fixtures-page`.

| fault | what it does | a careful reader |
|---|---|---|
"""


def text_of(literals):
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literals)).replace('\\"', '"').replace("\\\\", "\\")


def row(name, about, verdict, rest):
    does = text_of(about).replace("|", "\\|")
    numbers = [
        f"`{text_of(number)}` {text_of(of)}, {least} to {most}, else {default}"
        for number, of, least, most, default in PARAMETER.findall(rest)
    ]
    if numbers:
        does += " (" + "; ".join(numbers) + ")"
    notes = re.search(r"\.notes = \{(.*?)\}", rest, re.DOTALL)
    codes = "".join(f" `{code}`" for code in re.findall(r'"([a-z0-9-]+)"', notes.group(1))) if notes else ""
    return f"| `{text_of(name)}` | {does} | {VERDICTS[verdict]}{codes} |\n"


def section(source):
    rows = []
    for table in TABLES:
        code = (source / f"generator/faults/{table}_faults.cc").read_text()
        for constant, value in CONSTANT.findall(code):
            code = code.replace("{" + constant + "}", "{" + value + "}")
        found = FAULT.findall(code)
        if len(found) != code.count("{.name = "):
            sys.exit(f"{table}_faults.cc: {len(found)} of {code.count('{.name = ')} faults understood")
        rows += [row(*fault) for fault in found]
    return HEAD + "".join(rows)


def page(source):
    text = (source / PAGE).read_text()
    before = text.split("\n## faults\n")[0].rstrip("\n")
    return before + "\n\n" + section(source)


def main():
    source = pathlib.Path(sys.argv[1])
    if "--write" in sys.argv:
        (source / PAGE).write_text(page(source))
    else:
        print(page(source), end="")


if __name__ == "__main__":
    main()
