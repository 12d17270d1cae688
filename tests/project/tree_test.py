#!/usr/bin/env python3
"""Fails when the tree holds what no public repository should: live-looking credentials, machines' paths.

    tree_test.py SOURCE_DIR
"""

import pathlib
import re
import sys
import unittest

import sources

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "generator/credentials"))
import kinds  # noqa: E402

# Of one machine, or of those that a build downloads from. Data that speaks of registries is listed below.
OUT_OF_PLACE = {
    "a machine's path": r"(?<![A-Za-z0-9_.$}\]-])/(work|Users|home/(?!user\b|node\b|app\b|me\b)[a-z]+)/[\w.-]+",
    "a package mirror": r"\b((deb|ftp|security|archive|snapshot)\.(debian|ubuntu)\.(org|com)"
                        r"|pypi\.org|files\.pythonhosted\.org|registry\.npmjs\.org|proxy\.golang\.org|static\.crates\.io)\b",
}
DATA_OF_REGISTRIES = ("fixtures/", "tests/", "examples/", "framework/scan/", "generator/credentials/", "docs/",
                      "framework/cmake/Dependencies.cmake")


def found(patterns, text):
    for what, pattern in patterns.items():
        for match in re.finditer(pattern, text):
            yield f"line {text.count(chr(10), 0, match.start()) + 1}: {what}"


def credentials(data):
    for kind, offset in kinds.found(data):
        yield f"line {data.count(10, 0, offset) + 1}: {kind}"


class Tree(unittest.TestCase):
    def each_text(self):
        for path in sources.files(ROOT):
            content = sources.text(ROOT / path)
            if content is not None:
                yield path.as_posix(), content

    def test_holds_no_credential(self):
        self.assertEqual([f"{path}, {hit}" for path in sources.files(ROOT)
                          for hit in credentials((ROOT / path).read_bytes())], [])

    def test_names_no_machine_and_no_mirror(self):
        self.assertEqual([f"{name}, {hit}" for name, text in self.each_text()
                          if not name.startswith(DATA_OF_REGISTRIES) and name != "tests/project/tree_test.py"
                          for hit in found(OUT_OF_PLACE, text)], [])

    # Of each kind: tests/generator/credentials/values_test.py.
    def test_finds_what_it_looks_for(self):
        live = {"github-pat": "gh" + "p_" + "a1B2" * 9, "aws-access-key-id": "AKI" + "A" + "Q7" * 8,
                "pem-rsa": "-----BEGIN RSA PRIVATE" + " KEY-----\n" + "Ab1/" * 16 + "\n",
                "npm-token": "npm" + "_" + "a1B2c3" * 6, "jks": "\xfe\xed" + "\xfe\xed"}
        for what, value in live.items():
            before = "" if what == "jks" else "first\nKEY="
            line = 1 + before.count("\n")
            self.assertEqual(list(credentials((before + value).encode("latin-1"))), [f"line {line}: {what}"])
        self.assertTrue(list(found(OUT_OF_PLACE, "see /wor" + "k/main for more")))
        self.assertFalse(list(found(OUT_OF_PLACE, "COPY . /home/node/app and build/work/main")))


if __name__ == "__main__":
    ROOT = pathlib.Path(sys.argv.pop(1))
    unittest.main()
