"""known_differences.json: a list of {"builders": [glob…], "cases": [glob…], "field": regular expression, "reason": text}.

An entry explains the differences of those builders and cases whose field it matches from its beginning. With
"sometimes": true, as of what depends on how fast the engine was, a run may do without it.

open_differences.json lists, for each builder, the cases whose differences nobody has explained or mended yet.
"""

import fnmatch
import json
import os
import re

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "known_differences.json")
OPEN_PATH = os.path.join(os.path.dirname(PATH), "open_differences.json")


def read_open():
    with open(OPEN_PATH, encoding="utf-8") as file:
        return json.load(file)


def write_open(found, builders, names):
    """Lists the cases of `found` for `builders`; what was not compared in this run stays listed."""
    lists = read_open()
    for builder in builders:
        kept = {name for name in lists.get(builder, []) if name not in names}
        lists[builder] = sorted(kept | {row[1] for row in found if row[0] == builder})
    with open(OPEN_PATH, "w", encoding="utf-8") as file:
        json.dump({builder: cases for builder, cases in lists.items() if cases}, file, indent=1)
        file.write("\n")


def read():
    with open(PATH, encoding="utf-8") as file:
        return json.load(file)


def among(name, globs):
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in globs)


def explains(entry, found):
    builder, name, field = found[:3]
    return among(builder, entry["builders"]) and among(name, entry["cases"]) and re.match(entry["field"], field)


def split(found, entries):
    explained = [row for row in found if any(explains(entry, row) for entry in entries)]
    return explained, [row for row in found if row not in explained]


def unused(entries, explained, builders, names):
    """Entries that explained nothing, of those that this run could have used: all they name was compared."""

    def whole(globs, present):
        return all(any(fnmatch.fnmatchcase(one, pattern) for one in present) for pattern in globs)

    return [entry for entry in entries if not entry.get("sometimes")
            and not any(explains(entry, row) for row in explained)
            and whole(entry["builders"], builders) and whole(entry["cases"], names)]


def add(found, reason):
    """One entry for each case and field, with the builders that have it."""
    together = {}
    for builder, name, field, _, _ in found:
        together.setdefault((name, re.escape(field)), []).append(builder)
    entries = read() + [{"builders": builders, "cases": [name], "field": field + "$", "reason": reason}
                        for (name, field), builders in together.items()]
    with open(PATH, "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join("  " + json.dumps(entry, ensure_ascii=False) for entry in entries) + "\n]\n")
