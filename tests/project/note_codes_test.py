"""Every code of a note in the sources stands in docs/notes.md, and every code of that page in the sources and in what
fixtures may expect.

usage: note_codes_test.py SOURCE_DIR
"""

import pathlib
import re
import sys

KEBAB = re.compile(r'"([a-z0-9]+(?:-[a-z0-9]+)+)"')
# Literals of the same shape that are no codes.
OTHERS = {"docker-archive", "oci-archive", "docker-daemon", "containers-storage", "oci-layout", "api-version"}


def main():
    source = pathlib.Path(sys.argv[1])
    emitted = set()
    for path in [*(source / "framework/image").glob("*.cc"), source / "framework/scan/text_findings.h"]:
        emitted |= set(KEBAB.findall(path.read_text())) - OTHERS
    page = (source / "docs/notes.md").read_text()
    documented = set(re.findall(r"^\| `([a-z0-9-]+)` \|", page, re.MULTILINE))
    problems = [f"docs/notes.md lacks {code}" for code in sorted(emitted - documented)]
    problems += [f"no source emits {code} of docs/notes.md" for code in sorted(documented - emitted)]
    vocabulary = (source / "generator/fixtures/vocabulary.cc").read_text()
    expected = set(KEBAB.findall(vocabulary[vocabulary.index("& NoteCodes() {") :]))
    problems += [f"docs/notes.md and the vocabulary of fixtures differ in {code}" for code in sorted(expected ^ documented)]
    print("\n".join(problems) or f"{len(documented)} codes")
    return 1 if problems else 0


sys.exit(main())
