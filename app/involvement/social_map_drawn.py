"""The social map as a picture: the patient in the middle, circles of closeness around, and a line for each direction.

What a line says is told by its colour and by its dashes, so that colours need not be seen. https://www.w3.org/TR/SVG2/,
https://www.w3.org/TR/WCAG21/#use-of-color
"""

from collections.abc import Iterator
from math import hypot
from textwrap import wrap
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from app.involvement.social_map import Edge, Node, SocialMap
from app.involvement.social_map_laid_out import Circle, Point, circles
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
# A name takes three lines of so many letters at most: the whole is in the words.
_LETTERS: Final = 16
_LINES: Final = 3
_LINE: Final = 17.0
_NODE: Final = 16.0
_PATIENT: Final = 34.0
_MARGIN: Final = 130.0
_NARROWEST: Final = 300.0
# Words are read over lines.
_HALO: Final = {"stroke": "#ffffff", "stroke-width": "5", "stroke-linejoin": "round", "paint-order": "stroke"}
_OF_THE_CRISIS: Final = "#c9d1d9"
_HOW_TO_READ: Final = (
    "The thicker a line, the stronger the tie; without a head it is between two others. "
    "Round: a person; square: a place; pointed: an activity."
)


def picture(map_: SocialMap) -> bytes:
    """The map as SVG, with title, description and a legend."""
    found = circles(map_.nodes)
    beside = _NODE + 29 + _LINE * max((len(_lines(node)) for node in map_.nodes), default=0)
    half = max(max((each.radius for each in found), default=0.0) + max(_MARGIN, beside), _NARROWEST)
    below = [line for words in _sentences(map_) for line in wrap(words, int((2 * half - 60) / 8))]
    box = {"width": f"{2 * half:.0f}", "height": f"{2 * half + 50 + 20 * len(below):.0f}"}
    root = Element("svg", {
        "xmlns": _SVG,
        "viewBox": f"{-half:.0f} {-half:.0f} {box['width']} {box['height']}",
        "role": "img",
        "aria-labelledby": "title description",
        "font-family": "sans-serif",
        "font-size": "15",
        "fill": _INK,
    })  # fmt: skip
    _text(root, "title", "Social map", id="title")
    _text(root, "desc", in_words(map_), id="description")
    SubElement(root, "rect", {"x": f"{-half:.0f}", "y": f"{-half:.0f}", **box, "fill": "#ffffff"})
    _draw(root, map_, found)
    _legend(root, below, half)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _draw(root: Element, map_: SocialMap, found: list[Circle]) -> None:
    """Circles and lines first, so that words and marks are over them."""
    points = {"patient": Point(0, 0)} | {id_: point for each in found for id_, point in each.points.items()}
    for each in found:
        around = {"cx": "0", "cy": "0", "r": f"{each.radius:.0f}"}
        SubElement(root, "circle", {**around, "fill": "none", "stroke": "#8c959f", "stroke-width": "1"})
    for edge in map_.edges:
        (_line if "patient" in (edge.from_, edge.to) else _bow)(root, edge, points)
    for each in found:
        at = {"x": f"{each.title_at.x:.1f}", "y": f"{each.title_at.y + 5:.1f}"}
        _text(root, "text", each.title, fill="#57606a", **at, **_HALO, **{"text-anchor": "middle"})
    for node in map_.nodes:
        _mark(root, node, points[node.id], of_crisis=bool(node.group) and node.group == map_.crisis_group)
    SubElement(root, "circle", {"cx": "0", "cy": "0", "r": f"{_PATIENT:.0f}", "fill": _INK})
    _text(root, "text", "Patient", x="0", y="5", fill="#ffffff", **{"text-anchor": "middle"})


def _bow(root: Element, edge: Edge, points: dict[str, Point]) -> None:
    """A tie between two others: bent around those who stand between, and without a head, for it is mutual."""
    start, end = points[edge.from_], points[edge.to]
    middle = Point((start.x + end.x) / 2, (start.y + end.y) / 2)
    bend = Point(middle.x - (end.y - start.y) / 3, middle.y + (end.x - start.x) / 3)
    path = f"M {start.x:.1f},{start.y:.1f} Q {bend.x:.1f},{bend.y:.1f} {end.x:.1f},{end.y:.1f}"
    SubElement(root, "path", {"d": path, "fill": "none", **_look(edge)})


