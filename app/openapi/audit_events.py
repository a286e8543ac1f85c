"""AuditEvent: read and search, never written. https://hl7.org/fhir/R4/auditevent.html"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.fhir.audit_event import ODS, Recorded, audit_event
from app.fhir.errors import BadRequest, NotFound
from app.fhir.resources.audit_event import AUDIT_EVENT
from app.openapi import decisions, parameters, samples
from app.openapi.answers import with_body, without_body
from app.openapi.operations import Operation
from app.openapi.parameters import VALUES, Parameter
from app.openapi.published import PublishedOperations
from app.openapi.scenarios import Scenario, Scenarios, refused
from app.openapi.schemas import ref

TAG: Final = {"name": AUDIT_EVENT.type, "description": AUDIT_EVENT.documentation}
_SUPPORTER: Final = f"RelatedPerson/{decisions.BROTHER}"
_PATIENT: Final = f"Patient/{decisions.LIMITED}"
# Who calls in the examples: the sandbox of `kith serve --demo`, for the demo's crisis team.
_CLIENT: Final = "sandbox"
_ORGANISATION: Final = "ZZK02"
_CHECK: Final = "41"
_CREATE: Final = "12"
_NOT_KEPT: Final = "9223372036854775807"
# How a parameter is written, where that is not by its name, and a value of each.
_WRITTEN: Final = {"agent": "agent:identifier"}
_VALUES: Final = {
    "_id": _CHECK,
    "_lastUpdated": "ge2026-03-03",
    "action": "C",
    "agent": f"{ODS}|{_ORGANISATION}",
    "agent-name": _CLIENT,
    "date": "ge2026-03-03",
    "entity": _SUPPORTER,
    "outcome": "0",
    "patient": _PATIENT,
    "subtype": "operation",
    "type": "rest",
}


@dataclass(frozen=True, slots=True)
class AuditScenarios(Scenarios):
    """Who recorded a supporter; and a check, as it was answered."""

    def search(self) -> Iterator[Scenario]:
        query = {"entity": [_SUPPORTER], "action": ["C"]}
        url = f"{self.type}?entity={_SUPPORTER}&action=C"
        yield Scenario("found", "Who recorded this supporter", 200, query=query, answer=_page(url, _created()))
        error = BadRequest("Search parameter 'date' must be a date.", spine="INVALID_SEARCH_DATA")
        yield refused("malformed", "A date that is none", error, query={"date": ["yesterday"]})

    def read(self) -> Iterator[Scenario]:
        path = {"id": _CHECK}
        yield Scenario("check", "A check and its answer", 200, path, answer=_checked(), etag='W/"1"')
        yield Scenario("unchanged", "The caller has it", 304, path, {}, {"If-None-Match": 'W/"1"'}, etag='W/"1"')
        error = NotFound(f"There is no {self.type}/{_NOT_KEPT}.")
        yield refused("absent", "Nothing of this id", error, path={"id": _NOT_KEPT})


@dataclass(frozen=True, slots=True)
class AuditOperations(PublishedOperations):
    """Read and search."""

    @property
    def criteria(self) -> list[Parameter]:
        """Those that the trail can be asked by, and what shapes a page that nobody counts."""
        return [*(_criterion(each.name) for each in AUDIT_EVENT.search_parameters), *_SHAPES]

    def read(self) -> Operation:
        answers = {
            200: with_body("The AuditEvent.", ref(self.type), "etag", "last-modified"),
            304: without_body("The caller has it.", "etag", "last-modified"),
        }
        asked = [
            parameters.path("id", "The id, which an answer to a check names in `auditEvent`."),
            *parameters.PART,
            parameters.IF_NONE_MATCH,
            parameters.IF_MODIFIED_SINCE,
        ]
        words = (
            "One row of the trail. Of a check: the question, each answer with its basis, and the versions relied on."
        )
        return self._operation("read", "Read an AuditEvent", words, asked, answers, (404,), self.scenarios.read())


_SHAPES: Final = (
    parameters.query("_sort", "Newest first, always.", {"enum": ["-date", "-_lastUpdated"]}) | {"example": "-date"},
    parameters.COUNT | {"example": 10},
    parameters.query("_summary", "How much of each.", {"enum": ["true", "text", "data", "false"]})
    | {"example": "false"},
    parameters.query("_elements", "Only these elements, and those FHIR requires.", {"type": "string"})
    | {"example": "outcome"},
    parameters.CURSOR,
)


def paths() -> dict[str, Any]:
    """The paths of AuditEvent."""
    return dict(AuditOperations(AUDIT_EVENT, AuditScenarios(AUDIT_EVENT, 0)).paths())


def _criterion(name: str) -> Parameter:
    parameter = AUDIT_EVENT.by_name[name]
    kind = "`system|value`" if name in _WRITTEN else VALUES[parameter.fhir_type]
    words = f"{parameter.documentation} A {parameter.fhir_type}: {kind}. Commas mean or, repeating it means and."
    schema = {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1}
    return parameters.query(_WRITTEN.get(name, name), words, schema) | {"example": [_VALUES[name]]}


def _created() -> dict[str, Any]:
    supporter = {"type": "RelatedPerson", "id": decisions.BROTHER, "version": 1}
    return _event(int(_CREATE), "create", 201, **supporter)


def _checked() -> dict[str, Any]:
    asked = {"recipients": (_SUPPORTER,), "scopes": ("appointments",)}
    kept = decisions.kept(decisions.LIMITED, **asked)
    about = {"type": "Patient", "id": decisions.LIMITED, "outcome": "permit"}
    return _event(int(_CHECK), "check", 200, detail=kept, **about)


def _event(key: int, interaction: str, status: int, **more: Any) -> dict[str, Any]:
    row = Recorded(
        key,
        datetime.fromisoformat(samples.STORED),
        interaction,
        patient=decisions.LIMITED,
        status=status,
        client=_CLIENT,
        organisation=_ORGANISATION,
        request_id="5a2fa050-56a5-41e4-9491-10dea2e5f1bf",
        **more,
    )
    return audit_event(row, samples.ROOT)


def _page(url: str, event: dict[str, Any]) -> dict[str, Any]:
    page = samples.searchset(url, [])
    entry = {"fullUrl": f"{samples.ROOT}/AuditEvent/{event['id']}", "resource": event, "search": {"mode": "match"}}
    return {name: value for name, value in page.items() if name != "total"} | {"entry": [entry]}
