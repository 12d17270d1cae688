"""The table of kinds (data/kinds.json), and looking for their shapes in bytes."""

import json
import pathlib
import re

TABLE = json.loads((pathlib.Path(__file__).parent / "data/kinds.json").read_text())
ROWS = {**TABLE["kinds"], **TABLE["more"]}
SHAPES = {kind: (holds.encode("latin-1"), re.compile(shape.encode("latin-1")))
          for kind, (holds, shape) in ROWS.items()}


def found(data):
    """Each place in the bytes that has the shape of a kind: (kind, offset)."""
    for kind, (holds, shape) in SHAPES.items():
        if holds in data:
            for match in shape.finditer(data):
                yield kind, match.start()
