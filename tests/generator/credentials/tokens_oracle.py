#!/usr/bin/env python3
"""JSON Web Tokens, verified: HS256 by Python's hmac, RS256 and ES256 by openssl."""

import base64
import hashlib
import hmac
import json
import unittest

import oracle

NAMES = 5
SIGNED = {"jwt-rs": "RS256", "jwt-es": "ES256", "k8s-service-account-token": "RS256", "github-app-stateless": "RS256"}


def part(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def parsed(record):
    """(header, payload, what is signed, signature)"""
    token = record.text()
    if record.kind == "github-app-stateless":
        token = token.split("_", 2)[2]
    header, payload, signature = token.split(".")
    return json.loads(part(header)), json.loads(part(payload)), f"{header}.{payload}".encode(), part(signature)


def der_integer(data):
    data = data.lstrip(b"\0")
    data = b"\0" + data if data[0] > 127 else data
    return bytes([2, len(data)]) + data


def der_signature(raw):
    """ECDSA's two numbers as openssl takes them."""
    body = der_integer(raw[:32]) + der_integer(raw[32:])
    return bytes([0x30, len(body)]) + body


class Hmac(unittest.TestCase):
    def test_verifies(self):
        for record in oracle.records(NAMES, "jwt-hs"):
            header, payload, signed, signature = parsed(record)
            self.assertEqual(header, {"alg": "HS256", "typ": "JWT"})
            self.assertEqual(signature, hmac.new(record.parts["key"], signed, hashlib.sha256).digest(), record)


class Claims(unittest.TestCase):
    def test_are_valid_for_some_time(self):
        for record in oracle.records(NAMES, "jwt-hs", *SIGNED):
            _, payload, _, _ = parsed(record)
            self.assertLess(payload["iat"], payload["exp"], record)
            self.assertTrue(payload["sub"], record)

    def test_of_service_accounts_name_the_account(self):
        for record in oracle.records(NAMES, "k8s-service-account-token"):
            _, payload, _, _ = parsed(record)
            account = payload["kubernetes.io"]["serviceaccount"]["name"]
            self.assertEqual(payload["sub"], f"system:serviceaccount:orders:{account}")

    def test_of_github_have_a_number_that_no_app_has(self):
        for record in oracle.records(NAMES, "github-app-stateless"):
            self.assertRegex(record.text(), r"^ghs_9[0-9]{8}_eyJ")


@oracle.needs("openssl")
class Openssl(oracle.WithFolder):
    def test_verifies(self):
        for record in oracle.records(NAMES, *SIGNED):
            header, _, signed, signature = parsed(record)
            self.assertEqual(header["alg"], SIGNED[record.kind], record)
            self.assertEqual(len(signature), {"RS256": 256, "ES256": 64}[header["alg"]], record)
            if header["alg"] == "ES256":
                signature = der_signature(signature)
            oracle.output("openssl", "dgst", "-sha256", "-verify", self.file("public", record.parts["public"] + b"\n"),
                          "-signature", self.file("signature", signature), self.file("signed", signed))


if __name__ == "__main__":
    oracle.main()
