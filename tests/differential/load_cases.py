"""The images that readers are given: Dockerfiles of the corpus, and some of their own that need a base of their own."""

import base64
import dataclasses
import io
import os
import subprocess
import tarfile
import tempfile

import bases
import builds
import corpus
import engines

TIME = bases.TIME
# As setcap cap_net_raw+ep writes it: version 2 with the effective bit, one permitted capability.
CAPABILITY = base64.b64decode("AQAAAgAgAAAAAAAAAAAAAAAAAAA=")


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    source: str = ""  # of the corpus; else `dockerfile` on the base "capable"
    dockerfile: str = ""
    compression: str = ""
    tags: tuple = ()
    xattrs: tuple = ()  # (path, name, value) of the result
    lost_by: tuple = ()  # builders, as their names begin, that copy files without attributes

    def corpus_name(self):
        return self.source or self.name

    def xattrs_of(self, builder):
        """With None for those that the builder loses."""
        lost = builder.startswith(self.lost_by)
        return [(path, name, None if lost else value) for path, name, value in self.xattrs]

    def names(self):
        return self.tags or (f"localhost/{self.name}:v1",)


SEVERAL_TAGS = ("localhost/several:v1", "localhost/several:v2", "reg.example.com:5000/ns/several:3.0")
OF_PING = (("bin/ping", "security.capability", CAPABILITY),)
CASES = [
    Case("run-chain-article"),
    Case("whole-cleanup-layers"),
    Case("run-opaque-nested"),
    Case("run-hard-link-append"),
    Case("copy-chown-large-ids"),
    Case("context-long-names"),
    Case("context-odd-names"),
    Case("context-unicode-names"),
    Case("context-setuid-and-sticky"),
    Case("context-big-file"),
    Case("several-tags", source="run-replace-folder", tags=SEVERAL_TAGS),
    Case("short-name", source="run-rename-then-recreate", tags=("short-name:v1",)),
    Case("gzip", source="run-rename-folder", compression="gzip"),
    Case("zstd", source="copy-from-hard-links", compression="zstd"),
    Case("plain", source="run-unicode", compression="none"),
    Case("capability", dockerfile="FROM capable\nRUN chmod 711 /bin/ping\nRUN ln /bin/ping /bin/ping4\n", xattrs=OF_PING),
    Case("copied-capability", dockerfile="FROM capable AS tools\nFROM scratch\nCOPY --from=tools /bin/ping /bin/ping\n",
         xattrs=OF_PING, lost_by=("classic", "kaniko")),
]


def capable_base():
    """The corpus' base, and a layer with a file that has a capability."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        folder, ping = tarfile.TarInfo("bin"), tarfile.TarInfo("bin/ping")
        folder.type, folder.mode, folder.mtime = tarfile.DIRTYPE, 0o755, TIME
        ping.mode, ping.mtime, ping.size = 0o755, TIME, 5
        # Python writes records as UTF-8; that is how each byte of the value below 0x80 stands.
        ping.pax_headers = {"SCHILY.xattr.security.capability": CAPABILITY.decode("ascii")}
        archive.addfile(folder)
        archive.addfile(ping, io.BytesIO(b"ping\n"))
    steps, fields = bases.bases()["base"]
    return bases.archive_of("capable", steps + [("/bin/sh -c setcap cap_net_raw+ep /bin/ping", stream.getvalue())], fields)


class Images:
    """What `watertight generate` makes of the cases, below `folder`."""

    def __init__(self, program, folder):
        self.generator, self.folder = builds.Generator(program, folder), folder
        self.capable = os.path.join(folder, "capable.tar")
        with open(self.capable, "wb") as file:
            file.write(capable_base())

    def builders(self):
        return [name for name in engines.BUILDERS if name in self.generator.builders]

    def command(self, case, builder, archive, build, output):
        words = without(self.generator.command(case.name, builder, archive, build, output), "--tag")
        words += [word for name in case.names() for word in ("--tag", name)]
        if case.dockerfile:
            words += ["--base", f"capable={self.capable}"]
        return words + (["--compression", case.compression] if case.compression else [])

    def write(self, case, builder, archive, output):
        """What the program says when it refuses; None when the image is there."""
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            context = os.path.join(folder, "context")
            if case.dockerfile:
                build = {}
                os.mkdir(context)
                with open(os.path.join(context, "Dockerfile"), "w", encoding="utf-8") as file:
                    file.write(case.dockerfile)
            else:
                build = corpus.prepare(case.corpus_name(), context)
            run = subprocess.run(self.command(case, builder, archive, build, output), cwd=context,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            return run.stderr.decode("utf-8", "replace").strip() or "refused" if run.returncode else None


def without(words, option):
    """Leaves out the option and its value, each time."""
    kept, skip = [], False
    for word in words:
        if not skip and word != option:
            kept.append(word)
        skip = word == option
    return kept
