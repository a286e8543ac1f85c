"""The product's extensions as StructureDefinitions. https://hl7.org/fhir/R4/structuredefinition.html"""

from collections.abc import Iterator
from typing import Any

from app.fhir.canonical import BASE
from app.fhir.extensions import EXTENSIONS, Extension
from app.fhir.published.head import Resource, head

_FHIR = "http://hl7.org/fhir/StructureDefinition"


def extensions() -> list[Resource]:
    """One StructureDefinition for each extension."""
    return [_definition(extension) for extension in EXTENSIONS]


def _definition(extension: Extension) -> Resource:
    return head("StructureDefinition", extension.name, extension.title, extension.description) | {
        "fhirVersion": "4.0.1",
        "kind": "complex-type",
        "abstract": False,
        "context": [{"type": "element", "expression": context} for context in extension.contexts],
        "type": "Extension",
        "baseDefinition": f"{_FHIR}/Extension",
        "derivation": "constraint",
        "differential": {"element": list(_elements(extension))},
    }


def _elements(extension: Extension) -> Iterator[dict[str, Any]]:
    root: dict[str, Any] = {
        "id": "Extension",
        "path": "Extension",
        "short": extension.title,
        "definition": extension.description,
        "max": "*" if extension.many else "1",
        "isModifier": extension.modifier,
    }
    if extension.modifier:
        root["isModifierReason"] = extension.description
    yield root
    if extension.parts:
        yield from _parts(extension)
    else:
        yield {"id": "Extension.extension", "path": "Extension.extension", "max": "0"}
    yield {"id": "Extension.url", "path": "Extension.url", "fixedUri": extension.url}
    yield _value(extension, "Extension.value[x]", "Extension.value[x]")


def _parts(extension: Extension) -> Iterator[dict[str, Any]]:
    for part in extension.parts:
        id_, path = f"Extension.extension:{part.name}", "Extension.extension"
        yield {
            "id": id_,
            "path": path,
            "sliceName": part.name,
            "short": part.description,
            "min": 0 if part.optional else 1,
            "max": "1",
        }
        yield {"id": f"{id_}.url", "path": f"{path}.url", "fixedUri": part.name}
        yield _value(part, f"{id_}.value[x]", f"{path}.value[x]")


def _value(extension: Extension, id_: str, path: str) -> dict[str, Any]:
    if not extension.value:
        return {"id": id_, "path": path, "max": "0"}
    type_: dict[str, Any] = {"code": extension.value}
    if extension.targets:
        type_["targetProfile"] = [f"{_FHIR}/{target}" for target in extension.targets]
    element: dict[str, Any] = {"id": id_, "path": path, "min": 1, "type": [type_]}
    if extension.codes:
        element["binding"] = {"strength": "required", "valueSet": f"{BASE}/ValueSet/{extension.codes}"}
    if extension.modifier and extension.value == "boolean":
        element["fixedBoolean"] = True
    return element
