"""From what was asked to a question: names resolved, codes known, time read (the sharing decision, section 1)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple, cast

from app.fhir import nhs_number
from app.fhir.errors import BadRequest
from app.fhir.links import PatientName, patient_name
from app.fhir.references import Target, target
from app.fhir.search import date
from app.operations.asked import Asked, Reference
from app.operations.named_twice import Twice, named_twice, refuse_two
from app.sharing.facts import Facts, Record
from app.sharing.purposes import CODES as PURPOSES
from app.sharing.question import Action, Content, Question
from app.sharing.vocabulary import SCOPES
from app.storage.facts import Named

RECIPIENTS = ("RelatedPerson", "Patient", "Practitioner", "PractitionerRole", "Organization", "CareTeam")
TEAMS = ("Organization", "CareTeam")
MOST = 200
INSTANT = 20  # "2026-03-09T10:30:00Z": an instant has at least seconds and a zone


@dataclass(frozen=True, slots=True)
class Identifier:
    """A name by identifier; `types` are what it may stand for."""

    system: str
    value: str
    types: tuple[str, ...]


Name = Target | Identifier


class Understood(NamedTuple):
    """A question whose names are yet to be looked up; `asks_now` when it says no time of its own."""

    patient: PatientName
    recipients: tuple[Name, ...]
    resources: tuple[Target, ...]
    team: Name | None
    scopes: tuple[str, ...]
    action: Action
    content: Content
    purpose: str
    at: datetime
    asks_now: bool
    twice: tuple[Twice, ...] = ()


def understand(asked: Asked, now: datetime, bases: tuple[str, ...]) -> Understood:
    """The question as far as it can be understood without looking anything up. Raises BadRequest."""
    _check_count("recipient", asked.recipients)
    _check_count("resource", asked.resources)
    identified = asked.identified
    for name, reference in identified:
        _check_text(name, reference)
    patient = patient_name(asked.patient, bases)
    if not patient:
        raise BadRequest("Parameter patient is Patient/<id>, or an NHS number as identifier.")
    return Understood(
        patient=patient,
        recipients=tuple(dict.fromkeys([_name("recipient", one, RECIPIENTS, bases) for one in asked.recipients])),
        resources=tuple(dict.fromkeys([_resource(one, bases) for one in asked.resources])),
        team=_name("team", asked.team, TEAMS, bases) if asked.team else None,
        scopes=scopes(asked.scopes),
        action=cast(Action, _code("action", asked.action or "disclose", ("disclose", "listen"))),
        content=cast(Content, _code("content", asked.content or "specific", ("specific", "general"))),
        purpose=_code("purpose", asked.purpose, PURPOSES) if asked.purpose else "",
        at=_instant(asked.at) if asked.at else now,
        asks_now=not asked.at,
        twice=named_twice(identified, bases),
    )


def scopes(asked: Sequence[str]) -> tuple[str, ...]:
    """The scopes that are asked about, once each. Raises BadRequest."""
    _check_count("scope", asked)
    return tuple(dict.fromkeys([_code("scope", scope, SCOPES) for scope in asked]))


def names(understood: Understood) -> Named:
    """What has to be looked up beside the patient's own records."""
    named = [*understood.recipients, *understood.resources, *([understood.team] if understood.team else [])]
    return Named(
        references=[(name.type, name.id) for name in named if isinstance(name, Target)],
        identifiers=[
            (f"{type_}.identifier", name.system, name.value)
            for name in named
            if isinstance(name, Identifier)
            for type_ in name.types
        ],
        resources=[(name.type, name.id) for name in understood.resources],
    )


def question(understood: Understood, facts: Facts, now: datetime) -> Question:
    """The question, about `now` where it says no time, with every name resolved; one of nobody stays one of nobody.

    Raises BadRequest for a name of two.
    """
    refuse_two(understood.twice, facts)
    recipients = [found for name in understood.recipients for found in _resolved(name, facts)]
    team = next(iter(_resolved(understood.team, facts)), "") if understood.team else ""
    return Question(
        at=now if understood.asks_now else understood.at,
        recipients=tuple(dict.fromkeys(recipients)),
        scopes=understood.scopes,
        resources=tuple(f"{resource.type}/{resource.id}" for resource in understood.resources),
        action=understood.action,
        content=understood.content,
        purpose=understood.purpose,
        team=team,
    )


