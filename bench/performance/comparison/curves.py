"""The growth tables of a run, drawn."""

import os

from comparison.inputs import bytes_text
from comparison.report import duration, is_ours
from comparison.svg import Curve, draw

TITLES = {"reading": "List, inspect and find", "checking": "Every check"}


def seconds_text(seconds):
    return f"{seconds * 1e3:g} ms" if seconds < 1 else f"{seconds:g} s"


def groups(figures):
    """Tables of one curve's points, by axis and kind."""
    found = {}
    for table in figures["tables"]:
        if "curve" in table:
            found.setdefault((table["curve"]["axis"], table["curve"]["kind"]), []).append(table)
    return found


def place_text(axis, at):
    return bytes_text(int(at)) if axis == "bytes" else f"{int(at):,}"


def charts(figures):
    """(file name, document) of each axis and kind."""
    for (axis, kind), tables in groups(figures).items():
        points = {}
        for table in tables:
            for row in table["rows"]:
                if row["state"] == "ok":
                    points.setdefault(row["command"], []).append((table["curve"]["at"], row["median_s"]))
        curves = [Curve(name, tuple(sorted(of)), is_ours({"command": name})) for name, of in points.items()]
        yield f"growth-{axis}-{kind}.svg", draw(f"{TITLES[kind]}: time against {axis}",
                                                f"{axis} of the image ({tables[0]['curve']['constant']})", curves,
                                                lambda at, axis=axis: place_text(axis, at), seconds_text)


def markdown(figures):
    """A table of medians for each curve; it stands below its picture."""
    for (axis, kind), tables in groups(figures).items():
        yield ""
        yield f"![{TITLES[kind]}: time against {axis}](images/growth-{axis}-{kind}.svg)"
        yield ""
        yield "| " + " | ".join([axis, *(place_text(axis, table["curve"]["at"]) for table in tables)]) + " |"
        yield "|---" * (len(tables) + 1) + "|"
        for rows in zip(*(table["rows"] for table in tables)):
            cells = [duration(row["median_s"]) if row["state"] == "ok" else row["state"] for row in rows]
            yield "| " + " | ".join([f"`{rows[0]['command']}`", *cells]) + " |"


def write(figures, folder):
    os.makedirs(folder, exist_ok=True)
    for name, document in charts(figures):
        with open(os.path.join(folder, name), "w") as out:
            out.write(document)
