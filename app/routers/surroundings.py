"""From an HTTP request to what an interaction works with: the context, the body, the parameters."""

import asyncio
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import cast
from urllib.parse import parse_qsl

from starlette.requests import Request

from app.fhir import base
from app.fhir.definition import ResourceDefinition, Rules
from app.fhir.errors import BadRequest, NotFound, PayloadTooLarge, RequestTimeout
from app.fhir.resources import BY_TYPE
from app.fhir.search import part as parts
from app.fhir.search.part import NAMES, Part
from app.fhir.search.query import REPRESENTATION
from app.operations.token import TokenDoor
from app.record.context import Context, Policy
from app.routers.compressed import Gunzip
from app.routers.failures import check_no_operation
from app.routers.headers import caller, provenance
from app.routers.negotiation import encoding
from app.security.authentication import Authentication
from app.security.rate import Rate
from app.storage.audit import AuditQueue
from app.storage.audit_commit import AuditCommit
from app.storage.pool import Database

BASE_PATH = base.PATH
MOST_PARAMETERS = 1_000
HOST = re.compile(r"[A-Za-z0-9.\-]{1,255}(:[0-9]{1,5})?|\[[0-9a-fA-F:.]{2,45}\](:[0-9]{1,5})?")


@dataclass(slots=True)
class Service:
    """What lives as long as the process: connections, queue, keys, and the rules that settings made."""

    database: Database
    audit: AuditQueue
    audit_commit: AuditCommit
    rules: Callable[[datetime], Rules]
    policy: Policy
    authentication: Authentication
    token_door: TokenDoor | None
    base_url: str
    max_body_bytes: int
    max_bundle_bytes: int
    body_timeout: float
    request_rate: Rate
    token_rate: Rate
    refusal_rate: Rate
    release_id: str = ""
    commit_id: str = ""
    revision: str = ""
    cursor_secret: bytes = b""


def service(request: Request) -> Service:
    return cast(Service, request.app.state.service)


def context(request: Request) -> Context:
    """The surroundings of this request, at this time."""
    life, calling = service(request), caller(request)
    rules = life.rules(datetime.now(UTC))
    bases = _bases(life.base_url, request.scope["scheme"], request.headers.get("host", ""))
    return Context(
        database=life.database,
        audit=life.audit,
        caller=calling,
        rules=rules,
        policy=life.policy,
        base_url=bases[0],
        bases=bases,
        cursor_secret=life.cursor_secret,
        audit_commit=life.audit_commit,
        provenance=provenance(request, rules),
    )


@lru_cache
def _bases(public: str, scheme: str, host: str) -> tuple[str, ...]:
    """The names of [base], as the caller sees it first: its public address, if it has one, and where it was asked."""
    seen = f"{scheme}://{host if HOST.fullmatch(host) else 'localhost'}"
    return base.addresses((public or seen, seen))


def definition(request: Request) -> ResourceDefinition:
    """The definition of the type in the path. Raises NotFound for a type that is not registered."""
    type_ = request.path_params["type"]
    if type_ not in BY_TYPE:
        check_no_operation(request.scope["path"])
        text = f"{type_[:64]} is not a resource type of this service; it has {', '.join(BY_TYPE)}."
        raise NotFound(text, code="not-supported", spine="UNSUPPORTED_SERVICE")
    return BY_TYPE[type_]


async def read_body(request: Request, *, bundle: bool = False) -> bytes:
    """The body, without its compression, within the limits of size (413; another for a `bundle`) and time (408)."""
    life = service(request)
    most = life.max_bundle_bytes if bundle else life.max_body_bytes
    gunzip = Gunzip(most) if encoding(request) == "gzip" else None
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:20]) > most:
        raise _too_large(most)
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(life.body_timeout):
            async for chunk in request.stream():
                content = gunzip.feed(chunk) if gunzip and chunk else chunk
                size += len(content or b"")
                if content is None or size > most:
                    raise _too_large(most)
                chunks.append(content)
    except TimeoutError as late:
        text = f"The body did not arrive within {life.body_timeout:g} seconds."
        raise RequestTimeout(text, headers={"Connection": "close"}) from late
    if gunzip:
        gunzip.finish()
    return b"".join(chunks)


def _too_large(most: int) -> PayloadTooLarge:
    return PayloadTooLarge(f"The body is larger than {most} bytes.", headers={"Connection": "close"})


def parameters(text: bytes) -> list[tuple[str, str]]:
    """Decoded name-value pairs of a query string or form. Raises BadRequest for what is not UTF-8, or too many."""
    try:
        pairs = parse_qsl(text.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
    except ValueError as unreadable:
        problem = f"The parameters cannot be read: at most {MOST_PARAMETERS}, percent-encoded UTF-8."
        raise BadRequest(problem, spine="INVALID_SEARCH_DATA") from unreadable
    if any(name == "access_token" for name, _ in pairs):  # before it is repeated in a link, or in the audit trail
        raise BadRequest("A token among the parameters is not taken: send it as Authorization: Bearer.")
    return pairs


def query(request: Request) -> list[tuple[str, str]]:
    """The parameters of the URL."""
    return parameters(request.scope["query_string"])


def criteria(request: Request) -> list[tuple[str, str]]:
    """The parameters of the URL that say which resource is meant."""
    return [pair for pair in query(request) if pair[0] not in REPRESENTATION]


def check_no_parameters(request: Request, but: Collection[str] = ()) -> None:
    """Raises BadRequest when the URL has parameters that this interaction has no use for: all `but` these."""
    if request.scope["query_string"]:
        for name, _ in query(request):
            if name not in REPRESENTATION and name not in but:
                text = f"Parameter {name[:64]} has no meaning at {request.scope['path'][:200]}."
                raise BadRequest(text, spine="INVALID_SEARCH_DATA")


def part(request: Request, of: ResourceDefinition) -> Part | None:
    """How much of a resource a read asks for, None for all of it. Raises BadRequest for all other parameters."""
    if not request.scope["query_string"]:
        return None
    check_no_parameters(request, but=NAMES)
    return parts.part(query(request), of)
