"""The facts of a sharing decision as they were decided, and not as they were typed in.

What was agreed on Monday and written down on Wednesday, or loaded a year later from another system, was in force on
Monday: so contacts, invitations and plans of Tuesday are judged by it.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from app.fhir.canonical import CONSENT_WITHDRAWN
from app.fhir.own_extensions import value
from app.sharing.facts import Facts, Record, Version
from app.sharing.times import instant, span

_BEGINNING: Final = datetime(1, 1, 1, tzinfo=UTC)
# Versions in their order, each with the time from which it counts as it says itself, None when it says none.
Told = Iterator[tuple[Version, object]]


def as_decided(facts: Facts) -> Facts:
    """The same facts, each version dated by when what it says was so.

    A Consent counts from its dateTime, its withdrawal from consent-withdrawn, a Flag from the start of its period,
    people and teams from the beginning; nothing counts later than it was stored. What was over when it was first
    stored had its time all the same. A permission that was entered in error was never given; a refusal or restriction
    that was has held people back until somebody saw it.
    """
    return replace(
        facts,
        patients=tuple([_known_always(record) for record in facts.patients]),
        supporters=tuple([_known_always(record) for record in facts.supporters]),
        teams=tuple([_known_always(record) for record in facts.teams]),
        professionals=tuple([_known_always(record) for record in facts.professionals]),
        consents=tuple([_consent(record) for record in facts.consents]),
        flags=tuple([_dated(record, _in_force) for record in facts.flags]),
    )


def _known_always(record: Record) -> Record:
    first, *later = record.versions
    return Record(record.type, record.id, (_at(first, _BEGINNING), *later))


def _consent(record: Record) -> Record:
    last = _content(record.versions[-1])
    provision = last.get("provision")
    permits = isinstance(provision, dict) and provision.get("type") == "permit"
    if permits and last.get("status") == "entered-in-error":
        return Record(record.type, record.id, tuple([_at(version, _BEGINNING) for version in record.versions]))
    return _dated(record, _decided)


def _dated(record: Record, tell: Callable[[tuple[Version, ...]], Told]) -> Record:
    """The versions with their own times, none before the one that it replaces."""
    dated = []
    previous = _BEGINNING
    for version, said in tell(record.versions):
        previous = max(previous, min(version.recorded, _time(said) or version.recorded))
        dated.append(_at(version, previous))
    return Record(record.type, record.id, tuple(dated))


def _at(version: Version, recorded: datetime) -> Version:
    return Version(version.number, recorded, version.content, version.organisation)


def _time(written: object) -> datetime | None:
    found = span(written)
    return instant(found.low) if found else None


def _decided(versions: tuple[Version, ...]) -> Told:
    """When each was decided, or taken back; of a later version with the same decision, when it was stored."""
    before: dict[str, Any] = {}
    for version in versions:
        content = _content(version)
        decided = content.get("dateTime")
        taken_back = value(content, "consent-withdrawn") if content.get("status") == "inactive" else None
        if taken_back is None:
            yield version, decided if decided != before.get("dateTime") else None
        else:
            if decided != before.get("dateTime"):
                yield version._replace(content=_before_withdrawal(content)), decided
            yield version, taken_back
        before = content


def _before_withdrawal(content: dict[str, Any]) -> dict[str, Any]:
    kept = [each for each in content.get("extension", ()) if each.get("url") != CONSENT_WITHDRAWN]
    return {**content, "status": "active", "extension": kept}


def _in_force(versions: tuple[Version, ...]) -> Told:
    """From when each Flag was in force; one that had ended when it was first stored was in force until its end."""
    first, *later = versions
    content = _content(first)
    period = content.get("period")
    lasted = period if isinstance(period, dict) else {}
    if content.get("status") == "inactive" and lasted.get("end"):
        yield first._replace(content={**content, "status": "active"}), lasted.get("start")
        yield first, lasted["end"]
    else:
        yield first, lasted.get("start")
    for version in later:
        yield version, None


def _content(version: Version) -> dict[str, Any]:
    # As it was parsed from JSON it is one, and is not copied: nobody changes it.
    return version.content if isinstance(version.content, dict) else dict(version.content or {})
