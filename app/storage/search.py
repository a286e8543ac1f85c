"""Search: one statement finds, orders, counts and reads a page. https://hl7.org/fhir/R4/search.html"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from app.fhir.search.criterion import Chain, Condition, Has, Within
from app.fhir.search.query import Query
from app.storage import by_keys, changes, plans, sorting
from app.storage.bound import Bound
from app.storage.conditions import condition, is_narrow, leader
from app.storage.cursor import Cursor, SortValue
from app.storage.matching import any_of
from app.storage.pool import Connection
from app.storage.visibility import CONTENT, Visibility, visible

_THROUGH: Final = (Chain, Has)
# Further matches are not counted unless the caller asks for an accurate total.
COUNTED: Final = 10_000

_COUNT: Final = "SELECT count(*) FROM resource r WHERE {conditions}"
# The keys of the matches are found once, for the page and for its total; rows are read only for the page.
_PAGE: Final = """
WITH found AS MATERIALIZED ({found} ORDER BY {order} LIMIT {most}),
page AS (SELECT * FROM found ORDER BY {order} LIMIT {count})
SELECT counted.matches, page.*, r.type, r.id, r.patient, {content} AS content
FROM (SELECT count(*) AS matches FROM found) counted
LEFT JOIN page ON true
LEFT JOIN resource r ON r.key = page.key
ORDER BY {order}
"""


class Match(NamedTuple):
    """One resource on a page, as it is stored; `key` is Resource.key."""

    key: int
    type: str
    id: str
    patient: str
    content: bytes


class Page(NamedTuple):
    """Matches in order; `total` None is not known; `last` the position after which more matches come, None: none."""

    matches: list[Match]
    total: int | None
    last: tuple[tuple[SortValue, ...], int] | None = None


async def search(connection: Connection, query: Query, visibility: Visibility, cursor: Cursor | None = None) -> Page:
    """The matches that the caller may see: the first page, or the one after `cursor`."""
    bind = Bound()
    if query.summary == "count" or query.count == 0:
        counts = [_COUNT.format(conditions=_conditions(each, each.criteria, visibility, bind)) for each in _all(query)]
        counts += [changes.count(each, visibility, bind) for each in _all(query) if each.tells]
        statement = counts[0] if len(counts) == 1 else f"SELECT {' + '.join(f'({count})' for count in counts)}"
        return Page([], (await _fetch(connection, query, statement, bind.values))[0][0])
    most_ = _most(query, cursor)
    parts = [_found(each, visibility, cursor, most_, bind) for each in _all(query)]
    parts += [changes.found(each, visibility, cursor, most_, bind) for each in _all(query) if each.tells]
    found = parts[0] if len(parts) == 1 else f"SELECT * FROM ({' UNION ALL '.join(parts)}) each"
    rules = sorting.columns(query.sort, query.definition, Bound())
    most, order = bind(most_, "bigint"), sorting.order(rules)
    statement = _of_page(found, order, most, bind(query.count, "bigint"))
    rows = await _fetch(connection, query, statement, bind.values)
    tells = any(each.tells for each in _all(query))
    return _page(query, cursor, rules, rows, await _made(connection, query, rows, visibility) if tells else {})


@lru_cache(500)
def _of_page(found: str, order: str, most: str, count: str) -> str:
    """The same few texts again and again: made and hashed once, the driver finds its prepared statement at once."""
    return _PAGE.format(content=CONTENT, found=found, order=order, most=most, count=count)


async def _made(connection: Connection, query: Query, rows: Sequence[Any], visibility: Visibility) -> dict[int, Match]:
    """The matches on a page that are not stored, by key."""
    tells = {type_ for each in _all(query) for type_ in each.tells}
    sequences = [row["key"] - changes.FIRST for row in rows if row["key"] and row["key"] > changes.FIRST]
    found = await changes.made(connection, tells, sequences, visibility) if sequences else {}
    return {key: Match(key, one.type, one.id, one.patient, one.content or b"") for key, one in found.items()}


async def _fetch(connection: Connection, query: Query, statement: str, values: Sequence[Any]) -> list[Any]:
    """The rows of a statement, planned for its values where it goes through other resources, or through a whole type.

    Which end of a chain names fewer resources depends on the values, which way to an order is shorter on the size of
    the page. The plan for all values that PostgreSQL keeps of a named statement can take a thousand times as long. All
    types of one patient's record are planned once: to plan them takes longer than to read them.
    """
    through_others = any(isinstance(asked, _THROUGH) for asked in query.criteria)
    if not by_keys.applies(query) and not query.tells and not through_others:
        if query.further and any(isinstance(asked, Within) and asked.type == "Patient" for asked in query.criteria):
            async with plans.kept(connection):
                return list(await connection.fetch(statement, *values))
        return list(await connection.fetch(statement, *values))
    unnamed = await connection.prepare(statement, name="")
    return list(await unnamed.fetch(*values))


def _all(query: Query) -> list[Query]:
    """A search of several types is one search of each."""
    return [query, *query.further]


def _found(query: Query, visibility: Visibility, cursor: Cursor | None, most: int | None, bind: Bound) -> str:
    if by_keys.applies(query):
        return by_keys.found(query, visibility, cursor, most, bind)
    rules = sorting.columns(query.sort, query.definition, bind)
    return _sorted(query, rules, visibility, cursor, bind) if rules else _in_order(query, visibility, cursor, bind)


def _conditions(query: Query, criteria: Iterable[Condition], visibility: Visibility, bind: Bound) -> str:
    narrow = any(is_narrow(each, query.definition) for each in query.criteria)
    return " AND ".join(
        [
            f"r.type = {bind(query.definition.type)}",
            visible(visibility, bind),
            *(
                condition(
                    each, query.definition, visibility, bind, by_row=narrow and not is_narrow(each, query.definition)
                )
                for each in criteria
            ),
        ]
    )


def _in_order(query: Query, visibility: Visibility, cursor: Cursor | None, bind: Bound) -> str:
    """The keys of the matches after the cursor, in the order of keys."""
    last = bind(cursor.key if cursor else 0, "bigint")
    leading = leader(query.criteria, query.definition)
    rest = _conditions(query, [each for each in query.criteria if each is not leading], visibility, bind)
    if leading is None:
        return f"SELECT r.key FROM resource r WHERE r.key > {last} AND {rest}"
    keys = (
        f"k.parameter = {bind(f'{query.definition.type}.{leading.parameter.name}')} AND {any_of(leading.values, bind)}"
    )
    rows = "search_token k JOIN resource r ON r.key = k.resource"
    return f"SELECT DISTINCT k.resource AS key FROM {rows} WHERE {keys} AND k.resource > {last} AND {rest}"


def _sorted(
    query: Query, rules: Sequence[sorting.Column], visibility: Visibility, cursor: Cursor | None, bind: Bound
) -> str:
    """The keys and sort columns of the matches after the cursor."""
    columns = ", ".join(["r.key", *(f"{rule.expression} AS {rule.name}" for rule in rules)])
    conditions = _conditions(query, query.criteria, visibility, bind)
    rows = f"SELECT {columns} FROM resource r WHERE {conditions}"
    return f"SELECT * FROM ({rows}) r WHERE {sorting.after(rules, cursor, bind)}" if cursor else rows


def _most(query: Query, cursor: Cursor | None) -> int | None:
    """How many matches are looked for: enough to know whether there is another page, and on the first the total."""
    if cursor or query.total == "none":
        return query.count + 1
    return None if query.total == "accurate" else max(COUNTED, query.count) + 1


def _page(
    query: Query,
    cursor: Cursor | None,
    rules: Sequence[sorting.Column],
    rows: Sequence[Any],
    made: Mapping[int, Match],
) -> Page:
    found = rows[0]["matches"]
    matches = [made.get(row["key"]) or _match(row) for row in rows if row["key"] is not None]
    total = cursor.total if cursor else _total(query, found)
    more = found > len(matches)
    return Page(matches, total, (sorting.position(rules, rows[-1]), rows[-1]["key"]) if more else None)


def _match(row: Any) -> Match:
    return Match(row["key"], row["type"], row["id"], row["patient"], row["content"])


def _total(query: Query, found: int) -> int | None:
    if query.total == "none" or (query.total == "estimate" and found > COUNTED):
        return None
    return int(found)
