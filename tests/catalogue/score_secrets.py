"""Scores the rules of secrets on a catalogue with its truth: `watertight generate --out DIR`.

Prints the recall of leaks for each kind, channel and encoding, the decoys that were flagged, the
findings that are neither, and lists each miss and each false alarm. Values are never printed.
"""

import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import pathlib
import subprocess
import sys


def run_check(program, references):
    """The findings by rules of each image that could be opened."""
    done = subprocess.run([program, "check", *references, "--format", "json"], capture_output=True)
    if not done.stdout:
        return {}
    report = json.loads(done.stdout)
    found = {test["image"]: [] for test in report["tests"]}
    for finding in report["findings"]:
        # The files that another check of the policy knows by name are not scored.
        if finding["rule"] != "generic-credential-file":
            found[finding["image"]].append(finding)
    return found


def check_all(program, truths):
    """The findings for each path of a truth."""
    archive_of = {path: str(path)[:-len(".truth.json")] + ".tar" for path in truths}
    paths = sorted(truths)
    found = {}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        batches = [paths[i:i + 40] for i in range(0, len(paths), 40)]
        for part in pool.map(lambda batch: run_check(program, [archive_of[p] for p in batch]), batches):
            found.update(part)
    results = {}
    for path in paths:
        if archive_of[path] in found:
            results[path] = found[archive_of[path]]
            continue
        # An archive of several images: the fixture's own is named, or is the first.
        for image in (f"watertight/{truths[path]['fixture']}:latest", "@0"):
            one = run_check(program, [f"docker-archive:{archive_of[path]}:{image}"])
            if one:
                results[path] = next(iter(one.values()))
                break
        else:
            raise RuntimeError(f"{archive_of[path]} cannot be checked")
    return results


def shown_field(place):
    """A field whose name holds the value shows it as findings do: in brackets, as it is no plain word any more."""
    field, value = place["field"], place.get("value")
    if not field or not value or value not in field:
        return field
    shown = value[:min(4, len(value) // 4)]
    digest = hashlib.sha256(value.encode()).hexdigest()[:8]
    redacted = f"{shown}… ({len(value)} bytes, {digest})"
    return field.replace("." + value, f'["{redacted}"]').replace(value, redacted)


def same_place(finding, place):
    """Whether both lie in the same text and share a byte of it."""
    if finding["blob"] != place["blob"] or finding["carrier"] != place["carrier"]:
        return False
    for key in ("layer", "path"):
        if place["carrier"] not in ("history", "config", "blob") and finding[key] != place[key]:
            return False
    if (finding["nested"] or []) != (place["nested"] or []):
        return False
    if (finding["field"] or None) != (shown_field(place) or None):
        return False
    if place["length"] == 0:
        return False
    return (finding["offset"] < place["offset"] + place["length"]
            and place["offset"] < finding["offset"] + finding["length"])


# Classes about which experts disagree: scored neither way.
DEBATABLE = ("expired-public", "hash-like", "package-test-key", "snakeoil")


class Score:
    def __init__(self):
        self.leaks = collections.Counter()
        self.found = collections.Counter()
        self.named = 0
        self.by = {key: [collections.Counter(), collections.Counter()]
                   for key in ("kind", "channel", "encoding")}
        self.misses = []
        self.decoys = 0
        self.flagged = []
        self.notes = []
        self.stray = []

    def add(self, truth, findings):
        used = set()
        for leak in truth["leaks"]:
            hits = [i for i, f in enumerate(findings) if same_place(f, leak)]
            used.update(hits)
            keys = {"kind": leak["kind"], "channel": leak["channel"],
                    "encoding": "+".join(leak["encoding"]) or "plain"}
            for key, value in keys.items():
                self.by[key][0][value] += 1
                self.by[key][1][value] += bool(hits)
            self.leaks["all"] += 1
            if hits:
                self.found["all"] += 1
                self.named += any(findings[i]["rule"] == leak["kind"] for i in hits)
            else:
                self.misses.append((truth["fixture"], leak["kind"], leak["carrier"], leak["path"],
                                    leak["field"], keys["encoding"], leak["offset"]))
        for decoy in truth["decoys"]:
            debatable = decoy.get("class") in DEBATABLE
            self.decoys += not debatable
            hits = [i for i, f in enumerate(findings) if same_place(f, decoy)]
            # A decoy that holds a leak, or lies in one, is not to blame.
            hits = [i for i in hits if i not in used]
            for i in hits:
                row = (truth["fixture"], decoy.get("class"), decoy["kind"], findings[i]["rule"],
                       findings[i]["level"], decoy["path"], decoy["field"])
                error = findings[i]["level"] == "error" and not debatable
                (self.flagged if error else self.notes).append(row)
            used.update(hits)
        for i, finding in enumerate(findings):
            if i not in used:
                self.stray.append((truth["fixture"], finding["rule"], finding["level"],
                                   finding["carrier"], finding["path"], finding["field"],
                                   "+".join(finding["encoding"]), finding["offset"],
                                   finding["redacted"]))

    def report(self, out):
        total = self.leaks["all"]
        print(f"leaks {total}, found {self.found['all']} "
              f"({100 * self.found['all'] / max(1, total):.2f} %), "
              f"of these by their own kind {self.named}", file=out)
        print(f"decoys {self.decoys}, flagged {len(self.flagged)} "
              f"({100 * len(self.flagged) / max(1, self.decoys):.2f} %), "
              f"below an error or debatable {len(self.notes)}", file=out)
        print(f"stray findings {len(self.stray)}", file=out)
        for key, (count, found) in self.by.items():
            short = {name: (found[name], n) for name, n in count.items() if found[name] < n}
            print(f"by {key}: {len(count) - len(short)} of {len(count)} complete", file=out)
            for name, (got, n) in sorted(short.items()):
                print(f"  {name}: {got} of {n}", file=out)
        for title, rows in (("missed", self.misses), ("flagged", self.flagged),
                            ("noted", self.notes), ("stray", self.stray)):
            for row in rows:
                print(title + ": " + " | ".join("" if r is None else str(r) for r in row), file=out)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True)
    parser.add_argument("--catalogue", required=True, type=pathlib.Path)
    parser.add_argument("--every", type=int, default=1, help="score each n-th archive alone")
    parser.add_argument("--least-recall", type=float, help="per cent; less is exit 1")
    parser.add_argument("--most-decoys", type=float, help="per cent; more is exit 1")
    arguments = parser.parse_args()
    truths = sorted(arguments.catalogue.glob("*.truth.json"))[::arguments.every]
    score = Score()
    read = {path: json.loads(path.read_text()) for path in truths}
    for path, findings in check_all(arguments.program, read).items():
        score.add(read[path], findings)
    score.report(sys.stdout)
    recall = 100 * score.found["all"] / max(1, score.leaks["all"])
    decoys = 100 * len(score.flagged) / max(1, score.decoys)
    bad = [arguments.least_recall is not None and recall < arguments.least_recall,
           arguments.most_decoys is not None and decoys > arguments.most_decoys]
    return 1 if any(bad) or not truths else 0


if __name__ == "__main__":
    sys.exit(main())
