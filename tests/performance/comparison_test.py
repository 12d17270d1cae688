"""What bench/performance/compare does with times: expectations are worked out by hand."""

import os
import subprocess
import sys
import tempfile
import unittest
from xml.etree import ElementTree

sys.dont_write_bytecode = True
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
COMPARE = os.path.join(ROOT, "bench", "performance", "compare")
sys.path.insert(0, os.path.dirname(COMPARE))

from comparison import against, curves, growth, page, svg  # noqa: E402
from comparison.inputs import Shape  # noqa: E402
from comparison.measure import Budget, Command, NotMeasured, Run, alternate, rows_of, run  # noqa: E402
from comparison.peers import PEERS, Peer, Tools, scanners  # noqa: E402

MIB = 1 << 20


def runs(*seconds):
    return [Run(one, 100 * MIB, False) for one in seconds]


class Measure(unittest.TestCase):
    def test_medians_and_multiples_of_the_first_command(self):
        rows = rows_of({"watertight ls": runs(2.0, 1.0, 9.0), "tar": runs(0.5, 3.0, 0.25)})
        self.assertEqual([(row["median_s"], row["times"], row["times_of_minima"]) for row in rows],
                         [(2.0, 1.0, 1.0), (0.5, 0.25, 0.25)])

    def test_what_is_not_measured_keeps_its_row(self):
        rows = rows_of({"watertight ls": runs(1.0), "tar": NotMeasured("not available", "tar is not installed")})
        self.assertEqual(rows[1], {"command": "tar", "state": "not available", "why": "tar is not installed"})

    def test_each_command_runs_once_more_than_is_counted(self):
        with tempfile.TemporaryDirectory() as folder:
            count = os.path.join(folder, "count")
            commands = [Command(name, ("sh", "-c", f"printf {name} >>{count}")) for name in ("a", "b")]
            results = alternate(commands, Budget(runs=2))
            with open(count) as file:
                self.assertEqual(file.read(), "ababab")
        self.assertEqual([len(results[name]) for name in ("a", "b")], [2, 2])

    def test_what_a_run_leaves_behind_is_removed_and_not_timed(self):
        with tempfile.TemporaryDirectory() as folder:
            left = os.path.join(folder, "left")
            made = run(Command("make", ("touch", left), after=("sh", "-c", f"sleep 2; rm {left}")))
            self.assertFalse(os.path.exists(left))
            self.assertLess(made.seconds, 2)

    def test_a_slow_command_runs_once(self):
        results = alternate([Command("slow", ("sleep", "2")), Command("quick", ("true",))],
                            Budget(runs=3, seconds=1.5))
        self.assertEqual([len(results[name]) for name in ("slow", "quick")], [1, 3])

    def test_a_run_over_the_limit_is_ended(self):
        with self.assertRaises(NotMeasured) as caught:
            run(Command("sleep", ("sh", "-c", "sleep 60; true")), limit=0.1)
        self.assertEqual(caught.exception.state, "over the limit")

    def test_exit_codes_of_an_end(self):
        run(Command("one", ("sh", "-c", "exit 1"), exits=(0, 1)))
        with self.assertRaises(NotMeasured) as caught:
            run(Command("two", ("sh", "-c", "echo first >&2; echo why >&2; exit 2"), exits=(0, 1)))
        self.assertEqual((caught.exception.state, str(caught.exception)), ("failed", "exit 2: why"))

    def test_peak_memory_is_that_of_the_command(self):
        held = run(Command("python", (sys.executable, "-c", "x = bytearray(200 << 20)")))
        self.assertGreater(held.peak_bytes, 200 * MIB)
        self.assertLess(held.peak_bytes, 300 * MIB)
        self.assertFalse(held.below)
        self.assertTrue(run(Command("true", ("true",))).below)


