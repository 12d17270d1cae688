"""Reads generated archives and their truth, and says where the two disagree. The standard library alone.

usage: verify.py [--jobs N] FOLDER…      each with catalogue.json, written with --reveal

Checked, for each archive: its digest and the image's id; each leak and decoy stands where the truth says, to the byte,
and is what it says; what became of it; no planted value stands anywhere else, plain or in a common spelling.
"""

import argparse
import base64
import collections
import concurrent.futures
import hashlib
import json
import os
import sys

import places
import spellings

# Metadata has no file of its own that a layer could remove.
FILE_CARRIERS = {"file", "path", "link", "xattr", "header"}


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def whole_digest(path):
    if not os.path.isdir(path):
        with open(path, "rb") as opened:
            return sha256(opened.read())
    return None


def value_of(item):
    """What is no UTF-8 stands in base64 too."""
    if "value_base64" in item:
        return base64.b64decode(item["value_base64"])
    return item["value"].encode("utf-8", "surrogateescape")


def span_of(text, offset, length):
    def place(at):
        return text.count(b"\n", 0, at) + 1, at - (text.rfind(b"\n", 0, at) + 1) + 1

    line, column = place(offset)
    end_line, end_column = place(offset + length)
    return {"line": line, "column": column, "end_line": end_line, "end_column": end_column}


def key_of(place):
    """What of a place the truth names."""
    field = place.field if place.carrier not in ("path", "link") else None
    return place.layer, place.blob, place.path, field, place.nested


def stated_key(item):
    return item["layer"], item["blob"], item["path"], item["field"], tuple(item["nested"])


def spot_of(item):
    """Of a path that a layer holds twice, only the visibility tells the entries apart."""
    return stated_key(item), item["carrier"], item["visibility"], item["offset"], tuple(item["encoding"]), item["value_sha256"]


