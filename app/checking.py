"""`kith check`: one question to a running service, and its answer for a human.

Why comes first, then what is still allowed, then what to do next.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
from rich.console import Console
from rich.markup import escape

from app.fhir import base
from app.fhir.human_name import written
from app.fhir.vocabulary.concepts import CodeSystem
from app.refusal import Refusal
from app.sharing.vocabulary import NEXT_ACTION, OBLIGATION, SHARING_SCOPE, STILL_ALLOWED

PATH = f"{base.PATH}/Consent/$check-sharing"
NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
TEN = 10
PATIENCE = 30.0
# What reading an answer raises that is none of Kith's.
_ODD = (AttributeError, LookupError, TypeError)


@dataclass(slots=True)
class Answer:
    """One answer, as the service told it."""

    recipient: str = ""
    name: str = ""
    scope: str = ""
    decision: str = ""
    basis: str = ""
    reason: str = ""
    next_action: str = ""
    review_due: str = ""
    valid_until: str = ""
    based_on: list[str] = field(default_factory=list)
    obligations: list[str] = field(default_factory=list)
    still_allowed: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: of which patient, about whom (none: every supporter), what (none: everything), when ('': now)."""

    patient: str
    recipients: Sequence[str] = ()
    scopes: Sequence[str] = ()
    at: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """All answers to a question, and where they are recorded."""

    decision: str
    answers: list[Answer]
    audit_event: str
    edition: str


def ask(url: str, question: Question, token: str = "") -> Answered:
    """Asks the service at `url`. Raises Refusal, in plain words, when it gives no answer."""
    number = "".join(question.patient.split())
    named = f"{NHS_NUMBER}|{number}" if number.isdigit() and len(number) == TEN else question.patient
    asked = [("patient", named), *(("recipient", one) for one in question.recipients)]
    asked += [*(("scope", one) for one in question.scopes), *([("at", question.at)] if question.at else [])]
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with httpx.Client(base_url=url.rstrip("/"), headers=headers, timeout=PATIENCE) as client:
            response = client.get(PATH, params=tuple(asked))
            body = response.json()
            if not response.is_success:
                raise Refusal(_refused(response.status_code, body))
            answered = _answered(body)
            with suppress(httpx.HTTPError, ValueError, *_ODD):
                _name(client, answered.answers)
            return answered
    except _ODD:
        raise Refusal(f"what answers at {url} is no Kith: it does not answer a check") from None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as problem:
        why = str(problem) or type(problem).__name__
        raise Refusal(f"no service answers at {url} (--url, or KITH_PORT, names another): {why}") from None


def _name(client: httpx.Client, answers: Sequence[Answer]) -> None:
    """Puts the names of supporters beside their ids, as far as the service tells them to this caller."""
    ids = {one.recipient.rpartition("/")[2] for one in answers if one.recipient.startswith("RelatedPerson/")}
    if not ids:
        return
    asked = {"_id": ",".join(sorted(ids)), "_elements": "name", "_count": str(len(ids))}
    response = client.get(f"{base.PATH}/RelatedPerson", params=asked)
    if not response.is_success:
        return
    people = [entry["resource"] for entry in response.json().get("entry", ())]
    names = {f"RelatedPerson/{one['id']}": next(map(written, one.get("name", ())), "") for one in people}
    for answer in answers:
        answer.name = names.get(answer.recipient, "")


def show(answered: Answered, console: Console) -> None:
    """Prints every answer: the reason first, then what is still allowed, then what to do next."""
    for answer in answered.answers:
        for line in _lines(answer):
            console.print(line, highlight=False, soft_wrap=True)
        console.print()
    console.print(f"[dim]Edition {answered.edition}, recorded as {answered.audit_event}[/]", highlight=False)


def _lines(answer: Answer) -> list[str]:
    who = f"{answer.name} ({answer.recipient})" if answer.name else answer.recipient
    about = [escape(who) or "Somebody who is not on the record"]
    about += [SHARING_SCOPE.by_code[answer.scope].display] if answer.scope in SHARING_SCOPE.by_code else []
    colour = "green" if answer.decision == "permit" else "red"
    word = "MAY BE TOLD" if answer.decision == "permit" else "MUST NOT BE TOLD"
    word = "LISTENING IS ALLOWED" if answer.basis == "listening" else word
    lines = [f"[bold {colour}]{word}[/]  {', '.join(about)}", f"  [bold]{escape(answer.reason)}[/]"]
    lines += [f"  Obligation: {_meaning(OBLIGATION, code)}" for code in answer.obligations]
    lines += [f"  Still allowed: {_meaning(STILL_ALLOWED, code)}" for code in answer.still_allowed]
    if answer.next_action not in ("", "none"):
        lines.append(f"  Next: {_meaning(NEXT_ACTION, answer.next_action)}")
    rests = f" on {', '.join(map(escape, answer.based_on))}" if answer.based_on else ""
    lines.append(f"  [dim]{escape(answer.basis)}{rests}[/]")
    lines += [f"  [dim]Review due {escape(answer.review_due)}[/]"] if answer.review_due else []
    lines += [f"  [dim]By these records until {escape(answer.valid_until)}[/]"] if answer.valid_until else []
    return lines


def _meaning(system: CodeSystem, code: str) -> str:
    """What a code means in a sentence; a code that this version does not know is shown as it is."""
    known = system.by_code.get(code)
    return escape(known.definition if known else code)


def _answered(body: dict[str, Any]) -> Answered:
    told = {parameter["name"]: parameter for parameter in body["parameter"] if parameter["name"] != "answer"}
    return Answered(
        decision=told["decision"]["valueCode"],
        answers=[_answer(each["part"]) for each in body["parameter"] if each["name"] == "answer"],
        audit_event=told["auditEvent"]["valueReference"]["reference"],
        edition=told["edition"]["valueString"],
    )


def _answer(parts: Sequence[dict[str, Any]]) -> Answer:
    answer = Answer()
    many = {"basedOn": answer.based_on, "obligation": answer.obligations, "stillAllowed": answer.still_allowed}
    one = {"nextAction": "next_action", "reviewDue": "review_due", "validUntil": "valid_until"}
    for part in parts:
        name = part["name"]
        value = next((value for key, value in part.items() if key.startswith("value")), "")
        text = value["reference"] if isinstance(value, dict) else value
        if name in many:
            many[name].append(text)
        elif name in ("recipient", "scope", "decision", "basis", "reason", *one):
            setattr(answer, one.get(name, name), text)
    return answer


def _refused(status: int, body: Any) -> str:
    issues = body.get("issue", ()) if isinstance(body, dict) else ()
    said = " ".join(str(issue.get("diagnostics", "")) for issue in issues)
    hint = " A token is in the file that --token-file names." if status == httpx.codes.UNAUTHORIZED else ""
    return f"the service answers {status}: {said}{hint}"
