"""$record-contact: https://hl7.org/fhir/R4/operations.html"""

from collections.abc import Iterator
from typing import Any, Final

from app.fhir import issues
from app.fhir.errors import Invalid, NotFound
from app.fhir.operations import RECORD_CONTACT
from app.openapi import decisions, parameters
from app.openapi import told as told_of
from app.openapi.answers import responses, with_body
from app.openapi.checks import BODY, body
from app.openapi.operations import ROOT, with_examples
from app.openapi.scenarios import Scenario, refused
from app.openapi.schemas import ref
from app.operations.record_contact import INPUTS, Kept, to_parameters
from app.record.judgement.contacts import warning

TAG: Final = {
    "name": "Supporters",
    "description": "The work with supporters: contacts, meetings, what each does in the plan.",
}
_WHEN: Final = "2026-03-03T09:00:00Z"
_NURSE: Final = {"reference": "Practitioner/nurse-adaeze-nwosu"}
_MADE: Final = "Communication/0f8e1c4a-58a5-4c0e-9d0b-7d1f0f6a2b31/_history/1"
_WORDS: Final = """\
Writes a plain Communication: an attempt that failed as easily as one that succeeded, and also why none was made. Its \
status and FHIR's own reason follow from the outcome. Who was contacted against the patient's wish, or against a \
restriction, is recorded all the same: the answer warns, in `warning` and in the header `Warning`."""
_IF_NONE_EXIST = parameters.header(
    "If-None-Exist",
    "Search criteria for Communications, such as `sent=2026-03-03T09:00:00Z`: when there is one to this supporter that "
    "meets them, no second one is made, and the answer names that one. 412 when several do.",
    {},
)


def paths() -> dict[str, Any]:
    """The path of the operation."""
    told = list(_told())
    done = with_body("Done: the version of the Communication, and warnings.", ref("Parameters"), "warning")
    id_ = parameters.path("id", "The id of the RelatedPerson.")
    post = {
        "operationId": "recordContact",
        "summary": RECORD_CONTACT.documentation,
        "description": f"{_WORDS}\n\n{told_of.inputs(RECORD_CONTACT)}",
        "tags": [TAG["name"]],
        "parameters": [with_examples(each, told) for each in (id_, _IF_NONE_EXIST, *parameters.common())],
        "requestBody": body(told),
        "responses": responses({200: done}, (404, 409, 410, 412, 422, *BODY), told),
    }
    return {f"{ROOT}/{RECORD_CONTACT.path}": {"post": post}}


def _told() -> Iterator[Scenario]:
    path, supporter = {"id": decisions.FATHER}, f"RelatedPerson/{decisions.FATHER}"
    tried = _parameters(("who", _NURSE), ("when", _WHEN), ("medium", "PHONE"), ("outcome", "no-answer"))
    checked = decisions.check(decisions.NOT_ASKED, recipients=(supporter,), scopes=("make-contact",))
    warned = to_parameters(Kept(_MADE, (warning(checked.answers[0], "Communication.recipient[0]"),)))
    yield Scenario("tried", "Nobody answered, and nobody had asked the patient", 200, path, body=tried, answer=warned)
    slip = _parameters(("outcome", "rang"))
    text = f"Parameter outcome is one of: {', '.join(INPUTS['outcome'].codes)}."
    error = Invalid(issues=(issues.value("Parameters.parameter[0]", text),))
    yield refused("no-outcome", "An outcome that is none", error, path=path, body=slip)
    future = _parameters(("outcome", "spoke"), ("when", "9999-01-01"))
    text = "Parameter when, the time of the contact, lies in the future. Write down what happened, once it did."
    error = Invalid(issues=(issues.value("Parameters.parameter[1]", text),))
    yield refused("future", "A time that has not come", error, path=path, body=future)
    absent = NotFound("There is no RelatedPerson/nobody.")
    yield refused("absent", "No such supporter", absent, path={"id": "nobody"}, body=tried)


def _parameters(*given: tuple[str, Any]) -> dict[str, Any]:
    written = [{"name": name, INPUTS[name].value: value} for name, value in given]
    return {"resourceType": "Parameters", "parameter": written}
