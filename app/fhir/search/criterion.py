"""What a search asks of a resource: its own parameters, what it refers to, and what refers to it."""

from dataclasses import dataclass

from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.search.date import Moment
from app.fhir.search.number import Amount
from app.fhir.search.reference import Elsewhere, Identified, Numbered, Target, Versions
from app.fhir.search.string import Text
from app.fhir.search.token import Token
from app.fhir.search.uri import Below, Uri

Value = Token | Text | Moment | Target | Numbered | Elsewhere | Identified | Versions | Uri | Below | Amount


@dataclass(frozen=True, slots=True)
class Criterion:
    """One parameter: `values` are alternatives, `negated` asks that none matches; with `missing` there are none."""

    parameter: SearchParameter
    values: tuple[Value, ...] = ()
    negated: bool = False
    missing: bool | None = None

    @property
    def begins_words(self) -> bool:
        """Whether it looks for how any word of a name begins, and not only the first of each text."""
        starts = (isinstance(value, Text) and value.match == "start" for value in self.values)
        return self.parameter.form == "name" and bool(self.values) and all(starts)


@dataclass(frozen=True, slots=True)
class Link:
    """A reference between two types: the name of its keys ("Consent.actor"), and what the far resource must meet.

    `definition` is the type at the far end: of what is referred to in a chain, of what refers in a `_has`. `canonical`
    says that the reference is by the canonical URL, and perhaps version, of what it is to.
    """

    keys: str
    definition: ResourceDefinition
    condition: "Condition"
    canonical: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    """The resource refers to one that meets a condition; `links` are alternatives, one for each type it may be of."""

    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Has:
    """A resource that meets a condition refers to this one (`_has`)."""

    link: Link


@dataclass(frozen=True, slots=True)
class Within:
    """The resource is in the compartment of one of a `type`: it refers to it by one of these `keys`, or is it."""

    type: str
    about: Target | Numbered
    keys: tuple[str, ...]
    itself: bool = False


@dataclass(frozen=True, slots=True)
class Either:
    """The resource meets all criteria of one of the alternatives; of no alternatives it can meet none."""

    alternatives: tuple[tuple[Criterion, ...], ...]


Condition = Criterion | Chain | Has | Within | Either


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort rule; rows without a value come last in both directions."""

    parameter: SearchParameter
    descending: bool = False
