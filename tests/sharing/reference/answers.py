"""The question and the answer (sections 1 and 2), and the layers that come before a recipient is looked at."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, cast

from app.sharing.answer import Answer
from app.sharing.facts import Facts
from app.sharing.question import Question
from tests.sharing.reference import bases, flags, layers, people, times
from tests.sharing.reference.early import Asked, is_linked
from tests.sharing.reference.labels import about_records, scopes_match, scopes_of
from tests.sharing.reference.levels import levels
from tests.sharing.reference.provisions import Ask, Lens, applies, reaches
from tests.sharing.reference.readable import is_readable
from tests.sharing.reference.verdict import Verdict
from tests.sharing.reference.vocabulary import SCOPES, STILL_ALLOWED, extensions
from tests.sharing.reference.world import Stood, World, as_known

_LISTENING = frozenset({"disclose-nothing-new", "record-what-was-said", "do-not-promise-secrecy"})
_GENERAL = frozenset({"no-patient-specific-content"})
_OPEN = ("listening", "general-information")
_DO_NOT_CONFIRM = frozenset({"do-not-confirm-patient"})


@dataclass(frozen=True)
class Reply:
    """A verdict with its recipient and scope."""

    recipient: str
    scope: str
    verdict: Verdict


def decide(facts: Facts, question: Question, now: datetime, *, until: bool = True) -> tuple[Answer, ...]:
    """'One answer per recipient x scope'; `until=False` leaves out validUntil, which is slow."""
    world = as_known(facts, question, now)
    found = [answer for recipient in recipients(world) for answer in _answers(world, recipient, until=until)]
    return (*(answer for answer in found if answer.basis not in _OPEN or answer.recipient), *_of_nobody(found))


def _of_nobody(found: list[Answer]) -> list[Answer]:
    """'exactly one answer, without `recipient` and `scope`', with the cautions about all who are not on the record."""
    nobody = [answer for answer in found if answer.basis in _OPEN and not answer.recipient]
    obligations = {code for answer in nobody for code in answer.obligations}
    return [answer._replace(obligations=tuple(sorted(obligations))) for answer in nobody[:1]]


def _answers(world: World, recipient: str, *, until: bool) -> Iterator[Answer]:
    found = replies(world, recipient)
    ends = valid_until(world, recipient, found) if until else {}
    for reply in found:
        yield _answer(world, reply, ends.get(reply.scope))


def recipients(world: World) -> list[str]:
    """'none = every active RelatedPerson of the patient', 'Default recipients come ordered by id'."""
    if world.question.recipients:
        return list(dict.fromkeys(world.question.recipients))
    if world.question.action == "listen" or world.question.content == "general":
        return [""]  # somebody not on the record
    supporters = world.stood(world.facts.supporters)
    return sorted(one.record.reference for one in supporters if one.content.get("active") is not False)


def replies(world: World, recipient: str) -> list[Reply]:
    """The answers for one recipient, in scope order."""
    if world.question.action == "listen" or world.question.content == "general":
        return list(_unconditional(world, recipient))
    found, scoped, named = _resources(world)
    scopes = _scopes(world, named)
    verdicts = [
        layers.decide(world, Asked(Ask(recipient, scope, _of(scope, named)), found, scoped)) for scope in scopes
    ]
    denies = [verdict for verdict in verdicts if verdict.decision == "deny"]
    if world.question.resources and denies:
        verdicts = [denies[0] for _ in verdicts]
    return [Reply(recipient, scope, verdict) for scope, verdict in zip(scopes, verdicts, strict=True)]


def _of(scope: str, named: tuple[Stood, ...]) -> tuple[Stood, ...]:
    """The named resources that a scope is about: what else was asked is judged as if it were asked alone."""
    return tuple(one for one in named if scope in scopes_of(one))


def _scopes(world: World, named: tuple[Stood, ...]) -> list[str]:
    """'none = every scope'; 'Their scopes are added to those asked (alone, they are the scopes asked)'."""
    added = {scope for resource in named for scope in scopes_of(resource)}
    asked = {*world.question.scopes, *added}
    if world.question.resources and not asked:
        return [""]
    return [scope for scope in SCOPES if scope in asked or not asked]


def _resources(world: World) -> tuple[bool, bool, tuple[Stood, ...]]:
    """'Unknown, deleted, or another patient's resource: deny `resource-not-found` ...; a resource of no known scope:
    deny `scope-unknown`'.
    """
    wanted = set(world.question.resources)
    stood = {one.record.reference: one for one in world.stood(world.facts.resources)}
    ours = {
        reference: one
        for reference, one in stood.items()
        if reference in wanted and world.facts.resource_patients.get(reference) == world.facts.patient_key
    }
    return wanted <= ours.keys(), all(scopes_of(one) for one in ours.values()), tuple(ours.values())


def _unconditional(world: World, recipient: str) -> Iterator[Reply]:
    """listening and general-information: 'permit', 'also for somebody not on the record: then exactly one answer,
    without `recipient` and `scope`'.
    """
    listening = world.question.action == "listen"
    basis = "listening" if listening else "general-information"
    obligations = _LISTENING if listening else _GENERAL
    themselves = recipient in world.patient_references() and is_linked(world, recipient)
    if not themselves and not _may_be_told_of_care(world, recipient):
        obligations |= _DO_NOT_CONFIRM
    wishes = flags.active(world, "no-contact-patient-wish")
    may_be = {recipient, *people.lookalikes(world, recipient)}
    asked_not_to = any(flags.names(world, flag, one) for flag in wishes for one in may_be)
    if listening and asked_not_to and recipient.partition("/")[0] in ("RelatedPerson", ""):
        obligations |= {"patient-asked-us-not-to-listen"}
    verdict = Verdict("permit", basis, obligations=obligations)
    if not is_linked(world, recipient):
        yield Reply("", "", verdict)
        return
    for scope in _scopes(world, _resources(world)[2]):
        yield Reply(recipient, scope, verdict)


def _may_be_told_of_care(world: World, recipient: str) -> bool:
    """'unless patient-consent permits `service-contact` to that person'."""
    asked = replace(world.question, action="disclose", content="specific", resources=(), scopes=("service-contact",))
    verdict = layers.decide(world.asking(asked), Asked(Ask(recipient, "service-contact")))
    return verdict.decision == "permit" and verdict.basis == "patient-consent"


def _answer(world: World, reply: Reply, until: datetime | None) -> Answer:
    verdict, due = reply.verdict, _review_due(world, reply.verdict)
    action = verdict.next_action
    if verdict.decision == "permit" and action == "none" and due and _is_past(world, due):
        action = "review-consent"
    return Answer(
        recipient=reply.recipient,
        scope=reply.scope,
        decision=cast("Literal['permit', 'deny']", verdict.decision),
        basis=verdict.basis,
        reason="",
        based_on=tuple(sorted(verdict.based_on)),
        obligations=tuple(sorted(_obligations(world, reply))),
        still_allowed=_still_allowed(world, reply),
        next_action=action,
        overridable=verdict.overridable,
        review_due=due,
        valid_until=until,
    )


def _is_limited(world: World, reply: Reply) -> bool:
    """'under a contact restriction'."""
    if reply.verdict.basis == "contact-restricted":
        return True
    supporter = reply.recipient.startswith("RelatedPerson/")
    return supporter and (flags.is_restricted(world, reply.recipient) or _may_be_restricted(world, reply.recipient))


def _may_be_restricted(world: World, recipient: str) -> bool:
    """'For denies and restrictions it is enough that they may be the same'."""
    return any(flags.is_restricted(world, other) for other in people.lookalikes(world, recipient))


def _still_allowed(world: World, reply: Reply) -> tuple[str, ...]:
    """'under a contact restriction only `listen` and `general-information`'; 'a deny always comes with what may still
    be done'.
    """
    if reply.verdict.decision == "permit":
        return ()
    return STILL_ALLOWED[:2] if _is_limited(world, reply) else STILL_ALLOWED


def _obligations(world: World, reply: Reply) -> set[str]:
    verdict, recipient = reply.verdict, reply.recipient
    found = set(verdict.obligations)
    supporter = recipient.startswith("RelatedPerson/")
    if verdict.decision == "deny":
        return found | (_DO_NOT_CONFIRM if _is_limited(world, reply) else set())
    if supporter and any(
        flags.may_not_know_where(world, one) for one in (recipient, *people.lookalikes(world, recipient))
    ):
        found.add("no-whereabouts")
    if supporter and _shares_contact_details(world, recipient):
        found.add("shared-contact-details")
    if verdict.basis in ("listening", "general-information", "own-record"):
        return found
    if people.patient_birthday(world) is None and not people.patient_is_child(world):
        found.add("confirm-age")
    if _some_records_are_refused(world, Ask(recipient, reply.scope)):
        found.add("check-each-record")
    return found


def _shares_contact_details(world: World, recipient: str) -> bool:
    """'A supporter who shares only a phone, e-mail or address with a restricted person is another person'."""
    mine = {one for record in people.same(world, recipient) for one in people.contacts(world, record)}
    return any(
        mine & people.contacts(world, other) and flags.is_restricted(world, other)
        for other in people.everyone(world)
        if other not in people.same(world, recipient, wary=True)
    )


def _some_records_are_refused(world: World, ask: Ask) -> bool:
    """'a deny with data, dataPeriod, only other labels, or a lowest confidentiality above N does not match but adds the
    obligation check-each-record to a permit of that scope'.
    """
    if _of(ask.scope, _resources(world)[2]):
        return False
    return any(
        one.type == "deny"
        and about_records(one)
        and scopes_match(ask, one)
        and reaches(world, ask, one)
        and applies(world, one, Lens())
        for consent in world.stood(world.facts.consents)
        if consent.content.get("status") == "active" and bases.is_privacy(consent)
        if is_readable(world, ask, consent)
        for one in levels(consent.root)
    )


def _review_due(world: World, verdict: Verdict) -> str:
    """'the earliest next-review of `basedOn`'."""
    found = [
        extension.get("valueDateTime")
        for consent in world.stood(world.facts.consents)
        if consent.reference in verdict.based_on
        for extension in extensions(consent.content, "consent-next-review")
    ]
    dated = [(when.first, when.last, text) for text in found if (when := times.span(text))]
    return str(min(dated)[2]) if dated else ""


def _is_past(world: World, text: str) -> bool:
    when = times.span(text)
    return when is not None and when.end < world.at


def valid_until(world: World, recipient: str, now: list[Reply]) -> dict[str, datetime | None]:
    """By scope 'the first second after `at` in which the same records would give another decision or basis'."""
    found: dict[str, datetime | None] = {}
    if now and now[0].verdict.basis in ("listening", "general-information"):
        return found
    said = {reply.scope: (reply.verdict.decision, reply.verdict.basis) for reply in now}
    for instant in sorted(boundaries(world)):
        for then in replies(world.then(instant), recipient):
            if (then.verdict.decision, then.verdict.basis) != said[then.scope]:
                found.setdefault(then.scope, times.moment(instant))
        if found.keys() == said.keys():
            break
    return found


def boundaries(world: World) -> set[int]:
    """Each instant, to the microsecond, at which something that the records mention may begin or end."""
    found: set[int] = set()
    policy = world.facts.policy
    for text in set(_texts(_contents(world))):
        when = times.span(text)
        if not when:
            continue
        edges = {when.first, when.first + 1, when.last + 1, when.end + 1}
        found |= edges
        found |= {edge + days * times.DAY for edge in edges for days in (policy.capacity_days,)}
        if len(text) <= len("2000-01-01"):
            found |= {day for years in (16, 18) if (day := times.birthday(text, years)) is not None}
    return {instant for instant in found if world.at < instant < times.ALWAYS // 2}


def _contents(world: World) -> list[Any]:
    facts = world.facts
    records = (*facts.patients, *facts.supporters, *facts.consents, *facts.flags, *facts.teams, *facts.professionals)
    return [stood.content for record in records for stood in world.versions(record)]


def _texts(element: Any) -> Iterator[str]:
    if isinstance(element, str):
        yield element
    elif isinstance(element, list):
        for item in element:
            yield from _texts(item)
    elif isinstance(element, dict):
        for item in element.values():
            yield from _texts(item)
