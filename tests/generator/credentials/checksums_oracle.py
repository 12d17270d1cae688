#!/usr/bin/env python3
"""Checksums and structures of tokens, computed again with Python's standard library."""

import base64
import binascii
import hashlib
import json
import re
import string
import unittest

import oracle

NAMES = 12
BASE36 = string.digits + string.ascii_lowercase
BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
BASE58 = "".join(c for c in string.digits + string.ascii_uppercase + string.ascii_lowercase if c not in "0OIl")


def digits(number, alphabet, width):
    text = ""
    while number:
        number, digit = divmod(number, len(alphabet))
        text = alphabet[digit] + text
    return text.rjust(width, alphabet[0])


def decoded(text, url=False):
    decode = base64.urlsafe_b64decode if url else base64.b64decode
    return decode(text + "=" * (-len(text) % 4))


def crc_base62(token):
    body = token.split("_", 1)[1]
    return body[-6:] == digits(binascii.crc32(body[:-6].encode()), BASE62, 6)


def decoded_base32(text):
    alphabet = string.ascii_uppercase + "234567"
    number = 0
    for character in text:
        number = number * 32 + alphabet.index(character)
    return number >> (5 * len(text) - 32)


def fine_grained(token):
    digest = base64.b32encode(hashlib.sha256(token[:-16].encode()).digest()).decode()
    account = decoded_base32(token[13:20])
    return len(token) == 93 and token[-16:-8] == digest[:8] and account >= 0xf0000000


def gitlab_routable(token):
    payload, version, end = token.removeprefix("glpat-").split(".")
    return (version == "01" and end[:2] == digits(len(payload), BASE36, 2) and
            end[2:] == digits(binascii.crc32(token[:-7].encode()), BASE36, 7))


def grafana(token):
    return token[37:] == "_" + binascii.crc32(token[:37].encode()).to_bytes(4, "little").hex()


def atlassian(token):
    return token[-8:] == f"{binascii.crc32(token[:-8].encode()):08X}"


def bech32(text):
    """BIP 173, constant 1."""
    charset = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    human, data = text.lower().rsplit("1", 1)
    if any(c not in charset for c in data):
        return False
    check = 1
    expanded = [ord(c) >> 5 for c in human] + [0] + [ord(c) & 31 for c in human] + [charset.index(c) for c in data]
    for value in expanded:
        top, check = check >> 25, (check & 0x1ffffff) << 5 ^ value
        for bit, generator in enumerate((0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3)):
            check ^= generator if top >> bit & 1 else 0
    return check == 1 and human == "age-secret-key-" and len(data) == 58


def marvin32(data, seed):
    def rotated(word, count):
        return (word << count | word >> (32 - count)) & 0xffffffff
    p0, p1 = seed & 0xffffffff, seed >> 32
    padded = data + b"\x80" + bytes(-(len(data) + 1) % 4)
    words = [int.from_bytes(padded[i:i + 4], "little") for i in range(0, len(padded), 4)] + [0]
    for word in words:
        p0 = (p0 + word) & 0xffffffff
        p1 ^= p0
        p0 = (rotated(p0, 20) + p1) & 0xffffffff
        p1 = rotated(p1, 9) ^ p0
        p0 = (rotated(p0, 27) + p1) & 0xffffffff
        p1 = rotated(p1, 19)
    return p0 ^ p1


# Of microsoft/security-utilities: mark, bytes, seed.
AZURE = {
    "azure-storage-key": ("+ASt", 64, b"Default0"),
    "azure-cosmos-key": ("ACDb", 64, b"MastRW00"),
    "azure-functions-key": ("AzFu", 40, b"Functi00"),
    "azure-redis-key": ("AzCa", 32, b"Access00"),
    "azure-search-key": ("AzSe", 39, b"PAdmin00"),
    "azure-batch-key": ("+ABa", 64, b"AbAcct00"),
    "azure-service-bus-key": ("+ASb", 32, b"Manage00"),
    "azure-event-hub-key": ("+AEh", 32, b"Manage00"),
    "azure-relay-key": ("+ARm", 32, b"Manage00"),
    "azure-container-registry-key": ("+ACR", 39, b"ACRDflt0"),
    "azure-api-management-key": ("APIM", 64, b"Tenant00"),
    "azure-iot-key": ("AIoT", 32, b"IoTHub00"),
}


def azure(kind):
    mark, size, seed = AZURE[kind]

    def check(key):
        data = decoded(key.rstrip("="), url="-" in key or "_" in key)
        return (len(data) == size and key.rstrip("=")[-10:-6] == mark and
                int.from_bytes(data[-4:], "little") == marvin32(data[:-4], int.from_bytes(seed, "big")))
    return check