def _look(edge: Edge) -> dict[str, str]:
    """How the line of a tie looks: its colour and dashes say the effect, its width the strength."""
    colour, dashes = _EFFECTS.get(edge.effect, _UNSAID)
    dashed = {"stroke-dasharray": dashes} if dashes else {}
    return {"stroke": colour, "stroke-width": str(_WIDTHS.get(edge.strength, 1.8)), **dashed}


def _line(root: Element, edge: Edge, points: dict[str, Point]) -> None:
    """A line with a head at its end, beside the one in the other direction."""
    start, end = points[edge.from_], points[edge.to]
    length = hypot(end.x - start.x, end.y - start.y) or 1.0
    along = Point((end.x - start.x) / length, (end.y - start.y) / length)
    aside = Point(-along.y * 5, along.x * 5)
    first = _PATIENT + 4 if edge.from_ == "patient" else _NODE + 2
    last = length - (_PATIENT + 4 if edge.to == "patient" else _NODE + 2)
    look = _look(edge)

    def at(distance: float, off: float = 1.0) -> str:
        return f"{start.x + along.x * distance + aside.x * off:.1f},{start.y + along.y * distance + aside.y * off:.1f}"

    (x1, y1), (x2, y2) = at(first).split(","), at(last - 8).split(",")
    SubElement(root, "line", {"x1": x1, "y1": y1, "x2": x2, "y2": y2, **look})
    head = f"{at(last)} {at(last - 11, 2.2)} {at(last - 11, -0.2)}"
    SubElement(root, "polygon", {"points": head, "fill": look["stroke"]})


def _mark(root: Element, node: Node, at: Point, *, of_crisis: bool) -> None:
    """A person is round, a place square, an activity pointed; with the name beside, and what keeps them away."""
    group = SubElement(root, "g")
    _text(group, "title", node.label)
    look = {"fill": _OF_THE_CRISIS if of_crisis else "#ffffff", "stroke": _INK, "stroke-width": "2"}
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
    _words(group, node, at)


def _words(group: Element, node: Node, at: Point) -> None:
    """The name of a mark and what there is to say of it, on the side that lines from the patient do not come from.

    What is behind them is covered before any of them is written: no line of words covers the tails of another.
    """
    lines = _lines(node)
    first = at.y - _NODE - 9 - _LINE * (len(lines) - 1) if at.y < 0 else at.y + _NODE + _LINE
    for look in (_HALO | {"fill": "#ffffff", "aria-hidden": "true"}, {}):
        for number, (words, size, weight) in enumerate(lines):
            where = {"x": f"{at.x:.1f}", "y": f"{first + _LINE * number:.1f}", "text-anchor": "middle"}
            _text(group, "text", words, **where, **look, **{"font-size": size, "font-weight": weight})


def _lines(node: Node) -> list[tuple[str, str, str]]:
    """The words that stand with a mark, with the size and weight of each line."""
    return [
        *((line, "15", "normal") for line in wrap(node.label, _LETTERS, max_lines=_LINES, placeholder="…")),
        *((words, "12", "normal") for words in (node.consent,) if words),
        *((words, "12", "bold") for words in node.restrictions),
    ]


def _legend(root: Element, below: list[str], half: float) -> None:
    """What the lines mean; and what there is to say in words."""
    for number, (effect, (colour, dashes)) in enumerate(_EFFECTS.items()):
        x, y = -half + 30 + 130 * number, half + 10
        line = {"x1": f"{x:.0f}", "y1": f"{y:.0f}", "x2": f"{x + 40:.0f}", "y2": f"{y:.0f}", "stroke": colour}
        SubElement(root, "line", line | {"stroke-width": "2.5"} | ({"stroke-dasharray": dashes} if dashes else {}))
        _text(root, "text", effect, x=f"{x + 48:.0f}", y=f"{y + 5:.0f}")
    for number, words in enumerate(below):
        _text(root, "text", words, x=f"{-half + 30:.0f}", y=f"{half + 40 + 20 * number:.0f}")


def _sentences(map_: SocialMap) -> Iterator[str]:
    first, *_ = in_words(map_).splitlines()
    yield first
    if map_.crisis_group:
        yield f"The crisis is most closely identified with: {map_.crisis_group} (filled)"
    if map_.edges:
        yield _HOW_TO_READ


def _text(parent: Element, name: str, words: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = "".join(each for each in words if each.isprintable() or each == "\n")
