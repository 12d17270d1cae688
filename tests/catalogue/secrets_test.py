#!/usr/bin/env python3
"""Scores the rules of secrets on the catalogue's default images: recall and false alarms must not get worse.

    secrets_test.py PROGRAM
"""

import pathlib
import subprocess
import sys
import tempfile

SCORE = pathlib.Path(__file__).with_name("score_secrets.py")

# Per cent. A seed of its own, so that no rule is made for the default values.
LEAST_RECALL = 98.5
MOST_DECOYS = 1


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory(prefix="watertight-secrets-") as scratch:
        subprocess.run([program, "generate", "--reveal", "--out", scratch, "--seed", "score"], check=True,
                       stdout=subprocess.DEVNULL)
        return subprocess.run([sys.executable, SCORE, "--program", program, "--catalogue", scratch, "--least-recall",
                               str(LEAST_RECALL), "--most-decoys", str(MOST_DECOYS)], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
