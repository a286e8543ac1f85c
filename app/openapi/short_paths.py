"""The short paths for EPRs: https://hl7.org/fhir/R4/operations.html"""

from collections.abc import Iterator
from typing import Any, Final

from app.fhir import issues
from app.fhir.errors import BadRequest, Invalid, NotFound
from app.fhir.operations import RECORD_CONSENT, TELL_NOBODY, WITHDRAW, Operation
from app.openapi import decisions, parameters
from app.openapi import told as told_of
from app.openapi.answers import responses, with_body
from app.openapi.checks import BODY, TAG, body
from app.openapi.operations import ROOT, with_examples
from app.openapi.scenarios import Scenario, refused
from app.openapi.schemas import ref
from app.operations import said
from app.operations.decided import Decided, consent, withdrawn
from app.operations.recorded import Recorded, to_parameters

_DECIDED: Final = "2026-03-03T10:00:00Z"
_NURSE: Final = {"reference": "Practitioner/nurse-adaeze-nwosu"}
_MADE: Final = "0f8e1c4a-58a5-4c0e-9d0b-7d1f0f6a2b31"
_ID = parameters.path("id", "The id of the record.")
_IF_NONE_EXIST = parameters.header(
    "If-None-Exist",
    "Search criteria for Consents, such as `date=2026-03-03T10:00:00Z`: when the patient has one that meets them, no "
    "second one is made, and the answer is about that one. 412 when several do.",
    {},
)
_READ = "The answers are read as those of `Consent/$check-sharing`, where their parts are told."
_WORDS = {
    RECORD_CONSENT: "Writes a plain Consent in one call. A no without scope refuses everything; a yes without scope "
    "covers all that need not be named. Undecided is stored as a draft. The Consent that it `replaces` becomes "
    "inactive in the same transaction. The answers are of a fresh check of this supporter over every scope.",
    WITHDRAW: "Makes the Consent inactive, keeps its dateTime, and notes when it was taken back. Sent again it changes "
    "nothing. The answers are of a fresh check of those whom the Consent names.",
    TELL_NOBODY: "Writes a refusal for anyone and everything. The answers are of a fresh check of every active "
    "supporter over every scope.",
}


def paths() -> dict[str, Any]:
    """The paths of the three operations."""
    told = {
        RECORD_CONSENT: (list(_record_consent()), _IF_NONE_EXIST),
        WITHDRAW: (list(_withdraw()), parameters.IF_MATCH),
        TELL_NOBODY: (list(_tell_nobody()), _IF_NONE_EXIST),
    }
    return {f"{ROOT}/{operation.path}": {"post": _post(operation, *scenarios)} for operation, scenarios in told.items()}


def _post(operation: Operation, told: list[Scenario], condition: dict[str, Any]) -> dict[str, Any]:
    done = with_body("Done. The version that was written, and what may be told from now on.", ref("Parameters"))
    first, second = operation.name.split("-") if "-" in operation.name else (operation.name, "")
    return {
        "operationId": first + second.capitalize(),
        "summary": operation.documentation,
        "description": f"{_WORDS[operation]}\n\n{told_of.inputs(operation)}\n\n{_READ}",
        "tags": [TAG["name"]],
        "parameters": [with_examples(each, told) for each in (_ID, condition, *parameters.common())],
        "requestBody": body(told),
        "responses": responses({200: done}, (404, 409, 410, 412, 422, *BODY), told),
    }


def _record_consent() -> Iterator[Scenario]:
    path, supporter = {"id": decisions.FATHER}, f"RelatedPerson/{decisions.FATHER}"
    yes = [("decision", "yes"), ("scope", "appointments"), ("scope", "care-plan"), *_told()]
    decided = Decided(_DECIDED, "verbal", _NURSE, "yes", ("appointments", "care-plan"))
    patient = {"reference": f"Patient/{decisions.NOT_ASKED}"}
    made = consent(decided, patient, {"reference": supporter}) | {"id": _MADE}
    answer = _answer(f"Consent/{_MADE}/_history/1", decisions.NOT_ASKED, made, recipients=(supporter,))
    yield Scenario("yes", "He may know two things", 200, path, body=_parameters(*yes), answer=answer)
    wrong = _parameters(("decision", "perhaps"))
    text = "Parameter decision is one of: yes, no, undecided."
    error = Invalid(issues=(issues.value("Parameters.parameter[0]", text),))
    yield refused("no-decision", "A decision that is none", error, path=path, body=wrong)
    slip = _parameters(("decision", "yes"), ("scopes", "medication"))
    known = ", ".join(said.RECORD_CONSENT)
    unknown = BadRequest(
        f"Parameter scopes is not known; known are {known}.",
        expression="Parameters.parameter[1]",
        code="not-supported",
    )
    yield refused("slip", "A parameter that is not known", unknown, path=path, body=slip)
    absent = NotFound("There is no RelatedPerson/nobody.")
    yield refused("absent", "No such supporter", absent, path={"id": "nobody"}, body=_parameters(*yes))


def _withdraw() -> Iterator[Scenario]:
    path, name = {"id": decisions.LIMITED_CONSENT}, f"Consent/{decisions.LIMITED_CONSENT}"
    taken_back = withdrawn(decisions.record(name), Decided(_DECIDED, "verbal", _NURSE))
    recipients = (f"RelatedPerson/{decisions.BROTHER}",)
    answer = _answer(f"{name}/_history/2", decisions.LIMITED, taken_back, recipients=recipients)
    yield Scenario("withdrawn", "Taken back", 200, path, body=_parameters(*_told()), answer=answer)
    future = _parameters(("decided", "9999-01-01"))
    text = "Parameter decided, the time of the decision, lies in the future."
    error = Invalid(issues=(issues.value("Parameters.parameter[0]", text),))
    mistaken = {"id": "consent-bridget-scanlon-niall"}
    yield refused("future", "A time that has not come", error, path=mistaken, body=future)
    absent = NotFound("There is no Consent/nobody.")
    yield refused("absent", "No such Consent", absent, path={"id": "nobody"}, body=_parameters(*_told()))


def _tell_nobody() -> Iterator[Scenario]:
    path, patient = {"id": decisions.ALONE}, {"reference": f"Patient/{decisions.ALONE}"}
    made = consent(Decided(_DECIDED, "verbal", _NURSE), patient, None) | {"id": _MADE}
    answer = _answer(f"Consent/{_MADE}/_history/1", decisions.ALONE, made)
    yield Scenario("refused", "Nobody is told anything", 200, path, body=_parameters(*_told()), answer=answer)
    absent = NotFound("There is no Patient/nobody.")
    yield refused("absent", "No such patient", absent, path={"id": "nobody"}, body=_parameters(*_told()))


def _told() -> list[tuple[str, Any]]:
    return [("decided", _DECIDED), ("method", "verbal"), ("recorder", _NURSE)]


def _answer(written: str, patient: str, later: dict[str, Any], **asked: Any) -> dict[str, Any]:
    return to_parameters(Recorded(written, decisions.check(patient, later, **asked)))


def _parameters(*given: tuple[str, Any]) -> dict[str, Any]:
    inputs = said.RECORD_CONSENT
    written = [{"name": name, inputs[name].value if name in inputs else "valueCode": value} for name, value in given]
    return {"resourceType": "Parameters", "parameter": written}
