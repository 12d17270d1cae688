"""Merges layers by the text of docs/whiteouts.md, as plainly as it can be written. Paths are tuples of bytes."""

MARKER, OPAQUE = b".wh.", b".wh..wh..opq"


def clean(name):
    parts = []
    for part in name.split(b"/"):
        if part in (b"", b"."):
            continue
        if part != b"..":
            parts.append(part)
        elif parts:
            parts.pop()
    return tuple(parts)


def recognise(name):
    """(kind, path): kind is "entry", "whiteout", "opaque" or "invalid"."""
    path = clean(name)
    if path and path[-1] == OPAQUE:
        return "opaque", path[:-1]
    if path and path[-1].startswith(MARKER):
        rest = path[-1][len(MARKER) :]
        return ("invalid", path) if rest in (b"", b".", b"..") else ("whiteout", path[:-1] + (rest,))
    return "entry", path


class Rootfs:
    """tree: path -> node. A node is a dict: entry (layer, index or None), content (layer, entry dict or None)."""

    def __init__(self):
        self.tree, self.fates, self.layer = {}, {}, -1

    def is_directory(self, node):
        return node["content"][1] is None or node["content"][1]["kind"] == "5"

    def set_fate(self, node, how):
        if node["entry"][1] is not None:
            self.fates[node["entry"]] = (how, self.layer)

    def drop(self, top, how, itself):
        gone = [path for path in self.tree if path[: len(top)] == top and (itself or path != top)]
        for path in gone:
            self.set_fate(self.tree.pop(path), how)

    def apply(self, entries):
        self.layer += 1
        lower = dict(self.tree)
        named = [recognise(entry["name"]) for entry in entries]
        for kind, path in named:
            if kind == "whiteout" and path in lower:
                self.drop(path, "deleted", itself=True)
            elif kind == "opaque" and (not path or (path in lower and self.is_directory(lower[path]))):
                self.drop(path, "opaque", itself=False)
        removed = {path: node for path, node in lower.items() if path not in self.tree}
        for index, (kind, path) in enumerate(named):
            if kind == "entry" and path:
                self.fates[(self.layer, index)] = (None, -1)
                self.add(entries[index], index, path, lower, removed)

    def add(self, entry, index, path, lower, removed):
        content = (self.layer, index, entry)
        if entry["kind"] == "1":
            target = clean(entry["link"])
            own = self.tree.get(target)
            if own is None or own["entry"][0] != self.layer or self.is_directory(own):
                own = lower.get(target)
            if own is None or self.is_directory(own):
                return
            content = own["from"]
        parent = self.make_parents(path[:-1])
        if parent is None:
            return
        path = parent + path[-1:]
        node = {"entry": (self.layer, index), "content": (content[0], content[2]), "from": content}
        old = self.tree.get(path)
        if old is not None and self.is_directory(old) and self.is_directory(node):
            self.set_fate(old, "overwritten")
        else:
            self.drop(path, "overwritten", itself=True)
        if path in removed:
            self.set_fate(removed[path], "overwritten")
        self.tree[path] = node

    def make_parents(self, parts):
        at, left, followed = (), list(parts), 0
        while left:
            part = left.pop(0)
            if part in (b"", b"."):
                continue
            if part == b"..":
                at = at[:-1]
                continue
            node = self.tree.get(at + (part,))
            if node is not None and node["entry"][0] == self.layer and not self.is_directory(node):
                if node["content"][1]["kind"] == "2":
                    followed += 1
                    if followed > 40:
                        return None
                    link = node["content"][1]["link"]
                    at = () if link.startswith(b"/") else at
                    left = link.split(b"/") + left
                    continue
            at += (part,)
            if node is None or not self.is_directory(node):
                self.drop(at, "overwritten", itself=True)
                self.tree[at] = {"entry": (self.layer, None), "content": (self.layer, None), "from": None}
        return at

    def wasted(self, layers):
        shown = {node["from"][:2] for node in self.tree.values() if node["from"]}
        return sum(
            entry["size"]
            for layer, entries in enumerate(layers)
            for index, entry in enumerate(entries)
            if entry["kind"] == "0" and recognise(entry["name"])[0] == "entry" and (layer, index) not in shown
        )


def merge(layers):
    rootfs = Rootfs()
    for entries in layers:
        rootfs.apply(entries)
    return rootfs
