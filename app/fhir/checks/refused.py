"""Whom an active refusal is about: somebody who can be told apart from others. The sharing decision, section 6.2.

A refusal that is about nobody certain would keep everything from everybody, or nothing from the one it was meant for.
Whether those named can be found here is judged where it is written.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from app.fhir import issues
from app.fhir.checks.levels import levels
from app.fhir.checks.speaking import speaks
from app.fhir.definition import Check, Rules
from app.fhir.errors import Issue
from app.fhir.references import contained_types, type_of

Members = dict[str, Any]

_NO_ONE: Final = ("Group", "Device", "Patient")
_MOST_ISSUES: Final = 100


def names_nobody_uncertain(consent: Members, rules: Rules) -> list[Issue]:
    """Each recipient of a refusal who is a Group, a Device or a Patient."""
    if not speaks(consent, rules):
        return []
    contained = contained_types(consent)
    found: dict[str, Issue] = {}
    for path, actor in islice(refused(consent), _MOST_ISSUES):
        type_ = type_of(actor.get("reference", {}), contained)
        if type_ in _NO_ONE and path not in found:
            text = f"Nobody can tell whom a {type_} stands for here: name the RelatedPerson, a CareTeam or staff."
            found[path] = issues.value(f"{path}.reference", text)
    return list(found.values())


def refused(consent: Members) -> Iterator[tuple[str, Members]]:
    """The recipients of what is denied at any level, each with its path; one that several levels take over, often."""
    for level in levels(consent):
        if not level.permits:
            yield from level.recipients


CHECKS: Final[tuple[Check, ...]] = (names_nobody_uncertain,)
