"""Chains, `_has` and `_list`: conditions on what a resource refers to, and on what refers to it.

https://hl7.org/fhir/R4/search.html#chaining, https://hl7.org/fhir/R4/search.html#has,
https://hl7.org/fhir/R4/search.html#list
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.errors import BadRequest
from app.fhir.resources import BY_TYPE
from app.fhir.search import criteria
from app.fhir.search.criteria import Surroundings
from app.fhir.search.criterion import Chain, Condition, Has, Link
from app.fhir.search.refusal import Unknown, invalid, shown, unknown

MOST_HOPS: Final = 20
# How many types of resources a chain may lead through in all: one that names no types could lead through millions.
MOST_WAYS: Final = 100
LIST: Final = "_list"
_HAS: Final = "_has:"


def is_chain(name: str) -> bool:
    """Whether a parameter is about other resources than the one that is searched for."""
    return name.startswith(_HAS) or "." in name or name == LIST


def parse(name: str, value: str, surroundings: Surroundings) -> Condition:
    """The condition that a chain, `_has` or `_list` puts. Raises BadRequest; Unknown for names that are not there."""
    if surroundings.definition.type not in BY_TYPE:
        raise unknown(name, f"is a chain, which {surroundings.definition.type} does not have.")
    if name == LIST:
        return _listed(value, surroundings)
    return _Way(name, value, surroundings).condition(name, surroundings.definition, 0)


def _listed(value: str, surroundings: Surroundings) -> Condition:
    """That a List of this id has the resource as an item."""
    try:
        return parse(f"{_HAS}List:item:_id", value, surroundings)
    except BadRequest:
        raise invalid(
            LIST, "takes the id of a List; lists of the service's own, such as $current-problems, there are none."
        ) from None


@dataclass(slots=True)
class _Way:
    """One chain while it is read from left to right."""

    name: str
    value: str
    surroundings: Surroundings
    seen: int = 0

    def condition(self, rest: str, definition: ResourceDefinition, hops: int) -> Condition:
        self.seen += 1
        if hops > MOST_HOPS:
            raise invalid(self.name, f"is a chain of more than {MOST_HOPS} references.")
        if self.seen > MOST_WAYS:
            raise invalid(
                self.name, f"may lead through more than {MOST_WAYS} types: name them, as in subject:Patient.name."
            )
        if rest.startswith(_HAS):
            return self._has(rest, definition, hops)
        first, dot, further = rest.partition(".")
        if dot:
            return self._chain(first, further, definition, hops)
        if first.partition(":")[0] not in definition.by_name:
            raise self._not_there(first, definition)
        return criteria.parse(first, self.value, self.surroundings._replace(definition=definition))

    def _has(self, rest: str, definition: ResourceDefinition, hops: int) -> Has:
        parts = rest.split(":", 3)
        if len(parts) != 4 or not parts[3]:  # noqa: PLR2004  # _has, type, reference, condition
            raise invalid(self.name, "is written _has:[type]:[reference]:[parameter], as _has:Consent:actor:status.")
        _, type_, reference, condition = parts
        if type_ not in BY_TYPE:
            raise unknown(self.name, f"names '{shown(type_)}', which is no type of this service: {', '.join(BY_TYPE)}.")
        referrer = BY_TYPE[type_]
        parameter = referrer.by_name.get(reference)
        if parameter is None:
            raise self._not_there(reference, referrer)
        if not may_refer(parameter, definition.type):
            raise invalid(self.name, f"names {type_}.{shown(reference)}, which does not refer to a {definition.type}.")
        far = self.condition(condition, referrer, hops + 1)
        return Has(Link(f"{type_}.{reference}", referrer, far, parameter.form == "canonical"))

    def _chain(self, first: str, further: str, definition: ResourceDefinition, hops: int) -> Chain:
        name, colon, type_ = first.partition(":")
        parameter = definition.by_name.get(name)
        if parameter is None:
            raise self._not_there(name, definition)
        targets = [target for target in BY_TYPE if may_refer(parameter, target)]
        if not targets:
            raise invalid(self.name, f"goes on from {definition.type}.{name}, which refers to nothing here.")
        if colon and type_ not in targets:
            raise invalid(self.name, f"says '{shown(type_)}': {definition.type}.{name} leads to {', '.join(targets)}.")
        ends = self._ends(further, [type_] if colon else targets, hops)
        canonical = parameter.form == "canonical"
        return Chain(tuple(Link(f"{definition.type}.{name}", end, far, canonical) for end, far in ends))

    def _ends(self, further: str, types: list[str], hops: int) -> Iterator[tuple[ResourceDefinition, Condition]]:
        """Each type that has what the chain goes on with, and what it must meet; the refusal of one when none has."""
        refusals: list[BadRequest] = []
        for type_ in types:
            try:
                yield BY_TYPE[type_], self.condition(further, BY_TYPE[type_], hops + 1)
            except Unknown as refusal:
                refusals.append(refusal)
        if len(refusals) == len(types):
            raise refusals[0]

    def _not_there(self, name: str, definition: ResourceDefinition) -> Unknown:
        known = ", ".join(sorted(definition.by_name))
        return unknown(self.name, f"asks for '{shown(name)}'. Known for {definition.type}: {known}.")


def may_refer(parameter: SearchParameter, type_: str) -> bool:
    """Whether a parameter is over references that may lead to a resource of this type here.

    By a canonical URL only what has one can be referred to.
    """
    if parameter.type != "reference":
        return False
    if parameter.form == "canonical":
        return type_ in parameter.targets and type_ in BY_TYPE and "url" in BY_TYPE[type_].by_name
    return not parameter.targets or type_ in parameter.targets
