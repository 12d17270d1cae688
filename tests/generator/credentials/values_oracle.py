#!/usr/bin/env python3
"""Values of many names: they look like their kind, and hold nothing that scanners drop on purpose."""

import collections
import functools
import math
import os
import pathlib
import re
import unittest

import kinds
import oracle

NAMES = 25
WORDS = "/usr/share/dict/words"

# With keys that take a while each.
RSA = {"pem-rsa", "pem-pkcs8", "pem-encrypted-legacy", "gcp-service-account"}
# What tools drop whatever kind it is; written in parts, since other tests look for some.
DROPPED = ["exam" "ple", "sample", "dummy", "changeme", "xxxxxx", "aaaaaa", "abcde", "00000", "*****"]
# Every OpenSSH key begins with names and lengths, the latter zeros.
ZEROS = {"openssh-private-key", "openssh-private-key-encrypted"}
# These hold text by their nature, plain or in base 64.
TEXT = {"gcp-service-account", "database-url", "jdbc-url", "adonet-string", "azure-sas", "wordpress-salts", "slack-webhook",
        "jwt-hs", "jwt-rs", "jwt-es", "k8s-service-account-token", "github-app-stateless", "onepassword-service-account",
        "grafana-cloud", "pypi-token", "pypi-test-token", "docker-auth-config", "jfrog-identity-token"}
# The least Shannon entropy that a tool asks for, of the value (gitleaks, TruffleHog, Kingfisher).
ENTROPY = {"github-pat": 3.5, "github-fine-grained-pat": 3.5, "aws-access-key-id": 3.0, "aws-secret-key": 4.25,
           "gcp-api-key": 4.0, "generic-password": 3.5, "generic-api-key": 3.5, "twilio": 3.5, "rails-master-key": 3.5,
           "npm-token": 3.5, "huggingface-token": 3.5, "stripe-live": 3.0, "vault-service": 3.5, "openai-project": 3.5}
# What a scanner takes for a secret by its shape has this many bits a character.
LEAST = {"hex": 3.0, "other": 3.5}


def entropy(text):
    counts = collections.Counter(text)
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values())


def drawn(kind, values):
    """What the values of one kind do not have in common."""
    begin = len(os.path.commonprefix(values))
    end = len(os.path.commonprefix([value[begin:][::-1] for value in values]))
    return [value[begin:len(value) - end] for value in values]


@functools.cache
def by_kind():
    """The values of each kind that are texts."""
    values = collections.defaultdict(list)
    many = set(kinds.ROWS) - RSA - {"pkcs12", "jks"}
    for record in oracle.records(NAMES, *sorted(many)) + oracle.records(3, *sorted(RSA)):
        values[record.kind].append(record.text())
    return values


def is_key(kind):
    return kind.startswith("pem-") or kind in (*ZEROS, "pgp-private-block", "putty-ppk", "kubeconfig")


class Kinds(unittest.TestCase):
    def test_are_those_of_the_table_in_its_order(self):
        made = [record.kind for record in oracle.records(1) if record.seed == oracle.SEEDS.split(",")[0]]
        self.assertEqual(set(made), set(kinds.ROWS))
        self.assertEqual([kind for kind in made if kind not in kinds.TABLE["kinds"]],
                         [kind for kind in kinds.TABLE["more"]])

    # In a form at least: the search of the tree would find it.
    def test_show_their_shape(self):
        for record in oracle.records(3):
            hits = {kind for form in record.forms.values() for kind, _ in kinds.found(form)}
            self.assertIn(record.kind, hits, record)


class Values(unittest.TestCase):
    def test_are_distinct(self):
        seen = collections.Counter(value for values in by_kind().values() for value in values)
        self.assertEqual([value for value, count in seen.items() if count > 1], [])

    def test_hold_nothing_that_tools_drop(self):
        for kind, values in by_kind().items():
            for value in values:
                lowered = value.lower()
                if kind in ZEROS:
                    lowered = "".join(lowered.splitlines()[3:])
                self.assertEqual([text for text in DROPPED if text in lowered], [], kind)

    def test_are_no_runs_and_sequences(self):
        for kind, values in by_kind().items():
            if kind in TEXT or is_key(kind):
                continue
            for value in drawn(kind, values):
                self.assertIsNone(re.search(r"(.)\1\1", value), f"{kind}: {value}")
                steps = [ord(b) - ord(a) for a, b in zip(value, value[1:])]
                self.assertFalse(any(steps[i:i + 3] in ([1] * 3, [-1] * 3) for i in range(len(steps))), f"{kind}: {value}")

    def test_have_entropy(self):
        for kind, values in by_kind().items():
            for value, own in zip(values, drawn(kind, values)):
                self.assertGreaterEqual(entropy(value), ENTROPY.get(kind, 0), f"{kind}: {value}")
                if len(own) >= 20 and kind not in TEXT:
                    least = LEAST["hex" if re.fullmatch("[0-9a-fA-F-]+", own) else "other"]
                    self.assertGreaterEqual(entropy(own), least, f"{kind}: {value}")

    def test_begin_and_end_with_letters_or_digits(self):
        for kind, values in by_kind().items():
            if kind in TEXT or is_key(kind) or kind == "django-secret-key":
                continue
            for value in drawn(kind, values):
                self.assertRegex(value, r"^[A-Za-z0-9$+/](.*[A-Za-z0-9=./])?$", kind)

    # Long words: scanners' lists have few shorter ones. Two in ten thousand values may hold one.
    @unittest.skipUnless(os.path.exists(WORDS), "no list of words is installed (wamerican)")
    def test_hold_no_english_words(self):
        words = {word for word in pathlib.Path(WORDS).read_text().lower().split() if word.isalpha() and len(word) >= 6}
        hits, count = [], 0
        for kind, values in by_kind().items():
            if kind in TEXT or is_key(kind):
                continue
            for value in drawn(kind, values):
                count += 1
                for letters in re.findall("[a-z]{6,}", value.lower()):
                    hits += [f"{kind}: {letters[i:j]}" for i in range(len(letters) - 5)
                             for j in range(i + 6, min(len(letters), i + 12) + 1) if letters[i:j] in words]
        self.assertLessEqual(len(hits), count / 5000, hits)


if __name__ == "__main__":
    oracle.main()
