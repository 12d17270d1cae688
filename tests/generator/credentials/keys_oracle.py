#!/usr/bin/env python3
"""Private keys and key stores, read by the tools that people use them with."""

import base64
import json
import re
import subprocess
import unittest

import oracle

NAMES = 3
PEMS = ("pem-rsa", "pem-ec", "pem-pkcs8", "pem-dsa")
ENCRYPTED = ("pem-encrypted", "pem-encrypted-legacy")


def number(text):
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")


def crc24(data):
    """RFC 9580, section 6.1."""
    crc = 0xb704ce
    for byte in data:
        crc ^= byte << 16
        for _ in range(8):
            crc = crc << 1 ^ (0x1864cfb if crc & 0x800000 else 0)
    return crc & 0xffffff


@oracle.needs("openssl")
class Openssl(oracle.WithFolder):
    def check(self, path, record, *options):
        """Consistent, and of the public half."""
        shown = oracle.output("openssl", "pkey", "-in", path, "-check", "-noout", *options)
        self.assertIn(b"Key is valid", shown, record)
        public = oracle.output("openssl", "pkey", "-in", path, "-pubout", *options)
        self.assertEqual(public.strip(), record.parts["public"], record)

    def test_pem_keys_are_consistent(self):
        for record in oracle.records(NAMES, *PEMS):
            self.check(self.file("key", record.value + b"\n"), record)

    def test_rsa_keys_have_two_primes(self):
        for record in oracle.records(NAMES, "pem-rsa"):
            path = self.file("key", record.value + b"\n")
            self.assertEqual(oracle.output("openssl", "rsa", "-in", path, "-check", "-noout"), b"RSA key ok\n")
            jwk = json.loads(record.parts["jwk"])
            n, e, d, p, q, dp, dq, qi = (number(jwk[name]) for name in ("n", "e", "d", "p", "q", "dp", "dq", "qi"))
            modulus = oracle.output("openssl", "rsa", "-in", path, "-modulus", "-noout").decode()
            self.assertEqual(modulus, f"Modulus={n:X}\n")
            for prime in (p, q):
                self.assertIn(b"is prime", oracle.output("openssl", "prime", str(prime)))
                self.assertEqual(e * d % (prime - 1), 1, record)
            self.assertEqual((n, dp, dq, qi * q % p), (p * q, d % (p - 1), d % (q - 1), 1), record)
            self.assertEqual((n.bit_length(), e), (2048, 65537), record)

    def test_elliptic_curve_jwk_is_the_same_key(self):
        for record in oracle.records(NAMES, "pem-ec"):
            jwk = json.loads(record.parts["jwk"])
            path = self.file("key", record.value + b"\n")
            text = oracle.output("openssl", "ec", "-in", path, "-text", "-noout").decode()
            private, public = (re.sub(r"[^0-9a-f]", "", text.split(f"{name}:\n")[1].split("\n", 1)[0] + "".join(
                re.findall(r"\n    ([0-9a-f:]+)", text.split(f"{name}:")[1].split("\nA" if name == "pub" else "\np")[0])))
                for name in ("priv", "pub"))
            self.assertTrue(private.endswith(f"{number(jwk['d']):x}"), record)
            self.assertTrue(public.endswith(f"{number(jwk['x']):064x}{number(jwk['y']):064x}"), record)

    def test_encrypted_keys_open_with_their_passphrase_alone(self):
        for record in oracle.records(NAMES, *ENCRYPTED):
            path = self.file("key", record.value + b"\n")
            self.check(path, record, "-passin", "pass:" + record.text("passphrase"))
            run = subprocess.run(["openssl", "pkey", "-in", path, "-passin", "pass:other", "-noout"],
                                 capture_output=True, check=False)
            self.assertNotEqual(run.returncode, 0, record)

    def test_public_halves_are_keys_and_markers_none(self):
        for record in oracle.records(1, *PEMS, *ENCRYPTED):
            path = self.file("public", record.variants["public-key"] + b"\n")
            oracle.output("openssl", "pkey", "-pubin", "-in", path, "-noout")
            first, last = record.text().splitlines()[0], record.text().splitlines()[-1]
            self.assertEqual(record.variants["pem-marker"].decode(), f"{first}\n{last}", record)

    def test_pkcs12_stores_hold_the_key_of_their_certificate(self):
        for record in oracle.records(NAMES, "pkcs12"):
            password = "pass:" + record.text("password")
            for content, has_key in ((record.value, True), (record.variants["public-key"], False)):
                path = self.file("store.p12", content)
                key, certificate = (oracle.output("openssl", "pkcs12", "-in", path, "-passin", password, "-nodes", part)
                                    for part in ("-nocerts", "-nokeys"))
                self.assertEqual(b"PRIVATE KEY" in key, has_key, record)
                path = self.file("certificate", certificate)
                oracle.output("openssl", "verify", "-CAfile", path, path)
                if has_key:
                    public = oracle.output("openssl", "pkey", "-pubout", input=key)
                    self.assertEqual(public, oracle.output("openssl", "x509", "-in", path, "-pubkey", "-noout"), record)

    def test_kubeconfigs_hold_the_key_of_their_certificate(self):
        for record in oracle.records(NAMES, "kubeconfig"):
            config = record.forms["file:.kube/config"].decode()
            key, certificate = (base64.b64decode(re.search(rf"{name}-data: (\S+)", config)[1])
                                for name in ("client-key", "client-certificate"))
            self.assertEqual(key, record.value + b"\n")
            self.assertEqual(oracle.output("openssl", "ec", "-pubout", input=key),
                             oracle.output("openssl", "x509", "-pubkey", "-noout", input=certificate), record)

    def test_service_accounts_hold_a_key(self):
        for record in oracle.records(NAMES, "gcp-service-account"):
            account = json.loads(record.value)
            self.assertEqual(account["type"], "service_account")
            path = self.file("key", account["private_key"].encode())
            self.assertEqual(oracle.output("openssl", "rsa", "-in", path, "-check", "-noout"), b"RSA key ok\n")
            twin = json.loads(record.variants["pem-marker"])
            self.assertEqual(len(twin.pop("private_key").splitlines()), 2)
            del account["private_key"]
            self.assertEqual(twin, account, record)


