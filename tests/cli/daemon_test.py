#!/usr/bin/env python3
"""docker-daemon:NAME beside a daemon that answers well, badly, or not at all.

usage: daemon_test.py WATERTIGHT IMAGES      IMAGES holds recorded images

The daemon is a script of this file's, over a socket of its own or TCP; engines_test.py asks a real one.
"""

import contextlib
import hashlib
import http.server
import json
import os
import pathlib
import pty
import re
import resource
import select
import shutil
import signal
import socket
import socketserver
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse

SAVED = "env.classic.tar"


class Answers(http.server.BaseHTTPRequestHandler):
    """What the daemon says: by the name of the image."""

    protocol_version = "HTTP/1.1"
    api_version = "1.41"
    ping_status = 200
    pause = 0.1
    requests = []

    def log_message(self, *words):
        pass

    def address_string(self):
        return "client"

    def do_GET(self):
        self.requests.append(self.path)
        path = urllib.parse.unquote(self.path.split("?")[0])
        if path == "/_ping":
            return self.say(self.ping_status, b"OK", **({"Api-Version": self.api_version} if self.api_version else {}))
        match = re.fullmatch(r"/v([0-9.]+)/images/(.+)/(json|get)", path)
        if not match or match[1] != self.api_version:
            return self.refuse(400, "bad request")
        name, what = match[2], match[3]
        if what == "json":
            return self.inspect(name)
        getattr(self, "save_" + name.split(":")[0], self.save_app)()

    def inspect(self, name):
        if name.startswith("nowhere"):
            return self.refuse(404, "no such image: " + name + ": No such image: " + name)
        if name.startswith("failing"):
            return self.refuse(500, "the disk is gone\nsecond line \x1b[31m")
        if name.startswith("html"):
            return self.say(502, b"<html>no JSON</html>")
        if name.startswith("moved"):
            return self.say(301, b"", Location="http://127.0.0.1:1/")
        if name.startswith("liar"):
            return self.say(200, b"{\"RepoTags\": 3}")
        if name.startswith("mute"):
            time.sleep(30)
            return None
        tags = [] if re.fullmatch("[0-9a-f]{12}", name) else [name if ":" in name else name + ":latest"]
        return self.say(200, json.dumps({"Id": "sha256:" + "0" * 64, "RepoTags": tags, "Size": 1 << 20}).encode())

    def say(self, status, body, **headers):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(body)

    def refuse(self, status, message):
        self.say(status, json.dumps({"message": message}).encode())

    def send(self, pieces, end=True):
        """In chunks, as Docker does."""
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        with contextlib.suppress(OSError):
            for piece in pieces:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            if end:
                return self.wfile.write(b"0\r\n\r\n")
        self.close_connection = True

    def save_app(self):
        self.send([TAR])

    def save_cut(self):
        self.send([TAR[:2000]], end=False)

    def save_short(self):
        self.send([TAR[:2000]])

    def save_refused(self):
        self.refuse(500, "cannot save it")

    def save_garbage(self):
        self.send([b"this is no tar"])

    def save_nothing(self):
        self.send([])

    def save_stalled(self):
        self.send(iter([TAR[:2000]]), end=False)
        self.wfile.flush()
        time.sleep(30)

    def save_slow(self):
        def drip():
            for begin in range(0, len(TAR), len(TAR) // 12):
                time.sleep(self.pause)
                yield TAR[begin:begin + len(TAR) // 12]
        self.send(drip())


class UnixServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


class TcpServer(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True

    def handle_error(self, *words):
        pass


class DaemonTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="watertight-")
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name)
        self.socket = self.path / "docker.sock"
        self.host = f"unix://{self.socket}"
        self.spool = self.path / "spool"
        self.spool.mkdir()
        shutil.copy(IMAGES / SAVED, self.path / "app.tar")

    def serve(self, address=None, wrap=None, **behaviour):
        answers = type("Answers", (Answers,), {"requests": [], **behaviour})
        server = TcpServer(address, answers) if address else UnixServer(str(self.socket), answers)
        if wrap:
            server.socket = wrap.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server, answers

    def environment(self, **more):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DOCKER_", "XDG_"))}
        kept |= {"DOCKER_HOST": self.host, "TMPDIR": str(self.spool), "HOME": str(self.path), "WATERTIGHT_TIMEOUT": "60"}
        return {name: value for name, value in (kept | more).items() if value is not None}

    def run_program(self, *words, preexec=None, **environment):
        result = subprocess.run([PROGRAM, *words], cwd=self.path, capture_output=True, text=True, timeout=60,
                                env=self.environment(**environment), preexec_fn=preexec)
        self.assertEqual(list(self.spool.iterdir()), [], "a temporary file stays")
        return result

    def opened(self, reference="docker-daemon:app:ci", *options, **environment):
        result = self.run_program("inspect", reference, "--format", "json", *options, **environment)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return json.loads(result.stdout)

    def refusal(self, reference, *options, **environment):
        result = self.run_program("inspect", reference, *options, **environment)
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        before = f"watertight: {reference}: "
        self.assertTrue(result.stderr.startswith(before), result.stderr)
        return result.stderr[len(before):-1].replace(self.host, "HOST")

    def expected(self, reference):
        document = self.opened("app.tar")
        self.assertEqual(document["source"]["tags"], ["app:env"])
        document["source"] |= {"reference": reference, "path": "", "transport": "docker-daemon"}
        return document

    def test_reads_what_docker_save_would_write(self):
        self.serve()
        self.assertEqual(self.opened(), self.expected("docker-daemon:app:ci"))

    def test_asks_for_one_image_in_the_daemons_version(self):
        server, answers = self.serve(api_version="1.43")
        for name, asked in (("app:ci", "app:ci"), ("app", "app:latest"), ("reg.example.com:5000/team/app", "reg.example.com:5000/team/app:latest"),
                            ("0123456789ab", "0123456789ab"), ("app@sha256:" + "1" * 64, "app@sha256:" + "1" * 64)):
            with self.subTest(name):
                answers.requests.clear()
                self.opened("docker-daemon:" + name)
                self.assertEqual(answers.requests, ["/_ping", f"/v1.43/images/{name}/json", f"/v1.43/images/{asked}/get"])

    def test_gives_the_platform_to_daemons_that_take_one(self):
        server, answers = self.serve(api_version="1.48")
        self.opened("docker-daemon:app:ci", "--platform", "linux/amd64")
        query = urllib.parse.parse_qs(answers.requests[-1].split("?")[1])
        self.assertEqual(json.loads(query["platform"][0]), {"os": "linux", "architecture": "amd64"})
        answers.api_version = "1.47"
        self.opened("docker-daemon:app:ci", "--platform", "linux/amd64")
        self.assertNotIn("?", answers.requests[-1])
        self.assertIn("holds no image for linux/arm64/v8", self.refusal("docker-daemon:app:ci", "--platform", "linux/arm64/v8"))

    def test_finds_the_daemon_as_docker_does(self):
        self.serve()
        tcp, _ = self.serve(("127.0.0.1", 0))
        port = tcp.server_address[1]
        runtime = self.path / "runtime"
        runtime.mkdir()
        (runtime / "docker.sock").symlink_to(self.socket)
        context = self.path / ".docker/contexts/meta" / hashlib.sha256(b"mine").hexdigest()
        context.mkdir(parents=True)
        (context / "meta.json").write_text(json.dumps({"Name": "mine", "Endpoints": {"docker": {"Host": self.host}}}))
        ways = [{"DOCKER_HOST": f"tcp://127.0.0.1:{port}"}, {"DOCKER_HOST": f"http://127.0.0.1:{port}"},
                {"DOCKER_HOST": f"tcp://localhost:{port}/", "http_proxy": "http://127.0.0.1:1", "no_proxy": "localhost"},
                {"DOCKER_HOST": None, "DOCKER_CONTEXT": "mine"}]
        if not os.path.exists("/var/run/docker.sock"):
            ways.append({"DOCKER_HOST": None, "XDG_RUNTIME_DIR": str(runtime)})
        for way in ways:
            with self.subTest(**way):
                self.opened(**way)
        (self.path / ".docker/config.json").write_text(json.dumps({"auths": {}, "currentContext": "mine"}))
        self.opened(DOCKER_HOST=None)
        self.assertIn("the Docker context other has no ", self.refusal("docker-daemon:app:ci", DOCKER_HOST=None, DOCKER_CONTEXT="other"))

    def test_speaks_tls_where_docker_does(self):
        if not shutil.which("openssl"):
            self.skipTest("no openssl")
        folder = self.path / "tls"
        folder.mkdir()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                        "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "cert.pem"], cwd=folder, check=True, capture_output=True)
        shutil.copy(folder / "cert.pem", folder / "ca.pem")
        wrap = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        wrap.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        wrap.verify_mode = ssl.CERT_REQUIRED
        wrap.load_verify_locations(folder / "ca.pem")
        server, _ = self.serve(("127.0.0.1", 0), wrap=wrap)
        host = f"tcp://localhost:{server.server_address[1]}"
        self.opened(DOCKER_HOST=host, DOCKER_TLS_VERIFY="1", DOCKER_CERT_PATH=str(folder))
        refused = self.refusal("docker-daemon:app:ci", DOCKER_HOST=host, DOCKER_TLS_VERIFY="1", DOCKER_CERT_PATH=str(self.path))
        self.assertRegex(refused, "^cannot reach the Docker daemon at tcp://localhost:[0-9]+: .*certificate.*; is it running\\?$")

    def test_says_that_there_is_no_daemon(self):
        self.assertEqual(self.refusal("docker-daemon:app:ci"),
                         "cannot reach the Docker daemon at HOST: No such file or directory; is it running?")
        closed = socket.socket()
        self.addCleanup(closed.close)
        closed.bind(("127.0.0.1", 0))
        host = f"tcp://127.0.0.1:{closed.getsockname()[1]}"
        self.assertEqual(self.refusal("docker-daemon:app:ci", DOCKER_HOST=host),
                         f"cannot reach the Docker daemon at {host}: Connection refused; is it running?")
        nobody = socket.socket(socket.AF_UNIX)
        self.addCleanup(nobody.close)
        nobody.bind(str(self.socket))
        self.assertIn("Connection refused; is it running?", self.refusal("docker-daemon:app:ci"))

    def test_says_that_the_socket_is_not_for_everyone(self):
        if os.geteuid() != 0:
            self.skipTest("needs root, to become somebody else")
        self.serve()
        self.socket.chmod(0o600)
        self.path.chmod(0o755)
        self.spool.chmod(0o777)
        result = self.run_program("inspect", "docker-daemon:app:ci", preexec=lambda: os.setuid(65534))
        self.assertEqual(result.returncode, 2)
        self.assertRegex(result.stderr, "may not use the Docker daemon at unix://[^ ]*: Permission denied; root may, ")

    def test_says_what_the_daemon_says(self):
        self.serve()
        for name, words in (
                ("nowhere:1", "the Docker daemon at HOST answers 404: no such image: nowhere:1: No such image: nowhere:1"),
                ("failing", "the Docker daemon at HOST answers 500: the disk is gone\\nsecond line \\x1b[31m"),
                ("html", "the Docker daemon at HOST answers 502: <html>no JSON</html>"),
                ("moved", "the Docker daemon at HOST answers 301: nothing more"),
                ("refused", "the Docker daemon at HOST answers 500: cannot save it"),
                ("garbage", "is no image archive: it does not begin with a tar header"),
                ("nothing", "is empty")):
            with self.subTest(name):
                self.assertEqual(self.refusal("docker-daemon:" + name), words)
        self.assertIn("RepoTags", self.refusal("docker-daemon:liar"))

    def test_says_that_the_daemon_hung_up_or_went_silent(self):
        self.serve()
        self.assertRegex(self.refusal("docker-daemon:cut"), "^the Docker daemon at HOST stopped after 2000 bytes of the image: .")
        self.assertRegex(self.refusal("docker-daemon:stalled", WATERTIGHT_TIMEOUT="1"), "^the Docker daemon at HOST stopped after 2000 bytes of the image: nothing came for 1 s$")
        self.assertRegex(self.refusal("docker-daemon:mute", WATERTIGHT_TIMEOUT="1"), "^cannot reach the Docker daemon at HOST: nothing came for 1 s; ")
        self.assertNotEqual(self.refusal("docker-daemon:short"), "")
        self.assertIn("WATERTIGHT_TIMEOUT is a number of seconds", self.refusal("docker-daemon:app", WATERTIGHT_TIMEOUT="soon"))

    def test_says_that_something_else_listens(self):
        self.serve(api_version="")
        self.assertEqual(self.refusal("docker-daemon:app"),
                         "what listens at HOST is no Docker daemon: it answers /_ping with 200 and no Api-Version")
        self.socket.unlink()
        self.serve(ping_status=404)
        self.assertEqual(self.refusal("docker-daemon:app"), "what listens at HOST is no Docker daemon: it answers /_ping with 404")

    def test_says_what_to_do_instead(self):
        self.assertEqual(self.refusal("docker-daemon:app", DOCKER_HOST="ssh://deploy@build.example.com:2222"),
                         "the Docker daemon is at ssh://deploy@build.example.com:2222, and ssh is not spoken; forward its socket: "
                         "ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock -p 2222 deploy@build.example.com, and set "
                         "DOCKER_HOST=unix:///tmp/docker.sock")
        self.assertIn("DOCKER_HOST is unix://PATH or tcp://HOST:PORT", self.refusal("docker-daemon:app", DOCKER_HOST="npipe:////./pipe/docker"))
        for name in ("", "-app", "../x", "a b", "app?x=1", "/app"):
            self.assertEqual(self.refusal("docker-daemon:" + name), "behind docker-daemon: the name of an image is expected")
        self.assertEqual(self.refusal("team/app:ci"),
                         "is no file or folder; for an image of the Docker daemon write docker-daemon:team/app:ci")

    def test_says_that_the_disk_is_full(self):
        self.serve()
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))  # noqa: E731
        result = self.run_program("inspect", "docker-daemon:app", preexec=limit)
        self.assertEqual(result.stderr, f"watertight: docker-daemon:app: the temporary copy in {self.spool} cannot be written after "
                                        "4096 bytes: File too large; TMPDIR names another folder\n")
        self.assertEqual(self.refusal("docker-daemon:app", TMPDIR="/no/such/folder"),
                         "no temporary file can be made in /no/such/folder: No such file or directory; TMPDIR names another folder")

    def test_leaves_nothing_behind_when_it_is_stopped(self):
        self.serve()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL):
            process = subprocess.Popen([PROGRAM, "inspect", "docker-daemon:slow"], env=self.environment(), stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            time.sleep(0.6)
            process.send_signal(number)
            self.assertEqual(process.wait(timeout=10), -number)
            self.assertEqual(list(self.spool.iterdir()), [])

    def test_proofs_are_commands_that_fetch_the_image(self):
        self.serve()
        (self.path / "docker").write_text('#!/bin/sh\n[ "$*" = "save app:latest" ] && cat "$HOME/app.tar"\n')
        (self.path / "docker").chmod(0o755)
        result = self.run_program("find", "docker-daemon:app", "--value", "supersecretenv", "--format", "json")
        findings = json.loads(result.stdout)["findings"]
        self.assertTrue(findings)
        for finding in findings:
            self.assertTrue(finding["recover"].startswith("docker save app:latest | tar "), finding["recover"])
            shown = subprocess.run(["bash", "-c", finding["recover"]], capture_output=True, check=True,
                                   env=self.environment(PATH=f"{self.path}:{os.environ['PATH']}"))
            self.assertIn(b"supersecretenv", shown.stdout)
        text = self.run_program("find", "docker-daemon:app", "--value", "supersecretenv").stdout
        self.assertRegex(text, "\nTo see (it|them):\n  docker save app:latest ")

    def on_terminal(self, *words, **environment):
        """What the program writes to a terminal of 80 columns, and its exit code."""
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(self.path)
            os.execve(PROGRAM, [PROGRAM, *words], self.environment(TERM="xterm", COLUMNS="80", **environment))
        written = b""
        while select.select([terminal], [], [], 30)[0]:
            try:
                piece = os.read(terminal, 65536)
            except OSError:
                break
            if not piece:
                break
            written += piece
        os.close(terminal)
        return written.decode(), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    def test_shows_progress_on_a_terminal_only(self):
        self.serve(pause=0.12)
        begin = time.monotonic()
        written, code = self.on_terminal("ls", "docker-daemon:slow")
        seconds = time.monotonic() - begin
        self.assertEqual(code, 0)
        lines = re.findall("\r\x1b\\[K(docker-daemon:slow: [^\r]*)", written)
        self.assertGreater(len(lines), 2, written)
        self.assertLess(len(lines), seconds * 10 + 2)
        for line in lines:
            self.assertRegex(line, r"^docker-daemon:slow: [0-9.]+ k?B of 1\.0 MB \([0-9]+%\), [0-9.]+ k?B/s(, [0-9]+ (s|min|h) left)?$")
        # Erased at the end, before the result.
        after = written[written.rindex(lines[-1]) + len(lines[-1]):]
        self.assertTrue(after.startswith("\r\x1b[K"), after)
        self.assertNotIn("B/s", after)
        quiet = self.run_program("ls", "docker-daemon:slow")
        self.assertEqual(quiet.stderr, "")
        self.assertEqual(after.replace("\r\n", "\n")[4:].splitlines()[0].split(), quiet.stdout.splitlines()[0].split())

    def test_progress_is_gone_before_an_error(self):
        self.serve(pause=0.12)
        written, code = self.on_terminal("ls", "docker-daemon:slow", DOCKER_HOST=self.host + ".x")
        self.assertEqual(code, 2)
        self.assertTrue(written.startswith("watertight: docker-daemon:slow: cannot reach"), written)


if __name__ == "__main__":
    PROGRAM = os.path.abspath(sys.argv[1])
    IMAGES = pathlib.Path(sys.argv[2]).resolve()
    TAR = (IMAGES / SAVED).read_bytes()
    unittest.main(argv=sys.argv[:1])
