"""A whole type in the order of one parameter: the index of its keys is read in its order, as far as the page goes.

Sorted the other way, by the least or greatest key of each resource, a million resources take seconds.
https://hl7.org/fhir/R4/search.html#sort
"""

from typing import Final

from app.fhir.definition import SearchType
from app.fhir.search.criterion import Sort
from app.fhir.search.keys import COLUMNS
from app.fhir.search.query import Query
from app.storage import sorting
from app.storage.bound import Bound
from app.storage.conditions import TABLES
from app.storage.cursor import Cursor
from app.storage.visibility import Visibility, visible

# What is sorted by, upwards and downwards, and what is left out since it only says that something is there.
_COLUMNS: Final[dict[SearchType, tuple[str, str]]] = {
    "date": ("low", "high"),
    "string": ("value", "value"),
    "token": ("code", "code"),
    "uri": ("value", "value"),
}

# A resource stands where its first key stands. Those without a key come last, and are not looked for before. Which keys
# count is found out one by one (LATERAL with OFFSET is not made part of the query around it), since PostgreSQL takes a
# policy to hide nearly everything, and would then rather sort all there is.
_FOUND: Final = """
SELECT * FROM (
    WITH valued AS MATERIALIZED (
        SELECT k.resource AS key, k.{column} AS s1
        FROM {table} k CROSS JOIN LATERAL (
            SELECT FROM resource r WHERE r.key = k.resource AND {visible} AND NOT EXISTS (
                SELECT FROM {table} o
                WHERE o.resource = k.resource AND o.parameter = k.parameter AND {others}
                  AND (o.{column}, o.number) {before} (k.{column}, k.number))
            OFFSET 0) counts
        WHERE k.parameter = {parameter} AND {valued}{after}
        ORDER BY k.{column} {direction}, k.resource {direction} LIMIT {most}
    ),
    missing AS MATERIALIZED (
        SELECT r.key, NULL::{type} AS s1 FROM resource r
        WHERE r.type = {definition} AND {visible} AND {left} AND NOT EXISTS (
            SELECT FROM {table} k WHERE k.resource = r.key AND k.parameter = {parameter} AND {valued})
        ORDER BY r.key {direction} LIMIT {most} - (SELECT count(*) FROM valued)
    )
    SELECT * FROM valued UNION ALL SELECT * FROM missing) each
"""


def applies(query: Query) -> bool:
    """Whether a search is for a whole type in the order of one parameter that has an index in that order."""
    if query.further or query.criteria or len(query.sort) != 1:
        return False
    parameter = query.sort[0].parameter
    return parameter.name not in COLUMNS and parameter.type in _COLUMNS


def found(query: Query, visibility: Visibility, cursor: Cursor | None, most: int | None, bind: Bound) -> str:
    """The keys and the sort column of the matches after the cursor, at most so many."""
    (sort,) = query.sort
    (rule,) = sorting.columns(query.sort, query.definition, Bound())
    table = TABLES[sort.parameter.type]
    return _FOUND.format(
        table=table,
        column=_column(sort),
        type=rule.type,
        definition=bind(query.definition.type),
        parameter=bind(f"{query.definition.type}.{sort.parameter.name}"),
        valued=_valued(sort, "k"),
        others=_valued(sort, "o"),
        visible=visible(visibility, bind),
        before=">" if sort.descending else "<",
        direction="DESC" if sort.descending else "ASC",
        most=bind(most, "bigint"),
        after=_after(sort, rule, cursor, bind),
        left=_left(sort, cursor, bind),
    )


def _column(sort: Sort) -> str:
    return _COLUMNS[sort.parameter.type][sort.descending]


def _valued(sort: Sort, alias: str) -> str:
    return "true" if sort.parameter.type == "date" else f"{alias}.{_column(sort)} <> ''"


def _after(sort: Sort, rule: sorting.Column, cursor: Cursor | None, bind: Bound) -> str:
    """The keys after the cursor: none when it stands among the resources that have none."""
    if cursor is None:
        return ""
    if cursor.values[0] is None:
        return " AND false"
    place = f"({bind(cursor.values[0], rule.type)}, {bind(cursor.key, 'bigint')})"
    return f" AND (k.{_column(sort)}, k.resource) {'<' if sort.descending else '>'} {place}"


def _left(sort: Sort, cursor: Cursor | None, bind: Bound) -> str:
    if cursor is None or cursor.values[0] is not None:
        return "true"
    return f"r.key {'<' if sort.descending else '>'} {bind(cursor.key, 'bigint')}"
