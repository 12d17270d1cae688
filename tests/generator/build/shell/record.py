#!/usr/bin/env python3
"""Runs scripts in real shells and in the modelled ones, and compares.

usage: record.py record           scripts.txt in real dash, busybox ash and bash -> recorded.json (root; they must be
                                  installed)
       record.py compare PROGRAM  recorded.json against run_scripts
       record.py random PROGRAM N [SEED]   N random scripts, real against modelled (root)

Each script runs in the empty directory /w of a root of its own; recorded are the exit status, what it wrote, and the
files it left there.
"""

import json
import os
import random
import shutil
import stat
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
APPLETS = ["ash", "cat", "chmod", "env", "ln", "mkdir", "rm", "rmdir", "sh"]
SHELLS = ["dash", "ash", "bash"]
PASSWD = "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001:app:/home/app:/bin/sh\n"


def scripts():
    names = {}
    for block in open(os.path.join(HERE, "scripts.txt")).read().split("### ")[1:]:
        name, _, text = block.partition("\n")
        names[name] = text
    return names


def make_root(root):
    for folder in ("bin", "etc", "root", "w", "dev", "tmp", "lib64", "lib/x86_64-linux-gnu"):
        os.makedirs(os.path.join(root, folder))
    open(os.path.join(root, "etc/passwd"), "w").write(PASSWD)
    os.chmod(os.path.join(root, "tmp"), 0o1777)
    os.mknod(os.path.join(root, "dev/null"), 0o666 | stat.S_IFCHR, os.makedev(1, 3))
    os.chmod(os.path.join(root, "dev/null"), 0o666)
    for program in ("dash", "bash", "busybox"):
        path = shutil.which(program)
        shutil.copy(path, os.path.join(root, "bin", program))
        for word in subprocess.run(["ldd", path], capture_output=True, text=True).stdout.split():
            if word.startswith("/"):
                os.makedirs(os.path.dirname(root + word), exist_ok=True)
                shutil.copy(word, root + word)
    for applet in APPLETS:
        os.symlink("busybox", os.path.join(root, "bin", applet))


def files_of(root):
    rows = []
    for folder, folders, files in os.walk(os.path.join(root, "w")):
        for name in folders + files:
            path = os.path.join(folder, name)
            status = os.lstat(path)
            if stat.S_ISLNK(status.st_mode):
                kind, content = "symlink", os.readlink(path)
            elif stat.S_ISDIR(status.st_mode):
                kind, content = "directory", ""
            else:
                kind, content = "file", open(path, errors="replace").read()
            rows.append([os.path.relpath(path, root), kind, "%04o" % (status.st_mode & 0o7777), content])
    return sorted(rows, key=lambda row: row[0].split("/"))


def run_real(root, shell, script):
    work = os.path.join(root, "w")
    shutil.rmtree(work)
    os.mkdir(work)

    def enter():
        os.chroot(root)
        os.chdir("/w")
        os.umask(0o022)

    process = subprocess.run(
        ["/bin/" + shell, "-c", script], preexec_fn=enter, env={"PATH": "/bin", "HOME": "/root"}, input=b"",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=20)
    return {"status": process.returncode, "output": process.stdout.decode(errors="replace"), "files": files_of(root)}


def run_modelled(program, cases):
    lines = "".join(json.dumps(dict(case, applets=APPLETS)) + "\n" for case in cases)
    process = subprocess.run([program], input=lines, capture_output=True, text=True)
    results = [json.loads(line) for line in process.stdout.splitlines()]
    if len(results) < len(cases):
        print("crashed at:", cases[len(results)], process.stderr[-2000:])
        sys.exit(2)
    return results


def report(case, real, ours):
    print("=== %s [%s]\n%s" % (case.get("name", ""), case["shell"], case["script"]))
    if ours.get("error"):
        print("error:", ours["error"])
        return
    for key in ("status", "output", "files"):
        if real[key] != ours[key]:
            print("--- real %s:\n%s\n--- ours:\n%s" % (key, real[key], ours[key]))


def same(real, ours):
    return not ours.get("error") and all(real[key] == ours[key] for key in ("status", "output", "files"))


def compare(program, cases):
    results = run_modelled(program, cases)
    different = [(case, ours) for case, ours in zip(cases, results) if not same(case["real"], ours)]
    for case, ours in different:
        report(case, case["real"], ours)
    print("%d of %d equal" % (len(cases) - len(different), len(cases)))
    return 1 if different else 0


def record():
    cases = []
    with tempfile.TemporaryDirectory() as root:
        make_root(root)
        for name, script in scripts().items():
            for shell in SHELLS:
                cases.append({"name": name, "shell": shell, "script": script, "real": run_real(root, shell, script)})
    with open(os.path.join(HERE, "recorded.json"), "w") as out:
        out.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
    print("%d scripts in %d shells" % (len(scripts()), len(SHELLS)))


