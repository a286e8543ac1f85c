"""The social map as a picture: the patient in the middle, circles of closeness around, and a line for each direction.

What a line says is told by its colour and by its dashes, so that colours need not be seen. https://www.w3.org/TR/SVG2/,
https://www.w3.org/TR/WCAG21/#use-of-color
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, sin
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from app.fhir.vocabulary.social_map import TIE_CLOSENESS
from app.involvement.social_map import Edge, Node, SocialMap
from app.involvement.social_map_told import in_words

_SVG: Final = "http://www.w3.org/2000/svg"
_INK: Final = "#1f2328"
# Colours with a contrast of at least 4.5 to 1 on white, and the dashes that tell them apart.
_EFFECTS: Final = {
    "helps": ("#1a6b2f", ""),
    "hinders": ("#b3261e", "10 6"),
    "mixed": ("#7a4f00", "12 5 3 5"),
    "neutral": ("#57606a", "2 5"),
}
_UNSAID: Final = ("#57606a", "1 7")
_WIDTHS: Final = {"strong": 4.0, "moderate": 2.5, "weak": 1.2}
_SHAPES: Final = {"place": "rect", "activity": "polygon"}
_FIRST_CIRCLE: Final = 150.0
_BETWEEN: Final = 130.0
# What a name takes of a circle, and the most letters that are shown of it: the whole is in the words.
_NAME_ROOM: Final = 130.0
_LETTERS: Final = 22
_NODE: Final = 16.0


@dataclass(frozen=True, slots=True)
class _Point:
    x: float
    y: float


def picture(map_: SocialMap) -> bytes:
    """The map as SVG, with title, description and a legend."""
    circles = _circles(map_.nodes)
    radius = max((each for _, each, _ in circles), default=_FIRST_CIRCLE) + 110
    root = Element("svg", {
        "xmlns": _SVG,
        "viewBox": f"{-radius:.0f} {-radius:.0f} {2 * radius:.0f} {2 * radius + 90:.0f}",
        "role": "img",
        "aria-labelledby": "title description",
        "font-family": "sans-serif",
        "font-size": "15",
        "fill": _INK,
    })  # fmt: skip
    _text(root, "title", "Social map", id="title")
    _text(root, "desc", in_words(map_), id="description")
    SubElement(root, "rect", {
        "x": f"{-radius:.0f}", "y": f"{-radius:.0f}", "width": f"{2 * radius:.0f}", "height": f"{2 * radius + 90:.0f}",
        "fill": "#ffffff",
    })  # fmt: skip
    points = _draw_circles(root, circles)
    for edge in map_.edges:
        _line(root, edge, points)
    for node in map_.nodes:
        _mark(root, node, points[node.id])
    SubElement(root, "circle", {"cx": "0", "cy": "0", "r": "34", "fill": _INK})
    _text(root, "text", "Patient", x="0", y="5", fill="#ffffff", **{"text-anchor": "middle"})
    _legend(root, map_, radius)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _circles(nodes: Sequence[Node]) -> list[tuple[str, float, list[Node]]]:
    """Each circle with its name, its radius (wide enough for the names on it) and those on it, groups together."""
    found, radius = [], 0.0
    for code in (*TIE_CLOSENESS.codes, ""):
        there = sorted((node for node in nodes if node.closeness == code), key=lambda node: (node.group, node.label))
        if not code and not there:
            continue
        needed = len(there) * _NAME_ROOM / (2 * pi)
        radius = max(radius + _BETWEEN, _FIRST_CIRCLE, needed)
        title = TIE_CLOSENESS.by_code[code].display if code else "Not placed"
        found.append((title, radius, there))
    return found


def _draw_circles(root: Element, circles: Sequence[tuple[str, float, list[Node]]]) -> dict[str, _Point]:
    """The circles, from the outside in; where each node is."""
    points = {"patient": _Point(0, 0)}
    for number, (title, radius, there) in reversed(list(enumerate(circles))):
        SubElement(root, "circle", {
            "cx": "0", "cy": "0", "r": f"{radius:.0f}", "fill": "none", "stroke": "#8c959f", "stroke-width": "1",
        })  # fmt: skip
        _text(root, "text", title, x="0", y=f"{-radius + 18:.0f}", fill="#57606a", **{"text-anchor": "middle"})
        for place, node in enumerate(there):
            angle = 2 * pi * (place + 0.5 + 0.25 * number) / len(there) - pi / 2
            points[node.id] = _Point(radius * cos(angle), radius * sin(angle))
    return points


def _line(root: Element, edge: Edge, points: dict[str, _Point]) -> None:
    """A line with a head at its end, beside the one in the other direction."""
    start, end = points[edge.from_], points[edge.to]
    length = hypot(end.x - start.x, end.y - start.y) or 1.0
    along = _Point((end.x - start.x) / length, (end.y - start.y) / length)
    aside = _Point(-along.y * 5, along.x * 5)
    first = 38.0 if edge.from_ == "patient" else _NODE + 2
    last = length - (38.0 if edge.to == "patient" else _NODE + 2)
    colour, dashes = _EFFECTS.get(edge.effect, _UNSAID)

    def at(distance: float, off: float = 1.0) -> str:
        return f"{start.x + along.x * distance + aside.x * off:.1f},{start.y + along.y * distance + aside.y * off:.1f}"

    (x1, y1), (x2, y2) = at(first).split(","), at(last - 8).split(",")
    line = {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "stroke": colour}
    line["stroke-width"] = str(_WIDTHS.get(edge.strength, 1.8))
    SubElement(root, "line", line | ({"stroke-dasharray": dashes} if dashes else {}))
    head = f"{at(last)} {at(last - 11, 2.2)} {at(last - 11, -0.2)}"
    SubElement(root, "polygon", {"points": head, "fill": colour})


def _mark(root: Element, node: Node, at: _Point) -> None:
    """A person is round, a place square, an activity pointed; with the name below, and what keeps them away."""
    group = SubElement(root, "g")
    _text(group, "title", node.label)
    look = {"fill": "#ffffff", "stroke": _INK, "stroke-width": "2"}
    shape = _SHAPES.get(node.kind, "circle")
    x, y = f"{at.x - _NODE:.1f}", f"{at.y - _NODE:.1f}"
    if shape == "rect":
        SubElement(group, "rect", {"x": x, "y": y, "width": f"{2 * _NODE}", "height": f"{2 * _NODE}", **look})
    elif shape == "polygon":
        corners = ((0, -_NODE), (_NODE, 0), (0, _NODE), (-_NODE, 0))
        points = " ".join(f"{at.x + dx:.1f},{at.y + dy:.1f}" for dx, dy in corners)
        SubElement(group, "polygon", {"points": points, **look})
    else:
        SubElement(group, "circle", {"cx": f"{at.x:.1f}", "cy": f"{at.y:.1f}", "r": f"{_NODE}", **look})
    label = node.label if len(node.label) <= _LETTERS else f"{node.label[: _LETTERS - 1]}…"
    lines = [label, *([node.consent] if node.consent else []), *node.restrictions]
    for number, words in enumerate(lines):
        weight = {"font-weight": "bold"} if number > 1 or words in node.restrictions else {}
        below = f"{at.y + _NODE + 17 + 15 * number:.1f}"
        size = {} if number == 0 else {"font-size": "12"}
        _text(group, "text", words, x=f"{at.x:.1f}", y=below, **{"text-anchor": "middle"}, **size, **weight)


def _legend(root: Element, map_: SocialMap, radius: float) -> None:
    """What the lines mean; and what there is to say when nobody is on the map."""
    top = radius + 20
    for number, (effect, (colour, dashes)) in enumerate(_EFFECTS.items()):
        x = -radius + 30 + 130 * number
        line = {"x1": f"{x:.0f}", "y1": f"{top:.0f}", "x2": f"{x + 40:.0f}", "y2": f"{top:.0f}", "stroke": colour}
        SubElement(root, "line", line | {"stroke-width": "2.5"} | ({"stroke-dasharray": dashes} if dashes else {}))
        _text(root, "text", effect, x=f"{x + 48:.0f}", y=f"{top + 5:.0f}")
    for number, words in enumerate(_sentences(map_)):
        _text(root, "text", words, x=f"{-radius + 30:.0f}", y=f"{top + 32 + 20 * number:.0f}")


def _sentences(map_: SocialMap) -> Iterator[str]:
    first, *_ = in_words(map_).splitlines()
    yield first
    if map_.crisis_group:
        yield f"The crisis is most closely identified with: {map_.crisis_group}"


def _text(parent: Element, name: str, words: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = "".join(each for each in words if each.isprintable() or each == "\n")
