"""The FHIR R4 types as tables of elements, read from fhir.resources; nothing else here imports that library.

fhir.resources has no package for R4 (4.0.1); its R4B (4.3.0) is used. For the registered resource types and all
the datatypes they reach (115 types, 1488 elements) the tables were compared with the official 4.0.1 definitions.
They agree in names, types, cardinality, choices and reference targets, but for what is corrected below:

- R4B adds CodeableReference and RatioRange to Extension.value[x] and leaves out Meta (`_NOT_IN_R4`, `_OF_R4`);
- fhir.resources lists no codes for some required bindings, wrong ones for others (Task.status), and some for a binding
  that is not required (`_BINDINGS`);
- R4B lets a Group have RelatedPersons as members (`_NOT_TARGETS`).

Required bindings that cannot be listed (media types, currencies, names of all types) are checked for form alone.
A contained resource of another type is checked by its R4B table without codes and targets; the types that R4 has and
R4B lacks or redefined (`_OPEN`) are checked for the rules of JSON alone.

As a second opinion (`refused`) fhir.resources is wrong about extensions alone: it knows no valueMeta, refuses a
valueUuid that is not of version 4, extensions of a primitive value (`_valueString`), and an element that must have a
value of some type and has only extensions of one.

https://hl7.org/fhir/R4/datatypes.html, https://hl7.org/fhir/R4/resourcelist.html
"""

import typing
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Any

from fhir.resources.R4B import get_fhir_model_class
from fhir_core.constraints import FHIR_PRIMITIVES_MAPS
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from app.fhir.resource_types import RESOURCE_TYPES
from app.fhir.words import words

