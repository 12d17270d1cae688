#!/usr/bin/env python3
"""Writes the C++ of the documents as source files, one a document, and whole programs as files of their own.

    extract.py SOURCE_DIR OUT_DIR

Prints a CMake list: the documents read, then `SNIPPETS`, the files, then `PROGRAMS`, the programs' files.
"""

import pathlib
import re
import sys

import markdown

PREAMBLE = """#include "preamble.h"

"""

DECLARES = re.compile(r"^(TEST|class|struct|namespace|int main)\b|^\S.*\) (const )?\{", re.MULTILINE)


def snippet(block, number):
    """The block in a namespace of its own; statements become a function's body."""
    body = "\n".join("" if line.startswith("#include") else line for line in block.text.splitlines())
    includes = "\n".join(line for line in block.text.splitlines() if line.startswith("#include"))
    at = f'#line {block.line} "{block.document}"\n'
    if not DECLARES.search(body):
        body = f"[[maybe_unused]] void Statements(const ::watertight::Image& image) {{\n{at}{body}\n}}"
    return f"{includes}\nnamespace document_{number} {{\n{at}{body}\n}}  // namespace\n"


def write(path, text):
    """Leaves an unchanged file alone, so that nothing is built again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or path.read_text() != text:
        path.write_text(text)


def main(root, out):
    documents = list(markdown.documents(root))
    snippets, programs = [], []
    for document in documents:
        text = ""
        for number, block in enumerate(markdown.blocks(root, document)):
            if block.language != "cpp" or "not compiled" in block.marks:
                continue
            if name := block.marks.get("program"):
                stem = re.sub(r"\W", "_", str(document.with_suffix("")))
                programs.append(out / stem / f"{name}.cc")
                write(programs[-1], block.text)
            else:
                text += snippet(block, number)
        if text:
            snippets.append(out / (re.sub(r"\W", "_", str(document)) + ".cc"))
            write(snippets[-1], PREAMBLE + text)
    print(";".join(str(part) for part in [*(pathlib.Path(root) / d for d in documents),
                                           "SNIPPETS", *snippets, "PROGRAMS", *programs]), end="")


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]))
