"""Curves on two logarithmic axes, as SVG."""

import math
from dataclasses import dataclass
from xml.sax.saxutils import escape

# Told apart also without hue (Okabe and Ito, 2008).
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#8a8a00")
DASHES = ("", "6 3", "2 2", "8 3 2 3")
WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 210, 40, 50


@dataclass(frozen=True)
class Curve:
    name: str
    points: tuple  # (x, y), both above 0
    bold: bool = False


class Scale:
    """Of values above 0, in decades, onto pixels."""

    def __init__(self, values, begin, end):
        self.low = math.floor(math.log10(min(values)))
        self.high = max(math.ceil(math.log10(max(values))), self.low + 1)
        self.begin, self.end = begin, end

    def __call__(self, value):
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return round(self.begin + share * (self.end - self.begin), 1)

    def decades(self):
        return [10.0**power for power in range(self.low, self.high + 1)]


def text(x, y, words, anchor="middle", more=""):
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}"{more}>{escape(words)}</text>'


def grid(x, y, x_text, y_text):
    parts = []
    for value in x.decades():
        at = x(value)
        parts += [f'<line x1="{at}" y1="{TOP}" x2="{at}" y2="{HEIGHT - BOTTOM}" class="grid"/>',
                  text(at, HEIGHT - BOTTOM + 18, x_text(value))]
    for value in y.decades():
        at = y(value)
        parts += [f'<line x1="{LEFT}" y1="{at}" x2="{WIDTH - RIGHT}" y2="{at}" class="grid"/>',
                  text(LEFT - 8, at + 4, y_text(value), "end")]
    return parts


def apart(places, least=15):
    """Heights of labels, moved down where they would cover each other."""
    moved = {}
    at = -math.inf
    for name, place in sorted(places.items(), key=lambda item: item[1]):
        at = max(place, at + least)
        moved[name] = at
    return moved


def draw(title, x_label, curves, x_text, y_text):
    """The document. Curves without points are left out; there must be one with points."""
    curves = [curve for curve in curves if curve.points]
    x = Scale([point[0] for curve in curves for point in curve.points], LEFT, WIDTH - RIGHT)
    y = Scale([point[1] for curve in curves for point in curve.points], HEIGHT - BOTTOM, TOP)
    labels = apart({curve.name: y(curve.points[-1][1]) for curve in curves})
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
             'font-size="12">', f"<title>{escape(title)}</title>",
             "<style>.grid{stroke:#ddd}polyline{fill:none}</style>",
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
             text(LEFT, 22, title, "start", ' font-size="14" font-weight="bold"'),
             text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, x_label), *grid(x, y, x_text, y_text)]
    for number, curve in enumerate(curves):
        colour = COLOURS[number % len(COLOURS)]
        width = 3 if curve.bold else 1.5
        points = [(x(at), y(value)) for at, value in curve.points]
        path = " ".join(f"{at},{value}" for at, value in points)
        parts.append(f'<polyline points="{path}" stroke="{colour}" stroke-width="{width}" '
                     f'stroke-dasharray="{DASHES[number % len(DASHES)]}"/>')
        parts += [f'<circle cx="{at}" cy="{value}" r="{width}" fill="{colour}"/>' for at, value in points]
        end_x, end_y = points[-1]
        label = labels[curve.name]
        parts += [f'<line x1="{end_x}" y1="{end_y}" x2="{WIDTH - RIGHT + 12}" y2="{label}" stroke="{colour}" '
                  'stroke-width="0.5"/>',
                  text(WIDTH - RIGHT + 16, label + 4, curve.name, "start",
                       f' fill="{colour}"' + (' font-weight="bold"' if curve.bold else ""))]
    return "\n".join([*parts, "</svg>"]) + "\n"
