"""Whom a reference in a record names: by literal, address or identifier (the sharing decision, section 6.2)."""

from typing import Any, Final, NamedTuple

from app.fhir import nhs_number
from app.fhir.references import named_type, target
from app.sharing.facts import Facts, Record
from app.sharing.once import once
from app.sharing.reading import Json, mapping, objects, text

# The patient whose record this is, however a reference names them.
SELF: Final = "Patient"
_STRUCTURE_DEFINITION: Final = "http://hl7.org/fhir/StructureDefinition/"


class Named(NamedTuple):
    """What a reference names: a "Type/id" (SELF for this patient), '' when it cannot be resolved; and its type."""

    reference: str
    type: str


class Directory:
    """Everybody whom the records of one patient may name, of those recorded up to `as_of` (microseconds)."""

    def __init__(self, facts: Facts, as_of: int) -> None:
        self._facts = facts
        self._as_of = as_of
        self._found: dict[str, Named] = {}

    def find(self, reference: Any) -> Named:
        """Whom a Reference element names."""
        element = mapping(reference)
        literal = text(element.get("reference"))
        if literal:
            if literal not in self._found:
                self._found[literal] = self._literal(literal)
            if self._found[literal].reference:
                return self._found[literal]
        return self._by_identifier(element, named_type(literal))

    def is_number_of_patient(self, reference: str) -> bool:
        """Whether "Patient/<ten digits>" names the patient of this record by NHS number."""
        return reference.removeprefix("Patient/") in self._numbers

    def _literal(self, literal: str) -> Named:
        found = target(literal, self._facts.bases)
        if found is None:
            return Named("", named_type(literal))
        reference = f"{found.type}/{found.id}"
        match found.type:
            case "Patient":
                own = found.id in self._patients or found.id in self._numbers
                return Named(SELF if own else reference, "Patient")
            case "RelatedPerson" | "CareTeam":
                return Named(reference if reference in self._stored else "", found.type)
            case _:
                return Named(reference, found.type)

    def _by_identifier(self, element: Json, declared: str) -> Named:
        type_ = declared or text(element.get("type")).removeprefix(_STRUCTURE_DEFINITION)
        identifier = _key(mapping(element.get("identifier")))
        if identifier is None:
            return Named("", type_)
        if type_ in ("", "Patient") and identifier[0] == nhs_number.SYSTEM and identifier[1] in self._numbers:
            return Named(SELF, "Patient")
        found = {one for one in self._identified.get(identifier, ()) if not type_ or one.startswith(f"{type_}/")}
        # Of several records nobody can tell which is meant, unless the identifier is a person's own.
        if len(found) == 1 or (found and identifier[0] in self._facts.policy.same_person_systems):
            one = min(found)
            return Named(one, one.partition("/")[0])
        return Named("", type_)

    @once
    def _stored(self) -> frozenset[str]:
        known = (*self._facts.supporters, *self._facts.teams)
        return frozenset(record.reference for record in known if record.until(self._as_of))

    @once
    def _patients(self) -> frozenset[str]:
        return frozenset({self._facts.patient_key, *(record.id for record in self._facts.patients)})

    @once
    def _numbers(self) -> frozenset[str]:
        return frozenset(
            value
            for record in self._facts.patients
            for system, value in self._identifiers(record)
            if system == nhs_number.SYSTEM
        )

    @once
    def _identified(self) -> dict[tuple[str, str], set[str]]:
        found: dict[tuple[str, str], set[str]] = {}
        for record in (*self._facts.supporters, *self._facts.professionals, *self._facts.teams):
            for identifier in self._identifiers(record):
                found.setdefault(identifier, set()).add(record.reference)
        return found

    def _identifiers(self, record: Record) -> set[tuple[str, str]]:
        """Those that a record has had in any version so far: who was known by an identifier still is."""
        return {key for version in record.until(self._as_of) for key in identifiers(version.content or {})}


def identifiers(resource: Json) -> frozenset[tuple[str, str]]:
    """System and value of each identifier of a resource that has both, without spaces."""
    keys = (_key(identifier) for identifier in objects(resource.get("identifier")))
    return frozenset(key for key in keys if key)


def _key(identifier: Json) -> tuple[str, str] | None:
    system, value = text(identifier.get("system")), nhs_number.normal(text(identifier.get("value")))
    return (system, value) if system and value else None
