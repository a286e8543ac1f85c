"""Columns of many values as PostgreSQL writes arrays: https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO

A write brings hundreds of search keys. The driver takes 1.5 us for each element of an array, which is most of what a
write costs; as text, made an array by the statement, they take a fifth of that.
"""

from collections.abc import Iterable
from decimal import Decimal


def columns(rows: Iterable[tuple[str | int | Decimal, ...]], width: int) -> list[str]:
    """The columns of rows that have so many each; of no rows too."""
    return [_array(column) for column in zip(*rows, strict=True)] or ["{}"] * width


def taken(first: int, types: str) -> str:
    """The SQL of such columns, of these types, bound as $first and those after it."""
    return ", ".join(f"${number}::text::{type_}[]" for number, type_ in enumerate(types.split(), first))


def _array(values: Iterable[str | int | Decimal]) -> str:
    return "{" + ",".join(_element(value) for value in values) + "}"


def _element(value: str | int | Decimal) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)
