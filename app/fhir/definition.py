"""What Kith knows of one FHIR resource type: a definition is data, and routes, search and documentation follow from it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from app.fhir.errors import Issue

SearchType = Literal["token", "string", "date", "reference", "uri"]


@dataclass(frozen=True, slots=True)
class SearchParameter:
    """One search parameter of a resource type (https://hl7.org/fhir/R4/search.html).

    `paths` lead from the resource to the elements it indexes ("provision.actor.reference"). `where` keeps only the
    elements that have this member with this value (("system", "phone")). `targets` are the types a reference may
    point to, `system` the code system that a plain `code` element implies, `of` the FHIR types of the elements.
    """

    name: str
    type: SearchType
    paths: tuple[str, ...]
    targets: tuple[str, ...] = ()
    where: tuple[str, str] | None = None
    system: str = ""
    url: str = ""
    documentation: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings that decide how strictly a resource is judged, and the time it arrived (aware, UTC)."""

    now: datetime
    check_nhs_numbers: bool = True
    computable_consents: bool = True
    vrs_leniency: bool = False


# A check looks at a structurally valid resource and yields what is wrong with it; severity "warning" does not refuse.
Check = Callable[[dict[str, Any], Rules], list[Issue]]
# A rewrite runs before the checks and may complete a resource (VRS leniency); it says so in the issues it returns.
Rewrite = Callable[[dict[str, Any], Rules], list[Issue]]


@dataclass(frozen=True, slots=True)
class ResourceDefinition:
    """One registered resource type: everything about it that is not true of every type.

    `patient` is the path of the reference to the patient whose record this belongs to (None: of no patient).
    """

    type: str
    search_parameters: tuple[SearchParameter, ...]
    patient: str | None = None
    checks: tuple[Check, ...] = ()
    rewrites: tuple[Rewrite, ...] = ()
    documentation: str = ""
    by_name: dict[str, SearchParameter] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {parameter.name: parameter for parameter in self.search_parameters})
