"""The cursor of a search: where a page ended, sealed, so that no worker has to remember it.

It holds the sort values and key of the last match, not a page number, so that matches neither repeat nor get lost
when others are written meanwhile. It is sealed for its caller: nobody else can use it, and not even the caller reads
from it how many resources others have.
"""

import json
from dataclasses import dataclass
from typing import Final

from app.fhir.errors import BadRequest
from app.fhir.search.query import CURSOR
from app.fhir.search.refusal import invalid
from app.security.sealed import seal, unseal

_USE: Final = b"search cursor 2"

SortValue = str | int | None


@dataclass(frozen=True, slots=True)
class Cursor:
    """The end of a page: `query` is the fingerprint of the search, `now` the time it began (microseconds).

    `values` are the sort values of the last match, `key` its Resource.key, `total` the total that the first page
    found (None: not told), which later pages repeat instead of counting again.
    """

    query: str
    now: int
    values: tuple[SortValue, ...]
    key: int
    total: int | None


def dumps(cursor: Cursor, key: bytes) -> str:
    """The cursor as text for a URL."""
    said = json.dumps([cursor.query, cursor.now, cursor.values, cursor.key, cursor.total]).encode()
    return seal(said, _USE, key)


def loads(text: str, key: bytes) -> Cursor:
    """The cursor that this service once wrote. Raises BadRequest for anything else."""
    said = unseal(text, _USE, key)
    if said is None:
        raise _stale()
    query, now, values, last, total = json.loads(said)
    return Cursor(query, now, tuple(values), last, total)


def position(text: str | None, key: bytes, fingerprint: str) -> Cursor | None:
    """Where the page before ended, None for the first page. Raises BadRequest for the cursor of another search."""
    if text is None:
        return None
    found = loads(text, key)
    check(found, fingerprint)
    return found


def check(cursor: Cursor, fingerprint: str) -> None:
    """Raises BadRequest unless the cursor belongs to this search."""
    if cursor.query != fingerprint:
        raise _stale()


def _stale() -> BadRequest:
    return invalid(CURSOR, "is none that this search returned: follow the next link as it is, or start again.")
