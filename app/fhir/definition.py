"""What Kith knows of one FHIR resource type: as data, from which routes, search and documentation follow."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from app.fhir.errors import Issue
from app.fhir.levels import STAFF

SearchType = Literal["token", "string", "date", "reference", "uri", "number", "quantity"]
SEARCH_PARAMETERS: Final = "http://hl7.org/fhir/SearchParameter/"
Form = Literal["", "canonical", "composite", "contact", "flag", "phonetic", "identifier", "name", "versioned"]


@dataclass(frozen=True, slots=True)
class SearchParameter:
    """One search parameter of a resource type (https://hl7.org/fhir/R4/search.html).

    `paths` lead from the resource to the elements it indexes ("provision.actor.reference"). `where` keeps only the
    elements that have this member with this value (("system", "phone")). `targets` are the types a reference may
    point to (none: any type), `system` the code system that a plain `code` element implies, `form` how the elements
    are read when their JSON alone does not tell, `url` its official definition (empty: the one FHIR publishes for
    this type and name):

    - canonical: the elements of a reference parameter are canonical URLs
    - composite: of two, the `parts` of each element, written a$b: tokens, or a token and a quantity
    - contact: the elements are ContactPoints, whose values people write in many ways
    - flag: a token that is always true or false: true when an element is there and is not false
    - identifier: the elements are Identifiers, which can be found by their type too
    - name: names of people, of which every word can be found: "Quinones" finds "Carreno Quinones"
    - phonetic: names that are compared by sound
    - versioned: references that can also be found by the version they are to
    """

    name: str
    type: SearchType
    paths: tuple[str, ...]
    targets: tuple[str, ...] = ()
    where: tuple[str, str] | None = None
    system: str = ""
    url: str = ""
    documentation: str = ""
    form: Form = ""
    parts: tuple[tuple[str, ...], ...] = ()

    @property
    def fhir_type(self) -> str:
        """The type by which FHIR knows the parameter."""
        return "composite" if self.form == "composite" else self.type


class Rules(NamedTuple):
    """The settings that decide how strictly a resource is judged, and the time it arrived (aware, UTC).

    `second_opinion` asks fhir.resources' own validator too about a resource in which nothing was found.
    """

    now: datetime
    check_nhs_numbers: bool = True
    computable_consents: bool = True
    vrs_leniency: bool = False
    best_interest_days: int = 28
    override_hours: int = 72
    second_opinion: bool = True


# A check looks at a structurally valid resource and yields what is wrong with it; severity "warning" does not refuse.
Check = Callable[[dict[str, Any], Rules], list[Issue]]
# A transition looks at the version that stands and the one that would replace it.
Transition = Callable[[dict[str, Any], dict[str, Any], Rules], list[Issue]]
# A rewrite runs before the checks and may complete a resource (VRS leniency); it says so in the issues it returns.
Rewrite = Callable[[dict[str, Any], Rules], list[Issue]]


@dataclass(frozen=True, slots=True)
class Kept:
    """What must be kept once it `was` something: whether a version `is` that, the element that says so, what to do."""

    element: str
    was: str
    is_: Callable[[dict[str, Any]], bool]
    instead: str


@dataclass(frozen=True, slots=True)
class ResourceDefinition:
    """One registered resource type: everything about it that is not true of every type.

    `patient` is the path of the element that refers to the patient whose record this belongs to (None: of no patient);
    with `patient_of_supporter` a RelatedPerson there stands for the patient whom that person supports, with
    `one_record` any resource for the patient in whose record it is, and all that it refers to must be in that record.
    Where it names none of these, it belongs to whose record the resource at the path `kept_with` belongs to.
    `mandatory` are the elements FHIR requires, `summary` those it marks as summary; both name elements as the
    specification does ("deceased" for deceased[x]), without those every resource has (id, meta, implicitRules).
    `level` is the least level of a client that may read it (app/fhir/levels.py); labels and names may raise it.
    `kept_once` says what no version of it may have been for a deletion;
    `kept_for` are the types that forbid a deletion by naming the resource; `names_supporters` says that the
    RelatedPersons it refers to must be its own patient's; `makes` whether an id is of those that the service makes
    when they are read, and nobody writes.
    """

    type: str
    search_parameters: tuple[SearchParameter, ...]
    patient: str | None = None
    patient_of_supporter: bool = False
    kept_with: str | None = None
    one_record: bool = False
    checks: tuple[Check, ...] = ()
    rewrites: tuple[Rewrite, ...] = ()
    transitions: tuple[Transition, ...] = ()
    kept_once: Kept | None = None
    kept_for: tuple[str, ...] = ()
    names_supporters: bool = False
    makes: Callable[[str], bool] | None = None
    level: int = STAFF
    documentation: str = ""
    mandatory: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()
    by_name: dict[str, SearchParameter] = field(init=False, repr=False, compare=False, hash=False)

    @property
    def is_kept_by_subject(self) -> bool:
        """Whether each of these belongs to the patient it refers to, and to no other: one reference, always."""
        return self.patient is not None and "." not in self.patient and not self.patient_of_supporter

    def is_made(self, id_: str) -> bool:
        """Whether the resource of this id is one that the service makes when it is read."""
        return self.makes is not None and self.makes(id_)

    def __post_init__(self) -> None:
        named = tuple(_with_url(parameter, self.type) for parameter in self.search_parameters)
        object.__setattr__(self, "search_parameters", named)
        object.__setattr__(self, "by_name", {parameter.name: parameter for parameter in named})


def _with_url(parameter: SearchParameter, type_: str) -> SearchParameter:
    return parameter if parameter.url else replace(parameter, url=f"{SEARCH_PARAMETERS}{type_}-{parameter.name}")
