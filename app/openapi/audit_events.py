"""What can be done with the audit trail: read and search. https://hl7.org/fhir/R4/auditevent.html"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from app.fhir.errors import BadRequest, NotFound
from app.fhir.resources.audit_event import AUDIT_EVENT
from app.openapi import parameters, samples
from app.openapi.answers import with_body, without_body
from app.openapi.operations import ROOT, Operation, TypeOperations
from app.openapi.scenarios import Scenario, Scenarios, refused
from app.openapi.schemas import ref

TAG: Final = {"name": AUDIT_EVENT.type, "description": AUDIT_EVENT.documentation}
_NOBODY: Final = "Consent/nothing"


@dataclass(frozen=True, slots=True)
class AuditScenarios(Scenarios):
    """The trail of something that nobody touched: what others leave depends on what was done before."""

    def search(self) -> Iterator[Scenario]:
        page = samples.searchset(f"{self.type}?entity={_NOBODY}", [])
        del page["total"]
        yield Scenario("found", "What was done to a record", 200, query={"entity": [_NOBODY]}, answer=page)
        words = "Search parameter '_total' cannot count AuditEvents."
        error = BadRequest(words, code="not-supported", spine="INVALID_SEARCH_DATA")
        yield refused("counted", "Nobody counts the trail", error, query={"_total": ["accurate"]})

    def read(self) -> Iterator[Scenario]:
        error = NotFound(f"There is no {self.type}/nothing.")
        yield refused("absent", "Nothing of this id", error, path={"id": "nothing"})


@dataclass(frozen=True, slots=True)
class AuditOperations(TypeOperations):
    """Read and search; nobody writes the trail."""

    def paths(self) -> Iterator[tuple[str, Operation]]:
        root = f"{ROOT}/{self.type}"
        yield f"{root}/_search", {"post": self.search_by_post()}
        yield root, {"get": self.search()}
        yield f"{root}/{{id}}", {"get": self.read()}

    def read(self) -> Operation:
        answers = {
            200: with_body("The entry, as it was written.", ref(self.type), "etag", "last-modified"),
            304: without_body("The caller has it.", "etag", "last-modified"),
        }
        asked = [
            parameters.path("id", "The id that a check names in `auditEvent`."),
            parameters.IF_NONE_MATCH,
            parameters.IF_MODIFIED_SINCE,
        ]
        words = "One entry of the audit trail. Takes the scope kith/audit."
        return self._operation("read", f"Read an {self.type}", words, asked, answers, (404,), self.scenarios.read())


def paths() -> dict[str, Any]:
    """The paths of the audit trail."""
    return dict(AuditOperations(AUDIT_EVENT, AuditScenarios(AUDIT_EVENT, 0)).paths())
