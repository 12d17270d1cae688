#!/usr/bin/env python3
"""Records what real commands do to a file tree, in the dialects of BusyBox and of Debian.

    sudo unshare -m tests/generator/build/commands/record.py --debian ROOT [FILE.txt …]

ROOT is a debootstrap of bookworm; BusyBox is the machine's busybox-static. Every line of FILE.txt is
a case, run by sh -c in a chroot whose upper layer is empty and whose lower layer is tree.json;
"@1000 COMMAND" runs as that user; of what begins
with "~ " the order of lines does not count. FILE.json receives output, status and the entries of the
upper layer. "now" stands for a time during the run.
"""

import argparse
import hashlib
import json
import os
import pathlib
import shutil
import stat
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
TYPES = {stat.S_IFREG: "file", stat.S_IFDIR: "dir", stat.S_IFLNK: "link", stat.S_IFIFO: "fifo",
         stat.S_IFCHR: "char", stat.S_IFBLK: "block"}


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


def make_tree(root, spec):
    """spec: PATH -> {mode, uid, gid, mtime, and one of text, dir, link, hard}, parents first."""
    for path, node in spec.items():
        at = root / path
        if "hard" in node:
            os.link(root / node["hard"], at)
            continue
        if "link" in node:
            os.symlink(node["link"], at)
        elif "text" in node:
            at.write_text(node["text"])
        else:
            at.mkdir()
        os.lchown(at, node.get("uid", 0), node.get("gid", 0))
        if "link" not in node:
            os.chmod(at, int(node["mode"], 8))
    for path, node in spec.items():
        if "hard" not in node:
            os.utime(root / path, (node["mtime"],) * 2, follow_symlinks=False)


def entry(upper, at, start, numbers):
    info = os.lstat(at)
    name = str(at.relative_to(upper))
    kind = TYPES[stat.S_IFMT(info.st_mode)]
    if kind == "char" and info.st_rdev == 0:
        return f"-{name}"
    when = "now" if info.st_mtime >= start - 1 else str(int(info.st_mtime))
    line = f"{kind} {stat.S_IMODE(info.st_mode):04o} {info.st_uid}:{info.st_gid} {when} {name}"
    if kind == "link":
        return line + f" -> {os.readlink(at)}"
    if kind == "dir":
        opaque = "trusted.overlay.opaque" in os.listxattr(at)
        return line + ("/ opaque" if opaque else "/")
    if kind in ("char", "block"):
        return line + f" {os.major(info.st_rdev)}:{os.minor(info.st_rdev)}"
    if kind != "file":
        return line
    first = numbers.setdefault(info.st_ino, name)
    if first != name:
        return f"hard {name} = {first}"
    content = at.read_bytes()
    text = content.decode(errors="replace")
    if len(content) > 300 or "\ufffd" in text:
        return line + f" {len(content)} bytes {hashlib.sha256(content).hexdigest()[:16]}"
    return line + f" {json.dumps(text, ensure_ascii=False)}"


def walk(upper, at, start, numbers):
    lines = []
    for child in sorted(at.iterdir(), key=lambda c: os.fsencode(c.name)):
        lines.append(entry(upper, child, start, numbers))
        if child.is_dir() and not child.is_symlink():
            lines += walk(upper, child, start, numbers)
    return lines


def run_case(work, lowers, line):
    uid = 0
    line = line.removeprefix("~ ")
    if line.startswith("@"):
        who, line = line.split(" ", 1)
        uid = int(who[1:])
    for name in ("upper", "overlay", "root"):
        (work / name).mkdir()
    upper, root = work / "upper", work / "root"
    mount("-t", "overlay", "overlay", "-o",
          f"lowerdir={':'.join(map(str, lowers))},upperdir={upper},workdir={work / 'overlay'}", root)
    # Never the machine's own: cases may delete whatever they reach.
    mount("-t", "tmpfs", "tmpfs", root / "dev")
    for name, minor in (("null", 3), ("zero", 5), ("full", 7), ("random", 8), ("urandom", 9)):
        os.mknod(root / "dev" / name, 0o666 | stat.S_IFCHR, os.makedev(1, minor))
        os.chmod(root / "dev" / name, 0o666)
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        os.symlink(f"/proc/self/fd/{number}", root / "dev" / name)
    mount("-t", "proc", "-o", "ro", "proc", root / "proc")

    def enter():
        os.chroot(root)
        os.chdir("/w")
        os.umask(0o022)
        os.setgroups([] if uid else [0])
        os.setgid(uid)
        os.setuid(uid)

    start = time.time()
    environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                   "HOME": "/root"}
    done = subprocess.run(["/bin/sh", "-c", line], preexec_fn=enter, env=environment, cwd="/",
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=20)
    result = {"status": done.returncode}
    for key, data in (("out", done.stdout), ("err", done.stderr)):
        if data:
            # BusyBox's usage follows its version, and says nothing about what it does.
            result[key] = data.decode(errors="replace").split("BusyBox v")[0]
    for path in ("dev", "proc", ""):
        subprocess.run(["umount", "-l", root / path], check=True)
    layer = walk(upper, upper, start, {})
    if layer:
        result["layer"] = layer
    for name in ("upper", "overlay", "root"):
        shutil.rmtree(work / name)
    return result


def make_lowers(work, debian):
    """Lower layers by dialect, uppermost first."""
    prepared = work / "prepared"
    prepared.mkdir()
    make_tree(prepared, json.loads((HERE / "tree.json").read_text()))
    bare = work / "busybox"
    for path in ("bin", "dev", "proc"):
        (bare / path).mkdir(parents=True)
    shutil.copy("/bin/busybox", bare / "bin/busybox")
    names = subprocess.run(["/bin/busybox", "--list"], capture_output=True, text=True).stdout.split()
    (HERE / "applets.json").write_text(json.dumps(names) + "\n")
    for name in names:
        if name != "busybox":
            os.symlink("busybox", bare / "bin" / name)
    return {"busybox": [prepared, bare], "debian": [prepared, debian]}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--debian", type=pathlib.Path, required=True)
    parser.add_argument("--show", action="store_true", help="print results, write no file")
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    arguments = parser.parse_args()
    work = pathlib.Path(tempfile.mkdtemp())
    mount("-t", "tmpfs", "tmpfs", work)
    lowers = make_lowers(work, arguments.debian)
    for file in arguments.files or sorted(HERE.glob("*.txt")):
        cases = []
        for line in file.read_text().splitlines():
            if not line or line.startswith("#"):
                continue
            case = {"run": line}
            for dialect, stack in lowers.items():
                case[dialect] = run_case(work, stack, line)
            if case["busybox"] == case["debian"]:
                case = {"run": line, "both": case["busybox"]}
            cases.append(case)
        text = "[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases) + "\n]\n"
        if arguments.show:
            sys.stdout.write(json.dumps(cases, indent=1, ensure_ascii=False) + "\n")
        else:
            file.with_suffix(".json").write_text(text)
    subprocess.run(["umount", "-l", work], check=True)
    work.rmdir()


if __name__ == "__main__":
    main()
