"""The builders of this machine: a Docker daemon that is started for the run, or clients that are given, and buildah."""

import contextlib
import os
import shlex
import shutil
import subprocess
import tempfile
import time

import engines
import reduction
import refusals


class Daemon:
    """dockerd with a root folder of its own; needs root. No network, so nothing of the machine's is touched."""

    def __init__(self, folder):
        self.folder = folder
        self.socket = f"unix://{folder}/docker.sock"

    def __enter__(self):
        where = {name: os.path.join(self.folder, name) for name in ("data", "exec", "pid", "log")}
        self.process = subprocess.Popen(
            ["dockerd", "--data-root", where["data"], "--exec-root", where["exec"], "--pidfile", where["pid"],
             "-H", self.socket, "--iptables=false", "--bridge=none"],
            stdout=open(where["log"], "wb"), stderr=subprocess.STDOUT)
        for _ in range(100):
            if self.client():
                return self
            time.sleep(0.2)
        self.process.terminate()
        raise SystemExit(f"dockerd does not start, or its client is missing; its last words: {open(where['log']).read()[-300:]}")

    def __exit__(self, *error):
        self.process.terminate()
        self.process.wait()
        # A daemon that is stopped while it works may leave its root folder mounted on itself.
        subprocess.run(["umount", "--lazy", os.path.join(self.folder, "data")], stderr=subprocess.DEVNULL, check=False)

    def client(self):
        """The client of the daemon's own version: another one sends other contexts and other flags."""
        clients = [os.path.join(folder, "docker") for folder in os.environ["PATH"].split(":")]
        for client in filter(os.path.exists, clients):
            run = subprocess.run([client, "-H", self.socket, "version", "--format", "{{.Client.Version}} {{.Server.Version}}"],
                                 stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            versions = run.stdout.decode().split()
            if run.returncode == 0 and versions[0] == versions[1]:
                return [client, "-H", self.socket]
        return None


def buildah_client(folder):
    return ["buildah", "--root", os.path.join(folder, "root"), "--runroot", os.path.join(folder, "run"),
            "--storage-driver", "vfs"]


def found_engines(dockers, buildah, wanted):
    """(builder, version, engine), by the version that each client reports."""
    clients = [(command, True) for command in dockers] + ([(buildah, False)] if buildah else [])
    for command, is_docker in clients:
        for builder, (version, make, _) in engines.BUILDERS.items():
            if not make:
                continue
            engine = make(command)
            if isinstance(engine, engines.Docker) != is_docker or wanted and builder not in wanted:
                continue
            has = engine.version()
            if has.startswith(version):
                yield builder, ("Docker " if is_docker else "buildah ") + has, engine


def result_of(engine, name, folder, base_layers):
    """Leaves the image as NAME.tar, or what the client said as NAME.err."""
    path, log = (os.path.join(folder, name + ending) for ending in (".tar", ".err"))
    for old in (path, log):
        if os.path.exists(old):
            os.unlink(old)
    built = engines.build(engine, name, path)
    if built.path:
        return reduction.reduce(path, base_layers)
    with open(log, "w", encoding="utf-8") as file:
        file.write(built.log)
    return refusals.refusal(built.log)


def results_of(engine, names, folder, keep):
    """{case: result}"""
    base_layers, found = reduction.base_layers(), {}
    os.makedirs(folder, exist_ok=True)
    for name in names:
        found[name] = result_of(engine, name, folder, base_layers)
        if not keep and os.path.exists(os.path.join(folder, name + ".tar")):
            os.unlink(os.path.join(folder, name + ".tar"))
    return found


def origin_of(engine, version):
    words = engine.command("NAME", {}, "CONTEXT")
    program = ["buildah"] if isinstance(engine, engines.Buildah) else [f"DOCKER_BUILDKIT={int(engine.buildkit)}", "docker"]
    return {"engine": version, "date": time.strftime("%Y-%m-%d"), "command": " ".join(program + words)}


def builders(options, folder, stack):
    """Those that are given, and of what is not given those that are installed."""
    root = os.geteuid() == 0
    dockers = [shlex.split(command) for command in options.docker]
    if not dockers and root and shutil.which("dockerd"):
        dockers = [stack.enter_context(Daemon(folder)).client()]
    buildah = shlex.split(options.buildah) if options.buildah else None
    if not buildah and root and shutil.which("buildah"):
        buildah = buildah_client(folder)
    return found_engines(dockers, buildah, options.builder)


def results(options, names):
    """(builder, origin, {case: result}) of each builder that is here."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        for builder, version, engine in builders(options, folder, stack):
            engines.load_bases(engine)
            keep = getattr(options, "keep", None)
            into = os.path.join(keep or folder, builder)
            yield builder, origin_of(engine, version), results_of(engine, names, into, keep)
