"""A small catalogue of two seeds and two layouts, and what scanners that do not exist reported of it."""

import hashlib
import json
import pathlib
import subprocess

SEEDS = ("mistral", "fjord 7")
ARCHIVES = ("docker-20", "docker-28")
FIXTURES = ("copy/*", "env/*", "base/*", "config/label*", "config/workdir*", "metadata/*", "encoding/*",
            "kinds/htpasswd*")
MARKUP = "</script><img src=x onerror=document.title=1>"


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def finding(label, **changes):
    """What a scanner that tells all it can says of a label."""
    place = {key: label[key] for key in ("carrier", "layer", "diff_id", "path", "nested", "field", "line", "end_line",
                                         "column", "end_column", "value_sha256")}
    if label["carrier"] != "file":
        place.update(line=None, end_line=None, column=None, end_column=None)
    if label["carrier"] == "blob":
        place["path"] = label["blob"]
    return {"rule": label["kind"], "family": label["kind"], "offset": None, "length": None, "masked": False,
            "value_sha1": None, "value": label.get("value"), **place, **changes}


STRAY = {"rule": MARKUP, "family": "generic", "carrier": "file", "path": MARKUP, "value": "a stray text", "layer": 0}

# Name -> the findings in an image of that truth; None: it crashed.
SCANNERS = {
    "perfect": lambda truth: [finding(leak) for leak in truth["leaks"]],
    "empty": lambda truth: [],
    "everything": lambda truth: [finding(label) for label in truth["leaks"] + truth["decoys"]] + [STRAY],
    "duplicate": lambda truth: [finding(leak, rule=rule) for leak in truth["leaks"] for rule in ("one", "two")],
    "off-by-one": lambda truth: [finding(leak, layer=leak["layer"] + 1, diff_id=None) for leak in truth["leaks"]
                                 if leak["layer"] is not None],
    "crashed": lambda truth: None,
    "old-layout": lambda truth: [finding(leak) for leak in truth["leaks"] if truth["archive"] == "docker-20"],
    "files": lambda truth: [finding(leak) for leak in truth["leaks"] if leak["carrier"] == "file"],
    "base-end": lambda truth: [finding(leak) for leak in truth["leaks"] if truth["fixture"] != "base/below-command"],
    "watertight": lambda truth: [finding(leak) for leak in truth["leaks"]],
}

# What a container shows.
def LIVE(truth):
    return [finding(leak) for leak in truth["leaks"] if leak["carrier"] == "file" and leak["visibility"] == "live"]


def generate(program, folder):
    """WORK/catalogue/SEED, with the images of both layouts in one catalogue.json."""
    for seed in SEEDS:
        rows = []
        target = folder / "catalogue" / seed
        target.parent.mkdir(parents=True, exist_ok=True)
        for archive in ARCHIVES:
            subprocess.run([program, "generate", *FIXTURES, "--out", target, "--archive", archive, "--seed", seed, "--reveal"],
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            rows += json.loads((target / "catalogue.json").read_text())["fixtures"]
        (target / "catalogue.json").write_text(
            json.dumps({"schema": "watertight.catalogue/1", "seed": seed, "fixtures": rows}))


def truths(folder, seed):
    target = folder / "catalogue" / seed
    catalogue = json.loads((target / "catalogue.json").read_text())
    return [json.loads((target / row["truth"]).read_text()) for row in catalogue["fixtures"]]


def result(truth, findings, number):
    done = {"fixture": truth["fixture"], "builder": truth["builder"], "archive": truth["archive"],
            "archive_sha256": truth["archive_sha256"], "exit_code": 0, "seconds": 0.01 * (1 + number % 5),
            "peak_memory": 20_000_000, "bytes": 1000, "raw": None}
    if findings is None:
        return {**done, "state": "error", "reason": "exit code 139", "exit_code": 139, "findings": []}
    return {**done, "state": "ok", "reason": None, "findings": findings}


def write_run(folder, scanner, configuration, seed, report, **changes):
    view = changes.setdefault("view", "image")
    target = folder / "runs" / f"{scanner}.{configuration}.{view}" / seed
    target.mkdir(parents=True, exist_ok=True)
    run = {"schema": "watertight.scanner-run/1", "scanner": scanner, "version": "1.0", "program_sha256": sha256(scanner.encode()),
           "configuration": configuration, "view": view, "command": [scanner, "{image}", MARKUP], "environment": {"A": "b"},
           "network": "off", "seed": seed, "machine": "a machine", "started": "2026-11-30T02:00:00Z",
           "catalogue_sha256": sha256((folder / "catalogue" / seed / "catalogue.json").read_bytes()),
           "features": {"layer": True, "line": True, "column": True, "offset": False, "value": "plain"}, "derived_from": [],
           "smoke": {"hit": True, "silent": True}, "state": "ok", "reason": None, "canaries": [], **changes}
    (target / "run.json").write_text(json.dumps(run))
    lines = [json.dumps(result(truth, report(truth), number)) for number, truth in enumerate(truths(folder, seed))]
    (target / "results.jsonl").write_text("\n".join(lines) + "\n")


def make(program, folder):
    folder = pathlib.Path(folder)
    generate(program, folder)
    write_run(folder, "one-seed", "default", SEEDS[0], SCANNERS["perfect"])
    for seed in SEEDS:
        for scanner, report in SCANNERS.items():
            write_run(folder, scanner, "default", seed, report)
        write_run(folder, "files", "best", seed, SCANNERS["perfect"])
        write_run(folder, "absent", "default", seed, SCANNERS["empty"], state="not-available", reason="no package")
        write_run(folder, "blind", "default", seed, SCANNERS["empty"], canaries=[
            {"builder": "buildkit-0.25", "archive": "docker-28", "carrier": "file", "seen": False}])
        write_run(folder, "live", "default", seed, LIVE, view="rootfs")
        write_run(folder, "unpacked", "default", seed, SCANNERS["files"], view="layers")
        write_run(folder, "half-blind", "default", seed, SCANNERS["perfect"], canaries=[
            {"builder": "buildkit-0.25", "archive": archive, "carrier": "file", "seen": archive == "docker-20"}
            for archive in ARCHIVES] + [
                {"builder": "buildkit-0.25", "archive": "docker-20", "carrier": "base-layer", "seen": False}])
    return folder
