"""How times grow with bytes, layers and files: one table a point."""

import os

from comparison.inputs import ABSENT_VALUE, Shape, bytes_text

READING = ("tar tf", "rg -a -c -F", "dive --ci")
CHECKING = ("openssl dgst -sha256", "trivy", "gitleaks", "trufflehog")


def axes(quick):
    """Shapes along one property; the others stay."""
    if quick:
        return {"bytes": [Shape(1_000_000, 1, 100), Shape(2_000_000, 1, 100)],
                "layers": [Shape(1_000_000, 1, 100), Shape(1_000_000, 2, 100)],
                "files": [Shape(1_000_000, 1, 100), Shape(1_000_000, 1, 200)]}
    return {"bytes": [Shape(size, 10, 10_000) for size in (10**7, 10**8, 10**9, 4 * 10**9)],
            "layers": [Shape(2 * 10**7, layers, 10_000) for layers in (1, 10, 100)],
            "files": [Shape(2 * 10**7, 10, files) for files in (1_000, 10_000, 100_000, 1_000_000)]}


def place(axis, shape):
    """Where the shape stands on the axis."""
    return {"bytes": shape.bytes, "layers": shape.layers, "files": shape.files}[axis]


def constant(axis, shape):
    """The text of what stays."""
    texts = {"bytes": bytes_text(shape.bytes), "layers": f"{shape.layers} layer{'s' if shape.layers != 1 else ''}",
             "files": f"{shape.files:,} files"}
    return ", ".join(text for name, text in texts.items() if name != axis)


def kinds(comparison, shape, own):
    """The commands of one point."""
    image = comparison.inputs.image(shape)
    values = {"image": image, "layer": comparison.inputs.layer(shape), "value": ABSENT_VALUE, "own": own, "home": own,
              "report": os.path.join(own, "report")}
    return {
        "reading": [comparison.ours("ls", "ls", image), comparison.ours("inspect", "inspect", image),
                    comparison.ours("find", "find", image, "--value", ABSENT_VALUE), *comparison.beside(READING, **values)],
        "checking": [comparison.ours("check", "check", image), *comparison.beside(CHECKING, **values)]}


def too_slow(comparison, last, shape):
    """State and reason of commands that by their last point would not come to their end."""
    skipped = {}
    for name, (row, before) in last.items():
        if row["state"] != "ok":
            skipped[name] = row["state"], row["why"]
        elif row["median_s"] * max(1, shape.bytes / before.bytes) > comparison.budget.limit:
            skipped[name] = "not run", f"{row['median_s']:.0f} s at {before.text()}"
    return skipped


def tables(comparison, axis):
    last = {}
    for shape in comparison.sizes.axes[axis]:
        with comparison.own_folder() as own:
            for kind, commands in kinds(comparison, shape, own).items():
                skipped = too_slow(comparison, last, shape)
                rows = comparison.run_in_turn([one for one in commands if one.name not in skipped])
                last |= {row["command"]: (row, shape) for row in rows}
                order = [one.name for one in commands]
                rows += [{"command": name, "state": state, "why": why}
                         for name, (state, why) in skipped.items() if name in order]
                rows.sort(key=lambda row: order.index(row["command"]))
                yield {"title": f"growth with {axis}: {kind}", "on": shape.text(), "rows": rows,
                       "curve": {"axis": axis, "kind": kind, "at": place(axis, shape),
                                 "constant": constant(axis, shape)}}
        comparison.inputs.release()
