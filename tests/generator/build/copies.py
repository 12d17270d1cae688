"""Builds recorded Dockerfiles and compares layers (and hashes in histories) with what real builders
wrote: Docker 20.10.24, 26.1.5 and 28.5.2, both builders each, and Buildah 1.28.2.

    copies.py SAVE_LAYERS DATA
"""

import base64
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile

NOW = 1700000000  # files of a context are older, those of a build younger

# Differences that are known, and why.
NO_XZ = "the recording machine had no xz, which the engine calls"
CLIENT = "the client sends other files or times for this pattern"
BROKEN_LINK = "the cache key follows broken links"
KNOWN = {
    ("buildkit-0.25", "glob_star_name"): CLIENT,
    ("buildkit-0.13", "glob_star_name"): CLIENT,
    ("buildkit-0.25", "link_and_dir"): CLIENT,
    ("buildkit-0.13", "link_and_dir"): CLIENT,
    ("buildkit-0.25", "excl_glob"): BROKEN_LINK,
    ("buildkit-0.25", "excl_add"): BROKEN_LINK,
    ("buildkit-0.13", "glob_dirs"): BROKEN_LINK,
    ("buildkit-0.13", "from_glob"): BROKEN_LINK,
}
for builder in ("buildkit-0.25", "classic-28", "classic-26"):
    KNOWN[builder, "add_s.tar.xz"] = KNOWN[builder, "add_glob"] = NO_XZ


def make_context(files, folder):
    for file in files:
        path = os.path.join(folder, file["path"])
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if file["type"] == "5":
            os.makedirs(path, exist_ok=True)
        elif file["type"] == "2":
            os.symlink(file["content"], path)
        elif file["type"] == "1":
            os.link(os.path.join(folder, file["link"]), path)
        else:
            with open(path, "wb") as out:
                out.write(base64.b64decode(file["b64"]) if "b64" in file
                          else file["content"].encode())
    for file in sorted(files, key=lambda each: -len(each["path"])):
        path = os.path.join(folder, file["path"])
        if file["type"] in "05":
            os.chmod(path, file["mode"])
        if file["type"] != "1":
            os.utime(path, (file["mtime"],) * 2, follow_symlinks=False)
    # A time that children have changed since.
    for file in files:
        if file["type"] == "5":
            os.utime(os.path.join(folder, file["path"]), (file["mtime"],) * 2)


def entries(layer):
    rows = []
    archive = tarfile.open(fileobj=io.BytesIO(layer))
    for entry in archive:
        at = entry.offset_data - 512 if entry.pax_headers else entry.offset
        mode = int(layer[at + 100:at + 107] or b"0", 8)
        content = archive.extractfile(entry).read() if entry.isreg() else b""
        rows.append([
            entry.name + ("/" if entry.isdir() else ""), entry.type.decode(), mode, entry.uid,
            entry.gid, entry.uname, entry.gname,
            "clock" if entry.mtime > NOW else int(entry.mtime), entry.linkname,
            content.decode("latin1") if len(content) < 200 else hashlib.sha256(content).hexdigest(),
            {key: value for key, value in entry.pax_headers.items() if key.startswith("SCHILY")}])
    return rows


def build(program, builder, case, contexts, scratch):
    folder = os.path.join(scratch, case["context"])
    if not os.path.exists(folder):
        os.makedirs(folder)
        make_context(contexts[case["context"]], folder)
    inside = case["context"].startswith("ign")
    dockerfile = os.path.join(folder if inside else scratch, "Dockerfile")
    with open(dockerfile, "w", encoding="utf-8") as out:
        out.write(case["dockerfile"])
    os.utime(dockerfile, (1600001000,) * 2)
    with tempfile.TemporaryDirectory() as out:
        done = subprocess.run([program, builder, "overlay2", folder, dockerfile, out],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if done.returncode:
            return {"error": True}
        layers = []
        while os.path.exists(os.path.join(out, f"{len(layers)}.tar")):
            with open(os.path.join(out, f"{len(layers)}.tar"), "rb") as layer:
                layers.append(entries(layer.read()))
        with open(os.path.join(out, "config.json"), encoding="utf-8") as config:
            history = [each.get("created_by", "") for each in json.load(config)["history"]]
        result = {"layers": layers}
        if "history" in case:
            result["history"] = history
        return result


def main():
    program, data = sys.argv[1:]
    with open(data, encoding="utf-8") as file:
        recorded = json.load(file)
    equal = compared = 0
    wrong = []
    with tempfile.TemporaryDirectory() as scratch:
        for builder, cases in recorded["cases"].items():
            for name, case in cases.items():
                expected = {key: case[key] for key in ("error", "layers", "history") if key in case}
                same = build(program, builder, case, recorded["contexts"], scratch) == expected
                compared += 1
                equal += same
                if same == ((builder, name) in KNOWN):
                    wrong.append(f"{builder} {name}: " + ("no difference any more" if same
                                                          else "differs"))
    print(f"{equal} / {compared} equal, {len(KNOWN)} known differences")
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
