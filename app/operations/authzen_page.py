"""A part of what an AuthZEN search found: https://openid.net/specs/authorization-api-1_0.html, paginated requests

Every page is a check of its own, with an AuditEvent of its own. A token says after which result the next page begins,
so that what is decided between two pages neither repeats a result nor leaves one out that is permitted throughout. It
is sealed for its caller, as the cursor of a search is.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import orjson

from app.fhir import json
from app.fhir.errors import BadRequest
from app.security.sealed import seal, unseal

Json = Mapping[str, Any]
# Where a result stands among all that could be found: a name, or a place.
Key = str | int
_USE: Final = b"authzen page 1"


@dataclass(frozen=True, slots=True)
class Page:
    """The page asked for: at most `limit` results (None: all) of the search `of`, those after the key `after`.

    Tokens are sealed with the `secret`, which is the caller's own.
    """

    of: str
    limit: int | None
    after: Key | None
    is_asked: bool
    secret: bytes

    @classmethod
    def wanted(cls, request: Json, secret: bytes) -> Self:
        """That of a request. Raises BadRequest for what cannot be understood, and for a token of another search."""
        asked = request.get("page", {})
        if not isinstance(asked, dict):
            raise BadRequest("Member page must be an object.", code="structure")
        of = _digest(request)
        return cls(of, _limit(asked), _after(asked.get("token", ""), of, secret), "page" in request, secret)

    def part(self, found: Sequence[tuple[Key, Json]]) -> dict[str, Any]:
        """The answer to the search that `found` these results, in the order of the keys that they come with."""
        left = [(key, result) for key, result in found if self.after is None or _is_after(key, self.after)]
        shown = left if self.limit is None else left[: self.limit]
        results = {"results": [result for _, result in shown]}
        if not self.is_asked:
            return results
        last = shown[-1][0] if shown else self.after
        token = _token(self.of, last, self.secret) if len(left) > len(shown) else ""
        return results | {"page": {"next_token": token, "count": len(shown), "total": len(found)}}


def _limit(asked: Json) -> int | None:
    limit = asked.get("limit")
    if "limit" in asked and (not isinstance(limit, int) or isinstance(limit, bool) or limit < 0):
        raise BadRequest("Member page.limit must be a whole number, 0 or more.", code="structure")
    return limit


def _digest(request: Json) -> str:
    """What is searched for, whatever page of it."""
    searched = {name: value for name, value in request.items() if name != "page"}
    return hashlib.sha256(orjson.dumps(searched, default=str, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]


def _token(of: str, last: Key | None, secret: bytes) -> str:
    return seal(json.dumps([of, last]), _USE, secret)


def _after(token: Any, of: str, secret: bytes) -> Key | None:
    if token == "":
        return None
    said = unseal(token, _USE, secret) if isinstance(token, str) else None
    if said is None:
        raise BadRequest("Member page.token must be the next_token of the page before.", code="value")
    search, after = orjson.loads(said)
    if search != of:
        raise BadRequest("Member page.token is of another search: send the same members with it.", code="value")
    return after if isinstance(after, str | int) else None


def _is_after(key: Key, other: Key) -> bool:
    """Keys of one search are of one kind; a token that was made up may hold another, and nothing is after that."""
    if isinstance(key, str) and isinstance(other, str):
        return key > other
    return isinstance(key, int) and isinstance(other, int) and key > other
