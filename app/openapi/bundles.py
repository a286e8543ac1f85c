"""Transactions and batches: https://hl7.org/fhir/R4/http.html#transaction"""

from collections.abc import Iterator
from typing import Any, Final

from app.demo.numbers import synthetic_nhs_number
from app.fhir import issues
from app.fhir.errors import BadRequest, Invalid
from app.interactions.validate import told
from app.openapi import parameters, places
from app.openapi.answers import MEDIA_TYPES, responses, with_body
from app.openapi.operations import ROOT, with_examples
from app.openapi.samples import ROOT as BASE
from app.openapi.samples import STORED
from app.openapi.scenarios import Scenario, refused
from app.openapi.schemas import ref

_WORDS: Final = """\
**transaction**: all entries or none. Deletions come first, then creates, updates and patches in the order in which \
they refer to each other, then reads. Entries refer to each other by `fullUrl` (`urn:uuid:...`), and to what is there \
by `Type/id` or by criteria (`Patient?identifier=...`) that one resource meets. An error names the entry: \
`Bundle.entry[3].resource.status`. **batch**: each entry by itself, with an outcome of its own. \
GET entries ask for histories, compartments, `metadata` and `Patient/[id]/$everything` too, and those of a batch for \
`$validate` and `Consent/$check-sharing`."""
_NUMBER: Final = synthetic_nhs_number(998)
_SUPPORTER: Final = "urn:uuid:5f2f1a8e-6b1c-4a53-9d0e-3c1f6b7a9d10"
_ID: Final = "0f8e1c4a-58a5-4c0e-9d0b-7d1f0f6a2b31"
_QUIET: Final = {"Prefer": "return=minimal"}


def paths() -> dict[str, Any]:
    """The path of [base]."""
    scenarios = list(_scenarios())
    examples = {each.name: {"summary": each.summary, "value": each.body} for each in scenarios}
    first, second = MEDIA_TYPES
    content = {first: {"schema": ref("Bundle"), "examples": examples}, second: {"schema": ref("Bundle")}}
    answers = {200: with_body("What came of each entry, in their order.", ref("Bundle"))}
    asked = [parameters.PREFER_RETURN, *parameters.common()]
    operation = {
        "operationId": "bundle",
        "summary": "Do many things at once: a transaction or a batch",
        "description": _WORDS,
        "tags": ["Service"],
        "parameters": [with_examples(each, scenarios) for each in asked],
        "requestBody": {"required": True, "content": content},
        "responses": responses(answers, (404, 408, 409, 410, 412, 413, 415, 422), scenarios),
    }
    return {ROOT: {"get": places.everything(), "post": operation}}


def _scenarios() -> Iterator[Scenario]:
    entries = [_supporter(), _plan()]
    answer = _bundle("transaction-response", *(_made(entry["resource"]["resourceType"]) for entry in entries))
    body = _bundle("transaction", *entries)
    yield Scenario("together", "A supporter, and a plan with a part", 200, headers=_QUIET, body=body, answer=answer)
    wrong = _plan() | {"resource": _plan()["resource"] | {"status": "perhaps"}}
    where = "Bundle.entry[1].resource.status"
    error = Invalid(issues=(issues.value(where, f"{where} is none of the codes it may have."),))
    yield refused(
        "one-fails", "One entry fails, so none is done", error, body=_bundle("transaction", entries[0], wrong)
    )
    each = [_made("RelatedPerson"), {"response": {"status": "422", "outcome": _outcome(error)}}]
    body = _bundle("batch", entries[0], wrong)
    yield Scenario("each", "A batch", 200, headers=_QUIET, body=body, answer=_bundle("batch-response", *each))
    valid = {"resource": entries[0]["resource"], "request": {"method": "POST", "url": "RelatedPerson/$validate"}}
    fine = _bundle("batch-response", {"resource": told([]), "response": {"status": "200"}})
    yield Scenario(
        "asks", "A batch that asks whether a resource is valid", 200, body=_bundle("batch", valid), answer=fine
    )
    document = BadRequest("A Bundle sent here is a transaction or a batch.", expression="Bundle.type")
    yield refused("document", "A Bundle of another type", document, body={"resourceType": "Bundle", "type": "document"})


def _supporter() -> dict[str, Any]:
    resource = {"resourceType": "RelatedPerson", "patient": _patient(), "name": [{"text": "Somebody Example"}]}
    return {"fullUrl": _SUPPORTER, "resource": resource, "request": {"method": "POST", "url": "RelatedPerson"}}


def _plan() -> dict[str, Any]:
    part = {
        "detail": {"status": "in-progress", "performer": [{"reference": _SUPPORTER}], "description": "Rings daily."}
    }
    resource = {"resourceType": "CarePlan", "status": "active", "intent": "plan", "subject": _patient()}
    return {"resource": resource | {"activity": [part]}, "request": {"method": "POST", "url": "CarePlan"}}


def _patient() -> dict[str, Any]:
    return {"type": "Patient", "identifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": _NUMBER}}


def _made(type_: str) -> dict[str, Any]:
    name = f"{BASE}/{type_}/{_ID}"
    said = {"status": "201", "location": f"{name}/_history/1", "etag": 'W/"1"', "lastModified": STORED}
    return {"fullUrl": name, "response": said}


def _outcome(error: Invalid) -> dict[str, Any]:
    answer: dict[str, Any] = refused("", "", error).answer
    return answer


def _bundle(kind: str, *entries: dict[str, Any]) -> dict[str, Any]:
    bundle: dict[str, Any] = {"resourceType": "Bundle", "type": kind}
    if kind.endswith("-response"):
        bundle |= {"id": _ID, "link": [{"relation": "self", "url": BASE}]}
    return bundle | {"entry": list(entries)}
