"""Peak memory of watertight on images of many files, against what it may take."""

import subprocess
import sys

from comparison.measure import run

MIB = 1 << 20
FIXED = 64 * MIB
PER_ENTRY = 200


def table(comparison):
    sizes, inputs = comparison.sizes, comparison.inputs
    rows = []
    for files in sizes.memory_files:
        for form, layers, extra in [("ustar", 1, []), ("times", 1, []), ("pax", 20, []),
                                    ("pax", 20, ["--same-paths"])]:
            image = inputs.make(f"memory-{form}-{files}-{layers}{''.join(extra)}.tar", "--layers", layers, "--entries",
                                files // layers, "--form", form, *extra)
            where = f"{layers} layers" if layers > 1 else "1 layer"
            rows += rows_on(comparison, f"{files:,} files, {form}, {where} {''.join(extra)}".strip(), image)
            inputs.release()
    holes = inputs.make("holes.tar", "--entries", sizes.layer.files, "--holes", "--bytes", sizes.hole_bytes)
    rows += rows_on(comparison, f"{sizes.hole_bytes:,} bytes in one layer", holes)
    return {"title": "peak memory", "on": f"allowed are {FIXED // MIB} MiB and {PER_ENTRY} bytes an entry", "peaks": rows}


def entries_of(comparison, image):
    # The count is taken from a pipe: what this program itself holds would count as the peak of the next one.
    entries = 0
    listing = subprocess.Popen([comparison.watertight, "ls", image, "--all", "--format", "json"], stdout=subprocess.PIPE)
    while piece := listing.stdout.read(MIB):
        entries += piece.count(b"\n")
    listing.stdout.close()
    if listing.wait() != 0:
        sys.exit(f"compare: {image} cannot be listed")
    return entries


def rows_on(comparison, text, image):
    entries = entries_of(comparison, image)
    commands = [comparison.ours("ls", "ls", image), comparison.ours("ls --all", "ls", image, "--all"),
                comparison.ours("inspect", "inspect", image)]
    return [{"on": text, "entries": entries, "command": command.name, "limit_bytes": FIXED + PER_ENTRY * entries,
             "peak_bytes": run(command, comparison.budget.limit).peak_bytes} for command in commands]
