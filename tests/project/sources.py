"""The files of the source tree, as text."""

import os
import pathlib

SKIPPED_FOLDERS = {".git", ".cache", "out", "__pycache__"}


def files(root):
    """Paths below root, relative to it, without build trees and what Git keeps."""
    for folder, folders, names in os.walk(root):
        top = pathlib.Path(folder) == pathlib.Path(root)
        folders[:] = sorted(f for f in folders if f not in SKIPPED_FOLDERS and not (top and f.startswith("build")))
        for name in sorted(set(names) - {".git"}):
            yield (pathlib.Path(folder) / name).relative_to(root)


def text(path):
    """The file's text, or None when it is binary."""
    data = path.read_bytes()
    if b"\0" in data:
        return None
    return data.decode("utf-8", errors="replace")
