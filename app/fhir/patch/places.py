"""Where a FHIRPath leads in a resource: elements, each with the object that holds it, so that it can be changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from app.fhir.errors import Invalid
from app.fhir.patch.elements import Primitive
from app.fhir.patch.steps import Compared, Expression, Function, Index, Literal, Member, Path, Step
from app.fhir.types import Element, table

MOST_VISITED: Final = 50_000


@dataclass(frozen=True, slots=True)
class Place:
    """An element: its value and type, and where it hangs: in `parent` as `name`, at `index` when that is a list.

    The resource itself has no parent.
    """

    value: Any
    type: str
    parent: "Place | None" = None
    name: str = ""
    index: int | None = None

    @property
    def members(self) -> dict[str, Any]:
        """What it holds, to be changed; nothing in a value."""
        held = self.value.rest if isinstance(self.value, Primitive) else self.value
        return held if isinstance(held, dict) else {}

    @property
    def elements(self) -> dict[str, Element]:
        """What its type may have, by the names of JSON."""
        if isinstance(self.value, Primitive):
            return table("Element").elements
        return table(self.type).elements if isinstance(self.value, dict) else {}


def named(place: Place, name: str) -> list[Element]:
    """The elements that a name stands for: several when one of many types may be chosen."""
    elements = place.elements
    if name in elements:
        return [elements[name]]
    return [element for element in elements.values() if element.path == name]


class Search:
    """Follows paths through one resource; all that it visits counts together, so that no patch takes for ever."""

    def __init__(self, resource: dict[str, Any]) -> None:
        self.root = Place(resource, resource["resourceType"])
        self._visited = 0

    def find(self, path: Path) -> list[Place]:
        """The elements at the end of a path, which begins at the resource."""
        return self._follow(path, [self.root])

    def _follow(self, path: Path, places: list[Place]) -> list[Place]:
        if path and isinstance(path[0], Member) and self._stands_for_itself(path[0].name, places):
            path = path[1:]
        for step in path:
            places = self._step(step, places)
        return places

    def _stands_for_itself(self, name: str, places: list[Place]) -> bool:
        return name == "$this" or any(place.parent is None and name in (place.type, "%resource") for place in places)

    def _step(self, step: Step, places: list[Place]) -> list[Place]:
        match step:
            case Member(name):
                return [child for place in places for child in self._children(place, name)]
            case Index(number):
                return places[number : number + 1]
            case Function(name, argument):
                return self._function(name, argument, places)

    def _children(self, place: Place, name: str) -> Iterator[Place]:
        for element in named(place, name):
            found = place.members.get(element.name)
            for index, value in enumerate(found if isinstance(found, list) else [found]):
                self._visited += 1
                if self._visited > MOST_VISITED:
                    raise Invalid("The paths of the patch take too long to follow.", code="too-costly")
                if value is not None:
                    type_ = value.get("resourceType", "Resource") if element.type == "Resource" else element.type
                    yield Place(value, type_, place, element.name, index if isinstance(found, list) else None)

    def _function(self, name: str, argument: Expression | str | None, places: list[Place]) -> list[Place]:
        match name:
            case "first":
                return places[:1]
            case "last":
                return places[-1:]
            case "single" if len(places) > 1:
                raise Invalid(f"single() finds {len(places)} elements.", code="multiple-matches")
            case "where":
                assert argument is not None
                assert not isinstance(argument, str)
                return [place for place in places if self._holds(argument, place)]
            case "extension":
                found = [each for place in places for each in self._children(place, "extension")]
                return [each for each in found if isinstance(each.value, dict) and each.value.get("url") == argument]
            case "ofType":
                return [place for place in places if place.type == argument]
            case "single":
                return places
            case _:
                return self._truth(name, argument, places)

    def _truth(self, name: str, argument: Expression | str | None, places: list[Place]) -> list[Place]:
        if name == "not":
            return self._boolean(not _is_true(places))
        if argument is not None and not isinstance(argument, str):
            places = [place for place in places if self._holds(argument, place)]
        return self._boolean(bool(places) == (name == "exists"))

    def _boolean(self, value: bool) -> list[Place]:
        return [Place(value, "boolean", self.root)]

    def _holds(self, criterion: Expression, place: Place) -> bool:
        return _is_true(self._value(criterion, place))

    def _value(self, expression: Expression, place: Place) -> list[Place]:
        match expression:
            case Literal(value):
                return [Place(value, "", self.root)]
            case Compared(left, "and", right):
                return self._boolean(self._holds(left, place) and self._holds(right, place))
            case Compared(left, "or", right):
                return self._boolean(self._holds(left, place) or self._holds(right, place))
            case Compared(left, sign, right):
                first, second = self._value(left, place), self._value(right, place)
                if not first or not second:
                    return []
                return self._boolean((_plain(first) == _plain(second)) == (sign == "="))
            case _:
                return self._follow(expression, [place])


def _is_true(places: list[Place]) -> bool:
    return bool(places) and (len(places) > 1 or places[0].value is not False)


def _plain(places: list[Place]) -> list[Any]:
    """Values to compare: true is not 1, and how many digits a number has says nothing."""
    values = [place.value.value if isinstance(place.value, Primitive) else place.value for place in places]
    return [
        ("number", Decimal(str(value))) if isinstance(value, int | float | Decimal) and not isinstance(value, bool)
        else value
        for value in values
    ]  # fmt: skip