@oracle.needs("ssh-keygen")
class SshKeygen(oracle.WithFolder):
    def test_reads_openssh_keys(self):
        for record in oracle.records(NAMES, "openssh-private-key"):
            path = self.file("id_ed25519", record.value + b"\n")
            self.assertEqual(oracle.output("ssh-keygen", "-y", "-f", path).strip(), record.parts["public"], record)

    def test_reads_encrypted_keys_with_their_passphrase_alone(self):
        for record in oracle.records(NAMES, "openssh-private-key-encrypted"):
            path = self.file("id_ed25519", record.value + b"\n")
            public = oracle.output("ssh-keygen", "-y", "-f", path, "-P", record.text("passphrase"))
            self.assertEqual(public.strip(), record.parts["public"], record)
            run = subprocess.run(["ssh-keygen", "-y", "-f", path, "-P", "other"], capture_output=True, check=False)
            self.assertNotEqual(run.returncode, 0, record)

    # Signing needs the private half to be that of the public one.
    def test_signs_with_them(self):
        for record in oracle.records(1, "openssh-private-key"):
            path = self.file("id_ed25519", record.value + b"\n")
            signature = oracle.output("ssh-keygen", "-Y", "sign", "-n", "file", "-f", path, "-q", input=b"text")
            signers = self.file("signers", b"me " + record.parts["public"] + b"\n")
            oracle.output("ssh-keygen", "-Y", "verify", "-n", "file", "-I", "me", "-f", signers,
                          "-s", self.file("signature", signature), input=b"text")

    def test_reads_pem_keys(self):
        for record in oracle.records(1, "pem-rsa", "pem-ec", "pem-pkcs8"):
            path = self.file("id", record.value + b"\n")
            self.assertRegex(oracle.output("ssh-keygen", "-y", "-f", path), rb"^(ssh-rsa|ecdsa-sha2-nistp256) AAAA")


