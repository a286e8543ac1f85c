"""The records as they stood at the time of the question (section 1)."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from app.sharing.facts import Facts, Record, Version
from app.sharing.question import Question
from tests.sharing.reference import times
from tests.sharing.reference.levels import ROOT, Level, has_strange_modifier, level
from tests.sharing.reference.vocabulary import NHS_NUMBER

_RELATIVE = re.compile(r"([A-Z][A-Za-z]+)/([A-Za-z0-9\-.]{1,64})(?:/_history/[A-Za-z0-9\-.]{1,64})?", re.ASCII)
_PDS = re.compile(
    r"https://(?:[a-z0-9-]+\.)?api\.service\.nhs\.uk/personal-demographics/FHIR/R4/Patient/(\d{10})", re.ASCII
)
_TEN_DIGITS = re.compile(r"[0-9]{10}")


@dataclass(frozen=True, eq=False)
class Stood:
    """One version of a record; `content` is its FHIR JSON, None only for a deletion."""

    record: Record
    version: Version
    content: Any
    # Of a Consent: its provisions, and whether any modifier extension is unknown.
    root: Level = ROOT
    is_strange: bool = False

    @property
    def reference(self) -> str:
        return f"{self.record.reference}/_history/{self.version.number}"


@dataclass(frozen=True)
class World:
    """The facts known at a time, judged at the instant `at` (microseconds)."""

    facts: Facts
    question: Question
    known: datetime
    at: int
    history: Mapping[str, tuple[Stood, ...]]
    latest: Mapping[str, Stood]
    memory: dict[Any, Any] = field(default_factory=dict)

    def then(self, at: int) -> "World":
        """The same records, judged at another instant."""
        return replace(self, at=at)

    def asking(self, question: Question) -> "World":
        """The same records, asked something else."""
        return replace(self, question=question, memory={})

    def versions(self, record: Record) -> tuple[Stood, ...]:
        """All versions up to the known time, deletions left out."""
        return self.history.get(record.reference, ())

    def stood(self, records: tuple[Record, ...]) -> list[Stood]:
        """Those of the records that existed, each as it stood; duplicates of a record are one."""
        names = dict.fromkeys(record.reference for record in records)
        return [self.latest[name] for name in names if name in self.latest]

    def person(self, reference: str) -> bool:
        """Whether there is a RelatedPerson of this patient with that reference, ended or deleted ones too."""
        return reference.startswith("RelatedPerson/") and bool(self.history.get(reference))

    def patient_references(self) -> set[str]:
        return {record.reference for record in self.facts.patients}


_NOTHING: Any = object()
P = ParamSpec("P")
T = TypeVar("T")


def remembered(look: Callable[Concatenate[World, P], T]) -> Callable[Concatenate[World, P], T]:
    """Looks once at the same thing in the same world at the same instant: only so that this is not too slow."""
    return _remembered(look, for_ever=False)


def remembered_for_ever(look: Callable[Concatenate[World, P], T]) -> Callable[Concatenate[World, P], T]:
    """Likewise, for what does not depend on the instant."""
    return _remembered(look, for_ever=True)


def _remembered(look: Callable[Concatenate[World, P], T], *, for_ever: bool) -> Callable[Concatenate[World, P], T]:
    @wraps(look)
    def remembering(world: World, /, *args: P.args, **more: P.kwargs) -> T:
        asked = (look, None if for_ever else world.at, args, *more.items())
        found: T = world.memory.get(asked, _NOTHING)
        if found is _NOTHING:
            found = world.memory[asked] = look(world, *args, **more)
        return found

    return remembering


def as_known(facts: Facts, question: Question, now: datetime) -> World:
    """'Past: the records as they stood then. Future: today's records, periods judged at that time.'"""
    known = min(question.at, now)
    groups = (facts.patients, facts.supporters, facts.consents, facts.flags, facts.teams)
    records = [record for group in (*groups, facts.professionals, facts.resources) for record in group]
    written = {record.reference: _written(record, known) for record in records}
    latest = {name: versions[-1] for name, versions in written.items() if versions and versions[-1].content is not None}
    history = {name: tuple(one for one in versions if one.content is not None) for name, versions in written.items()}
    return World(facts, question, known, times.of(question.at), history, latest)


def _written(record: Record, known: datetime) -> list[Stood]:
    """'`at` includes versions written exactly then'."""
    return [_read(record, version) for version in record.versions if version.recorded <= known]


def _read(record: Record, version: Version) -> Stood:
    if record.type != "Consent" or version.content is None:
        return Stood(record, version, version.content)
    root = level(version.content.get("provision") or {})
    is_strange = "implicitRules" in version.content or has_strange_modifier(version.content, "Consent")
    return Stood(record, version, version.content, root, is_strange)


def resolve(world: World, reference: Any) -> set[str]:
    """'An actor is resolved by literal reference, identifier or absolute URL': what it names, nothing when it cannot.

    Supporters, teams and patients have to be known here; of other types the literal itself says whom it names.
    """
    reference = reference or {}
    literal = _literal(world, reference.get("reference") or "")
    return literal or _identified(world, reference.get("identifier") or {}, reference.get("type") or "")


@remembered_for_ever
def _literal(world: World, text: str) -> set[str]:
    for base in world.facts.bases:
        text = text.removeprefix(base.rstrip("/") + "/")
    pds = _PDS.fullmatch(text)
    if pds:
        return _numbered(world, pds[1])
    match = _RELATIVE.fullmatch(text)
    if not match:
        return set()
    kind, name = match[1], f"{match[1]}/{match[2]}"
    match kind:
        case "Patient" if _TEN_DIGITS.fullmatch(match[2]):
            return _numbered(world, match[2])
        case "Patient":
            return world.patient_references() if name in world.patient_references() else set()
        case "RelatedPerson":
            return {name} if world.person(name) else set()
        case "CareTeam":
            return {name} if world.history.get(name) else set()
        case _:
            return {name}


def _numbered(world: World, number: str) -> set[str]:
    """'Ten bare digits are always an NHS number.'"""
    known = {value for record in world.facts.patients for value in _values(world, record, NHS_NUMBER)}
    return world.patient_references() if number in known else set()


def _identified(world: World, identifier: Any, kind: str) -> set[str]:
    system, value = identifier.get("system"), (identifier.get("value") or "").replace(" ", "")
    if not system or not value:
        return set()
    facts = world.facts
    found = {
        record.reference
        for record in (*facts.supporters, *facts.teams, *facts.professionals)
        if (not kind or record.type == kind) and value in _values(world, record, system)
    }
    # 'what cannot be ... told apart never permits'
    if len(found) > 1 and system not in facts.policy.same_person_systems:
        return set()
    if any(value in _values(world, record, system) for record in facts.patients):
        found |= world.patient_references()
    return {reference for reference in found if not kind or reference.startswith(kind + "/")}


def _values(world: World, record: Record, system: str) -> set[str]:
    """The identifiers of a record in a system, of a deleted one as it last was."""
    versions = world.versions(record)[-1:]
    return {value for stood in versions for found, value in identifiers(stood.content) if found == system}


def identifiers(content: Any) -> Iterator[tuple[str, str]]:
    """(system, value) of the identifiers of a resource."""
    for identifier in content.get("identifier") or ():
        if identifier and identifier.get("system") and identifier.get("value"):
            yield identifier["system"], identifier["value"].replace(" ", "")
