"""The Dockerfiles of the corpus, and how a case becomes the folder that a builder gets.

dockerfiles/NAME/ is the context. build.json (not part of it) may hold

  build_args, secrets (id -> file), target     options of the build
  make                                         what git cannot keep, made in this order:
    {"path": P, "content": T | "size": N | "hole": N}    a file; size: N bytes that do not compress away; hole: sparse
    {"path": P, "directory": true | "symlink": T | "hardlink": T | "fifo": true}
    {"path": P, "tar": [entry…], "compression": C}       an archive; "gzip_of": T a gzip file that holds no archive
    {"path": P, "mode": "4755", "mtime": 1}              alone: of a path that is there

Every file has TIME, every folder TIME + 1; modes are 0644 and 0755.
"""

import bz2
import gzip
import hashlib
import io
import json
import lzma
import os
import shutil
import subprocess
import tarfile

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "dockerfiles")
TIME = 1614834367


def names():
    return sorted(os.listdir(FOLDER))


def options(name):
    path = os.path.join(FOLDER, name, "build.json")
    return json.load(open(path)) if os.path.exists(path) else {}


def noise(size):
    """Bytes that are the same everywhere and that no compressor makes smaller."""
    blocks = (hashlib.sha256(b"%d" % i).digest() for i in range(size // 32 + 1))
    return b"".join(blocks)[:size]


def tar_of(rows):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for row in rows:
            entry = tarfile.TarInfo(row["path"].rstrip("/"))
            entry.mtime, entry.uid, entry.gid = row.get("mtime", TIME), row.get("uid", 0), row.get("gid", 0)
            folder = row["path"].endswith("/")
            entry.mode = int(row.get("mode", "0755" if folder else "0644"), 8)
            data = row.get("content", "").encode()
            entry.size = len(data)
            if folder:
                entry.type = tarfile.DIRTYPE
            elif "symlink" in row:
                entry.type, entry.linkname, entry.mode = tarfile.SYMTYPE, row["symlink"], 0o777
            elif "hardlink" in row:
                entry.type, entry.linkname = tarfile.LNKTYPE, row["hardlink"]
            archive.addfile(entry, io.BytesIO(data))
    return stream.getvalue()


def zstd(data):
    return subprocess.run(["zstd", "-qc"], input=data, stdout=subprocess.PIPE, check=True).stdout


COMPRESSORS = {"none": bytes, "gzip": lambda data: gzip.compress(data, mtime=0), "bzip2": bz2.compress,
               "xz": lzma.compress, "zstd": zstd}


def content_of(row):
    if "tar" in row:
        return COMPRESSORS[row.get("compression", "none")](tar_of(row["tar"]))
    if "gzip_of" in row:
        return gzip.compress(row["gzip_of"].encode(), mtime=0)
    return noise(row["size"]) if "size" in row else row.get("content", "").encode()


def make(folder, row):
    path = os.path.join(folder, row["path"])
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if row.get("directory"):
        os.makedirs(path)
    elif "symlink" in row:
        os.symlink(row["symlink"], path)
    elif "hardlink" in row:
        os.link(os.path.join(folder, row["hardlink"]), path)
    elif "fifo" in row:
        os.mkfifo(path)
    elif any(key in row for key in ("content", "size", "hole", "tar", "gzip_of")):
        with open(path, "wb") as file:
            file.seek(row.get("hole", 0))
            file.write(content_of(row))


def settle(folder, rows):
    """Modes and times, folders after what they hold."""
    wanted = {os.path.join(folder, row["path"]): row for row in rows}
    for parent, folders, files in os.walk(folder, topdown=False):
        for name in files + folders:
            path = os.path.join(parent, name)
            row, is_link = wanted.get(path, {}), os.path.islink(path)
            is_folder = os.path.isdir(path) and not is_link
            executable = is_folder or os.lstat(path).st_mode & 0o100
            if not is_link:
                os.chmod(path, int(row["mode"], 8) if "mode" in row else 0o755 if executable else 0o644)
            time = int(row.get("mtime", TIME + 1 if is_folder else TIME) * 10**9)
            os.utime(path, ns=(time, time), follow_symlinks=False)
    os.chmod(folder, 0o755)
    os.utime(folder, (TIME + 1, TIME + 1))


def prepare(name, folder):
    """Writes the context of a case into `folder`, and returns the options of its build."""
    build = options(name)
    shutil.copytree(os.path.join(FOLDER, name), folder, symlinks=True, ignore=shutil.ignore_patterns("build.json"))
    for row in build.get("make", []):
        make(folder, row)
    settle(folder, build.get("make", []))
    return build