def annotated(key):
    check = marvin32(decoded(key[:-4]), int.from_bytes(b"Default0", "big")).to_bytes(4, "little")
    return len(key) == 84 and key[52:58] == "JQQJ99" and key[76:80] == "AZDO" and decoded(key[-4:]) == check[:3]


def entra(secret):
    alphabet = string.ascii_lowercase + string.ascii_uppercase + "1234567890.-_~"
    check = marvin32(secret[:-3].encode(), int.from_bytes(b"AadPwd00", "big"))
    return secret[3:6] == "8Q~" and secret[-3:] == digits(check, alphabet, 3)[:3]


def aws_account(key_id):
    """Of the newer form: a number that is too long for an account's, which has 12 digits."""
    first = int.from_bytes(base64.b32decode(key_id[4:])[:6], "big")
    return (first & 0x7fffffffff80) >> 7 >= 10**12 and key_id[4] in "QRSTUVWXYZ234567"


def openai(key):
    """The name stands between halves of one length, in base 64."""
    body = key[key.rindex("-") + 1:] if key.count("-") == 1 else key.split("-", 2)[2]
    half = (len(body) - 8) // 2
    return base64.b64decode(body[half:half + 8]) == b"OpenAI" and len(body) == 2 * half + 8


def pypi(host):
    def check(token):
        data = decoded(token.removeprefix("pypi-"), url=True)
        start = b"\x02\x01" + bytes([len(host)]) + host.encode() + b"\x02\x24"
        return data.startswith(start) and re.fullmatch(rb"[0-9a-f-]{36}", data[len(start):len(start) + 36]) is not None
    return check


def base58_bytes(text):
    number = 0
    for character in text:
        number = number * 58 + BASE58.index(character)
    return (number.bit_length() + 7) // 8


def onepassword(token):
    account = json.loads(decoded(token.removeprefix("ops_"), url=True))
    return {"signInAddress", "userAuth", "email", "srpX", "muk", "secretKey", "deviceUuid"} <= set(account)


def grafana_cloud(token):
    return set(json.loads(decoded(token.removeprefix("glc_")))) == {"o", "n", "k", "m"}


CHECKS = {
    **dict.fromkeys(["github-pat", "github-oauth", "github-user-to-server", "github-server-to-server",
                     "github-refresh", "npm-token"], crc_base62),
    "github-fine-grained-pat": fine_grained,
    "gitlab-pat-routable": gitlab_routable,
    "grafana-service-account": grafana,
    "bitbucket-app-password": atlassian,
    "atlassian-api-token": atlassian,
    "age-secret-key": bech32,
    **{kind: azure(kind) for kind in AZURE},
    "aws-access-key-id": aws_account,
    "aws-bearer-token-id": aws_account,
    "aws-context-key-id": aws_account,
    "pypi-token": pypi("pypi.org"),
    "pypi-test-token": pypi("test.pypi.org"),
    "jfrog-api-key": lambda key: len(key) == 73 and base58_bytes(key) == 54,
    "jfrog-identity-token": lambda token: re.fullmatch(rb"reftkn:\d\d:\d{10}:\w+", decoded(token)) is not None,
    "discord-bot": lambda token: decoded(token.split(".")[0]).isdigit(),
    "docker-auth-config": lambda auth: decoded(auth).count(b":") == 1,
    "onepassword-service-account": onepassword,
    "grafana-cloud": grafana_cloud,
    "laravel-app-key": lambda key: len(decoded(key.removeprefix("base64:"))) == 32,
    **dict.fromkeys(["openai-legacy", "openai-project", "openai-svcacct", "openai-admin"], openai),
    "azure-devops-pat": annotated,
    "azure-entra-secret": entra,
}


class Checksums(unittest.TestCase):
    def test_hold_by_another_implementation(self):
        for record in oracle.records(NAMES, *CHECKS):
            self.assertTrue(CHECKS[record.kind](record.text()), record)

    def test_of_near_misses_are_wrong(self):
        twins = [record for record in oracle.records(NAMES, *CHECKS) if "bad-checksum" in record.variants]
        self.assertGreaterEqual(len({record.kind for record in twins}), 22)
        for record in twins:
            twin = record.variants["bad-checksum"].decode()
            self.assertEqual(len(twin), len(record.text()), record)
            self.assertFalse(CHECKS[record.kind](twin), record)

    def test_are_known_for_every_kind_with_one(self):
        checked = {record.kind for record in oracle.records(1) if "bad-checksum" in record.variants}
        self.assertEqual(checked - set(CHECKS), set())

    # Published with the algorithm.
    def test_marvin_has_its_published_value(self):
        self.assertEqual(marvin32(b"abc", 0xd53cd9cecd0893b7), 0x6be02a86)


if __name__ == "__main__":
    oracle.main()