class PeersOfThisMachine(unittest.TestCase):
    def test_folder_of_tools_comes_before_the_path(self):
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(os.path.join(folder, "bin"))
            path = os.path.join(folder, "bin", "sh")
            with open(path, "w") as out:
                out.write("#!/bin/sh\necho tool 7.5\n")
            os.chmod(path, 0o755)
            peer = Peer("sh", "sh", "nowhere", "watertight ls", ("{program}", "{image}"), "")
            tools = Tools(folder)
            self.assertEqual(tools.command(peer, {"image": "a.tar"}).arguments, (path, "a.tar"))
            self.assertEqual(tools.version(peer), "tool 7.5")

    def test_a_peer_that_is_absent_says_so(self):
        peer = Peer("none", "no-such-program", "Debian package none", "watertight ls", ("{program}",), "")
        command = Tools(None).command(peer, {})
        self.assertEqual(command.missing, "no-such-program is not installed (Debian package none)")
        self.assertEqual(alternate([command], Budget())["none"].state, "not available")

    def test_a_peer_that_is_not_ready_says_so(self):
        peer = Peer("sh", "sh", "", "watertight ls", ("{program}",), "", ready=("false", "{program}"),
                    not_ready="no daemon answers")
        self.assertEqual(Tools(None).missing(peer), "no daemon answers")

    def test_scanners_are_those_with_a_command_for_images(self):
        names = [peer.name for peer in scanners()]
        for name in ("gitleaks", "trivy", "trufflehog"):
            self.assertIn(name, names)
        self.assertNotIn("secretlint", names)  # which reads no archive
        self.assertNotIn("watertight", names)

    def test_names_are_unique(self):
        names = [peer.name for peer in PEERS + scanners()]
        self.assertEqual(len(names), len(set(names)))


class Growth(unittest.TestCase):
    class Budgeted:
        budget = Budget(limit=100)

    def test_a_command_that_would_meet_the_limit_is_not_run(self):
        small, large = Shape(10**8, 10, 1_000), Shape(10**9, 10, 1_000)
        last = {"slow": ({"command": "slow", "state": "ok", "median_s": 11.0}, small),
                "quick": ({"command": "quick", "state": "ok", "median_s": 9.0}, small),
                "none": ({"command": "none", "state": "not available", "why": "it is not installed"}, small)}
        self.assertEqual(growth.too_slow(self.Budgeted, last, large),
                         {"slow": ("not run", "11 s at 100 MB, 10 layers, 1,000 files"),
                          "none": ("not available", "it is not installed")})


def table(title, rows, **more):
    return {"part": "listing", "title": title, "on": "1 GB"} | {"rows": rows_of(rows)} | more


