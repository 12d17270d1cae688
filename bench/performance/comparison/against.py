"""Two kept runs beside each other: of compare --json, or of Google Benchmark's --benchmark_out."""

import json
import statistics

UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}


def medians(figures):
    """Seconds by what was measured."""
    if "benchmarks" in figures:
        return benchmark_medians(figures["benchmarks"])
    return {f"{table['title']}: {table['on']}: {row['command']}": row["median_s"]
            for table in figures["tables"] for row in table.get("rows", []) if row["state"] == "ok"}


def benchmark_medians(benchmarks):
    """Of repetitions, whatever the run tells of them."""
    runs = {}
    for one in benchmarks:
        if one.get("run_type", "iteration") == "iteration":
            runs.setdefault(one.get("run_name", one["name"]), []).append(one["real_time"] * UNITS[one["time_unit"]])
    if runs:
        return {name: statistics.median(seconds) for name, seconds in runs.items()}
    return {one["run_name"]: one["real_time"] * UNITS[one["time_unit"]]
            for one in benchmarks if one.get("aggregate_name") == "median"}


def lines(before, after):
    """One line for each thing that either run measured; the ratio is after ÷ before."""
    before, after = medians(before), medians(after)
    yield f"{'before':>10} {'after':>10} {'ratio':>6}"
    for name in [*before, *(name for name in after if name not in before)]:
        if name not in after or name not in before:
            yield f"{'':28} {name}: only {'before' if name in before else 'after'}"
            continue
        yield f"{before[name] * 1e3:7.2f} ms {after[name] * 1e3:7.2f} ms {after[name] / before[name]:6.2f} {name}"
    both = [after[name] / before[name] for name in before if name in after]
    if both:
        yield f"{'median of the ratios':>20}  {statistics.median(both):6.2f} of {len(both)}"


def read(path):
    with open(path) as file:
        return json.load(file)
