"""Figures as text, for a terminal."""

import os
import platform
import subprocess
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


def versions(comparison):
    """Of watertight and every peer; of an absent one the reason."""
    own = subprocess.run([comparison.watertight, "--version"], capture_output=True, text=True, check=True).stdout
    found = {"watertight": own.strip()}
    for peer in PEERS + scanners():
        missing = comparison.tools.missing(peer)
        found[peer.name] = f"not available: {missing}" if missing else comparison.tools.version(peer)
    return found


def head(comparison):
    return {
        "schema": "watertight.performance/2",
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "machine": machine(),
        "load": os.getloadavg()[0],
        "versions": versions(comparison),
        "tables": [],
    }


def is_ours(row):
    return row["command"].startswith("watertight")


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
