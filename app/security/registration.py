"""What a registration must be: every reason not to take one, before it is stored."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from app.fhir.definition import ResourceDefinition
from app.security.client import Client
from app.security.scopes import AUDIT, CHECK, EVERY_TYPE, Scope

_ODS: Final = re.compile(r"[A-Z0-9]{2,12}")
_NAME: Final = re.compile(r"\S(.{0,98}\S)?")
_ID: Final = re.compile(r"[A-Za-z0-9._~-]{1,100}")
# What can be asked of a resource that was read, without the database.
CONSTRAINING: Final = ("token", "string", "uri")


def problems(client: Client, definitions: Mapping[str, ResourceDefinition]) -> list[str]:
    """A line for each reason not to register this client; its keys are judged where they are read."""
    return [*_names(client), *_facing(client), *_scopes(client, definitions)]


def _names(client: Client) -> Iterator[str]:
    if not _NAME.fullmatch(client.name) or not client.name.isprintable():
        yield "the name is up to 100 printable characters"
    if not _ID.fullmatch(client.id):
        yield "the id is up to 100 letters, digits and . _ ~ -"
    for code in (client.organisation, *client.sees):
        if not _ODS.fullmatch(code):
            yield f"{code[:20]} is no ODS code: 2 to 12 capital letters and digits"


def _facing(client: Client) -> Iterator[str]:
    if client.facing == "staff":
        if client.facing_patient:
            yield "only a patient- or carer-facing client is about one patient"
        return
    if not client.facing_patient:
        yield f"a {client.facing}-facing client needs the id of its Patient"
    # A patient may see who looked.
    may = {CHECK, AUDIT} if client.facing == "patient" else {CHECK}
    beyond = sorted(client.scopes.privileges - may)
    if beyond:
        yield f"a {client.facing}-facing client cannot have {', '.join(beyond)}"


def _scopes(client: Client, definitions: Mapping[str, ResourceDefinition]) -> Iterable[str]:
    if not client.scopes:
        yield "it needs at least one scope"
    for scope in sorted(client.scopes.resources):
        if scope.type != EVERY_TYPE and scope.type not in definitions:
            yield f"{scope}: this service has no {scope.type}"
        else:
            yield from (f"{scope}: {problem}" for problem in _constraint(scope, definitions))


def _constraint(scope: Scope, definitions: Mapping[str, ResourceDefinition]) -> Iterator[str]:
    for name, value in scope.constraint:
        parameter = definitions[scope.type].by_name.get(name)
        if parameter is None or parameter.type not in CONSTRAINING or name.startswith("_"):
            yield f"{name[:50]} cannot narrow a scope: it takes a parameter of {scope.type} over a code, text or uri"
        elif not value:
            yield f"{name} has no value"
