"""The growth tables of a run, drawn."""

import os

from comparison.inputs import bytes_text
from comparison.report import is_ours
from comparison.svg import Curve, draw

TITLES = {"reading": "List, inspect and find", "checking": "Every check"}


def seconds_text(seconds):
    return f"{seconds * 1e3:g} ms" if seconds < 1 else f"{seconds:g} s"


def charts(figures):
    """(file name, document) of each axis and kind."""
    groups = {}
    for table in figures["tables"]:
        if "curve" in table:
            groups.setdefault((table["curve"]["axis"], table["curve"]["kind"]), []).append(table)
    for (axis, kind), tables in groups.items():
        points = {}
        for table in tables:
            for row in table["rows"]:
                if row["state"] == "ok":
                    points.setdefault(row["command"], []).append((table["curve"]["at"], row["median_s"]))
        curves = [Curve(name, tuple(sorted(of)), is_ours({"command": name})) for name, of in points.items()]
        text = (lambda size: bytes_text(int(size))) if axis == "bytes" else (lambda count: f"{int(count):,}")
        yield f"growth-{axis}-{kind}.svg", draw(f"{TITLES[kind]}: time against {axis}",
                                                f"{axis} of the image ({tables[0]['curve']['constant']})", curves, text,
                                                seconds_text)


def write(figures, folder):
    os.makedirs(folder, exist_ok=True)
    for name, document in charts(figures):
        with open(os.path.join(folder, name), "w") as out:
            out.write(document)