WORDS = ["a", "bc", "'q r'", '"d $x"', "$x", '"$x"', "$y", '"$@"', "$*", '"$*"', "$1", "${x:-d e}", '"${y:+f g}"', "${x#a}",
         "${y%%*}", "${#x}", "$((x+1))", "$((2*3))", "$(echo s t)", '"$(echo u  v)"', "`echo w`", "*", "f*", "~", "[a-c]*", "x=1",
         "a\\ b", "''", '""', "${z-un set}", '${z:-"q  $x"}', "$#", "$?", "-n", "${x##*[a-b]}", "a,b:c", "$'t'", "{p,q}"]
TESTS = ["[ -n $x ]", '[ "$x" = a ]', "[ -f f1 ]", "[ $# -gt 1 ]", "true", "false", "(exit 3)", "test -d .", "! true",
         '[ "$y" ]', "[ -z ]", "[ ! $x = b ]", "[ 1 -lt 2 -a 2 -lt 1 ]"]


def random_command(dice, depth):
    word = lambda: dice.choice(WORDS)
    words = lambda: " ".join(word() for _ in range(dice.randint(0, 3)))
    inner = lambda: random_list(dice, depth - 1)
    simple = [
        lambda: "echo %s" % words(), lambda: "x=%s" % word(), lambda: "y=%s; IFS=%s" % (word(), dice.choice(["' '", ":", ",", "''"])),
        lambda: "set -- %s" % words(), lambda: "printf '%%s|' %s; echo" % words(), lambda: "%s" % dice.choice(TESTS),
        lambda: "echo %s > f%d" % (words(), dice.randint(1, 3)), lambda: "while read -r l; do echo \"<$l>\"; done < f%d" % dice.randint(1, 3),
        lambda: "echo %s >> f1 2>&1" % words(), lambda: "unset %s" % dice.choice("xyz"), lambda: "shift 2>/dev/null",
        lambda: "{ read l; echo \"$l\"; } <<E\n%s $x $((1+1))\nE" % word(), lambda: "read x y <<E\n%s %s\nE" % (word(), word()),
        lambda: "eval 'echo %s'" % word().replace("'", ""), lambda: "export y=%s" % word(), lambda: "set %s" % dice.choice(["-f", "+f", "-u", "+u"]),
        lambda: "f() { echo in $# $1; return %d; }; f %s" % (dice.randint(0, 2), words()), lambda: "x=%s y=$x echo %s" % (word(), word()),
        lambda: "nosuch %s" % word(), lambda: "cd %s" % dice.choice(["/", "..", ".", "/w", "none"]), lambda: "trap 'echo bye $?' EXIT"]
    compound = [
        lambda: "if %s; then %s\nfi" % (inner(), inner()), lambda: "for i in %s; do %s\ndone" % (words(), inner()),
        lambda: "{ %s\n}" % inner(), lambda: "( %s\n)" % inner(), lambda: "case %s in %s) %s\n;; *) echo other;; esac" % (word(), word(), inner()),
        lambda: "{ %s\n} | { %s\n}" % (inner(), inner()), lambda: "%s && { %s\n}" % (dice.choice(TESTS), inner()),
        lambda: "while read l; do %s\n[ $l ] || break; done < f1" % inner(), lambda: "x=$( %s\n)" % inner(),
        lambda: "if %s; then echo y; elif %s; then echo e; else %s\nfi" % (dice.choice(TESTS), dice.choice(TESTS), inner()),
        lambda: "! { %s\n}" % inner(), lambda: "{ %s\n} > f2" % inner(), lambda: "%s || %s" % (dice.choice(TESTS), dice.choice(TESTS))]
    return dice.choice(simple + (compound if depth > 0 else []))()


def random_list(dice, depth):
    return "\n".join(random_command(dice, depth) for _ in range(dice.randint(1, 4)))


def random_cases(program, count, seed):
    dice = random.Random(seed)
    cases = []
    with tempfile.TemporaryDirectory() as root:
        make_root(root)
        for number in range(count):
            script = dice.choice(["", "set -e\n", "set -e\n", "set -u\n"]) + random_list(dice, 3)
            shell = SHELLS[number % len(SHELLS)]
            case = {"name": "random %d" % number, "shell": shell, "script": script}
            try:
                case["real"] = run_real(root, shell, script)
            except subprocess.TimeoutExpired:
                continue
            cases.append(case)
    return compare(program, cases)


def main():
    if sys.argv[1:2] == ["random"]:
        return random_cases(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]) if len(sys.argv) > 4 else 1)
    if sys.argv[1:2] == ["record"]:
        return record()
    if sys.argv[1:2] == ["compare"]:
        cases = json.load(open(os.path.join(HERE, "recorded.json")))
        if len(sys.argv) > 3:
            cases = [case for case in cases if case["shell"] == sys.argv[3]]
        return compare(sys.argv[2], cases)
    sys.exit(__doc__)


if __name__ == "__main__":
    sys.exit(main())
