"""The facts of a sharing decision as they were decided, and not as they were typed in.

What was agreed on Monday and written down on Wednesday, or loaded a year later from another system, was in force on
Monday: so contacts, invitations and plans of Tuesday are judged by it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from app.fhir.own_extensions import value
from app.sharing.facts import Facts, Record, Version
from app.sharing.times import instant, span

_BEGINNING: Final = datetime(1, 1, 1, tzinfo=UTC)


def as_decided(facts: Facts) -> Facts:
    """The same facts, each version dated by when what it says was so.

    A Consent counts from its dateTime, its withdrawal from consent-withdrawn, a Flag from the start of its period,
    people and teams from the beginning; nothing counts later than it was stored.
    """
    return replace(
        facts,
        patients=tuple(_known_always(record) for record in facts.patients),
        supporters=tuple(_known_always(record) for record in facts.supporters),
        teams=tuple(_known_always(record) for record in facts.teams),
        professionals=tuple(_known_always(record) for record in facts.professionals),
        consents=tuple(_dated(record, _decided) for record in facts.consents),
        flags=tuple(_dated(record, _started) for record in facts.flags),
    )


def _known_always(record: Record) -> Record:
    first, *later = record.versions
    return replace(record, versions=(replace(first, recorded=_BEGINNING), *later))


def _dated(record: Record, said: Any) -> Record:
    return replace(record, versions=tuple(_in_order(record.versions, said)))


def _in_order(versions: tuple[Version, ...], said: Any) -> Iterator[Version]:
    """The versions with their own times, none before the one that it replaces."""
    before: Version | None = None
    previous = _BEGINNING
    for version in versions:
        previous = max(previous, min(version.recorded, _time(said(version, before)) or version.recorded))
        yield replace(version, recorded=previous)
        before = version


def _time(written: object) -> datetime | None:
    found = span(written)
    return instant(found.low) if found else None


def _decided(version: Version, before: Version | None) -> object:
    """When a Consent was taken back, or decided; of a later version with the same decision, when it was stored."""
    content = _content(version)
    taken_back = value(content, "consent-withdrawn") if content.get("status") == "inactive" else None
    if taken_back is not None:
        return taken_back
    is_new = before is None or _content(before).get("dateTime") != content.get("dateTime")
    return content.get("dateTime") if is_new else None


def _started(version: Version, before: Version | None) -> object:
    return _content(version).get("period", {}).get("start") if before is None else None


def _content(version: Version) -> dict[str, Any]:
    return dict(version.content) if isinstance(version.content, Mapping) else {}
