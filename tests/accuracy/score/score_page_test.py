#!/usr/bin/env python3
"""The scorecard in a headless Chromium.

usage: score_page_test.py WATERTIGHT SCORE_REPORTS

Without a browser it ends with 77: skipped.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import fake_work

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent.parent / "page"))
import browser  # noqa: E402

SKIPPED = 77


class ScorePage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="watertight-")
        cls.addClassCleanup(cls.folder.cleanup)
        work = fake_work.make(PROGRAM, pathlib.Path(cls.folder.name) / "work")
        out = pathlib.Path(cls.folder.name) / "out"
        subprocess.run([SCORE_REPORTS, work, out], check=True, stdout=subprocess.DEVNULL)
        cls.file = out / "score.html"
        cls.score = json.loads((out / "score.json").read_text())
        cls.browser = browser.Browser(BROWSER)
        cls.addClassCleanup(cls.browser.__exit__)

    def setUp(self):
        self.page = self.browser.page(1400)
        self.addCleanup(self.page.close)
        self.page.media("", "light")
        self.page.open(self.file)

    def tearDown(self):
        self.assertEqual(self.page.complaints(), [])

    def texts(self, selector):
        return self.page.evaluate(f"[...document.querySelectorAll({json.dumps(selector)})].map((one) => one.textContent)")

    def tool(self, name):
        return next(tool for tool in self.score["tools"] if tool["id"] == name)

    def test_ranks_by_recall_and_lists_ours_apart(self):
        ranked = self.texts("#ranking tbody th")
        place = {tool["id"]: (tool["view"], -tool["total"]["instances"]["value"]) for tool in self.score["tools"]
                 if tool["headline"]}
        self.assertEqual([place[name] for name in ranked], sorted(place[name] for name in ranked))
        self.assertEqual(self.texts("#ranking h3"), ["View image", "View layers", "View rootfs"])
        self.assertNotIn("watertight.default.image", ranked)
        self.assertEqual(self.texts("#own tbody th"), ["watertight.default.image"])
        without = " ".join(self.texts("#without li"))
        for name in ("crashed", "absent", "blind", "one-seed"):
            self.assertIn(name, without)
            self.assertNotIn(name + ".default.image", ranked)

    def test_the_heat_map_tells_n_and_interval(self):
        self.page.evaluate("document.querySelector('.cell').focus()")
        first = self.texts("#heat .told")[0]
        self.assertRegex(first, r"^[\w-]+\.\w+\.image, channel [\w-]+: \d+ of \d+, [\d.]+ % \[[\d.]+–[\d.]+\]$")
        self.page.key("ArrowDown")
        second = self.texts("#heat .told")[0]
        self.assertNotEqual(first, second)
        self.assertEqual(first.split(", channel ")[1].split(":")[0], second.split(", channel ")[1].split(":")[0])
        self.page.key("ArrowUp")
        self.assertEqual(self.texts("#heat .told")[0], first)
        self.assertEqual(self.page.evaluate("document.querySelectorAll('.cell[tabindex=\"0\"]').length"), 1)

    def test_names_in_pictures_stand_apart_and_within_them(self):
        drawn = {tool["view"] for tool in self.score["tools"] if tool["headline"]}
        self.assertEqual(self.texts("#alarms h3"), ["View " + view for view in sorted(drawn)])
        for section in ("alarms", "time"):
            boxes = self.page.evaluate(f"""[...document.querySelectorAll('#{section} svg')].map((svg) => [svg, ...svg.querySelectorAll('.name')]
                .map((one) => one.getBoundingClientRect()).map((box) => [box.left, box.top, box.right, box.bottom]))""")
            self.assertTrue(boxes)
            for picture, *names in boxes:
                self.assertTrue(names)
                for i, (left, top, right, bottom) in enumerate(names):
                    for other in names[:i]:
                        self.assertFalse(left < other[2] and other[0] < right and top + 2 < other[3] and other[1] + 2 < bottom, section)
                    self.assertGreaterEqual((left >= picture[0], top >= picture[1], right <= picture[2], bottom <= picture[3]), (True,) * 4)

    def test_what_the_data_shows_is_told_by_scanner(self):
        told = self.page.evaluate("""[...document.querySelectorAll('#differences .notes > li')].map((one) =>
            [one.querySelector('.name').textContent, ...[...one.querySelectorAll('li')].map((text) => text.textContent)])""")
        self.assertEqual([[row["tool"], row["text"]] for row in self.score["differences"]],
                         [[name, text] for name, *texts in told for text in texts])

    def test_cells_of_few_leaks_are_grey(self):
        for tool in self.score["tools"]:
            if not tool["headline"]:
                continue
            for group in tool["by"]["channel"]["groups"]:
                of = group["instances"]["units"]
                start = json.dumps(f"{tool['id']}, channel {group['name']}:")
                found = self.page.evaluate(f"""[...document.querySelectorAll(".cell")]
                    .filter((cell) => cell.getAttribute("aria-label").startsWith({start})).map((cell) => cell.classList[1])""")
                if of > 0:
                    self.assertEqual(found, ["few" if of < 10 else "full"])

    def test_another_dimension_is_drawn(self):
        self.page.evaluate("""(() => { const choose = document.getElementById("dimension"); choose.value = "archive";
            choose.dispatchEvent(new Event("change")); })()""")
        self.assertTrue(any(label == "docker-28" for label in self.texts(".heat text")))

    def test_misses_name_their_cause(self):
        self.page.evaluate("""(() => { const choose = document.getElementById("missed-by");
            choose.value = "old-layout.default.image"; choose.dispatchEvent(new Event("change")); })()""")
        misses = self.tool("old-layout.default.image")["misses"]
        self.assertIn(f"{len(misses)} leaks missed", self.texts(".causes")[0])
        self.assertIn("found in the same fixture of buildkit-0.25/docker-20", self.texts(".miss .why")[0])
        self.page.evaluate("document.activeElement.blur()")
        self.page.key("/")
        self.page.type("env/")
        shown = self.texts(".miss .name")
        self.assertTrue(shown and all("env/" in name for name in shown))
        self.page.key("Escape")
        self.assertIn(f"{len(misses)} leaks missed", self.texts(".causes")[0])

    def test_text_of_scanners_stays_text(self):
        self.assertEqual(self.page.evaluate("document.querySelectorAll('img').length"), 0)
        self.assertEqual(self.page.evaluate("document.title"), "Scanners against the truth")
        self.assertTrue(any(fake_work.MARKUP in text for text in self.texts("#versions code")))

    def test_digests_seeds_and_commands_are_on_it(self):
        text = self.page.evaluate("document.body.innerText")
        for corpus in self.score["corpora"]:
            for part in (corpus["seed"], corpus["catalogue_sha256"], corpus["truth_sha256"]):
                self.assertIn(part, text)
        for tool in self.score["tools"]:
            self.assertIn(tool["runs"][0]["program_sha256"], text)

    def test_fits_a_telephone_and_the_dark(self):
        self.page.size(390, 800)
        self.page.media("", "dark")
        self.page.settle()
        self.assertLessEqual(self.page.evaluate("document.documentElement.scrollWidth"), 390)
        dark = self.page.evaluate("getComputedStyle(document.body).backgroundColor")
        self.page.media("", "light")
        self.assertNotEqual(self.page.evaluate("getComputedStyle(document.body).backgroundColor"), dark)

    def test_prints(self):
        self.assertEqual(self.page.pdf()[:5], b"%PDF-")
        self.page.media("print")
        self.assertEqual(self.page.evaluate("getComputedStyle(document.querySelector('.controls')).display"), "none")


if __name__ == "__main__":
    PROGRAM, SCORE_REPORTS = sys.argv[1:3]
    del sys.argv[1:3]
    BROWSER = browser.program()
    if BROWSER is None:
        print("skipped: no Chromium is installed")
        sys.exit(SKIPPED)
    unittest.main()
