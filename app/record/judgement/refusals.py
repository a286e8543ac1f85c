"""A refusal must find those whom it names: one that finds nobody holds for everybody, or for nobody (section 6.2)."""

from collections.abc import Iterator
from typing import Final

from app.fhir import issues
from app.fhir.checks.levels import levels
from app.fhir.checks.speaking import speaks
from app.fhir.definition import Rules
from app.fhir.errors import Issue
from app.fhir.references import named_type
from app.fhir.terminology import normal_system
from app.record.judgement.judged import Judged, Members

_STAFF: Final = ("Practitioner", "PractitionerRole", "Organization")
# Of whom there is one here if a literal reference names one, where references are enforced. A CareTeam may be another
# patient's.
_FOUND: Final = frozenset({"RelatedPerson", *_STAFF})
_MOST_ISSUES: Final = 100


def needs_judgement(new: Members, rules: Rules, *, enforced: bool) -> bool:
    """Whether it names somebody in a refusal of whom the Consent alone does not tell that they are found.

    `enforced`: references to what is not here are turned away anyway.
    """
    return speaks(new, rules) and not all(enforced and _is_plain(actor) for _, actor in _refused(new))


def identifiers(new: Members) -> list[tuple[str, str, str]]:
    """What staff may be found by: (search parameter, system, value)."""
    named = [actor.get("reference", {}).get("identifier") or {} for _, actor in _refused(new)]
    return [
        (f"{type_}.identifier", normal_system(identifier["system"]), identifier["value"])
        for identifier in named[:_MOST_ISSUES]
        if identifier.get("system") and identifier.get("value")
        for type_ in _STAFF
    ]


def unresolved(judged: Judged) -> list[Issue]:
    """Each actor of a refusal who is not found here."""
    text = (
        "A refusal must find whom it names, and this finds nobody of this patient's record. Store the RelatedPerson or "
        "CareTeam first and refer to it, or keep the Consent as draft."
    )
    missing = {
        path: issues.value(f"{path}.reference", text)
        for path, actor in _refused(judged.new)
        if not judged.view.directory.find(actor.get("reference")).reference
    }
    return list(missing.values())[:_MOST_ISSUES]


def _is_plain(actor: Members) -> bool:
    literal = actor.get("reference", {}).get("reference", "")
    return named_type(literal) in _FOUND and "://" not in literal


def _refused(consent: Members) -> Iterator[tuple[str, Members]]:
    """Whom a refusal is about, and who may not tell: each with its path."""
    for level in levels(consent):
        if not level.permits:
            yield from (*level.recipients, *level.disclosers)
