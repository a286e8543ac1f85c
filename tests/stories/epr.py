"""An EPR that records what people decide, and asks before it tells: as the acceptance stories have it.

Each question goes through two doors, which have to agree on all that both of them tell.
"""

import itertools
from dataclasses import dataclass
from typing import Any

import httpx

from tests.record.examples import nhs_number
from tests.stories.doors import FULL, PLAIN, Answer, Json, Question


@dataclass(frozen=True)
class Told:
    """An answer."""

    decision: str
    basis: str
    reason: str
    next_action: str
    overridable: bool
    obligations: frozenset[str]
    still_allowed: tuple[str, ...]
    based_on: tuple[str, ...]
    considered: tuple[tuple[str, str], ...]
    review_due: str
    audit_event: str

    @property
    def word(self) -> str:
        """The answer as the stories put it."""
        if self.decision == "permit":
            allowed = "allow-by-override" if self.basis == "safety-override" else "allow"
            return f"{allowed} + review-due" if self.next_action == "review-consent" else allowed
        if self.basis == "contact-restricted":
            return "stop"
        if self.next_action == "refer-to-clinician":
            return "clinician"
        return {"no-consent-recorded": "ask", "consent-expired": "expired"}.get(self.basis, "deny")


class Epr:
    """The EPR of one team, for one patient at a time. `story` says with which doors it begins."""

    def __init__(self, client: httpx.AsyncClient, story: int) -> None:
        self.client = client
        self.number = nhs_number()
        self._turns = itertools.count(story)

    @property
    def patient(self) -> Json:
        """How its records name the patient."""
        return {"type": "Patient", "identifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": self.number}}

    async def records(self, resource: Json) -> str:
        """Posts a record, or puts the next version of one that has an id; its reference."""
        type_, id_ = resource["resourceType"], resource.get("id")
        sent = (
            self.client.put(f"/{type_}/{id_}", json=resource) if id_ else self.client.post(f"/{type_}", json=resource)
        )
        answer = await sent
        assert answer.status_code in (200, 201), answer.text
        return f"{type_}/{answer.json()['id']}"

    async def reads(self, reference: str) -> Json:
        answer = await self.client.get(f"/{reference}")
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    async def finds(self, search: str) -> list[str]:
        """The references of what a search finds."""
        answer = await self.client.get(f"/{search}")
        assert answer.status_code == 200, answer.text
        found = (entry["resource"] for entry in answer.json().get("entry", ()))
        return [f"{resource['resourceType']}/{resource['id']}" for resource in found]

    async def warnings(self, resource: Json) -> str:
        """Posts a record, or puts its next version; what the answer warns of, '' for nothing."""
        type_, id_ = resource["resourceType"], resource.get("id")
        url = f"/{type_}/{id_}" if id_ else f"/{type_}"
        answer = await self.client.request("PUT" if id_ else "POST", url, json=resource)
        assert answer.status_code in (200, 201), answer.text
        warned: str = answer.headers.get("warning", "")
        return warned

    async def is_refused(self, resource: Json, status: int = 422) -> str:
        """Posts a record that is refused; the diagnostics."""
        answer = await self.client.post(f"/{resource['resourceType']}", json=resource)
        assert answer.status_code == status, answer.text
        return " ".join(issue["diagnostics"] for issue in answer.json()["issue"])

    async def asks(self, recipient: str, scope: str = "", **more: Any) -> Told:
        """May I tell this person this, now?"""
        question = Question(self.number, recipient, scope, **more)
        turn = next(self._turns)
        first = FULL[turn % len(FULL)]
        others = (*PLAIN, *FULL) if question.is_plain else FULL
        second = [door for door in others if door is not first][turn % (len(others) - 1)]
        one, other = await first(self.client, question), await second(self.client, question)
        _agree(one, other)
        return _told(one)

    async def words(self, recipient: str, *scopes: str, **more: Any) -> list[str]:
        """The answers for several scopes, as the stories put them."""
        return [(await self.asks(recipient, scope, **more)).word for scope in scopes]


def _agree(one: Answer, other: Answer) -> None:
    compared = (one.keys() & other.keys()) - {"auditEvent"}
    assert "decision" in compared
    assert {name: _plain(one[name]) for name in compared} == {name: _plain(other[name]) for name in compared}


def _plain(value: Any) -> Any:
    return sorted(map(str, value)) if isinstance(value, list) else value


def _told(answer: Answer) -> Told:
    return Told(
        decision=answer["decision"],
        basis=answer["basis"],
        reason=answer["reason"],
        next_action=answer["nextAction"],
        overridable=answer["overridable"],
        obligations=frozenset(answer.get("obligations", ())),
        still_allowed=tuple(answer.get("stillAllowed", ())),
        based_on=tuple(answer.get("basedOn", ())),
        considered=tuple((each["record"], each["why"]) for each in answer.get("considered", ())),
        review_due=answer.get("reviewDue", ""),
        audit_event=answer["auditEvent"],
    )
