"""What a resource hangs on: the patient whose record it belongs to, and the resources it refers to.

A patient may be named by identifier (NHS number), by `Patient/<id>` or by a PDS address; ten bare digits are always
an NHS number. https://hl7.org/fhir/R4/references.html
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.fhir import nhs_number
from app.fhir.definition import ResourceDefinition
from app.fhir.path import walk
from app.fhir.references import references, target
from app.fhir.terminology import normal_system


@dataclass(frozen=True, slots=True)
class PatientName:
    """How a patient is named: by the id of a Patient here, an NHS number, or both; or by a record of the patient.

    `kept_with` is that record, such as RelatedPerson/<id>.

    All empty: nobody here.
    """

    id: str = ""
    number: str = ""
    kept_with: str = ""
    expression: str = ""

    def __bool__(self) -> bool:
        return bool(self.id or self.number or self.kept_with)


NOBODY = PatientName()
# Types that a reference may be to which an NHS number can only mean a patient.
_PATIENTS = frozenset({"Patient", "Group"})


@dataclass(frozen=True, slots=True)
class Links:
    """What must be looked up before a resource can be stored.

    `patient` names whose record it belongs to; `wanted` are the literal references to registered types, each with
    the expression of the first element that holds it, and `later` those of them that the same request is yet to store,
    which are kept and not looked up; `named` are the identifiers that stand for a resource;
    `numbers` are the NHS numbers of a Patient resource itself.
    """

    patient: PatientName
    wanted: dict[tuple[str, str], str] = field(default_factory=dict)
    later: tuple[tuple[str, str], ...] = ()
    numbers: tuple[str, ...] = ()
    named: tuple[tuple[str, str], ...] = ()


def links(
    resource: dict[str, Any], definition: ResourceDefinition, bases: tuple[str, ...], registered: Collection[str]
) -> Links:
    """The links of a valid resource; `bases` are the addresses under which this service is known."""
    wanted: dict[tuple[str, str], str] = {}
    named: dict[tuple[str, str], None] = {}
    for reference in references(resource):
        identifier = reference.element.get("identifier") or {}
        if identifier.get("value"):
            named[normal_system(identifier.get("system", "")), identifier["value"]] = None
        literal = target(reference.element.get("reference") or "", bases)
        if literal and literal.type in registered and not _is_number(literal.type, literal.id):
            wanted.setdefault((literal.type, literal.id), reference.expression.removesuffix(".reference"))
    return Links(_patient(resource, definition, bases), wanted, numbers=_own_numbers(resource), named=tuple(named))


def patient_name(reference: Mapping[str, Any], bases: tuple[str, ...], expression: str = "") -> PatientName:
    """Whom a reference to a patient names: nobody for a group, or a patient known only to others."""
    literal = target(reference.get("reference") or "", bases)
    if literal and literal.type == "Patient":
        if _is_number(literal.type, literal.id):
            return PatientName(number=literal.id, expression=expression)
        return PatientName(id=literal.id, number=_number(reference), expression=expression)
    if literal:
        return PatientName(expression=expression)
    return PatientName(number=_number(reference), expression=expression)


def _number(reference: Mapping[str, Any]) -> str:
    """The NHS number by which a reference names a patient, '' when it does not."""
    identifier = reference.get("identifier") or {}
    if identifier.get("system") == nhs_number.SYSTEM and reference.get("type", "Patient") == "Patient":
        return nhs_number.normal(identifier.get("value") or "")
    return ""


def patient_parameters(definition: ResourceDefinition) -> frozenset[str]:
    """The search parameters over the reference to the patient whose record a resource belongs to."""
    return frozenset(
        f"{definition.type}.{parameter.name}"
        for parameter in definition.search_parameters
        if definition.patient in parameter.paths and parameter.targets and _PATIENTS.issuperset(parameter.targets)
    )


def replaced_by(resource: dict[str, Any]) -> dict[str, Any] | None:
    """The Patient.link.other of the Patient that this one was replaced by, if any."""
    if resource.get("resourceType") != "Patient":
        return None
    return next((link["other"] for link in resource.get("link", ()) if link.get("type") == "replaced-by"), None)


def _patient(resource: dict[str, Any], definition: ResourceDefinition, bases: tuple[str, ...]) -> PatientName:
    other = replaced_by(resource)
    if other is not None:
        return patient_name(other, bases, "Patient.link")
    if definition.patient is None:
        return NOBODY
    expression = f"{definition.type}.{definition.patient.split('.')[0]}"
    named = [_named(element, definition, bases, expression) for element in walk(resource, definition.patient)]
    if definition.one_record:  # the rest is in the record of the first, or it is refused
        return next(iter(sorted((name for name in named if name), key=lambda name: bool(name.kept_with))), NOBODY)
    patients = {name for name in named if name} or _of_another(resource, definition, bases)
    # What is of several patients is in nobody's record: it could be told in the name of one about the other.
    return patients.pop() if len(patients) == 1 else PatientName(expression=expression)


def _named(
    reference: dict[str, Any], definition: ResourceDefinition, bases: tuple[str, ...], expression: str
) -> PatientName:
    literal = target(reference.get("reference") or "", bases)
    of_supporter = definition.patient_of_supporter and literal is not None and literal.type == "RelatedPerson"
    if literal and (of_supporter or (definition.one_record and literal.type != "Patient")):
        return PatientName(kept_with=f"{literal.type}/{literal.id}", expression=expression)
    return patient_name(reference, bases, expression)


def _of_another(resource: dict[str, Any], definition: ResourceDefinition, bases: tuple[str, ...]) -> set[PatientName]:
    """Whose record the resource at the definition's `kept_with` belongs to."""
    path = definition.kept_with
    found = [target(element.get("reference") or "", bases) for element in walk(resource, path)] if path else []
    return {PatientName(kept_with=f"{to.type}/{to.id}", expression=f"{definition.type}.{path}") for to in found if to}


def _own_numbers(resource: dict[str, Any]) -> tuple[str, ...]:
    if resource.get("resourceType") != "Patient":
        return ()
    values = {
        nhs_number.normal(identifier["value"])
        for identifier in resource.get("identifier", ())
        if identifier.get("system") == nhs_number.SYSTEM and identifier.get("value")
    }
    return tuple(sorted(values))


def _is_number(type_: str, id_: str) -> bool:
    return type_ == "Patient" and nhs_number.has_ten_digits(id_)
