"""Runs commands in turn, and takes medians of their times."""

import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Budget:
    runs: int = 9  # measured runs of a command, after one to warm up
    seconds: float = 30  # which all of them may take; one run is always measured
    limit: float = 300  # seconds of one run, which is then ended


@dataclass(frozen=True)
class Command:
    name: str
    arguments: tuple
    exits: tuple = (0,)  # codes of a run that came to its end
    environment: dict = field(default_factory=dict)
    after: tuple = ()  # a command that removes what a run leaves behind; not timed
    missing: str = ""  # why it cannot be run; then there are no arguments


@dataclass(frozen=True)
class Run:
    seconds: float
    peak_bytes: int  # resident, of the process or of one that it waited for
    below: bool  # it may be less: the system counts from the fork on, and so what this program itself holds


class NotMeasured(Exception):
    def __init__(self, state, why):
        super().__init__(why)
        self.state = state  # "not available", "failed", "over the limit", "not run"


def end_group(child):
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def last_line(file):
    file.seek(0)
    lines = file.read().decode(errors="replace").strip().splitlines()
    return lines[-1][:200] if lines else ""


def run(command, limit=300):
    with tempfile.TemporaryFile() as error:
        start = time.perf_counter()
        child = subprocess.Popen(command.arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                 stderr=error, env=os.environ | command.environment, start_new_session=True)
        over = threading.Event()
        timer = threading.Timer(limit, lambda: (over.set(), end_group(child)))
        timer.start()
        try:
            _, status, usage = os.wait4(child.pid, 0)
        except BaseException:
            end_group(child)
            raise
        finally:
            timer.cancel()
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if command.after:
            subprocess.run(command.after, stdin=subprocess.DEVNULL, capture_output=True)
        if over.is_set():
            raise NotMeasured("over the limit", f"more than {limit:g} s")
        if child.returncode not in command.exits:
            raise NotMeasured("failed", f"exit {child.returncode}: {last_line(error)}")
    unit = 1 if sys.platform == "darwin" else 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Run(seconds, usage.ru_maxrss * unit, usage.ru_maxrss <= own)


def alternate(commands, budget):
    """Each command once to warm up, then all of them in turn: what disturbs one disturbs all. A list of runs, or
    NotMeasured, by the command's name."""
    results = {}
    pending = []
    for command in commands:
        if command.missing:
            results[command.name] = NotMeasured("not available", command.missing)
            continue
        try:
            first = run(command, budget.limit)
        except NotMeasured as why:
            results[command.name] = why
            continue
        slow = first.seconds > budget.seconds
        results[command.name] = [first] if slow else []
        if not slow:
            pending.append(command)
    for _ in range(budget.runs):
        for command in pending:
            runs = results[command.name]
            if runs and sum(one.seconds for one in runs) >= budget.seconds:
                continue
            try:
                runs.append(run(command, budget.limit))
            except NotMeasured as why:
                results[command.name] = why
        pending = [command for command in pending if isinstance(results[command.name], list)]
    return results


def rows_of(results):
    """One row a command, in their order. times: how many times as long as the first one it takes."""
    first = next(iter(results.values()), None)
    base = statistics.median(one.seconds for one in first) if isinstance(first, list) else None
    least = min(one.seconds for one in first) if isinstance(first, list) else None
    rows = []
    for name, runs in results.items():
        if isinstance(runs, NotMeasured):
            rows.append({"command": name, "state": runs.state, "why": str(runs)})
            continue
        seconds = [one.seconds for one in runs]
        median = statistics.median(seconds)
        rows.append({
            "command": name,
            "state": "ok",
            "runs": len(seconds),
            "median_s": median,
            "min_s": min(seconds),
            "max_s": max(seconds),
            "times": median / base if base else None,
            "times_of_minima": min(seconds) / least if least else None,
            "peak_bytes": max(one.peak_bytes for one in runs),
            "peak_is_below": all(one.below for one in runs),
        })
    return rows
