"""The cursor of a search: where a page ended, sealed, so that no worker has to remember it.

It holds the sort values and key of the last match, not a page number, so that matches neither repeat nor get lost
when others are written meanwhile. It is encrypted (JWE, https://www.rfc-editor.org/rfc/rfc7516) under a key of the
caller's own: nobody else can use it, and not even the caller reads from it how many resources others have.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Final

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from app.fhir.errors import BadRequest
from app.fhir.search.query import CURSOR
from app.fhir.search.refusal import invalid

_SALT: Final = b"search cursor 2"
_LONGEST: Final = 8_000
_HEADER: Final = {"alg": "dir", "enc": "A256GCM"}
_ALGORITHMS: Final = list(_HEADER.values())
# What every one would begin with, its header, is not sent, and so not believed either.
_HEAD: Final = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0.."

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
    return jwe.encrypt_compact(_HEADER, said, _key(key), algorithms=_ALGORITHMS).removeprefix(_HEAD)


def loads(text: str, key: bytes) -> Cursor:
    """The cursor that this service once wrote. Raises BadRequest for anything else."""
    if len(text) > _LONGEST:
        raise _stale()
    try:
        said = jwe.decrypt_compact(_HEAD + text, _key(key), algorithms=_ALGORITHMS).plaintext
        query, now, values, last, total = json.loads(said or b"")
    except (JoseError, ValueError):
        raise _stale() from None
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


@lru_cache(1_000)
def _key(secret: bytes) -> OctKey:
    """The key of one caller, made of the secret of the service and of who the caller is."""
    return OctKey.import_key(sha256(_SALT + secret).digest())


def _stale() -> BadRequest:
    return invalid(CURSOR, "is none that this search returned: follow the next link as it is, or start again.")