@oracle.needs("puttygen")
class Puttygen(oracle.WithFolder):
    # A comment is given so that the tool writes the file anew.
    def test_writes_the_same_files(self):
        for record in oracle.records(NAMES, "putty-ppk"):
            comment = re.search(r"^Comment: (.*)$", record.text(), re.MULTILINE)[1]
            for version, content in (("3", record.value), ("2", record.parts["version2"])):
                path = self.file("key.ppk", content + b"\n")
                again = oracle.output("puttygen", path, "-C", comment, "-O", "private", "--ppk-param",
                                      "version=" + version, "-o", "/dev/stdout")
                self.assertEqual(again.strip(), content, record)
            self.assertEqual(oracle.output("puttygen", path, "-O", "public").strip(), record.parts["public"], record)


@oracle.needs("gpg")
class Gpg(oracle.WithFolder):
    def gpg(self, *arguments, **options):
        return oracle.output("gpg", "--homedir", self.folder, "--batch", "--quiet", *arguments, **options)

    def test_imports_and_exports_the_same_blocks(self):
        for record in oracle.records(NAMES, "pgp-private-block"):
            self.gpg("--import", input=record.value + b"\n")
            fingerprint = re.search(rb"^fpr:+([0-9A-F]+):", self.gpg("--list-secret-keys", "--with-colons"), re.M)[1]
            secret = self.gpg("--armor", "--export-secret-keys")
            self.assertEqual(secret.strip(), record.value, record)
            self.assertEqual(self.gpg("--armor", "--export").strip(), record.variants["public-key"], record)
            self.assertIn(b"\nsig:!:", b"\n" + self.gpg("--check-sigs", "--with-colons"), record)
            self.gpg("--yes", "--delete-secret-and-public-key", fingerprint.decode())

    def tearDown(self):
        subprocess.run(["gpgconf", "--homedir", self.folder, "--kill", "all"], capture_output=True, check=False)


@oracle.needs("keytool")
class Keytool(oracle.WithFolder):
    def test_opens_stores(self):
        for record in oracle.records(1, "jks", "pkcs12"):
            for content, entry in ((record.value, b"PrivateKeyEntry"),
                                   (record.variants["public-key"], b"trustedCertEntry")):
                if record.kind == "pkcs12" and entry == b"trustedCertEntry":
                    continue  # keytool counts certificates with an attribute of Oracle's alone
                path = self.file("store", content)
                shown = oracle.output("keytool", "-list", "-keystore", path, "-storepass", record.text("password"))
                self.assertIn(entry, shown, record)

    def test_takes_the_key_out(self):
        for i, record in enumerate(oracle.records(1, "jks")):
            path, out, password = self.file("store", record.value), f"{self.folder}/out{i}", record.text("password")
            oracle.output("keytool", "-importkeystore", "-srckeystore", path, "-srcstorepass", password,
                          "-destkeystore", out, "-deststoretype", "pkcs12", "-deststorepass", password)
            key = oracle.output("openssl", "pkcs12", "-in", out, "-passin", "pass:" + password, "-nodes", "-nocerts")
            self.assertIn(b"Key is valid", oracle.output("openssl", "pkey", "-check", "-noout", input=key), record)


class Armour(unittest.TestCase):
    def test_ends_with_its_checksum(self):
        self.assertEqual(crc24(b"123456789"), 0x21cf02)
        for record in oracle.records(NAMES, "pgp-private-block"):
            _, body = record.text().split("\n\n")
            *lines, check, end = body.splitlines()
            self.assertEqual(end, "-----END PGP PRIVATE KEY BLOCK-----")
            data = base64.b64decode("".join(lines))
            self.assertEqual(base64.b64decode(check[1:]), crc24(data).to_bytes(3, "big"), record)


if __name__ == "__main__":
    oracle.main()
