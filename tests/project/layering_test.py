#!/usr/bin/env python3
"""Fails when an #include breaks the dependencies between the folders.

    layering_test.py SOURCE_DIR
"""

import pathlib
import re
import sys
import unittest

import sources

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)

# Folder -> the folders whose private headers it may include, itself included. `public` stands for the headers in
# framework/include that need no GoogleTest, `matchers` for those that do, `front` for those in generator/include. The
# longest folder that fits counts.
MAY_INCLUDE = {
    "framework/include/watertight": {"public", "matchers"},
    "framework/image": {"public", "framework/image"},
    "framework/scan": {"public", "framework/image", "framework/scan"},
    "framework/matchers": {"public", "matchers", "framework/image", "framework/scan", "framework/matchers"},
    "generator": {"front", "generator"},
    "generator/include/watertight": {"front"},
    "cli": {"public", "matchers", "framework/image", "framework/scan", "framework/matchers", "generator", "bench", "cli"},
    "bench": {"public", "matchers", "front", "framework/image", "framework/scan", "framework/matchers", "generator", "bench"},
    "tests": {"public", "matchers", "front", "framework/image", "framework/scan", "framework/matchers", "generator",
              "cli", "bench", "tests"},
    "examples": {"public", "matchers", "front", "examples"},
}

# Third-party header -> the files that may include it.
CONFINED = {
    r"archive(_entry)?\.h": {"framework/image/libarchive.cc"},
    r"curl/.*": {"framework/image/http.cc"},
    r"nlohmann/.*": {"framework/image/json.h", "framework/image/json.cc"},
    r"hs\.h": {"framework/scan/literal_set.cc"},
}
CONFINED_FOLDERS = ("framework",)

THIRD_PARTY = re.compile(
    r"(archive|archive_entry|zlib|zstd|lzma|bzlib|igzip_lib|isa-l|yaml-cpp|CLI|nlohmann|openssl|re2|hs|curl|benchmark)"
    r"(\.h|/.*|\.hpp)?$")
GOOGLETEST = re.compile(r"(gtest|gmock)/")


def includes(path):
    return [name for _, name in INCLUDE.findall(sources.text(path) or "")]


def closest(folders, name):
    fitting = [folder for folder in folders if name == folder or name.startswith(folder + "/")]
    return max(fitting, key=len, default=None)


def check(root):
    """Every include that breaks a rule, as a line of text."""
    root = pathlib.Path(root)
    texts = {path.as_posix(): includes(root / path) for path in sources.files(root)
             if path.suffix in (".h", ".cc", ".c", ".cpp", ".hpp")}
    public = "framework/include/"
    needs_googletest = with_googletest({name[len(public):]: found for name, found in texts.items()
                                        if name.startswith(public)})
    broken = []
    for name, found in texts.items():
        owner = closest(MAY_INCLUDE, name)
        for header in found:
            broken += (f"{name} includes {header}: {why}" for why in
                       objections(root, name, owner, header, needs_googletest))
    return broken


def with_googletest(headers):
    """The public headers that include GoogleTest, directly or through one another."""
    found = {name for name, included in headers.items() if any(GOOGLETEST.match(other) for other in included)}
    while True:
        more = {name for name, included in headers.items() if name not in found and found & set(included)}
        if not more:
            return found
        found |= more


def objections(root, name, owner, header, needs_googletest):
    if owner is None:
        return
    if header.startswith("watertight/"):
        kind = "matchers" if header in needs_googletest else "public"
        if (root / "generator/include" / header).is_file():
            kind = "front"
        if kind not in MAY_INCLUDE[owner]:
            yield f"{owner} may not use the {kind} headers"
    elif target := closest(MAY_INCLUDE, resolved(root, name, header)):
        if target not in MAY_INCLUDE[owner]:
            yield f"{owner} may not depend on {target}"
    if owner in ("framework/include/watertight", "generator/include/watertight") and THIRD_PARTY.match(header):
        yield "a public header shows a third-party type"
    if owner in ("framework/image", "framework/scan", "generator") and GOOGLETEST.match(header):
        yield f"{owner} needs no GoogleTest"
    if name.startswith(CONFINED_FOLDERS):
        for pattern, allowed in CONFINED.items():
            if re.fullmatch(pattern, header) and name not in allowed:
                yield f"only {', '.join(sorted(allowed))} may"


def resolved(root, name, header):
    """The included file, relative to the root: quoted names are looked up beside the includer first."""
    beside = pathlib.Path(name).parent / header
    return beside.as_posix() if (root / beside).is_file() else header


class Layering(unittest.TestCase):
    def test_the_tree_keeps_it(self):
        self.assertEqual(check(ROOT), [])

    def test_breaking_it_is_found(self):
        for name, header in (("framework/image/x.cc", "framework/scan/rules.h"),
                             ("framework/scan/x.cc", "watertight/gtest.h"),
                             ("framework/scan/x.cc", "gtest/gtest.h"),
                             ("framework/matchers/x.cc", "cli/report.h"),
                             ("generator/dockerfile/x.cc", "watertight/image.h"),
                             ("generator/build/x.cc", "framework/image/path.h"),
                             ("generator/include/watertight/x.h", "generator/build/build.h"),
                             ("framework/scan/x.cc", "watertight/generator.h"),
                             ("cli/main.cc", "tests/support/samples.h"),
                             ("framework/scan/x.cc", "archive.h"),
                             ("framework/scan/x.cc", "nlohmann/json.hpp"),
                             ("framework/include/watertight/x.h", "openssl/evp.h"),
                             ("examples/app_image_test/x.cc", "framework/image/path.h")):
            owner = closest(MAY_INCLUDE, name)
            self.assertTrue(list(objections(ROOT, name, owner, header, {"watertight/gtest.h"})), f"{name}: {header}")

    def test_keeping_it_is_not(self):
        for name, header in (("framework/matchers/x.cc", "framework/scan/rules.h"),
                             ("framework/scan/x.cc", "framework/image/path.h"),
                             ("framework/include/watertight/gtest.h", "gmock/gmock.h"),
                             ("generator/x.cc", "watertight/generator.h"),
                             ("framework/image/libarchive.cc", "archive_entry.h"),
                             ("cli/main.cc", "framework/matchers/report.h"),
                             ("tests/image/x.cc", "framework/image/path.h")):
            owner = closest(MAY_INCLUDE, name)
            self.assertEqual(list(objections(ROOT, name, owner, header, {"watertight/gtest.h"})), [], name)


if __name__ == "__main__":
    ROOT = pathlib.Path(sys.argv.pop(1))
    unittest.main()
