"""Request headers that carry meaning: who calls, which version they mean, what they have already."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

from starlette.requests import Request

from app.fhir import x_provenance
from app.fhir.bundle.address import unless
from app.fhir.definition import Rules
from app.fhir.errors import BadRequest, Forbidden
from app.fhir.uuids import new_uuid
from app.record import preconditions
from app.record.preconditions import ETAG_OR_VERSION, Match, match
from app.security.caller import Caller, Granted
from app.storage.resources import Stored

REQUEST_ID = re.compile(r"[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}")
READS = ("GET", "HEAD")
AUTHZEN = "/access/"
PLAIN_TEXT = re.compile(r"[\x20-\x7e]{1,200}")
_PRECONDITIONS = ("If-Match", "If-None-Match", "If-None-Exist", "If-Unmodified-Since")
_UUID = (REQUEST_ID, "a UUID, with or without dashes")
_ANY_ID = (PLAIN_TEXT, "up to 200 printable ASCII characters")


def request_id(value: str | None, path: str = "") -> str:
    """The X-Request-ID, or a new one when absent. Raises BadRequest when it is not a UUID (dashes are optional).

    Under the path of AuthZEN, which leaves its form to the caller, it may be any short plain text.
    """
    if value is None:
        return new_uuid()
    form, told = _ANY_ID if path.startswith(AUTHZEN) else _UUID
    if not form.fullmatch(value):
        raise BadRequest(f"X-Request-ID is {told}.", spine="INVALID_VALUE")
    return value


def correlation_id(value: str | None) -> str:
    """The X-Correlation-ID, '' when absent. Raises BadRequest when it is not short plain text."""
    if value is not None and not PLAIN_TEXT.fullmatch(value):
        raise BadRequest("X-Correlation-ID is up to 200 printable ASCII characters.", spine="INVALID_VALUE")
    return value or ""


def caller(request: Request) -> Caller:
    """Who calls, by the token, and for which user, by the gateway's headers.

    Raises Forbidden when the headers name another organisation than the one the client acts for.
    """
    headers, state = request.headers, request.scope["state"]
    granted: Granted = state["granted"]
    named = _plain(headers.get("nhsd-end-user-organisation-ods"), "NHSD-End-User-Organisation-ODS")
    if named and granted.organisation and named != granted.organisation:
        text = f"NHSD-End-User-Organisation-ODS is not {granted.organisation}, for which this client acts."
        raise Forbidden(text)
    return Caller(
        request_id=state["request_id"],
        correlation_id=state["correlation_id"],
        client=granted.client or (request.client.host if request.client else ""),
        client_name=granted.client_name,
        organisation=granted.organisation or named,
        user_role=_plain(headers.get("nhsd-session-urid"), "NHSD-Session-URID"),
        organisations=granted.organisations,
        scopes=granted.scopes,
        facing=granted.facing,
        facing_patient=granted.facing_patient,
    )


def check_preconditions(request: Request, *known: str) -> None:
    """Raises BadRequest for a precondition that a write does not know: whoever sends it counts on its being heeded."""
    for name in _PRECONDITIONS:
        if name not in known and name in request.headers:
            instead = f"{', '.join(known)} may stand here" if known else "preconditions stand in the entries"
            raise BadRequest(f"{name} has no meaning for this {request.method}; {instead}.", spine="INVALID_VALUE")


def if_match(request: Request) -> Match | None:
    """The parsed If-Match header, None when absent. Raises BadRequest when it holds no ETag."""
    sent = request.headers.getlist("if-match")
    return match(", ".join(sent), "If-Match") if sent else None


def only_new(request: Request) -> bool:
    """Whether a PUT carries If-None-Match: *, the one value that FHIR gives a meaning there."""
    header = request.headers.get("if-none-match")
    if header is not None and header.strip() != "*":
        raise BadRequest("If-None-Match on an update can only be *.", spine="INVALID_VALUE")
    return header is not None


def has(request: Request) -> Callable[[Stored], bool]:
    """Whether the caller has a version already (If-None-Match, or else If-Modified-Since): 304."""
    return partial(_is_current, request)


def _is_current(request: Request, stored: Stored) -> bool:
    header = request.headers.get("if-none-match")
    if header is not None:
        return preconditions.is_current(stored, match(header, "If-None-Match", ETAG_OR_VERSION), None)
    since = request.headers.get("if-modified-since")
    if since is None:
        return False
    try:
        moment = parsedate_to_datetime(since)
    except (ValueError, OverflowError):
        return False  # RFC 9110, 13.1.3: a date that is none is ignored
    return preconditions.is_current(stored, None, moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def http_date(moment: datetime) -> str:
    """An aware UTC time as an HTTP date, without the locale that strftime's names follow."""
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[moment.weekday()]
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[moment.month - 1]
    iso = moment.isoformat()
    return f"{day}, {iso[8:10]} {month} {iso[:4]} {iso[11:19]} GMT"


def _plain(value: str | None, name: str) -> str:
    if value is not None and not PLAIN_TEXT.fullmatch(value):
        raise BadRequest(f"{name} is up to 200 printable ASCII characters.", spine="INVALID_VALUE")
    return value or ""


def provenance(request: Request, rules: Rules) -> dict[str, Any] | None:
    """The Provenance sent along with a write (X-Provenance), None when there is none. Raises BadRequest, Invalid."""
    if request.method in READS:
        return None
    headers = [value for name, value in request.headers.raw if name == b"x-provenance"]
    return x_provenance.sent(headers, rules) if headers else None


def if_none_exist(request: Request, type_: str = "", bases: tuple[str, ...] = ()) -> list[tuple[str, str]] | None:
    """The search criteria of If-None-Exist, None when it was not sent; they may stand behind the address of `type_`.

    Raises BadRequest when it holds none.
    """
    sent = request.headers.getlist("if-none-exist")
    if not sent:
        return None
    try:
        pairs = unless(sent[0].encode("latin-1").decode(), type_, bases)
    except UnicodeError:
        pairs = []
    if not pairs or len(sent) > 1:
        raise BadRequest(
            "If-None-Exist holds search criteria, such as date=2026-03-09T10:30:00Z.", spine="INVALID_SEARCH_DATA"
        )
    return pairs