_COMPARATORS = frozenset({"<", "<=", ">=", ">"})
_ENCOUNTER_STATUS = words("arrived cancelled entered-in-error finished in-progress onleave planned triaged unknown")
_BINDINGS: dict[tuple[str, str], frozenset[str]] = {
    **{(name, "comparator"): _COMPARATORS for name in ("Quantity", "Age", "Count", "Distance", "Duration")},
    ("TimingRepeat", "when"): words(
        "MORN MORN.early MORN.late NOON AFT AFT.early AFT.late EVE EVE.early EVE.late NIGHT PHS HS WAKE "
        "C CM CD CV AC ACM ACD ACV PC PCM PCD PCV"
    ),
    ("Expression", "language"): frozenset(),
    ("Encounter", "status"): _ENCOUNTER_STATUS,
    ("EncounterStatusHistory", "status"): _ENCOUNTER_STATUS,
    ("RiskAssessment", "status"): words(
        "amended cancelled corrected entered-in-error final preliminary registered unknown"
    ),
    ("Questionnaire", "subjectType"): RESOURCE_TYPES | {"DomainResource", "Resource"},
    ("QuestionnaireItem", "type"): words(
        "attachment boolean choice date dateTime decimal display group integer open-choice quantity question reference "
        "string text time url"
    ),
    ("Task", "status"): words(
        "accepted cancelled completed draft entered-in-error failed in-progress on-hold ready received rejected "
        "requested"
    ),
}
_NOT_TARGETS = {("GroupMember", "entity"): frozenset({"RelatedPerson"})}
_NOT_IN_R4 = {("Extension", "valueCodeableReference"), ("Extension", "valueRatioRange")}
_COMPARED = words(
    "Patient RelatedPerson Consent CarePlan Practitioner PractitionerRole Organization CareTeam "
    "Flag Group Task Communication QuestionnaireResponse Appointment EpisodeOfCare Encounter ServiceRequest "
    "RiskAssessment Goal CommunicationRequest AppointmentResponse List Questionnaire Measure MeasureReport "
    "Provenance"
)
# The modules of fhir.resources whose bindings and targets were not compared with R4.
_LOOSE_MODULES = frozenset(name.lower() for name in RESOURCE_TYPES - _COMPARED)
# Resource types of R4 whose R4 table is not to be had: R4B dropped or redefined them.
_OPEN = words(
    "DeviceDefinition EffectEvidenceSynthesis Evidence EvidenceVariable MedicinalProduct MedicinalProductAuthorization "
    "MedicinalProductContraindication MedicinalProductIndication MedicinalProductIngredient "
    "MedicinalProductInteraction MedicinalProductManufactured MedicinalProductPackaged MedicinalProductPharmaceutical "
    "MedicinalProductUndesirableEffect RiskEvidenceSynthesis SubstanceNucleicAcid SubstancePolymer SubstanceProtein "
    "SubstanceReferenceInformation SubstanceSourceMaterial SubstanceSpecification"
)


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the type `owner`: `name` in JSON ("deceasedBoolean"), `path` in FHIRPath ("deceased").

    `codes` is the required binding and `targets` the resource types a Reference may name; empty means any.
    """

    owner: str
    name: str
    path: str
    type: str
    primitive: bool
    many: bool
    required: bool = False
    codes: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Choice:
    """An element of which one type may be chosen: its FHIRPath name and the JSON names it may take, `_` ones too."""

    path: str
    names: frozenset[str]
    required: bool


@dataclass(frozen=True, slots=True)
class Type:
    """The table of one FHIR type; `open` when its elements are not known here.

    `siblings` are the primitive elements that may carry extensions, by the JSON name that holds them ("_active").
    """

    name: str
    elements: dict[str, Element]
    siblings: dict[str, Element]
    required: tuple[Element, ...]
    choices: tuple[Choice, ...]
    is_resource: bool
    open: bool = False


_WRONGED = frozenset({"valueMeta", "valueUuid"})
_OF_R4 = {
    "Extension": (Element("Extension", "valueMeta", "value", "Meta", primitive=False, many=False),),
}


@cache
def table(name: str) -> Type:
    """The table of a type: a resource ("Patient"), datatype ("Period") or part of one ("TimingRepeat")."""
    if name in _OPEN:
        return Type(name, {}, {}, (), (), is_resource=True, open=True)
    model = get_fhir_model_class(name)
    fields = [field for field in model.model_fields.values() if _is_element(name, field)]
    loose = model.__module__.rsplit(".", 1)[-1] in _LOOSE_MODULES
    elements = [*(_element(name, field, loose=loose) for field in fields), *_OF_R4.get(name, ())]
    return Type(
        name,
        {element.name: element for element in elements},
        {f"_{element.name}": element for element in elements if _may_be_extended(name, element)},
        tuple(element for element in elements if element.required),
        tuple(_choices(elements, fields)),
        is_resource=name in RESOURCE_TYPES,
    )


def prepare(names: Iterable[str]) -> None:
    """Builds the tables of these types and of all that is in them, so that no request has to wait for it."""
    waiting, done = list(names), {"Resource"}
    while waiting:
        name = waiting.pop()
        if name not in done:
            done.add(name)
            waiting.extend(element.type for element in table(name).elements.values() if not element.primitive)


def refused(resource: dict[str, Any]) -> tuple[str, ...]:
    """Where fhir.resources refuses a resource that holds by its table: the names of top-level elements, or none."""
    locations = _refused(resource)
    return _refused(_without_false_refusals(resource)) if locations else ()


def _refused(resource: dict[str, Any]) -> tuple[str, ...]:
    try:
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    except ValidationError as problem:
        return tuple(dict.fromkeys(str(error["loc"][0]) if error["loc"] else "" for error in problem.errors()))
    return ()


def _is_element(name: str, field: FieldInfo) -> bool:
    return bool(_extra(field).get("element_property")) and (name, field.alias) not in _NOT_IN_R4


def _element(owner: str, field: FieldInfo, *, loose: bool) -> Element:
    name, extra = str(field.alias), _extra(field)
    annotation, many = _unwrapped(field.annotation)
    primitive = annotation in FHIR_PRIMITIVES_MAPS
    codes = _BINDINGS.get((owner, name), frozenset(extra.get("enum_values", ())))
    targets = (
        frozenset(extra.get("enum_reference_types", ())) - {"Resource"} - _NOT_TARGETS.get((owner, name), frozenset())
    )
    return Element(
        owner,
        name,
        extra.get("one_of_many") or name,
        FHIR_PRIMITIVES_MAPS[annotation] if primitive else annotation.__name__.removesuffix("Type"),
        primitive,
        many,
        bool(extra.get("element_required")) or field.is_required(),
        frozenset() if loose else codes,
        frozenset() if loose or primitive else targets,
    )


def _may_be_extended(owner: str, element: Element) -> bool:
    # These three are attributes in XML; fhir.resources also forgets the siblings of Extension.value[x].
    bare = element.name == "id" or element.type == "xhtml" or (owner, element.name) == ("Extension", "url")
    return element.primitive and not bare


def _choices(elements: list[Element], fields: list[FieldInfo]) -> list[Choice]:
    required = {
        _extra(field)["one_of_many"]: _extra(field)["one_of_many_required"]
        for field in fields
        if "one_of_many" in _extra(field)
    }
    return [
        Choice(
            path,
            frozenset(mark + element.name for mark in ("", "_") for element in elements if element.path == path),
            needed,
        )
        for path, needed in required.items()
    ]


def _extra(field: FieldInfo) -> dict[str, Any]:
    return field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}


def _unwrapped(annotation: Any) -> tuple[Any, bool]:
    """The type inside Optional and List, and whether there was a List."""
    many = False
    while annotation not in FHIR_PRIMITIVES_MAPS:
        arguments = [argument for argument in typing.get_args(annotation) if argument is not type(None)]
        if typing.get_origin(annotation) not in (typing.Union, UnionType, list) or len(arguments) != 1:
            break
        many = many or typing.get_origin(annotation) is list
        annotation = arguments[0]
    return annotation, many


def _without_false_refusals(value: Any) -> Any:
    """A copy without what fhir.resources refuses wrongly: see the docstring of this file."""
    if isinstance(value, list):
        return [_without_false_refusals(item) for item in value if not _is_open(item) and not _has_no_value(item)]
    if not isinstance(value, dict):
        return value
    wronged = {name for name in value if name in _WRONGED or name.startswith("_value")} if "url" in value else ()
    return {name: _without_false_refusals(member) for name, member in value.items() if name not in wronged}


def _has_no_value(value: Any) -> bool:
    """Whether this is an element with extensions in the place of a value that it must have, or a UUID."""
    if not isinstance(value, dict) or "url" in value:
        return False
    return "valueUuid" in value or any(
        name.startswith(("_value", "_content", "_answer")) and name[1:] not in value for name in value
    )


def _is_open(value: Any) -> bool:
    return isinstance(value, dict) and value.get("resourceType") in _OPEN
