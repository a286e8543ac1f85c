"""Bundle.entry.request.url: what an entry is about. https://hl7.org/fhir/R4/bundle-definitions.html#Bundle.entry.request.url"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from app.fhir.definition import ResourceDefinition
from app.fhir.errors import BadRequest, NotFound, NotImplementedHere
from app.fhir.resources import BY_TYPE

Pairs = list[tuple[str, str]]

MOST_PARAMETERS: Final = 1_000
_ID: Final = r"[A-Za-z0-9\-.]{1,64}"
_PATH: Final = re.compile(rf"([A-Za-z]{{1,64}})(?:/({_ID})(?:/_history/({_ID}))?)?")
_OFFERED: Final = "[type], [type]?[criteria], [type]/[id] or [type]/[id]/_history/[version]"


@dataclass(frozen=True, slots=True)
class Address:
    """A type, and perhaps one resource of it, or one version; `criteria` None when there is no question mark."""

    definition: ResourceDefinition
    id: str = ""
    version: str = ""
    criteria: Pairs | None = None

    @property
    def type(self) -> str:
        return self.definition.type


def address(url: str, bases: tuple[str, ...]) -> Address:
    """What `url` names: relative to [base], or under one of our `bases`. Raises BadRequest, NotFound (unknown type),
    NotImplementedHere (operations and what else is done elsewhere).
    """
    path, question, query = _relative(url, bases).partition("?")
    if "$" in path or path in ("", "metadata", "_history", "_search") or path.endswith(("/_history", "/_search")):
        raise NotImplementedHere(f"An entry asks for {_OFFERED}; other interactions and operations stand alone.")
    found = _PATH.fullmatch(path)
    if not found or found[2] in (".", ".."):
        raise BadRequest(f"This is no address of a resource here: an entry asks for {_OFFERED}.")
    if found[1] not in BY_TYPE:
        text = f"{found[1]} is not a resource type that a Bundle can ask for here; {', '.join(BY_TYPE)} are."
        raise NotFound(text, code="not-supported", spine="UNSUPPORTED_SERVICE")
    return Address(BY_TYPE[found[1]], found[2] or "", found[3] or "", parameters(query) if question else None)


def parameters(query: str) -> Pairs:
    """Decoded name-value pairs. Raises BadRequest for what is not percent-encoded UTF-8, or too many."""
    try:
        return parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
    except ValueError as unreadable:
        problem = f"The parameters cannot be read: at most {MOST_PARAMETERS}, percent-encoded UTF-8."
        raise BadRequest(problem, spine="INVALID_SEARCH_DATA") from unreadable


def unless(text: str, type_: str, bases: tuple[str, ...]) -> Pairs:
    """The criteria of If-None-Exist or ifNoneExist: a query alone, or behind the address of the type, `[type]?` or
    `[base]/[type]?`, as the client of HAPI writes it. Raises BadRequest, also when they are about another type.
    """
    path, question, query = text.partition("?")
    if not question or "=" in path:
        return parameters(text)
    if path and _relative(path, bases) != type_:
        problem = f"Criteria of a {type_} are a query such as identifier=system|value, alone or behind {type_}?."
        raise BadRequest(problem, spine="INVALID_SEARCH_DATA")
    return parameters(query)


def _relative(url: str, bases: tuple[str, ...]) -> str:
    """The part of a URL after [base]. Raises BadRequest for the address of another server."""
    for base in bases:
        if base and url.startswith(base.rstrip("/") + "/"):
            return url[len(base.rstrip("/")) + 1 :]
    path = url.partition("?")[0]
    if "://" in path or path.startswith("//"):
        raise BadRequest("This is an address at another server; give it relative to [base], such as Patient/123.")
    return url.removeprefix("/")
