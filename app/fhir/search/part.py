"""A part of one resource, as a read may ask for it: `_summary`, `_elements`. https://hl7.org/fhir/R4/http.html#read"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.fhir import json
from app.fhir.definition import ResourceDefinition
from app.fhir.search import result
from app.fhir.search.refusal import invalid
from app.fhir.search.result import Summary
from app.fhir.search.subset import subset

NAMES: Final = frozenset({"_summary", "_elements"})


@dataclass(frozen=True, slots=True)
class Part:
    """How much of a resource of one type is wanted, as a search would show of its matches."""

    definition: ResourceDefinition
    summary: Summary = "false"
    elements: tuple[str, ...] = ()

    def of(self, content: bytes) -> bytes:
        """The part of a resource in JSON, in JSON."""
        if self.summary == "false" and not self.elements:
            return content
        return json.dumps(subset(json.loads(content), self.definition, self.summary, self.elements))


def part(pairs: Iterable[tuple[str, str]], definition: ResourceDefinition) -> Part:
    """What parameters ask for; those of other names are not looked at. Raises BadRequest for what has no meaning."""
    said: dict[str, str] = {}
    for name, value in pairs:
        if name in NAMES and name in said:
            raise invalid(name, "can be there once.")
        said[name] = value
    summary = result.summary(said.get("_summary", "false"))
    if summary == "count":
        raise invalid("_summary", "must be one of true, text, data, false: one resource is not counted.")
    names = result.elements(said["_elements"], {definition.type}) if "_elements" in said else ()
    return Part(definition, summary, names)
