"""Documents as their fenced code blocks.

A comment directly above a block says what a test does with it:

    <!-- not run: needs Docker -->        its commands cannot run here, for this reason
    <!-- not compiled: shows an error --> the same for C++
    <!-- program: app_image_test -->      the C++ below is a whole program; later commands can run ./app_image_test
    <!-- before: cp a.tar app.tar -->     anywhere: a command that readers do not see, run at that place
    <!-- file: CMakeLists.txt -->         the block is the content of this file
    <!-- in: site -->                     anywhere: from here on, readers are in a new, empty folder, and Watertight is
                                          installed; tests/install runs these. `in: .` leads back
"""

import dataclasses
import pathlib
import re

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "docs/**/*.md", "examples/**/README.md", "bench/**/README.md",
             "tests/**/README.md")

# The languages of blocks that no test looks at.
PROSE = {"text", "json", "dockerfile", "yaml", "xml", "diff", ""}
TESTED = {"console", "cpp", "cmake"}


@dataclasses.dataclass
class Block:
    document: str
    line: int  # of its first line of text
    language: str
    text: str
    marks: dict  # "not run", "not compiled", "program", "file" -> what follows the colon

    @property
    def place(self):
        return f"{self.document}:{self.line}"


ANYWHERE = {"before", "in"}
MARK = re.compile(r"<!-- *(not run|not compiled|program|file|before|in): *(.*?) *-->$")


def documents(root):
    for pattern in DOCUMENTS:
        yield from sorted(path.relative_to(root) for path in pathlib.Path(root).glob(pattern))


def blocks(root, document):
    """The document's blocks in order; a mark that stands anywhere is a block of its own, with that language."""
    found, marks, fence = [], {}, None
    for number, line in enumerate((pathlib.Path(root) / document).read_text().splitlines(), 1):
        if fence is None and (opened := re.match(r"( *)(```+)(\S*)", line)):
            fence, indent = opened[2], len(opened[1])
            found.append(Block(str(document), number + 1, opened[3], "", marks))
            marks = {}
        elif fence is not None and line.strip() == fence:
            fence = None
        elif fence is not None:
            found[-1].text += line[indent:] + "\n"
        elif (mark := MARK.match(line)) and mark[1] in ANYWHERE:
            found.append(Block(str(document), number, mark[1], mark[2], {}))
        elif mark:
            marks[mark[1]] = mark[2]
        elif line.strip():
            marks = {}
    if fence is not None:
        raise ValueError(f"{document}: a code block has no end")
    return found


def commands(block):
    """The (line, command, expected output lines) of a console block."""
    found = []
    for number, line in enumerate(block.text.splitlines(), block.line):
        if line.startswith("$ "):
            found.append((number, line[2:], []))
        elif found and not found[-1][2] and found[-1][1].endswith("\\"):
            found[-1] = (found[-1][0], found[-1][1] + "\n" + line, [])
        elif found:
            found[-1][2].append(line)
        else:
            raise ValueError(f"{block.document}:{number}: output without a command")
    return found
