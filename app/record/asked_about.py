"""The patients whom a search names: who looks for somebody has looked, whatever is found."""

from app.fhir.search.criterion import Criterion, Within
from app.fhir.search.query import Query
from app.fhir.search.reference import Numbered, Target


def named(asked: Query) -> set[str]:
    """The ids and NHS numbers of the patients that the criteria of a search name."""
    found = [
        value
        for each in asked.criteria
        for value in (each.values if isinstance(each, Criterion) else (each.about,) if isinstance(each, Within) else ())
    ]
    return {name for name in map(_patient, found) if name}


def _patient(value: object) -> str:
    match value:
        case Numbered(number):
            return number
        case Target(("Patient",), id_):
            return id_
        case _:
            return ""
