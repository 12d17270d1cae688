"""Scanners that are none: programs for tests of `watertight score`, each a script with all that it does written into it."""

import json
import pathlib
import stat
import sys

PROLOGUE = r'''#!@PYTHON@
import json, os, re, signal, sys, time
WORK = @WORK@
ARGUMENTS = sys.argv[1:]


SEVERAL = re.compile(re.escape(WORK) + r"/views/([^/]+)/[^/]+/(?:canaries|[0-9]+[.][0-9]+)")


def several():
    """Of several images in a folder: the path and the truth of each."""
    folders = {SEVERAL.search(word).group(0): SEVERAL.search(word).group(1) for word in ARGUMENTS if SEVERAL.search(word)}
    [(folder, seed)] = folders.items()
    kind = "canaries" if seed.endswith(".canaries") else "catalogue"
    images = f"{WORK}/{kind}/{seed.removesuffix('.canaries')}"
    rows = json.load(open(f"{images}/catalogue.json"))["fixtures"]
    for name in sorted(os.listdir(folder)):
        row = rows[int(name.split(".")[0])]
        yield f"{folder}/{name}", json.load(open(f"{images}/{row['truth']}"))


def given():
    """The archive that is scanned, and the folder when it is one."""
    for word in [*ARGUMENTS, os.getcwd()]:
        if SEVERAL.search(word):
            return None, None
        found = re.search(re.escape(WORK) + r"/(?:catalogue|canaries)/[^/]+/[^/]+\.tar", word)
        if found:
            return found.group(0), None
        found = re.search(re.escape(WORK) + r"/views/([^/]+)/[^/]+/([^/]+\.tar)", word)
        if found:
            seed, name = found.groups()
            kind = "canaries" if seed.endswith(".canaries") else "catalogue"
            return f"{WORK}/{kind}/{seed.removesuffix('.canaries')}/{name}", found.group(0)
    sys.exit("no image")


IMAGE, TREE = given()
TRUTH = IMAGE and json.load(open(IMAGE.removesuffix(".tar") + ".truth.json"))
INPUTS = [(TREE or IMAGE, TRUTH)] if IMAGE else list(several())
IS_CANARY = "/canaries/" in (IMAGE or "")
with open(os.path.join(WORK, "calls"), "a") as log:
    log.write((IMAGE or " ".join(path for path, _ in INPUTS)) + "\n")
'''


def write_program(tools, name, work, body):
    """Makes tools/bin/NAME of Python statements that know ARGUMENTS, IMAGE, TREE and TRUTH."""
    path = pathlib.Path(tools) / "bin" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    prologue = PROLOGUE.replace("@PYTHON@", sys.executable).replace("@WORK@", repr(str(work)))
    path.write_text(prologue + body)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def write_scanner(folder, name, **changes):
    """A description whose report is a list of {rule, path, layer, line, column, value} on standard output."""
    views = {"image": ["{program}", "{image}"], "layers": ["{program}", "{tree}"], "rootfs": ["{program}", "{tree}"]}
    fields = {"rule": "/rule", **{name: f"/{name}?" for name in ("path", "layer", "line", "column", "value")}}
    scanner = {
        "schema": "watertight.scanner/1", "name": name, "about": "For a test.",
        "configurations": {"default": {"views": views}},
        "exit": {"clean": [0], "findings": [1]},
        "report": {"from": "stdout", "format": "json", "findings": "/found/*", "fields": fields},
        "features": {"layer": True, "line": True, "column": True, "offset": False, "value": "plain"},
        "paths": [{"pattern": "/?(?P<path>.*)", "carrier": "file"}],
    }
    scanner.update(changes)
    path = pathlib.Path(folder) / name / "scanner.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(scanner))
    (pathlib.Path(folder) / "families.json").write_text('{"families": [[".*github.*", "vcs"]]}')


