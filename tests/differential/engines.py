"""Real builders: one row each, how to build with them and save the result."""

import os
import subprocess
import tempfile

import bases
import corpus

TIME_LIMIT = 120


class Result:
    """A saved image at `path`, or the exit code of a refusal; `log` is what the client wrote to standard error."""

    def __init__(self, path, code, log):
        self.path, self.code, self.log = path, code, log


def said(run):
    return run.stderr.decode("utf-8", "replace")


class Docker:
    def __init__(self, client, buildkit):
        self.client, self.buildkit = client, buildkit

    def run(self, arguments, folder=None, output=None):
        environment = dict(os.environ, DOCKER_BUILDKIT="1" if self.buildkit else "0", BUILDKIT_PROGRESS="plain")
        return subprocess.run(self.client + arguments, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                              stdout=output or subprocess.PIPE, stderr=subprocess.PIPE, timeout=TIME_LIMIT)

    def version(self):
        return self.run(["version", "--format", "{{.Server.Version}}"]).stdout.decode().strip()

    def load_bases(self, paths):
        for path in paths.values():
            self.run(["load", "-q", "-i", path]).check_returncode()

    def command(self, name, build, folder):
        words = ["build", "--no-cache", "--network=none", "-t", name + ":corpus"]
        for key, value in build.get("build_args", {}).items():
            words += ["--build-arg", f"{key}={value}"]
        if self.buildkit:
            words += [f"--secret=id={key},src={file}" for key, file in build.get("secrets", {}).items()]
        return words + (["--target", build["target"]] if "target" in build else []) + [folder]

    def build(self, name, folder, build, path):
        done = self.run(self.command(name, build, folder), folder)
        log = said(done)
        if done.returncode == 0:
            with open(path, "wb") as file:
                saved = self.run(["save", name + ":corpus"], output=file)
            if saved.returncode == 0:
                return Result(path, 0, log)
            os.unlink(path)
            done, log = saved, "docker save: " + said(saved)
        return Result(None, done.returncode, log)


class Buildah:
    def __init__(self, client, layers):
        self.client, self.layers = client, layers

    def run(self, arguments, folder=None):
        return subprocess.run(self.client + arguments, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=TIME_LIMIT)

    def version(self):
        return self.run(["--version"]).stdout.decode().split()[2]

    def load_bases(self, paths):
        for path in paths.values():
            self.run(["pull", "-q", "docker-archive:" + path]).check_returncode()

    def command(self, name, build, folder):
        words = ["bud", "--isolation", "chroot", "--network", "host", "--pull-never", "--no-cache",
                 f"--layers={str(self.layers).lower()}", "-t", name + ":corpus"]
        for key, value in build.get("build_args", {}).items():
            words += ["--build-arg", f"{key}={value}"]
        words += [f"--secret=id={key},src={file}" for key, file in build.get("secrets", {}).items()]
        return words + (["--target", build["target"]] if "target" in build else []) + [folder]

    def build(self, name, folder, build, path):
        done = self.run(self.command(name, build, folder), folder)
        log = said(done)
        if done.returncode == 0:
            done = self.run(["push", "-q", f"localhost/{name}:corpus", f"docker-archive:{path}:{name}:corpus"])
            if done.returncode == 0:
                return Result(path, 0, log)
            log = "buildah push: " + said(done)
        return Result(None, done.returncode, log)


# Name -> (the version that it must have, how it is made from a client's command, the archive that it saves).
BUILDERS = {
    "classic-20.10": ("20.10.", lambda client: Docker(client, False), "docker-20"),
    "buildkit-0.8": ("20.10.", lambda client: Docker(client, True), "docker-20"),
    "classic-26": ("26.1.", lambda client: Docker(client, False), "docker-26"),
    "buildkit-0.13": ("26.1.", lambda client: Docker(client, True), "docker-26"),
    "classic-28": ("28.5.", lambda client: Docker(client, False), "docker-28"),
    "buildkit-0.25": ("28.5.", lambda client: Docker(client, True), "docker-28"),
    "buildah-1.28": ("1.28.", lambda client: Buildah(client, False), "skopeo"),
    "buildah-1.28-layers": ("1.28.", lambda client: Buildah(client, True), "skopeo"),
    # Recorded only: kaniko takes the machine's own root folder for the image's.
    "kaniko": ("", None, "crane"),
}


def tags(builder, name):
    """The names of the saved image: Buildah adds those of its own store to that of the pushed archive."""
    inside = f"localhost/{name}:corpus"
    if builder == "kaniko":
        return [inside]
    return [f"{name}:corpus"] + ([inside] if builder.startswith("buildah") else [])


def takes_secrets(builder):
    return builder.startswith("build")


def build(engine, name, path):
    """Builds one case in a fresh context.

    The context is given by its whole path: BuildKit takes a context of the same path for the same, and of a file with the
    same name, size and time it takes the bytes that it has.
    """
    with tempfile.TemporaryDirectory() as folder:
        context = os.path.join(folder, "context")
        return engine.build(name, context, corpus.prepare(name, context), path)


def load_bases(engine):
    with tempfile.TemporaryDirectory() as folder:
        engine.load_bases(bases.write(folder))