class Verifier:
    def __init__(self, archive, truth):
        self.truth = truth
        self.problems = []
        self.image = places.open_image(archive, truth["image_id"])
        self.texts = {}
        for place, text in places.all_texts(self.image):
            self.texts.setdefault((key_of(place), place.carrier), []).append((place, text))
        self.stated = truth["leaks"] + truth["decoys"]

    def complain(self, item, text):
        self.problems.append(f"{item['id']}: {text}" if item else text)

    def check_header(self, archive):
        digest = whole_digest(archive)
        if digest is not None and digest != self.truth["archive_sha256"]:
            self.complain(None, f"archive_sha256 is {digest}")
        if self.truth["image_id"] != self.image.id:
            self.complain(None, f"image_id is {self.image.id}")
        if self.truth["clean"] != (not self.truth["leaks"]):
            self.complain(None, "clean, but with leaks, or the other way round")
        ids = [item["id"] for item in self.stated]
        if len(set(ids)) != len(ids):
            self.complain(None, "an id occurs twice")
        spots = collections.Counter(spot_of(item) for item in self.stated if item["length"])
        for item in self.stated:
            if spots[spot_of(item)] > 1:
                self.complain(item, "is stated more than once")

    def check_planted(self):
        there = {item["value_sha256"] for item in self.stated}
        for planted in self.truth["planted"]:
            if sha256(value_of(planted)) != planted["value_sha256"]:
                self.complain(None, f"planted {planted['kind']}:{planted['name']} has another hash than its value")
            if planted["in_image"] != (planted["value_sha256"] in there):
                self.complain(None, f"planted {planted['kind']}:{planted['name']}: in_image is wrong")

    def check_item(self, item):
        candidates = self.texts.get((stated_key(item), item["carrier"]))
        if not candidates:
            return self.complain(item, f"there is no such place: {item['carrier']} {stated_key(item)}")
        if item["length"] == 0:
            return self.check_fate(item)
        reasons = [self.disagreement(item, place, text) for place, text in candidates]
        if all(reasons):
            self.complain(item, reasons[0])
        self.check_fate(item)
        if item["layer"] is not None and item["diff_id"] != self.image.diff_ids[item["layer"]]:
            self.complain(item, "diff_id is of another layer")

    def disagreement(self, item, place, text):
        """Why the text does not hold what is stated; empty when it does."""
        chain = list(item["encoding"])
        if tuple(chain[: len(place.streams)]) != place.streams:
            return f"the way in leads through {place.streams}"
        part = text[item["offset"] : item["offset"] + item["length"]]
        span = span_of(getattr(text, "whole", text), item["offset"], item["length"])
        wrong = [name for name in span if span[name] != item[name]]
        if wrong:
            return f"{wrong[0]} is {span[wrong[0]]}, not {item[wrong[0]]}"
        value = value_of(item)
        chain = chain[len(place.streams) :]
        try:
            found = spellings.meanings(part, chain)
        except Exception as error:
            return f"{chain} cannot be undone: {error}"
        if not chain and part != value:
            return f"other bytes stand there: {part[:60]!r}"
        return "" if any(value in one for one in found) else f"the value is not in what {chain} means"

    def check_fate(self, item):
        if item["carrier"] not in FILE_CARRIERS:
            wanted = {"metadata"} if item["path"] is None else {"live", "deleted", "overwritten", "opaque", "metadata"}
        else:
            wanted = {places.removed_how(self.image, item["layer"], item["path"])}
            same = [entry for entry in self.image.layers[item["layer"]] if places.entry_path(entry) == item["path"]]
            if len(same) > 1:
                wanted.add("shadowed")
        if item["visibility"] not in wanted:
            self.complain(item, f"visibility is {sorted(wanted)}, not {item['visibility']}")

    def check_nothing_else(self):
        values = {}
        for planted in self.truth["planted"]:
            value = value_of(planted)
            values[planted["value_sha256"]] = spellings.spellings(value)
        known = {}
        for item in self.stated:
            known.setdefault(stated_key(item), []).append(item)
        for (key, _), found in self.texts.items():
            for place, text in found:
                for digest, forms in values.items():
                    for form in forms:
                        self.check_hits(place, text, form, known.get(key, []), digest)

    def check_hits(self, place, text, form, items, digest):
        at = text.find(form)
        while at >= 0:
            if not any(self.covers(item, place, at, len(form), digest) for item in items):
                self.complain(None, f"not stated: a planted value at {place}, offset {at}, {len(form)} bytes")
            at = text.find(form, at + 1)

    def covers(self, item, place, at, length, digest):
        """Of the same value, or of one that holds or is held by it."""
        if tuple(item["encoding"][: len(place.streams)]) != place.streams:
            return False
        begin, end = item["offset"], item["offset"] + item["length"]
        inside = begin <= at and at + length <= end
        return inside if item["value_sha256"] != digest else at < end and begin < at + length

    def run(self, archive):
        self.check_header(archive)
        self.check_planted()
        for item in self.stated:
            self.check_item(item)
        self.check_nothing_else()
        return self.problems


def verify(task):
    archive, truth_path = task
    with open(truth_path, encoding="utf-8") as opened:
        truth = json.load(opened)
    if truth.get("expect"):
        return archive, None, 0
    try:
        problems = Verifier(archive, truth).run(archive)
    except Exception as error:  # an archive that cannot be read is a finding too
        problems = [f"cannot be read: {type(error).__name__}: {error}"]
    return archive, problems, len(truth["leaks"]) + len(truth["decoys"])


def tasks_of(folders):
    for folder in folders:
        with open(os.path.join(folder, "catalogue.json"), encoding="utf-8") as opened:
            for row in json.load(opened)["fixtures"]:
                yield os.path.join(folder, row["file"]), os.path.join(folder, row["truth"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    tasks = list(tasks_of(options.folders))
    verified = places_checked = damaged = failed = 0
    with concurrent.futures.ProcessPoolExecutor(options.jobs) as pool:
        for archive, problems, count in pool.map(verify, tasks, chunksize=8):
            if problems is None:
                damaged += 1
                continue
            verified += 1
            places_checked += count
            failed += bool(problems)
            for problem in problems[:5]:
                print(f"{os.path.basename(archive)}: {problem}")
            if len(problems) > 5:
                print(f"{os.path.basename(archive)}: and {len(problems) - 5} more")
    print(f"{verified - failed} of {verified} archives hold what their truth says, at {places_checked} places; "
          f"{damaged} damaged ones not read")
    return 1 if failed or not verified else 0


if __name__ == "__main__":
    sys.exit(main())
