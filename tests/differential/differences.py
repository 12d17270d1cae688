"""The differences between two reduced images, each once, as (field, ours, real)."""

import json

MISSING = "(absent)"


def parsed(words):
    """Objects as lists of pairs, so that the order of keys counts."""
    try:
        return json.loads(words)
    except ValueError:
        return words


def of_values(field, ours, real):
    if type(ours) is type(real) and isinstance(ours, dict):
        for key in list(dict.fromkeys(list(ours) + list(real))):
            yield from of_values(f"{field}.{key}", ours.get(key, MISSING), real.get(key, MISSING))
    elif type(ours) is type(real) and isinstance(ours, list):
        if len(ours) != len(real):
            yield f"{field}.length", len(ours), len(real)
        for i, (one, other) in enumerate(zip(ours, real)):
            yield from of_values(f"{field}[{i}]", one, other)
    elif ours != real:
        yield field, ours, real


def of_documents(field, ours, real):
    """Field by field; where all values agree, the spelling."""
    found = list(of_values(field, parsed(ours), parsed(real)))
    if not found and ours != real:
        at = next((i for i, (one, other) in enumerate(zip(ours, real)) if one != other), min(len(ours), len(real)))
        found = [(field + ".spelling", ours[max(0, at - 30) : at + 30], real[max(0, at - 30) : at + 30])]
    yield from found


def without_clocks(row):
    """Times that a build takes from a clock, in PAX records: that they are there counts, not what they say."""
    pax = row.get("header", {}).get("pax")
    if not pax:
        return row
    kept = {key: "time" if key in ("atime", "ctime") else value for key, value in pax.items()
            if not (key == "mtime" and ("." in value or value == "build"))}
    header = {**row["header"], "pax": kept}
    return {**row, "header": header if kept else {key: header[key] for key in header
                                                  if key not in ("pax", "name", "pax_header")}}


def of_entries(field, ours, real):
    """Entries are matched by path, and by turn where a path stands twice."""

    def keyed(rows):
        seen, result = {}, {}
        for row in rows:
            seen[row["path"]] = seen.get(row["path"], 0) + 1
            again = f" ({seen[row['path']]})" if seen[row["path"]] > 1 else ""
            result[row["path"] + again] = without_clocks(row)
        return result

    one, other = keyed(ours), keyed(real)
    for path in one:
        if path not in other:
            yield f"{field}[{path}]", one[path], MISSING
    for path, row in other.items():
        if path not in one:
            yield f"{field}[{path}]", MISSING, row
        else:
            yield from of_values(f"{field}[{path}]", one[path], row)
    common = ([path for path in one if path in other], [path for path in other if path in one])
    if common[0] != common[1]:
        at = next(i for i, (a, b) in enumerate(zip(*common)) if a != b)
        yield f"{field}.order", common[0][at : at + 4], common[1][at : at + 4]


def of_layers(ours, real):
    if len(ours) != len(real):
        yield "layers.length", len(ours), len(real)
    for i, (one, other) in enumerate(zip(ours, real)):
        if isinstance(one, str) or isinstance(other, str):
            if one != other:
                yield f"layers[{i}]", *(layer if isinstance(layer, str) else "a new layer" for layer in (one, other))
            continue
        yield from of_entries(f"layers[{i}]", one["entries"], other["entries"])
        yield from of_values(f"layers[{i}].end", one["end"], other["end"])


def of_archive(ours, real):
    for key in ("order", "end"):
        yield from of_values("archive." + key, ours["outer"][key], real["outer"][key])
    yield from of_entries("archive", ours["outer"]["entries"], real["outer"]["entries"])
    for name in list(dict.fromkeys(list(ours["documents"]) + list(real["documents"]))):
        one, other = ours["documents"].get(name), real["documents"].get(name)
        if one is not None and other is not None:  # else the entries say so
            yield from of_documents(f"archive[{name}]", one, other)


def once(found):
    """The top v1 document repeats the config: what differs there as well is not told again."""
    told = set()
    for field, ours, real in found:
        key = (field.split(".", 1)[-1], str(ours), str(real))
        repeats = field.startswith("archive[<v1") and key in told
        told.add(key)
        if not repeats:
            yield field, ours, real


def between(ours, real):
    """`ours` and `real` are reductions or refusals, or say why there is neither."""
    if "unrecorded" in ours or "unrecorded" in real:
        return list(of_values("unrecorded", ours.get("unrecorded"), real.get("unrecorded")))
    if "refused" in ours or "refused" in real:
        return list(of_values("refusal", ours.get("refused", "(built)"), real.get("refused", "(built)"))) or [
            (f"refusal.{key}", ours.get(key), real[key]) for key in ("line", "printed") if key in real and ours.get(key) != real[key]]
    found = list(of_documents("config", ours["config"], real["config"]))
    found += of_layers(ours["layers"], real["layers"])
    found += of_archive(ours, real)
    return list(once(found))
