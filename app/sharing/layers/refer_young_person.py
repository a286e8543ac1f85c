"""refer-young-person: a supporter under 18 asks what may be too much to carry (the sharing decision, section 3)."""

from app.fhir.words import words
from app.sharing.case import Case
from app.sharing.finding import Finding, held

_HEAVY = words("risk-to-self risk-to-others substance-use sensitive-history")


def refer_young_person(case: Case) -> Finding | None:
    """Ages count across all linked records of one person, for the youngest that they allow."""
    if case.scope not in _HEAVY:
        return None
    people = case.records_of(case.identity.joined)
    young = [person.version for person in people if case.at < person.grown_up]
    return held("refer-young-person", *young) if young else None
