"""Figures as text: for a terminal, and as the tables of a page."""

import os
import platform
import time

from comparison.peers import PEERS, scanners

MIB = 1 << 20


def machine():
    model = ""
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo") as file:
            model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), "")
    return (f"{platform.system()} {platform.release()} {platform.machine()}, {model or platform.processor()}, "
            f"{os.cpu_count()} processors")


def head(comparison, watertight_version):
    return {
        "schema": "watertight.performance/2",
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "machine": machine(),
        "load": os.getloadavg()[0],
        "versions": {"watertight": watertight_version} |
                    {peer.name: comparison.tools.missing(peer) and "not available: " + comparison.tools.missing(peer)
                     or comparison.tools.version(peer) for peer in PEERS + scanners()},
        "tables": [],
    }


def duration(seconds):
    if seconds < 0.1:
        return f"{seconds * 1e3:.1f} ms"
    return f"{seconds * 1e3:.0f} ms" if seconds < 1 else f"{seconds:.3g} s"


def times_text(times):
    if times is None:
        return "-"
    return f"{times:.2f}" if times < 10 else f"{times:,.0f}"


def peak_text(row):
    """Of a small process only a bound is known."""
    return f"{'< ' if row['peak_is_below'] else ''}{row['peak_bytes'] / MIB:.0f} MiB"


def print_table(table):
    print(f"\n{table['title']}: {table['on']}", flush=True)
    if "peaks" in table:
        print_peaks(table["peaks"])
        return
    print(f"  {'':32} {'median':>9} {'min':>9} {'max':>9}  {'times':>6} {'of min':>6} {'runs':>4}  {'peak':>9}")
    for row in table["rows"]:
        if row["state"] != "ok":
            print(f"  {row['command']:32} {row['state']}: {row['why']}")
            continue
        print(f"  {row['command']:32} {duration(row['median_s']):>9} {duration(row['min_s']):>9} "
              f"{duration(row['max_s']):>9}  {times_text(row['times']):>6} {times_text(row['times_of_minima']):>6} "
              f"{row['runs']:4}  {peak_text(row):>9}", flush=True)


def print_peaks(rows):
    for row in rows:
        share = row["peak_bytes"] / row["limit_bytes"]
        print(f"  {row['on']:44} {row['command']:24} {row['peak_bytes'] / MIB:6.1f} of "
              f"{row['limit_bytes'] / MIB:6.1f} MiB  {share:4.0%}")


def is_ours(row):
    return row["command"].startswith("watertight")


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


def markdown_peers(versions):
    yield "| peer | version | beside | its run |"
    yield "|---|---|---|---|"
    for peer in PEERS + scanners():
        version = versions.get(peer.name, "not available")
        yield f"| {peer.name} | {version} | `{peer.beside}` | {peer.leaves_out} |"


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
    lines = [f"Measured on {figures['date']}: {figures['machine']}; {figures['versions']['watertight']}.", ""]
    lines += [*markdown_rows(tables), "", "Not first:", "", *(list(not_first(tables)) or ["- nowhere."]), ""]
    lines += markdown_peers(figures["versions"])
    return "\n".join(lines) + "\n"
