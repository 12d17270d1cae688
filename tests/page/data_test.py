#!/usr/bin/env python3
"""The files of the page are those that `ls --all` lists, and none of the data leads out of its element.

usage: data_test.py WATERTIGHT IMAGES_DIR
"""

import html.parser
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import images

FATES = ("deleted", "opaque", "overwritten")


class Elements(html.parser.HTMLParser):
    """Every element of a page, and the text of the one whose id is data."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.data, self.inside = [], "", False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.inside = ("id", "data") in attrs

    def handle_endtag(self, tag):
        self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.data += data


def page_of(archive, command="inspect"):
    with tempfile.TemporaryDirectory(prefix="watertight-") as folder:
        page = pathlib.Path(folder) / "page.html"
        subprocess.run([PROGRAM, command, archive, "--html", page], stdout=subprocess.DEVNULL, check=False)
        return page.read_text(encoding="utf-8")


def rows_of(files):
    """The rows of the columns: (path, layer, type, mode, uid, gid, size, visible, removed_by)."""
    gone = {row: (how, layer) for row, how, layer in zip(*[iter(files["gone"])] * 3)}
    above = []
    names = files["names"].split("/") if files["depths"] else []
    for row, (name, depth) in enumerate(zip(names, files["depths"], strict=True)):
        if name:
            above[depth:] = [name]
        if files["layers"][row] < 0:
            continue
        how, layer = gone.get(row, (None, None))
        removed = [layer, FATES[how]] if how is not None and how < len(FATES) else None
        yield ("/".join(above[:depth + 1]), files["layers"][row], *files["kinds"][files["attributes"][row]],
               files["sizes"][row], how is None, removed)


def listed(archive):
    lines = subprocess.run([PROGRAM, "ls", "--all", "--format", "json", archive], capture_output=True, check=True).stdout
    for entry in map(json.loads, lines.splitlines()):
        removed = entry["removed_by"] and [entry["removed_by"]["layer"], entry["removed_by"]["how"]]
        yield (entry["path"], entry["layer"], entry["type"], entry["mode"], entry["uid"], entry["gid"], entry["size"],
               entry["visible"], removed)


def plain(row):
    """A name with controls or broken UTF-8 is written in two ways: it is compared by all but its spelling."""
    return row if re.fullmatch(r"[ -~]*", row[0]) and "\\" not in row[0] else ("?", *row[1:])


def sorted_rows(rows):
    return sorted(map(plain, rows), key=repr)


class Data(unittest.TestCase):
    def check(self, archive):
        elements = Elements(page_of(archive))
        self.assertEqual(sorted(elements.tags), sorted(ELEMENTS))
        files = json.loads(elements.data)["images"][0]["files"]
        self.assertEqual(sorted_rows(rows_of(files)), sorted_rows(listed(archive)))

    def test_has_what_ls_lists_of_recorded_images(self):
        archives = sorted(IMAGES.glob("*.tar"))
        self.assertTrue(archives)
        for archive in archives:
            with self.subTest(archive.name):
                self.check(archive)

    def test_has_what_ls_lists_of_made_images(self):
        with tempfile.TemporaryDirectory(prefix="watertight-") as folder:
            archive = pathlib.Path(folder) / "made.tar"
            for make in (images.leaking, images.hostile, images.large):
                with self.subTest(make.__name__):
                    make(archive)
                    self.check(archive)

    # What turns text into markup or code.
    def test_its_scripts_put_text_in_as_text(self):
        page = page_of(sorted(IMAGES.glob("*.tar"))[0])
        scripts = page[page.rindex("<script>"):]
        self.assertIn("function element(", scripts)
        self.assertNotRegex(scripts, r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|https?:")

    def test_has_directories_that_no_layer_states_and_files_that_become_directories(self):
        with tempfile.TemporaryDirectory(prefix="watertight-") as folder:
            archive = pathlib.Path(folder) / "made.tar"
            images.image(archive, [[("a/b/c", "1"), ("a-b", "2"), ("a/b.d", "3"), ("x", "4")],
                                   [("x/y", "5"), ("a/b", images.DIRECTORY), ("a/b/c", "6")], [("x", "7"), ("a/.wh.b", "")]])
            self.check(archive)
            names = json.loads(Elements(page_of(archive)).data)["images"][0]["files"]["names"]
            self.assertEqual(names, "a/b/c//b.d/a-b/x//y")


ELEMENTS = ["html", "head", "meta", "meta", "meta", "meta", "meta", "title", "style", "body", "noscript", "p", "script", "script"]

if __name__ == "__main__":
    PROGRAM, IMAGES = sys.argv.pop(1), pathlib.Path(sys.argv.pop(1))
    unittest.main()
