"""What `watertight`, Docker, and skopeo with umoci see in an archive.

A `View` has the root filesystem as {path: row}, the digests of its files, attributes of files that other programs set,
the texts of the history, and the image's names.
"""

import dataclasses
import functools
import hashlib
import io
import json
import os
import stat
import subprocess
import tarfile
import tempfile

TYPES = {tarfile.REGTYPE: "file", tarfile.DIRTYPE: "directory", tarfile.SYMTYPE: "symlink", tarfile.CHRTYPE: "char",
         tarfile.BLKTYPE: "block", tarfile.FIFOTYPE: "fifo"}
KINDS = [(stat.S_ISREG, "file"), (stat.S_ISDIR, "directory"), (stat.S_ISLNK, "symlink"), (stat.S_ISCHR, "char"),
         (stat.S_ISBLK, "block"), (stat.S_ISFIFO, "fifo")]
# Archive -> skopeo's transport.
TRANSPORTS = {"buildx-oci": "oci-archive", "oci": "oci-archive", "oci-dir": "oci"}
XATTR = "SCHILY.xattr."


class Refused(Exception):
    pass


@dataclasses.dataclass
class View:
    rows: dict
    contents: dict
    history: list
    names: list
    xattrs: dict = dataclasses.field(default_factory=dict)


def transport(archive):
    return TRANSPORTS.get(archive, "docker-archive")


def run(*command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        words = (done.stdout + done.stderr).decode("utf-8", "replace").strip().splitlines()
        raise Refused(f"{os.path.basename(command[0])} {command[1]}: {words[-1] if words else done.returncode}")
    return done.stdout


def row(kind, mode, uid, gid, size=0, link=None):
    return (kind, None if kind == "symlink" else mode, uid, gid, size if kind == "file" else 0, link or None)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class Watertight:
    """Reads contents only when they are asked for."""

    def __init__(self, program, reference):
        self.program, self.reference = program, reference

    @functools.cached_property
    def rows(self):
        entries = map(json.loads, run(self.program, "ls", "--format", "json", self.reference).decode().splitlines())
        return {entry["path"]: row(entry["type"], int(entry["mode"], 8), entry["uid"], entry["gid"], entry["size"], entry["link"])
                for entry in entries}

    @functools.cached_property
    def history(self):
        inspected = json.loads(run(self.program, "inspect", "--format", "json", self.reference))
        return [step.get("created_by") or "" for step in inspected["history"]]

    @functools.cached_property
    def contents(self):
        return {path: sha256(run(self.program, "cat", self.reference, "/" + path))
                for path, entry in self.rows.items() if entry[0] == "file"}


class Docker:
    """`docker load` of one engine, with the client of its own version."""

    is_container = True

    def __init__(self, client):
        self.client = client
        version, driver = run(*client, "info", "--format", "{{.ServerVersion}} {{.DriverStatus}}").decode().split(" ", 1)
        self.major = int(version.split(".")[0])
        self.containerd = "io.containerd.snapshotter" in driver
        self.name = f"docker {'.'.join(version.split('.')[:2])}" + (" containerd" if self.containerd else "")

    def reads(self, archive, case):
        if archive == "oci-dir" or case.compression == "zstd" and self.major < 23:
            return False
        # It takes the names of OCI layouts only in full, but buildx gives both forms.
        in_full = archive == "buildx-oci" or all("/" in name for name in case.names())
        return transport(archive) == "docker-archive" or self.containerd and in_full

    def view(self, archive, path, case):
        del archive, case
        loaded = run(*self.client, "load", "-q", "-i", path).decode().strip().splitlines()
        names = [line.split(": ", 1)[1] for line in loaded if line.startswith("Loaded image")]
        if not names:
            raise Refused(f"docker load: names no image: {loaded}")
        try:
            listed = run(*self.client, "history", "--no-trunc", "--format", "{{json .CreatedBy}}", names[0]).decode().splitlines()
            rows, contents, xattrs = self.exported(names[0])
        finally:
            run(*self.client, "rmi", "-f", *names)
        return View(rows, contents, [json.loads(words) for words in listed[::-1]], names, xattrs)

    def exported(self, image):
        container = run(*self.client, "create", "--network=none", image, "none").decode().strip()
        exported = run(*self.client, "export", container)
        run(*self.client, "rm", container)
        rows, contents, xattrs = {}, {}, {}
        with tarfile.open(fileobj=io.BytesIO(exported)) as archive:
            for entry in archive:
                origin = entry
                while origin.islnk():
                    origin = archive.getmember(origin.linkname)
                rows[entry.name] = row(TYPES[origin.type], origin.mode & 0o7777, origin.uid, origin.gid, origin.size,
                                       origin.linkname if origin.issym() else None)
                if origin.isreg():
                    contents[entry.name] = sha256(archive.extractfile(origin).read())
                for key, value in entry.pax_headers.items():
                    if key.startswith(XATTR):
                        xattrs[entry.name, key.removeprefix(XATTR)] = value.encode("utf-8", "surrogateescape")
        return rows, contents, xattrs


class Umoci:
    """skopeo copies the image into a layout, umoci unpacks that."""

    name = "skopeo and umoci"
    is_container = False

    def reads(self, archive, case):
        # umoci knows no zstd, and skopeo takes it from docker-archives only.
        return transport(archive) == "docker-archive" or case.compression != "zstd"

    def view(self, archive, path, case):
        kind, names, name = transport(archive), [], case.names()[-1] if case else None
        if kind == "docker-archive":
            names = json.loads(run("skopeo", "list-tags", f"{kind}:{path}"))["Tags"]
            name = names[-1] if names else None
        elif archive == "buildx-oci" and name:
            name = name.rpartition(":")[2]
        reference = f"{kind}:{path}" + (f":{name}" if name else "")
        with tempfile.TemporaryDirectory() as folder:
            run("skopeo", "copy", "--quiet", "--insecure-policy", reference, f"oci:{folder}/layout:t")
            run("umoci", "raw", "unpack", "--image", f"{folder}/layout:t", f"{folder}/rootfs")
            config = json.loads(run("skopeo", "inspect", "--config", "--raw", f"oci:{folder}/layout:t"))
            rows, contents, xattrs = unpacked(f"{folder}/rootfs")
        return View(rows, contents, [step.get("created_by") or "" for step in config.get("history") or []], names, xattrs)


def unpacked(root):
    rows, contents, xattrs = {}, {}, {}
    for parent, folders, files in os.walk(root):
        for name in folders + files:
            path = os.path.join(parent, name)
            status, inside = os.lstat(path), os.path.relpath(path, root)
            kind = next(word for fits, word in KINDS if fits(status.st_mode))
            rows[inside] = row(kind, stat.S_IMODE(status.st_mode), status.st_uid, status.st_gid, status.st_size,
                               os.readlink(path) if kind == "symlink" else None)
            if kind == "file":
                with open(path, "rb") as file:
                    contents[inside] = sha256(file.read())
            for key in os.listxattr(path, follow_symlinks=False):
                xattrs[inside, key] = os.getxattr(path, key, follow_symlinks=False)
    return rows, contents, xattrs
