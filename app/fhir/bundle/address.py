"""Bundle.entry.request.url: what an entry is about. https://hl7.org/fhir/R4/bundle-definitions.html#Bundle.entry.request.url"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from app.fhir.bundle.doors import ID, TYPE, door
from app.fhir.definition import ResourceDefinition
from app.fhir.errors import BadRequest, NotFound, NotImplementedHere
from app.fhir.resources import BY_TYPE

Pairs = list[tuple[str, str]]

MOST_PARAMETERS: Final = 1_000
_PATH: Final = re.compile(rf"({TYPE})(?:/({ID})(?:/_history/({ID}))?)?")
_OFFERED: Final = (
    "[type], [type]?[criteria], [type]/[id], [type]/[id]/_history/[version], histories, compartments, metadata,"
    " Patient/[id]/$everything, $validate or Consent/$check-sharing"
)
# What is asked of the service itself is of no type.
_SERVICE: Final = ResourceDefinition("", ())


@dataclass(frozen=True, slots=True)
class Address:
    """A type, and perhaps one resource of it, or one version; `criteria` None when there is no question mark.

    `asks` is the last part of a path to something beside resources, such as _history or $validate (doors.py).
    """

    definition: ResourceDefinition
    id: str = ""
    version: str = ""
    criteria: Pairs | None = None
    asks: str = ""

    @property
    def type(self) -> str:
        return self.definition.type


def address(url: str, bases: tuple[str, ...]) -> Address:
    """What `url` names: relative to [base], or under one of our `bases`. Raises BadRequest, NotFound (unknown type),
    NotImplementedHere (operations and what else is done elsewhere).
    """
    path, question, query = _relative(url, bases).partition("?")
    path = path[:-1] if path.endswith("/") and not path.endswith("//") else path
    asks = path.rpartition("/")[2]
    further = door(asks).path.fullmatch(path)
    found = further or _PATH.fullmatch(path)
    if not found and ("$" in path or asks in ("", "_search")):
        raise NotImplementedHere(f"An entry asks for {_OFFERED}; other interactions and operations stand alone.")
    if not found or found[2] in (".", ".."):
        raise BadRequest(f"This is no address of a resource here: an entry asks for {_OFFERED}.")
    if found[1] and found[1] not in BY_TYPE:
        text = f"{found[1]} is not a resource type that a Bundle can ask for here; {', '.join(BY_TYPE)} are."
        raise NotFound(text, code="not-supported", spine="UNSUPPORTED_SERVICE")
    of, id_, pairs = BY_TYPE.get(found[1], _SERVICE), found[2] or "", parameters(query) if question else None
    return Address(of, id_, criteria=pairs, asks=asks) if further else Address(of, id_, found[3] or "", pairs)


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
