"""One question, put at any door of the service, and its answer in the words of the sharing decision, section 2."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import httpx

from app.fhir.canonical import BASE

Json = dict[str, Any]
Answer = dict[str, Any]

NHS_NUMBER: Final = "https://fhir.nhs.uk/Id/nhs-number"
_LISTS: Final = {"basedOn": "basedOn", "obligation": "obligations", "stillAllowed": "stillAllowed"}
_CARD: Final = {"CONSENT_PERMIT": "permit", "CONSENT_DENY": "deny", "NO_CONSENT": "deny"}


@dataclass(frozen=True)
class Question:
    """One recipient, and one scope or one record; the patient by NHS number."""

    patient: str
    recipient: str
    scope: str = ""
    resource: str = ""
    action: str = "disclose"
    content: str = "specific"
    at: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether it only asks to tell somebody something of one scope, now."""
        return bool(self.scope) and (self.resource, self.action, self.content, self.at) == (
            "",
            "disclose",
            "specific",
            "",
        )


Door = Callable[[httpx.AsyncClient, Question], Awaitable[Answer]]


async def by_post(client: httpx.AsyncClient, question: Question) -> Answer:
    """POST Consent/$check-sharing."""
    values = {
        "patient": {"valueReference": {"identifier": {"system": NHS_NUMBER, "value": question.patient}}},
        "recipient": {"valueReference": {"reference": question.recipient}},
        "scope": {"valueCode": question.scope},
        "resource": {"valueReference": {"reference": question.resource}},
        "action": {"valueCode": question.action},
        "content": {"valueCode": question.content},
        "at": {"valueInstant": question.at},
    }
    given = [{"name": name, **value} for name, value in values.items() if getattr(question, name)]
    body = {"resourceType": "Parameters", "parameter": given}
    return _of_parameters(await client.post("/Consent/$check-sharing", json=body))


async def by_get(client: httpx.AsyncClient, question: Question) -> Answer:
    """GET Consent/$check-sharing."""
    names = ("patient", "recipient", "scope", "resource", "action", "content", "at")
    given = {name: getattr(question, name) for name in names if getattr(question, name)}
    return _of_parameters(await client.get("/Consent/$check-sharing", params=given))


async def by_authzen(client: httpx.AsyncClient, question: Question) -> Answer:
    """AuthZEN, one evaluation."""
    return _of_evaluation(await _post(client, "access/v1/evaluation", _evaluation(question)))


async def by_authzen_with_others(client: httpx.AsyncClient, question: Question) -> Answer:
    """AuthZEN, the second of two evaluations, which share their resource."""
    asked = _evaluation(question)
    other = {"subject": {"type": "RelatedPerson", "id": "somebody-else"}, "action": asked["action"]}
    body = {**asked, "evaluations": [other, {"subject": asked["subject"]}]}
    first, second = (await _post(client, "access/v1/evaluations", body))["evaluations"]
    assert first["decision"] is (question.action == "listen" or question.content == "general")
    return _of_evaluation(second)


async def by_card(client: httpx.AsyncClient, question: Question) -> Answer:
    """CDS Hooks: the card has decision, reason, obligations and the records relied on."""
    context = {
        "patientId": [{"system": NHS_NUMBER, "value": question.patient}],
        "actor": [{"value": question.recipient}],
        "category": [{"system": f"{BASE}/CodeSystem/sharing-scope", "code": question.scope}],
    }
    body = {"hook": "patient-consent-consult", "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"}
    [card] = (await _post(client, "cds-services/patient-consent-consult", {**body, "context": context}))["cards"]
    return {
        "decision": _CARD[card["summary"]],
        "reason": card["detail"].partition("\n")[0],
        "obligations": [each["id"]["code"] for each in card["extension"]["obligations"]],
        "basedOn": card["extension"]["basedOn"],
    }


async def by_search_for_people(client: httpx.AsyncClient, question: Question) -> Answer:
    """AuthZEN, who may be told this?"""
    asked = _evaluation(question)
    body = {**asked, "subject": {"type": "RelatedPerson"}}
    found = (await _post(client, "access/v1/search/subject", body))["results"]
    return {"decision": "permit" if asked["subject"] in found else "deny"}


async def by_search_for_scopes(client: httpx.AsyncClient, question: Question) -> Answer:
    """AuthZEN, what may this person be told?"""
    asked = _evaluation(question)
    del asked["resource"]["properties"]
    found = (await _post(client, "access/v1/search/resource", asked))["results"]
    return {"decision": "permit" if {"scope": question.scope} in [each["properties"] for each in found] else "deny"}


# What tells all of an answer, and what is asked beside it.
FULL: Final[tuple[Door, ...]] = (by_post, by_get, by_authzen, by_authzen_with_others)
PLAIN: Final[tuple[Door, ...]] = (by_card, by_search_for_people, by_search_for_scopes)


async def _post(client: httpx.AsyncClient, path: str, body: Json) -> Json:
    headers = {"Content-Type": "application/json"}
    answer = await client.post(f"http://kith.test/{path}", content=json.dumps(body), headers=headers)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def _evaluation(question: Question) -> Json:
    type_, _, id_ = question.recipient.partition("/")
    properties = {name: getattr(question, name) for name in ("scope", "resource") if getattr(question, name)}
    return {
        "subject": {"type": type_, "id": id_},
        "action": {"name": question.action, "properties": {"content": question.content}},
        "resource": {"type": "patient-information", "id": question.patient, "properties": properties},
        **({"context": {"at": question.at}} if question.at else {}),
    }


def _of_evaluation(found: Json) -> Answer:
    return found["context"] | {"decision": "permit" if found["decision"] else "deny"}


def _of_parameters(answer: httpx.Response) -> Answer:
    assert answer.status_code == 200, answer.text
    given = answer.json()["parameter"]
    [parts] = [each["part"] for each in given if each["name"] == "answer"]
    [event] = [each["valueReference"]["reference"] for each in given if each["name"] == "auditEvent"]
    return _of_parts(parts) | {"auditEvent": event}


def _of_parts(parts: list[Json]) -> Answer:
    """The parts of an answer as AuthZEN names them."""
    answer: Answer = {}
    for part in parts:
        name = part["name"]
        if name == "considered":
            answer.setdefault(name, []).append({each["name"]: _value(each) for each in part["part"]})
        elif name in _LISTS:
            answer.setdefault(_LISTS[name], []).append(_value(part))
        else:
            answer[name] = _value(part)
    return answer


def _value(part: Json) -> Any:
    [value] = [value for name, value in part.items() if name != "name"]
    return value["reference"] if isinstance(value, dict) else value
