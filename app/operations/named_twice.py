"""References that name somebody twice, by address and by identifier: both have to mean the same one.

https://hl7.org/fhir/R4/references.html. Whoever is asked about under two names is nobody that an answer can be about.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.fhir import nhs_number
from app.fhir.errors import BadRequest
from app.fhir.references import target
from app.operations.asked import Reference
from app.sharing.facts import Facts, Record


@dataclass(frozen=True, slots=True)
class Twice:
    """A parameter whose reference has an address, `Type/id`, and an identifier."""

    parameter: str
    reference: str
    system: str
    value: str


def named_twice(identified: Iterable[tuple[str, Reference]], bases: tuple[str, ...]) -> tuple[Twice, ...]:
    """The references, of those with an identifier, that name somebody twice."""
    return tuple([one for parameter, reference in identified for one in _twice(parameter, reference, bases)])


def refuse_two(names: tuple[Twice, ...], facts: Facts) -> None:
    """Raises BadRequest where address and identifier are of two. An identifier that is not known says nothing."""
    for name in names:
        known = {value for record in _of(name, facts) for value in _values(record, name.system)}
        if known and name.value not in known:
            raise BadRequest(f"Parameter {name.parameter} names two: {name.reference} has another identifier.")


def _twice(parameter: str, reference: Reference, bases: tuple[str, ...]) -> Iterator[Twice]:
    identifier = reference.get("identifier") or {}
    system, value = identifier.get("system", ""), identifier.get("value", "")
    if value and (literal := target(str(reference.get("reference") or ""), bases)):
        yield Twice(parameter, f"{literal.type}/{literal.id}", system, _normal(system, value))


def _of(name: Twice, facts: Facts) -> Iterator[Record]:
    """The record meant. A patient has one under each id that is known for the same human."""
    patients = facts.patients if name.parameter == "patient" else ()
    for record in (*facts.supporters, *facts.professionals, *facts.teams, *facts.patients):
        is_known = record.reference not in facts.unknown
        if is_known and (record.reference == name.reference or record in patients):
            yield record


def _values(record: Record, system: str) -> Iterator[str]:
    content = record.versions[-1].content or {}
    for identifier in content.get("identifier", ()):
        if identifier.get("system", "") == system and "value" in identifier:
            yield _normal(system, identifier["value"])


def _normal(system: str, value: str) -> str:
    return nhs_number.normal(value) if system == nhs_number.SYSTEM else value
