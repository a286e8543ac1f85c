"""What a search asks of a resource: one parameter, one modifier, and values of which one must match."""

from dataclasses import dataclass

from app.fhir.definition import SearchParameter
from app.fhir.search.date import Moment
from app.fhir.search.reference import Elsewhere, Identified, Numbered, Target
from app.fhir.search.string import Text
from app.fhir.search.token import Token
from app.fhir.search.uri import Uri

Value = Token | Text | Moment | Target | Numbered | Elsewhere | Identified | Uri


@dataclass(frozen=True, slots=True)
class Criterion:
    """`values` are alternatives; `negated` asks that none matches; with `missing` set there are no values."""

    parameter: SearchParameter
    values: tuple[Value, ...] = ()
    negated: bool = False
    missing: bool | None = None


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort rule; rows without a value come last in both directions."""

    parameter: SearchParameter
    descending: bool = False
