#!/usr/bin/env python3
"""The page in a headless Chromium: what it shows, what it does, and what it does not let happen.

usage: page_test.py WATERTIGHT

Without a browser it ends with 77: skipped.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import browser
import images

SKIPPED = 77

# Text of little contrast, as [ratio, text, colour, background]: WCAG 2.1, 1.4.3 wants 4.5.
LOW_CONTRAST = """(() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (c) => { c /= 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
  const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
  const behind = (one) => {
    for (; one; one = one.parentElement) {
      const colour = channels(getComputedStyle(one).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const low = [];
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (texts.currentNode.data.trim() === "" || !element.checkVisibility()) continue;
    const colours = [channels(getComputedStyle(element).color), behind(element)];
    const [dark, bright] = colours.map(luminance).sort((a, b) => a - b);
    const ratio = (bright + 0.05) / (dark + 0.05);
    if (ratio < 4.5) low.push([ratio, texts.currentNode.data, ...colours.map(String)]);
  }
  return low;
})()"""


class PageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="watertight-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.path = pathlib.Path(cls.folder.name)
        cls.browser = browser.Browser(BROWSER)
        cls.addClassCleanup(cls.browser.__exit__)
        for make in (images.leaking, images.hostile, images.large):
            make(cls.path / f"{make.__name__}.tar")

    def write(self, command, *names, options=()):
        page = self.path / f"{self.id()}.html"
        done = subprocess.run([PROGRAM, command, *(f"{name}.tar" for name in names), "--html", page, *options],
                              cwd=self.path, capture_output=True, text=True, check=False)
        self.assertEqual(done.stderr, "")
        return page

    def open(self, page, fragment="", width=1200, scheme="light"):
        self.page = self.browser.page(width)
        self.addCleanup(self.page.close)
        self.page.media("", scheme)
        self.page.open(page, fragment)
        return self.page

    def tearDown(self):
        self.assertEqual(self.page.complaints(), [])

    def texts(self, selector):
        return self.page.evaluate(f"[...document.querySelectorAll({json.dumps(selector)})].map((one) => one.innerText)")

    def text(self, selector):
        return self.texts(selector)[0]

    def rows(self):
        return self.page.evaluate("""[...document.querySelectorAll(".rows .row .column-path")].map((cell) =>
            [...cell.childNodes].filter((node) => !node.classList?.contains("badge")).map((node) => node.textContent).join(""))""")

    def filter(self, text):
        self.page.evaluate("document.getElementById('filter').value = ''")
        self.page.click("#filter")
        self.page.type(text)
        self.page.key("Enter")

    def chosen(self):
        """The chosen row, and whether it is in sight."""
        return self.page.evaluate("""(() => {
            const row = document.querySelector('.row[aria-selected="true"]');
            if (!row) return null;
            const box = row.getBoundingClientRect(), around = row.closest(".rows").getBoundingClientRect();
            return [row.querySelector(".column-path").firstChild.nextSibling?.textContent ?? "", row.querySelector(".column-layer").innerText,
                    box.top >= around.top - 1 && box.bottom <= around.bottom + 1 && box.top >= 0 && box.bottom <= innerHeight];
        })()""")

    def pressed(self, selector):
        return self.page.evaluate(f"[...document.querySelectorAll({json.dumps(selector)})]"
                                  ".filter((one) => one.getAttribute('aria-pressed') === 'true').length")


class Shows(PageTest):
    def test_what_inspect_shows(self):
        self.open(self.write("inspect", "leaking"))
        self.assertEqual(self.page.evaluate("document.title"), "leaking.tar – Watertight")
        self.assertIn("app:ci", self.text(".what-it-is"))
        self.assertEqual(len(self.texts(".block")), 3)
        self.assertEqual(len(self.texts(".steps > li")), 5)
        self.assertEqual(self.texts("#waste .wasted code"), ["root/.npmrc", "etc/app.conf"])
        self.assertEqual([name for name in ("checks", "findings") if self.page.evaluate(f"!document.getElementById('{name}').hidden")], [])

    def test_the_picture_is_in_proportion(self):
        self.open(self.write("inspect", "leaking"))
        widths = self.page.evaluate("[...document.querySelectorAll('.block')].map((one) => one.getBoundingClientRect().width)")
        self.assertGreater(widths[0], 10 * widths[1])
        self.assertGreaterEqual(min(widths), 8)  # still to be hit

    def test_the_verdict_and_the_findings_of_one_secret_together(self):
        self.open(self.write("check", "leaking"))
        self.assertRegex(self.text("h1 .badge"), r"^4 of 5 checks failed$")
        groups = [text.split("\n") for text in self.texts(".group")]
        self.assertEqual(len([group for group in groups if "github-pat" in group]), 1)
        self.assertRegex(self.page.evaluate("document.querySelector('.command').textContent"), "^tar -xOf leaking.tar ")

    def test_several_images(self):
        self.open(self.write("check", "leaking", "hostile"))
        self.assertEqual(len(self.texts(".images > li")), 2)
        self.page.click('[data-image="1"]')
        self.assertEqual(self.text("h1").split("\n")[0], "hostile.tar")
        self.assertEqual(self.page.evaluate("document.querySelector('[data-image=\"1\"]').getAttribute('aria-current')"), "true")

    def test_an_image_that_cannot_be_opened(self):
        name = "gone<img src=x onerror=alert(1)>.tar"
        page = self.path / "unopened.html"
        done = subprocess.run([PROGRAM, "check", "leaking.tar", name, "--html", page], cwd=self.path, capture_output=True,
                              text=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.open(page)
        self.assertEqual(self.text("#images .remark"), "1, of which 1 failed; 1 could not be opened")
        self.assertEqual(self.texts(".unopened .name"), [name + ": cannot be opened: No such file or directory"])

    def test_a_layer_that_cannot_be_read(self):
        images.leaking(self.path / "cut.tar")
        content = (self.path / "cut.tar").read_bytes()
        at = content.index(b"usr/bin/tool10")
        (self.path / "cut.tar").write_bytes(content[:at] + b"\xff" * 300 + content[at + 300:])
        self.open(self.write("check", "cut"))
        self.assertIn("not read", self.text(".steps"))
        self.assertIn("not known", self.text("#files .remark"))

    def test_a_layer_shows_what_it_stores_and_removes(self):
        self.open(self.write("inspect", "leaking"))
        self.page.click('.picture [data-layer="2"]')
        rows = {name: " ".join(fate.split()) for name, fate in zip(self.rows(), self.texts(".rows .column-layer"))}
        self.assertEqual({name: fate for name, fate in rows.items() if not name.endswith("/")},
                         {"app.conf": "layer 2", ".npmrc": "deleted here layer 1"})
        self.page.key("Escape")
        self.assertEqual(self.pressed("[data-layer]"), 0)


class Filters(PageTest):
    def test_by_a_part_of_the_path(self):
        self.open(self.write("check", "leaking"))
        self.filter("NPMRC")
        self.assertEqual(self.rows(), ["root/.npmrc"])
        self.assertTrue(all("npmrc" in text for text in self.texts(".place")))
        self.assertTrue(self.texts(".place"))
        self.filter("tool3")
        self.assertEqual(len(self.rows()), 10)
        self.assertEqual(self.texts(".place"), [])

    # The other answer is the program's own.
    def test_by_globs_as_ls_does(self):
        self.open(self.write("inspect", "leaking"))
        for glob in ("*.conf", "usr/bin/*[1-3]", "**/.npmrc", "tool?5", "{etc,srv}/**", "/root/*", "usr/*", "[!t]*.txt", "b\\*"):
            listed = subprocess.run([PROGRAM, "ls", "--all", "--format", "json", "leaking.tar", glob], cwd=self.path,
                                    capture_output=True, text=True, check=True).stdout
            self.filter(glob)
            with self.subTest(glob):
                self.assertEqual(self.rows(), [json.loads(line)["path"] for line in listed.splitlines()])

    def test_nothing_that_is_no_glob_hurts(self):
        self.open(self.write("inspect", "leaking"))
        for text in ("[", "]", "{a", "a}", "[z-a]", "**", "(", "\\", "*" * 30, "[]", "{,}"):
            self.filter(text)

    def test_a_hundred_thousand_files_with_few_elements(self):
        self.open(self.write("inspect", "large"))
        elements = "document.querySelectorAll('*').length"
        few = self.page.evaluate(elements)
        self.assertLess(few, 1000)
        self.filter("module-4")
        self.assertEqual(self.text("#files .remark"), "11,111 rows, by the filter")
        self.assertLess(self.page.evaluate(elements), few + 300)
        self.page.key("End")
        self.assertTrue(self.chosen()[2])
        self.page.key("Escape")
        self.assertLess(self.page.evaluate(elements), few + 300)

    def test_what_one_layer_removed_together_and_the_largest_first(self):
        self.open(self.write("inspect", "leaking"))
        self.assertEqual([text.split("\n")[0] for text in self.texts(".wasted > li")], ["root/.npmrc", "etc/app.conf"])
        images.image(self.path / "caches.tar", [
            [("var/cache/a", "1" * 9), ("var/cache/b", "2" * 9), ("var/log/old", "3" * 90), ("var/log/new", "4"), ("tmp/x", "5"),
             ("tmp/y", "6")], [("var/cache/a", "7")], [("var/.wh.cache", ""), ("var/log/.wh.old", ""), ("tmp/.wh.x", "")]])
        self.open(self.write("inspect", "caches"))
        self.assertEqual([" ".join(text.split()) for text in self.texts(".wasted > li")], [
            "var/log/old 90 B layer 0, deleted in layer 2", "var/cache/a 9 B layer 0, overwritten in layer 1",
            "var/cache/b 9 B layer 0, deleted in layer 2", "tmp/x 1 B layer 0, deleted in layer 2",
            "var/cache/a 1 B layer 1, deleted in layer 2"])

    def test_all_that_is_not_visible(self):
        self.open(self.write("inspect", "large"))
        self.assertEqual(len(self.texts(".wasted > li")), 20)
        self.assertIn("package-0/lib/ 24.5 kB 1,000 files", " ".join(self.texts(".wasted > li")[0].split()))
        self.page.click("#waste .all")
        self.assertEqual(self.text("#files .remark"), "20,000 files, by the filter")
        self.assertTrue(all(size == "49 B" for size in self.texts(".rows .column-size")))


class Leads(PageTest):
    def test_from_a_finding_to_its_file(self):
        self.open(self.write("check", "leaking"))
        self.page.click('.place:has(.waste)')
        self.assertEqual(self.chosen(), [".npmrc", "layer 1, deleted in layer 2", True])
        self.assertEqual(self.pressed('.picture [data-layer="1"]'), 1)
        self.assertEqual(self.text(".chosen-file code"), "root/.npmrc")

    def test_from_a_finding_to_its_step_and_its_variable(self):
        self.open(self.write("check", "leaking"))
        places = self.texts(".place code")
        for field, marked in (("history[2]", "ARG NPM_TOKEN="), ("config.Env[1]", "Env[1]")):
            index = next(i for i, place in enumerate(places) if place.startswith(field))
            self.page.evaluate(f"document.querySelectorAll('.place')[{index}].click()")
            self.assertIn(marked, self.text(".marked"))

    def test_from_the_waste_to_its_file(self):
        self.open(self.write("inspect", "leaking"))
        self.page.click(".wasted button")
        self.assertEqual(self.chosen()[0], ".npmrc")

    def test_by_an_address(self):
        page = self.write("check", "leaking")
        self.open(page, "#layer=1&filter=npm&sort=size")
        self.assertEqual(self.rows(), ["root/.npmrc"])
        self.assertEqual(self.page.evaluate("document.getElementById('filter').value"), "npm")
        self.page.click(".rows .row")
        self.page.wait("location.hash.includes('row=')")
        self.open(page, self.page.evaluate("location.hash"))
        self.assertEqual(self.text(".chosen-file code"), "root/.npmrc")

    def test_no_address_hurts(self):
        page = self.write("check", "leaking")
        for fragment in ("#image=7", "#layer=-1&row=1e9", "#sort=__proto__&filter=%F0%28", "#finding=NaN&row=x", "#%"):
            self.open(page, fragment)
            self.assertEqual(len(self.texts(".block")), 3)


class Keys(PageTest):
    def focus(self):
        return self.page.evaluate("document.activeElement.id || document.activeElement.className || document.activeElement.tagName")

    def test_slash_filter_arrows_escape(self):
        self.open(self.write("inspect", "leaking"))
        self.page.key("/")
        self.assertEqual(self.focus(), "filter")
        self.page.type("tool1")
        self.page.key("Enter")
        self.assertIn("grid", self.focus())
        self.assertEqual(self.text(".chosen-file code"), "usr/bin/tool10")
        self.page.key("ArrowDown")
        self.assertEqual(self.text(".chosen-file code"), "usr/bin/tool11")
        self.page.key("End")
        self.assertEqual(self.text(".chosen-file code"), "usr/bin/tool19")
        self.page.key("Escape")
        self.assertEqual(self.page.evaluate("document.getElementById('filter').value"), "")

    def test_arrows_open_and_close_directories(self):
        self.open(self.write("inspect", "large"))
        self.page.evaluate("document.querySelector('.grid').focus()")
        self.page.key("ArrowDown")
        self.assertEqual(self.rows(), ["▸opt/", "▸usr/"])
        self.page.key("ArrowRight")
        self.assertEqual(self.rows(), ["▾opt/", "server", "▸usr/"])
        self.assertEqual(self.page.evaluate("document.querySelector('[aria-selected=true]').getAttribute('aria-expanded')"), "true")
        self.page.key("ArrowRight")
        self.assertEqual(self.text(".chosen-file code"), "opt/server")
        self.page.key("ArrowLeft")
        self.page.key("ArrowLeft")
        self.assertEqual(self.rows(), ["▸opt/", "▸usr/"])
        self.page.key("Enter")
        self.assertEqual(self.rows()[1], "server")

    def test_arrows_move_between_layers_and_findings(self):
        self.open(self.write("check", "leaking"))
        self.page.evaluate("document.querySelector('.block').focus()")
        self.page.key("ArrowRight")
        self.page.key("Enter")
        self.assertEqual(self.pressed('.picture [data-layer="1"]'), 1)
        self.page.evaluate("document.querySelector('.place').focus()")
        self.page.key("ArrowDown")
        self.page.key("Enter")
        shown = "document.querySelector('.command').checkVisibility()"
        self.assertTrue(self.page.evaluate(shown))
        self.page.key("Enter")
        self.assertFalse(self.page.evaluate(shown))

    def test_everything_that_acts_is_reached_and_seen(self):
        self.open(self.write("check", "leaking"))
        nameless = self.page.evaluate("""[...document.querySelectorAll("button, input, summary, [tabindex='0']")].filter((one) =>
            one.checkVisibility() && !(one.innerText || one.ariaLabel || one.labels?.length)).length""")
        self.assertEqual(nameless, 0)
        self.page.key("Tab")
        self.assertNotEqual(self.page.evaluate("getComputedStyle(document.activeElement).outlineStyle"), "none")


class Looks(PageTest):
    def test_text_has_contrast_in_both_schemes(self):
        page = self.write("check", "leaking")
        backgrounds = set()
        for scheme in ("light", "dark"):
            self.open(page, "#layer=1&row=2", scheme=scheme)
            self.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            self.assertEqual(self.page.evaluate(LOW_CONTRAST), [])
            backgrounds.add(self.page.evaluate("getComputedStyle(document.body).backgroundColor"))
        self.assertEqual(len(backgrounds), 2)

    def test_nothing_is_wider_than_a_narrow_screen(self):
        page = self.write("check", "leaking", "hostile")
        for fragment in ("", "#image=1"):
            self.open(page, fragment, width=360)
            self.assertLessEqual(self.page.evaluate("document.documentElement.scrollWidth"), 360)

    def test_print_shows_all_sections_and_no_controls(self):
        self.open(self.write("check", "leaking"))
        self.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        self.page.media("print")
        self.assertFalse(self.page.evaluate("document.getElementById('filter').checkVisibility()"))
        self.assertEqual(self.page.evaluate("document.querySelectorAll('details:not([open])').length"), 0)
        self.assertEqual(self.page.evaluate("getComputedStyle(document.querySelector('.rows')).overflowY"), "visible")
        self.assertIn("tool59", self.text(".all-rows"))
        self.page.evaluate("dispatchEvent(new Event('afterprint'))")
        self.assertEqual(self.page.evaluate("document.querySelectorAll('details[open]').length"), 0)
        self.assertTrue(self.page.pdf().startswith(b"%PDF"))


class LetsNothingIn(PageTest):
    def test_hostile_names_do_nothing(self):
        known = {"HTML", "HEAD", "META", "TITLE", "STYLE", "BODY", "NOSCRIPT", "SCRIPT", "MAIN", "HEADER", "SECTION", "DIV",
                 "SPAN", "H1", "H2", "P", "DL", "DT", "DD", "UL", "OL", "LI", "BUTTON", "INPUT", "LABEL", "CODE", "PRE", "KBD",
                 "DETAILS", "SUMMARY", "FOOTER"}
        for command in ("inspect", "check"):
            self.open(self.write(command, "hostile"))
            self.filter("names")
            self.assertEqual(self.page.evaluate("window.hit ?? null"), None)
            tags = set(self.page.evaluate("[...document.querySelectorAll('*')].map((one) => one.tagName)"))
            self.assertEqual(tags - known, set())
            self.assertEqual(self.page.evaluate("document.querySelectorAll('noscript *, head *').length"), 7)
            handlers = """[...document.querySelectorAll('*')].filter((one) =>
                [...one.attributes].some((attribute) => attribute.name.startsWith('on'))).length"""
            self.assertEqual(self.page.evaluate(handlers), 0)
            shown = "\n".join(self.texts("main"))
            self.assertNotRegex(shown, "[\u202e\u2066\u2028]")
            self.assertIn("<!--<script>", shown)
            self.assertIn("caf\\xe9", shown)

    def test_its_policy_stops_what_is_not_its_own(self):
        self.open(self.write("inspect", "leaking"))
        self.page.evaluate("""(() => {
            const script = document.createElement("script");
            script.textContent = "window.hit = 5";
            document.body.append(script);
        })()""")
        self.assertEqual(self.page.evaluate("window.hit ?? null"), None)
        self.assertTrue(self.page.complaints())
        self.browser.events.clear()

    # One that the default rules find, and one that only the policy knows: in files, labels and their names, the history.
    def test_no_secret_stands_in_it(self):
        known = "correct horse " + "battery"
        images.image(self.path / "known.tar", [[("etc/motd", known)], [("root/.netrc", f"password {images.TOKEN}")]],
                     [(f"RUN echo '{known}' > /etc/motd", False), (f"RUN login {images.TOKEN}", False)],
                     {"Labels": {"motto": known, "key": images.TOKEN, known: "1", "of-" + images.TOKEN: "2"}, "Env": ["MOTTO=" + known]})
        (self.path / "secret").write_text(known)
        (self.path / "policy.yaml").write_text("version: 1\nsecrets: [{file: secret}]\n")
        page = self.write("check", "known", options=("--policy", "policy.yaml"))
        self.open(page)
        for text in (page.read_text(encoding="utf-8"), self.page.evaluate("document.documentElement.outerHTML")):
            self.assertFalse(images.TOKEN in text)
            self.assertFalse(known in text)
        self.assertIn("known value 1", self.text(".findings"))
        inspected = subprocess.run([PROGRAM, "inspect", "known.tar", "--format", "json"], cwd=self.path, capture_output=True,
                                   text=True, check=True).stdout
        self.assertFalse(images.TOKEN in inspected)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    BROWSER = browser.program()
    if BROWSER is None:
        print("skipped: no Chromium is here (scripts/setup --dev installs it)")
        sys.exit(SKIPPED)
    unittest.main()