class Report(unittest.TestCase):
    FIGURES = {"date": "2026-01-02", "machine": "a machine", "load": 0.5, "versions": {"watertight": "watertight 0.1.0"},
               "tables": [table("list", {"watertight ls": runs(2.0), "tar tf": runs(1.0), "slow": runs(40.0),
                                         "none": NotMeasured("not available", "none is not installed")})]}

    def test_the_page_says_where_we_are_not_first(self):
        text = page.markdown(self.FIGURES)
        self.assertIn("| list: 1 GB | `watertight ls` | 2 s | 1 | 100 MiB |  |", text)
        self.assertIn("|  | `tar tf` | 1 s | 0.50 | 100 MiB | **faster than watertight** |", text)
        self.assertIn("|  | `slow` | 40 s | 20 | 100 MiB |  |", text)
        self.assertIn("|  | `none` | – | – | – | not available: none is not installed |", text)
        self.assertIn("- `tar tf` beside `watertight ls`: 0.50, in 1 of 1 comparisons\n", text)
        self.assertIn("| tar tf | not available | `watertight ls` | 0.50 | lists one bare layer", text)
        self.assertIn("| trivy | not available | `watertight check` | – |", text)

    def test_a_peer_is_compared_with_the_command_of_its_question(self):
        tables = [table("growth", {"watertight ls": runs(1.0), "watertight find": runs(4.0), "rg -a -c -F": runs(2.0)})]
        peer, = (peer for peer in PEERS if peer.program == "rg")
        self.assertEqual(page.range_text(page.multiples_of(peer, tables)), "0.50")

    def test_a_page_keeps_what_stands_around_its_figures(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "page.md")
            with open(path, "w") as out:
                out.write(f"before\n{page.BEGIN}old\n{page.END}after\n")
            page.renew(path, self.FIGURES)
            with open(path) as file:
                self.assertEqual(file.read(), f"before\n{page.BEGIN}{page.markdown(self.FIGURES)}{page.END}after\n")

    def test_curves_lie_where_the_figures_say(self):
        points = [table("growth", {"watertight check": runs(seconds)},
                        curve={"axis": "bytes", "kind": "checking", "at": at, "constant": "1 layer"})
                  for at, seconds in ((10**6, 0.01), (10**8, 1.0))]
        (name, document), = curves.charts({"tables": points})
        self.assertEqual(name, "growth-bytes-checking.svg")
        tree = ElementTree.fromstring(document)
        line, = tree.iter("{http://www.w3.org/2000/svg}polyline")
        # Both axes begin and end at a point, so the line goes from corner to corner.
        self.assertEqual(line.get("points"), f"{svg.LEFT:.1f},{svg.HEIGHT - svg.BOTTOM:.1f} "
                         f"{svg.WIDTH - svg.RIGHT:.1f},{svg.TOP:.1f}")

    def test_the_medians_of_curves_stand_in_a_table(self):
        points = [table("growth", {"watertight check": runs(seconds), "tar": told},
                        curve={"axis": "files", "kind": "checking", "at": at, "constant": "1 layer"})
                  for at, seconds, told in ((1_000, 0.01, runs(3.0)), (10_000, 1.0, NotMeasured("not run", "slow")))]
        self.assertEqual(list(curves.markdown({"tables": points}))[-4:],
                         ["| files | 1,000 | 10,000 |", "|---|---|---|", "| `watertight check` | 10.0 ms | 1 s |",
                          "| `tar` | 3 s | not run |"])

    def test_labels_do_not_cover_each_other(self):
        self.assertEqual(svg.apart({"a": 100, "b": 101, "c": 300}), {"a": 100, "b": 115, "c": 300})

    def test_names_are_escaped(self):
        document = svg.draw("a < b", "x & y", [svg.Curve("<c>", ((1, 1), (10, 10)))], str, str)
        self.assertIn("a < b", [part.text for part in ElementTree.fromstring(document).iter()])


class Against(unittest.TestCase):
    def test_tables_are_paired_by_what_they_measure(self):
        before = {"tables": [table("list", {"watertight ls": runs(2.0), "tar": runs(1.0)})]}
        after = {"tables": [table("list", {"watertight ls": runs(1.0), "rg": runs(1.0)})]}
        self.assertEqual(list(against.lines(before, after))[1:], [
            "2000.00 ms 1000.00 ms   0.50 list: 1 GB: watertight ls",
            " " * 28 + " list: 1 GB: tar: only before", " " * 28 + " list: 1 GB: rg: only after",
            "median of the ratios    0.50 of 1"])

    def test_medians_of_google_benchmark(self):
        def one(name, time, unit="ms", kind="iteration", aggregate=None):
            return {"name": name, "run_name": name, "run_type": kind, "aggregate_name": aggregate, "real_time": time,
                    "time_unit": unit}
        self.assertEqual(against.medians({"benchmarks": [one("Hash", 9.0), one("Hash", 2.0), one("Hash", 4.0),
                                                         one("Hash", 5.0, kind="aggregate", aggregate="mean")]}),
                         {"Hash": 0.004})
        self.assertEqual(against.medians({"benchmarks": [one("Hash", 7.0, "us", "aggregate", "median"),
                                                         one("Hash", 5.0, "us", "aggregate", "mean")]}),
                         {"Hash": 7.0 * 1e-6})


class CommandLine(unittest.TestCase):
    def test_an_unknown_part_is_refused(self):
        told = subprocess.run([sys.executable, COMPARE, "--only", "nothing"], capture_output=True, text=True)
        self.assertEqual(told.returncode, 2)
        self.assertIn("--only: nothing is none of listing, gzip, layers", told.stderr)


if __name__ == "__main__":
    unittest.main()
