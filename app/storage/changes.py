"""The Provenance of each version, found and made from the rows that its write left: the version, and its audit row.

Beside stored Provenances they are one list: their keys follow those of all stored resources, in the order in which the
versions were written. A version tells who wrote it to whoever may see it as staff.
"""

from collections.abc import Collection, Sequence
from typing import Any, Final

from app.fhir import json
from app.fhir.change import Change, of_change, provenance
from app.fhir.levels import STAFF
from app.fhir.search.query import Query
from app.storage import change_conditions as asking
from app.storage.bound import Bound
from app.storage.change_conditions import WRITE
from app.storage.cursor import Cursor
from app.storage.pool import Connection
from app.storage.resources import Stored
from app.storage.sorting import Column, after, columns
from app.storage.visibility import Visibility

# Greater than any Resource.key.
FIRST: Final = 2**62
TYPE: Final = "Provenance"
_METHODS: Final = {"PUT": "update", "PATCH": "patch", "DELETE": "delete"}
_MICROSECONDS: Final = "(extract(epoch FROM r.updated) * 1000000)::bigint"
_SORTED_BY: Final = {
    "_id": "(r.type || '.' || r.sequence)",
    "_lastUpdated": "r.updated",
    "recorded": _MICROSECONDS,
    "patient": "NULLIF(r.patient, '')",
    "target": "r.id",
}
_SEEN: Final = f"kith_level() >= {STAFF} AND ({{seen}} IS NULL OR r.organisation = ANY({{seen}}))"
_READ: Final = f"""
SELECT r.sequence, r.type, r.id, r.version, r.updated AS recorded, r.method, r.patient, r.organisation,
       a.interaction, a.client, a.user_role
FROM unnest($1::text[]) t(name) CROSS JOIN unnest($2::bigint[]) w(sequence)
JOIN resource_version r ON r.type = t.name AND r.sequence = w.sequence
LEFT JOIN LATERAL (SELECT a.interaction, a.client, a.user_role FROM {WRITE} LIMIT 1) a ON true
WHERE {_SEEN.format(seen="$3::text[]")}
"""


def found(query: Query, visibility: Visibility, cursor: Cursor | None, most: int | None, bind: Bound) -> str:
    """The SQL of the keys and sort columns of the matches after the cursor."""
    rules = columns(query.sort, query.definition, Bound())
    named = "".join(f", {_sorted_by(query, place, rule)} AS {rule.name}" for place, rule in enumerate(rules))
    # A whole type is walked along its index as far as the page goes; what is of one patient or record is few rows.
    walked = "" if rules or asking.is_narrow(query) else f" ORDER BY r.sequence LIMIT {bind(most, 'bigint')}"
    last = cursor.key - FIRST if cursor and not rules else 0
    beyond = f" AND r.sequence > {bind(last, 'bigint')}" if last > 0 else ""
    rows = f"SELECT {FIRST} + r.sequence AS key{named} FROM {_rows(query, visibility, bind, beyond + walked)}"
    return f"SELECT * FROM ({rows}) r WHERE {after(rules, cursor, bind)}" if cursor and rules else rows


def count(query: Query, visibility: Visibility, bind: Bound) -> str:
    """The SQL of their number."""
    return f"SELECT count(*) FROM {_rows(query, visibility, bind, '')}"


async def made(
    connection: Connection, types: Collection[str], sequences: Sequence[int], visibility: Visibility
) -> dict[int, Stored]:
    """The Provenances of the versions of these types and sequence numbers that the caller may see, by key."""
    rows = await connection.fetch(_READ, list(types), list(sequences), visibility.parameter)
    return {FIRST + row["sequence"]: _stored(row) for row in rows}


async def read(connection: Connection, id_: str, types: Collection[str], visibility: Visibility) -> Stored | None:
    """One of them; None when there is no such version, or it is not for the caller, or not of these types."""
    named = of_change(id_)
    type_, sequence = named or ("", 0)
    of = await made(connection, {type_}.intersection(types), [sequence], visibility)
    return of.get(FIRST + sequence)


def _rows(query: Query, visibility: Visibility, bind: Bound, end: str) -> str:
    seen = _SEEN.format(seen=bind(visibility.parameter, "text[]"))
    asked = "".join(f" AND {asking.condition(each, bind)}" for each in query.criteria)
    types = bind(list(query.tells), "text[]")
    versions = f"SELECT r.* FROM resource_version r WHERE r.type = t.name AND {seen}{asked}{end}"
    return f"unnest({types}) t(name) CROSS JOIN LATERAL ({versions}) r"


def _sorted_by(query: Query, place: int, rule: Column) -> str:
    value = _SORTED_BY.get(query.sort[place].parameter.name, "NULL")
    # Like the columns of stored ones, text is compared by its bytes.
    return f'({value})::text COLLATE "C"' if rule.type == "text" else f"({value})::{rule.type}"


def _stored(row: Any) -> Stored:
    made_by = row["interaction"] or ("create" if row["version"] == 1 else _METHODS.get(row["method"], "create"))
    change = Change(
        row["sequence"],
        row["type"],
        row["id"],
        row["version"],
        row["recorded"],
        made_by,
        row["patient"],
        row["organisation"],
        row["client"] or "",
        row["user_role"] or "",
    )
    resource = provenance(change)
    return Stored(TYPE, resource["id"], 1, row["recorded"], row["patient"], json.dumps(resource))
