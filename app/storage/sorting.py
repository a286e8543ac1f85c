"""Order and position: `_sort` as SQL, and the rows that come after the last one of a page.

https://hl7.org/fhir/R4/search.html#sort
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from app.fhir.definition import ResourceDefinition
from app.fhir.moments import instant, moment
from app.fhir.search.criterion import Sort
from app.storage.bound import Bound, SqlType
from app.storage.conditions import TABLES, of_parameter
from app.storage.cursor import Cursor, SortValue

# What each table sorts by; '' is a key that only says that something is there.
_VALUES: Final = {
    "token": "NULLIF(k.code, '')",
    "string": "NULLIF(k.value, '')",
    "reference": "COALESCE(NULLIF(k.target_id, ''), NULLIF(k.url, ''), NULLIF(k.value, ''))",
    "uri": "k.value",
}


# What has two ends, and the type of these.
_SPANS: Final[dict[str, SqlType]] = {"date": "bigint", "number": "numeric", "quantity": "numeric"}


@dataclass(frozen=True, slots=True)
class Column:
    """One sort rule in SQL: the value of row `r`, its type, and whether every row has one."""

    name: str
    expression: str
    type: SqlType
    descending: bool
    always: bool = False

    @property
    def order(self) -> str:
        direction = "DESC" if self.descending else "ASC"
        return f"{self.name} {direction}" if self.always else f"{self.name} {direction} NULLS LAST"


def columns(sorts: Sequence[Sort], definition: ResourceDefinition, bind: Bound) -> list[Column]:
    """The sort rules as columns s1, s2 ...: the least value of each row, or the greatest when descending."""
    return [_column(f"s{number}", sort, definition, bind) for number, sort in enumerate(sorts, 1)]


def order(rules: Sequence[Column]) -> str:
    """ORDER BY: the rules, then the key, so that no two rows tie; it goes the way of the first, as an index does."""
    return ", ".join([*(rule.order for rule in rules), "key DESC" if _backwards(rules) else "key"])


def after(rules: Sequence[Column], cursor: Cursor, bind: Bound) -> str:
    """The rows that come later in the order than the position of a cursor."""
    sign = "<" if _backwards(rules) else ">"
    key = bind(cursor.key, "bigint")
    if len(rules) == 1 and rules[0].always:  # in the form that is a range of an index
        last = bind(_loaded(rules[0], cursor.values[0]), rules[0].type)
        return f"({rules[0].name}, key) {sign} ({last}, {key})"
    alternatives, equal = [], ""
    for rule, value in zip(rules, cursor.values, strict=True):
        bound = bind(_loaded(rule, value), rule.type)
        if value is not None:  # nothing but keys comes after a missing value
            beyond = "<" if rule.descending else ">"
            alternatives.append(f"{equal}({rule.name} {beyond} {bound} OR {rule.name} IS NULL)")
        equal += f"{rule.name} IS NOT DISTINCT FROM {bound} AND "
    alternatives.append(f"{equal}key {sign} {key}")
    return " OR ".join(f"({alternative})" for alternative in alternatives)


def position(rules: Sequence[Column], row: Any) -> tuple[SortValue, ...]:
    """The sort values of a row that was read, as a cursor holds them."""
    return tuple(_dumped(row[rule.name]) for rule in rules)


def _backwards(rules: Sequence[Column]) -> bool:
    return bool(rules) and rules[0].descending


def _column(name: str, sort: Sort, definition: ResourceDefinition, bind: Bound) -> Column:
    parameter, descending = sort.parameter, sort.descending
    if parameter.name == "_id":
        return Column(name, "r.id", "text", descending, always=True)
    if parameter.name == "_lastUpdated":
        return Column(name, "r.updated", "timestamptz", descending, always=True)
    end = "max" if descending else "min"
    type_ = _SPANS.get(parameter.type, "text")
    value = ("k.high" if descending else "k.low") if parameter.type in _SPANS else _VALUES[parameter.type]
    keys = f"{TABLES[parameter.type]} k WHERE {of_parameter(parameter.name, definition, bind)}"
    return Column(name, f"(SELECT {end}({value}) FROM {keys})", type_, descending)


def _dumped(value: Any) -> SortValue:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, Decimal):
        return str(value)
    return value  # type: ignore[no-any-return]  # text, a number or None


def _loaded(rule: Column, value: SortValue) -> SortValue | datetime | Decimal:
    if rule.type == "timestamptz" and isinstance(value, int):
        return instant(value)
    if rule.type == "numeric" and isinstance(value, str):
        return Decimal(value)
    return value
