#!/usr/bin/env python3
"""Fails when the tree holds what no public repository should: live-looking credentials, machines' paths.

    tree_test.py SOURCE_DIR
"""

import pathlib
import re
import sys
import unittest

import sources

# What secret scanners of hosting services call live. Spelled in parts where the pattern would match itself.
CREDENTIALS = {
    "GitHub token": r"\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b",
    "GitLab token": r"\bglpat-[A-Za-z0-9_-]{20}\b",
    "AWS access key": r"\b(AKIA|ASIA)[A-Z2-7]{16}\b",
    "Google API key": r"\bAIza[A-Za-z0-9_-]{35}\b",
    "Slack token": r"\bxox[abprs]-[0-9]{8,}-[A-Za-z0-9-]{10,}",
    "Slack webhook": r"hooks\.slack\.com/services/T[A-Z0-9]{8,}/B[A-Z0-9]{8,}/[A-Za-z0-9]{20,}",
    "Stripe key": r"\b[rs]k_live_[A-Za-z0-9]{16,}",
    "npm token": r"\bnpm_[A-Za-z0-9]{36}\b",
    "PyPI token": r"\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{20,}",
    "SendGrid key": r"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b",
    "Docker Hub token": r"\bdckr_pat_[A-Za-z0-9_-]{27}\b",
    "JSON Web Token": r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}",
    "private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?:\s+[A-Za-z0-9+/]{40,}|.{20})",
}

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


class Tree(unittest.TestCase):
    def each_text(self):
        for path in sources.files(ROOT):
            content = sources.text(ROOT / path)
            if content is not None:
                yield path.as_posix(), content

    def test_holds_no_live_credential(self):
        self.assertEqual([f"{name}, {hit}" for name, text in self.each_text() for hit in found(CREDENTIALS, text)], [])

    def test_names_no_machine_and_no_mirror(self):
        self.assertEqual([f"{name}, {hit}" for name, text in self.each_text()
                          if not name.startswith(DATA_OF_REGISTRIES) and name != "tests/project/tree_test.py"
                          for hit in found(OUT_OF_PLACE, text)], [])

    def test_finds_what_it_looks_for(self):
        live = {"GitHub token": "gh" + "p_" + "a1B2" * 9, "AWS access key": "AKI" + "A" + "Q7" * 8,
                "private key": "-----BEGIN RSA PRIVATE" + " KEY-----\n" + "Ab1/" * 16,
                "npm token": "npm" + "_" + "a1B2c3" * 6}
        for what, value in live.items():
            self.assertEqual(list(found(CREDENTIALS, f"first\nKEY={value}\n")), [f"line 2: {what}"])
        self.assertTrue(list(found(OUT_OF_PLACE, "see /wor" + "k/main for more")))
        self.assertFalse(list(found(OUT_OF_PLACE, "COPY . /home/node/app and build/work/main")))


if __name__ == "__main__":
    ROOT = pathlib.Path(sys.argv.pop(1))
    unittest.main()
