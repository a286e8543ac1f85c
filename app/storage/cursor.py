"""The cursor of a search: where a page ended, signed, so that no worker has to remember it.

It holds the sort values and key of the last match, not a page number, so that matches neither repeat nor get lost
when others are written meanwhile. It is signed, not secret: links say no more than the search itself does.
"""

from dataclasses import dataclass
from typing import Final

from itsdangerous import BadData, URLSafeSerializer

from app.fhir.errors import BadRequest
from app.fhir.search.query import CURSOR
from app.fhir.search.refusal import invalid

_SALT: Final = "search cursor 1"
_LONGEST: Final = 8_000

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
    return URLSafeSerializer(key, salt=_SALT).dumps(
        [cursor.query, cursor.now, list(cursor.values), cursor.key, cursor.total]
    )


def loads(text: str, key: bytes) -> Cursor:
    """The cursor that this service once wrote. Raises BadRequest for anything else."""
    if len(text) > _LONGEST:
        raise _stale()
    try:
        query, now, values, last, total = URLSafeSerializer(key, salt=_SALT).loads(text)
    except (BadData, ValueError, UnicodeError):
        raise _stale() from None
    return Cursor(query, now, tuple(values), last, total)


def check(cursor: Cursor, fingerprint: str) -> None:
    """Raises BadRequest unless the cursor belongs to this search."""
    if cursor.query != fingerprint:
        raise _stale()


def _stale() -> BadRequest:
    return invalid(CURSOR, "is none that this search returned: follow the next link as it is, or start again.")
