"""Figures as tables of a page."""

import os

from comparison import curves
from comparison.peers import PEERS, scanners
from comparison.report import MIB, duration, is_ours, peak_text, times_text

BEGIN = "<!-- figures: written by bench/performance/compare --markdown -->\n"
END = "<!-- end of figures -->\n"


def verdict(row):
    """Of a peer's row: whether watertight was faster, by the ratio of medians."""
    if row["state"] == "failed":
        return f"failed: {row['why'].split(':')[0]}"  # what the program said is long
    if row["state"] != "ok":
        return f"{row['state']}: {row['why']}"
    return "" if is_ours(row) or row["times"] >= 1 else "**faster than watertight**"


def markdown_rows(tables):
    yield "| what, on which image | command | median | × watertight | peak | |"
    yield "|---|---|---|---|---|---|"
    last = None
    for table in tables:
        for row in table["rows"]:
            what = f"{table['title']}: {table['on']}"
            cell = "" if what == last else what
            last = what
            if row["state"] != "ok":
                yield f"| {cell} | `{row['command']}` | – | – | – | {verdict(row)} |"
                continue
            times = "1" if row is table["rows"][0] else times_text(row["times"])
            yield (f"| {cell} | `{row['command']}` | {duration(row['median_s'])} | {times} | "
                   f"{peak_text(row)} | {verdict(row)} |")


def multiples_of(peer, tables):
    """(multiple of the time of what it is compared with, table) of every image."""
    found = []
    for table in tables:
        medians = {row["command"]: row["median_s"] for row in table["rows"] if row["state"] == "ok"}
        if peer.name in medians:
            beside = next((name for name in medians if name.startswith(peer.beside)), table["rows"][0]["command"])
            found.append((medians[peer.name] / medians[beside], table))
    return found


def range_text(multiples):
    if not multiples:
        return "–"
    times = [times for times, _ in multiples]
    least, most = times_text(min(times)), times_text(max(times))
    return least if least == most else f"{least} to {most}"


def markdown_peers(versions, tables):
    yield "| peer | version | beside | × watertight | what its run is |"
    yield "|---|---|---|---|---|"
    for peer in PEERS + scanners():
        version = versions.get(peer.name, "not available")
        yield f"| {peer.name} | {version} | `{peer.beside}` | {range_text(multiples_of(peer, tables))} | {peer.is_run} |"


def markdown_peaks(rows):
    yield "| image | entries | command | peak | of what is allowed |"
    yield "|---|---|---|---|---|"
    for row in rows:
        yield (f"| {row['on']} | {row['entries']:,} | `{row['command']}` | {row['peak_bytes'] / MIB:.0f} MiB | "
               f"{row['peak_bytes'] / row['limit_bytes']:.0%} |")


def not_first(tables):
    """A line for each peer that was faster somewhere."""
    for peer in PEERS + scanners():
        every = multiples_of(peer, tables)
        faster = [one for one in every if one[0] < 1]
        if faster:
            yield f"- `{peer.name}` beside `{peer.beside}`: {range_text(faster)}, in {len(faster)} of {len(every)} comparisons"


def markdown(figures):
    """The parts of docs/performance.md that come from a run."""
    every = [table for table in figures["tables"] if "rows" in table]
    tables = [table for table in every if "curve" not in table]
    lines = [f"Measured on {figures['date']}: {figures['machine']}, load average {figures['load']:.1f} before the first run; "
             f"{figures['versions']['watertight']}.", "",
             "### Peers", "", *markdown_peers(figures["versions"], every), "",
             "### Where watertight is not first", "", "As multiples of watertight's time:", "", *(list(not_first(every)) or ["- nowhere"]), "",
             "### All medians", "", *markdown_rows(tables)]
    for table in figures["tables"]:
        if "peaks" in table:
            lines += ["", "### Memory", "", f"Peaks; {table['on']}.", "", *markdown_peaks(table["peaks"])]
    if any("curve" in table for table in figures["tables"]):
        lines += ["", "### Growth", "", "Images along one property; the other two stay as the picture says.",
                  *curves.markdown(figures)]
    return "\n".join(lines) + "\n"


def renew(path, figures):
    """Writes the figures; where the page has a place for them, only there."""
    text = markdown(figures)
    if os.path.exists(path):
        with open(path) as file:
            page = file.read()
        if BEGIN in page and END in page:
            head, rest = page.split(BEGIN, 1)
            text = head + BEGIN + text + END + rest.split(END, 1)[1]
    with open(path, "w") as out:
        out.write(text)
