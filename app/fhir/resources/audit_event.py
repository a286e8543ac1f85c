"""AuditEvent: who did what, when, and how it ended. https://hl7.org/fhir/R4/auditevent.html

Not one of DEFINITIONS: it is made from the audit trail, and no client writes it.
"""

from typing import Final

from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.resources.common import COMMON

INTERACTIONS: Final = ("read", "search-type")

AUDIT_EVENT: Final = ResourceDefinition(
    type="AuditEvent",
    documentation=(
        "Who did what, when, and how it ended: one for each interaction, written by the service alone. That of a "
        "sharing check tells the question, each answer with its basis, and the versions that it rests on."
    ),
    search_parameters=(
        *(parameter for parameter in COMMON if parameter.name in ("_id", "_lastUpdated")),
        SearchParameter(
            "action",
            "token",
            ("action",),
            system="http://hl7.org/fhir/audit-event-action",
            documentation="C created, R read, U updated, D deleted, E searched or asked.",
        ),
        SearchParameter(
            "agent", "reference", ("agent.who",), documentation="Organisation or user role, by agent:identifier."
        ),
        SearchParameter("agent-name", "string", ("agent.name",), documentation="The client that called."),
        SearchParameter("date", "date", ("recorded",), documentation="When it was done."),
        SearchParameter(
            "entity",
            "reference",
            ("entity.what",),
            documentation="The record that it was done to; of checks also recipients and the records relied on.",
        ),
        SearchParameter(
            "outcome",
            "token",
            ("outcome",),
            system="http://hl7.org/fhir/audit-event-outcome",
            documentation="0 done (a deny included), 4 refused, 8 failed.",
        ),
        SearchParameter(
            "patient",
            "reference",
            ("entity.what",),
            targets=("Patient",),
            documentation="Whose record it was about, by Patient/<id> or NHS number.",
        ),
        SearchParameter(
            "subtype",
            "token",
            ("subtype",),
            documentation="The interaction: create, read, search-type ...; operation for checks.",
        ),
        SearchParameter(
            "type",
            "token",
            ("type",),
            documentation=(
                "rest; 110114 for tokens, 110113 for registrations of clients, 110101 for commands on the audit trail."
            ),
        ),
    ),
    mandatory=("type", "recorded", "agent", "source"),
    summary=("type", "subtype", "action", "recorded", "outcome", "outcomeDesc", "purposeOfEvent"),
)
