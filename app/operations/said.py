"""The parameters of the short paths, read as what the patient said (the sharing decision, section 8)."""

from collections.abc import Iterator
from typing import Any, Final

from app.fhir import issues
from app.fhir.checks.london import earliest, lies_ahead
from app.fhir.errors import Invalid, Issue
from app.fhir.references import target
from app.fhir.search.date import span
from app.operations.decided import EMERGENCY_ONLY, NO, UNDECIDED, YES, Decided
from app.operations.inputs import Given, Input
from app.record.context import Context
from app.record.stamp import instant
from app.sharing.vocabulary import CONSENT_CONDITION, CONSENT_METHOD, SCOPES

RECORDERS: Final = ("Practitioner", "PractitionerRole")

# Of each short path: when it was decided, who wrote it down, and how it was given.
TOLD: Final = {
    "decided": Input("valueDateTime"),
    "recorder": Input("valueReference"),
    "method": Input("valueCode", codes=CONSENT_METHOD.codes),
}
RECORD_CONSENT: Final = {
    "decision": Input("valueCode", required=True, codes=(YES, NO, UNDECIDED)),
    "scope": Input("valueCode", many=True, codes=SCOPES),
    **TOLD,
    "until": Input("valueDateTime"),
    "nextReview": Input("valueDateTime"),
    "condition": Input("valueCode", many=True, codes=(*CONSENT_CONDITION.codes, EMERGENCY_ONLY)),
    "replaces": Input("valueReference"),
}


def decided(given: Given, context: Context) -> Decided:
    """What was said. Raises Invalid with every value that cannot be."""
    said = Decided(
        decided=given.text("decided") or instant(context.rules.now),
        method=given.text("method"),
        recorder=given.one("recorder"),
        decision=given.text("decision") or NO,
        scopes=tuple(dict.fromkeys(given.all("scope"))),
        until=given.text("until"),
        next_review=given.text("nextReview"),
        conditions=tuple(dict.fromkeys(given.all("condition"))),
    )
    problems = [*_times(said, given, context), *_meaning(said, given), *_recorder(given, context)]
    if problems:
        raise Invalid(issues=tuple(problems))
    return said


def _times(said: Decided, given: Given, context: Context) -> Iterator[Issue]:
    if lies_ahead(said.decided, context.rules.now):
        yield issues.value(given.place("decided"), "Parameter decided, the time of the decision, lies in the future.")
    ends = span(said.until)
    if ends and ends[1] <= earliest(said.decided):
        yield issues.value(given.place("until"), "Parameter until lies before the decision.")


def _meaning(said: Decided, given: Given) -> Iterator[Issue]:
    if said.decision == YES and said.method == "implied":
        yield issues.value(given.place("method"), "Implied consent never permits: ask the patient.")
    if said.decision == NO and said.conditions:
        yield issues.value(given.place("condition"), "A refusal has no conditions.")


def _recorder(given: Given, context: Context) -> Iterator[Issue]:
    recorder: dict[str, Any] | None = given.one("recorder")
    if recorder is None:
        return
    literal = target(recorder.get("reference") or "", context.bases)
    type_ = literal.type if literal else recorder.get("type", RECORDERS[0])
    if type_ not in RECORDERS or not (literal or recorder.get("identifier", {}).get("value")):
        text = f"Parameter recorder is a {' or '.join(RECORDERS)}, by reference or by identifier."
        yield issues.value(given.place("recorder"), text)
