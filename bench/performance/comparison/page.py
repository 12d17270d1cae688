"""Figures as tables of a page."""

import os

from comparison import curves
from comparison.peers import PEERS, scanners
from comparison.report import MIB, duration, is_ours, peak_text, times_text

BEGIN = "<!-- figures: written by bench/performance/compare --markdown -->\n"
END = "<!-- end of figures -->\n"


def verdict(row):
    """Of a peer's row: whether watertight was faster, by the ratio of medians."""
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
    """The least and the greatest multiple of watertight's time, as text."""
    times = [row["times"] for table in tables for row in table["rows"]
             if row["command"] == peer.name and row["state"] == "ok"]
    if not times:
        return "–"
    least, most = times_text(min(times)), times_text(max(times))
    return least if least == most else f"{least} to {most}"


def markdown_peers(versions, tables):
    yield "| peer | version | beside | × watertight | what its run is |"
    yield "|---|---|---|---|---|"
    for peer in PEERS + scanners():
        version = versions.get(peer.name, "not available")
        yield f"| {peer.name} | {version} | `{peer.beside}` | {multiples_of(peer, tables)} | {peer.is_run} |"


def markdown_peaks(rows):
    yield "| image | entries | command | peak | of what is allowed |"
    yield "|---|---|---|---|---|"
    for row in rows:
        yield (f"| {row['on']} | {row['entries']:,} | `{row['command']}` | {row['peak_bytes'] / MIB:.0f} MiB | "
               f"{row['peak_bytes'] / row['limit_bytes']:.0%} |")


def not_first(tables):
    """Peers that were faster, as the sentences of a list."""
    for table in tables:
        for row in table.get("rows", []):
            if row["state"] == "ok" and not is_ours(row) and row["times"] < 1:
                yield (f"- {table['title']}, {table['on']}: `{row['command']}` takes {row['times']:.2f} of the time of "
                       f"`{table['rows'][0]['command']}`.")


def markdown(figures):
    """The parts of docs/performance.md that come from a run."""
    tables = [table for table in figures["tables"] if "rows" in table and "curve" not in table]
    lines = [f"Measured on {figures['date']}: {figures['machine']}; {figures['versions']['watertight']}.", "",
             "### Peers", "", *markdown_peers(figures["versions"], tables), "",
             "### Where watertight is not first", "", *(list(not_first(tables)) or ["- nowhere."]), "",
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