# Prints every leak in a file that the truth names.
FINDS_ALL = r'''
def where(leak):
    if TREE is None:
        return leak["path"]
    in_layers = f"layers/{leak['layer']}-{leak['diff_id'][7:19]}/" if "/layers/" in TREE else ""
    return f"{TREE}/{in_layers}{leak['path']}"


found = [{"rule": leak["kind"], "path": where(leak), "layer": leak["diff_id"], "line": leak["line"],
          "column": leak["column"], "value": leak["value"]} for leak in TRUTH["leaks"] if leak["carrier"] == "file"]
print(json.dumps({"found": found}))
sys.exit(1 if found else 0)
'''

# The same of each image that it is given, with the image's path before that in it.
FINDS_ALL_OF_SEVERAL = r'''
found = [{"rule": leak["kind"], "path": f"{path}/{leak['path']}", "layer": leak["diff_id"], "line": leak["line"],
          "column": leak["column"], "value": leak["value"]}
         for path, truth in INPUTS for leak in truth["leaks"] if leak["carrier"] == "file"]
print(json.dumps({"found": found}))
sys.exit(1 if found else 0)
'''

# Fills a recorded report in.
REPLAYS = r'''
RECORDED = json.loads(@RECORDED@)


def document(member):
    import tarfile
    with tarfile.open(IMAGE) as archive:
        return archive.extractfile(member).read().decode()


def stored(leak):
    """Where the value stands in the configuration, from 0: builders write the object config before the history."""
    places = [match.start() for match in re.finditer(re.escape(leak["value"]), document(leak["blob"]))]
    return places[0] if leak["carrier"] == "config" else places[-1]


def masked(text, leak):
    """As a string of JSON that stands in another one."""
    return json.dumps(json.dumps(text.replace(leak["value"], "*" * leak["length"]))[1:-1])[1:-1]


def marks(leak):
    marks = {"image": IMAGE, "tree": TREE, "value": leak["value"], "path": leak["path"], "diff_id": leak["diff_id"],
             "blob": leak["blob"], "line": leak["line"], "stars": "*" * leak["length"]}
    if leak["layer"] is not None:
        later = 1 if leak["line"] > 1 else 0
        return marks | {"layer": f"layers/{leak['layer']}-{leak['diff_id'][7:19]}",
                        "gitleaks_column": leak["column"] + later, "gitleaks_end": leak["end_column"] - 1 + later,
                        "column0": leak["column"] - 1, "last_column0": leak["end_column"] - 2,
                        "end_column0": leak["end_column"] - 1}
    at = stored(leak)
    # A match that begins in the text before: [..., "NAME=x", "TOKEN=y"].
    before = at + 1 - leak["offset"] - len('"') - 3
    marks |= {"document_before": before, "document_column": at + 1, "document_end": at + leak["length"], "document_column0": at,
              "document_last0": at + leak["length"] - 1, "document_end0": at + leak["length"]}
    config = json.loads(document(leak["blob"]))
    step = re.match(r"history\[(\d+)\]", leak["field"])
    if step:
        marks |= {"step": step.group(1), "masked_step": masked(config["history"][int(step.group(1))]["created_by"], leak)}
    variable = re.match(r"config\.Env\[(\d+)\]", leak["field"])
    if variable:
        marks |= {"masked_variable": masked(config["config"]["Env"][int(variable.group(1))], leak)}
    return marks


def fill(text, marks):
    return re.sub(r"%([a-z_0]+)%", lambda mark: str(marks[mark.group(1)]), text)


templates = RECORDED["tree" if TREE else "image"]
items = [fill(templates[leak["carrier"]], marks(leak)) for leak in TRUTH["leaks"] if leak["carrier"] in templates]
whole = {"image": IMAGE, "tree": TREE}
text = fill(RECORDED["empty"], whole)
if items:
    text = fill(RECORDED["head"], whole) + RECORDED["join"].join(items) + RECORDED["tail"]
sys.stderr.write(RECORDED.get("stderr", ""))
if RECORDED["to"] == "stdout":
    sys.stdout.write(text)
else:
    [report] = {word.split("=")[-1] for word in ARGUMENTS if word.endswith(".report")}
    open(report, "w").write(text)
sys.exit(RECORDED["exit"]["found" if items else "empty"])
'''


def replaying(recorded):
    return REPLAYS.replace("@RECORDED@", repr(json.dumps(recorded)))