def _check_count(parameter: str, values: Sequence[Any]) -> None:
    if len(values) > MOST:
        raise BadRequest(f"Parameter {parameter} may be given {MOST} times at most.", code="too-costly")


def _check_text(parameter: str, reference: Reference) -> None:
    """PostgreSQL holds no NUL, so nobody has an identifier with one."""
    identifier = reference.get("identifier") or {}
    if any("\0" in str(identifier.get(name, "")) for name in ("system", "value")):
        raise BadRequest(f"Parameter {parameter} has a NUL character, which no identifier has.")


def _name(parameter: str, reference: Reference, types: tuple[str, ...], bases: tuple[str, ...]) -> Name:
    literal = target(str(reference.get("reference") or ""), bases)
    if literal and literal.type in types:
        numbered = literal.type == "Patient" and nhs_number.has_ten_digits(literal.id)
        return _patient(literal) if numbered else _unversioned(literal)
    identifier = reference.get("identifier") or {}
    type_ = reference.get("type", "")
    if identifier.get("value") and not literal and (not type_ or type_ in types):
        system, value = identifier.get("system", ""), identifier["value"]
        value = nhs_number.normal(value) if system == nhs_number.SYSTEM else value
        return Identifier(system, value, (type_,) if type_ else types)
    raise BadRequest(f"Parameter {parameter} names one of {', '.join(types)}, by Type/id or by identifier.")


def _patient(literal: Target) -> Identifier:
    return Identifier(nhs_number.SYSTEM, literal.id, (literal.type,))


def _resource(reference: Reference, bases: tuple[str, ...]) -> Target:
    literal = target(str(reference.get("reference") or ""), bases)
    if literal is None:
        raise BadRequest("Parameter resource is the Type/id of a stored resource.")
    return _unversioned(literal)


def _unversioned(named: Target) -> Target:
    return Target(named.type, named.id) if named.version else named


def _code(parameter: str, code: str, known: Any) -> str:
    if code not in known:
        raise BadRequest(f"Parameter {parameter} is one of: {', '.join(known)}.", code="code-invalid")
    return code


def _instant(text: str) -> datetime:
    span = date.span(text)
    zoned = text.endswith("Z") or text[-6:-5] in ("+", "-")
    if span is None or len(text) < INSTANT or not zoned:
        hint = " In a URL the + of a zone is written %2B." if " " in text else ""
        raise BadRequest(f"Parameter at is an instant with seconds and zone, such as 2026-03-09T10:30:00Z.{hint}")
    if text[17:19] == "60":
        raise BadRequest("Parameter at is in a leap second, the 60th: give the second before or after it.")
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadRequest("Parameter at is beyond the times that can be told.") from None


def _resolved(name: Name, facts: Facts) -> Iterator[str]:
    """The references that a name stands for; a name of nobody becomes a reference that nobody has."""
    if isinstance(name, Target):
        yield f"{name.type}/{name.id}"
        return
    found = [record.reference for record in _candidates(name, facts) if _has(record, name)]
    yield from found or [f"{name.types[0]}/-"]


def _candidates(name: Identifier, facts: Facts) -> Iterator[Record]:
    for record in (*facts.supporters, *facts.patients, *facts.professionals, *facts.teams):
        if record.type in name.types and record.reference not in facts.unknown:
            yield record


def _has(record: Record, name: Identifier) -> bool:
    content = record.versions[-1].content or {}
    return any(_is(identifier, name) for identifier in content.get("identifier", ()))


def _is(identifier: Mapping[str, Any], name: Identifier) -> bool:
    return (identifier.get("system", ""), identifier.get("value")) == (name.system, name.value)
