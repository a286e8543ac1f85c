"""Every public example is found by every search parameter that it has a value for."""

import json as plain_json
from datetime import datetime
from decimal import Decimal
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.links import links
from app.fhir.resources import BY_TYPE, DEFINITIONS
from app.fhir.search.keys import COLUMNS, elements

EXAMPLES = Path(__file__).parents[4] / "shared" / "data" / "hl7-r4-examples"
NOW = "2026-03-09T12:00:00Z"
pytestmark = pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the public examples are not beside the repository")


@cache
def _examples() -> dict[str, list[dict[str, Any]]]:
    """The examples by type: they are some thousand files, read once."""
    found: dict[str, list[dict[str, Any]]] = {type_: [] for type_ in BY_TYPE}
    for path in sorted(EXAMPLES.glob("*.json")):
        resource = plain_json.loads(path.read_bytes(), parse_float=Decimal)
        if resource["resourceType"] in found:
            found[resource["resourceType"]].append(resource)
    return found


@pytest.fixture(scope="module")
async def filled(module_shelf):
    for resource in chain.from_iterable(_examples().values()):
        definition = BY_TYPE[resource["resourceType"]]
        patient = links(resource, definition, (), ()).patient.id
        updated = datetime.fromisoformat(resource.get("meta", {}).get("lastUpdated", NOW))
        record = resource["id"] if definition.type == "Patient" else patient
        await module_shelf.put(resource, patient=record, updated=updated)
    return module_shelf


CASES = [
    pytest.param(definition, parameter, id=f"{definition.type}.{parameter.name}")
    for definition in DEFINITIONS
    for parameter in definition.search_parameters
]


@pytest.mark.parametrize(("definition", "parameter"), CASES)
async def test_each_example_is_found_by_each_of_its_values(
    filled, definition: ResourceDefinition, parameter: SearchParameter
) -> None:
    having: dict[str, list[tuple[str, str]]] = {}
    for resource in _examples()[definition.type]:
        having[resource["id"]] = asked = [
            text for element in elements(resource, parameter) for text in _asked(parameter, element)
        ]
        for name, value in asked:
            found = await filled.ids(definition.type, (name, value), ("_count", "500"))
            assert resource["id"] in found, (name, value)
    if parameter.name not in COLUMNS:
        missing = await filled.ids(definition.type, (f"{parameter.name}:missing", "true"), ("_count", "500"))
        assert [id_ for id_ in missing if having[id_]] == []


def _asked(parameter: SearchParameter, element: Any) -> list[tuple[str, str]]:
    """Searches by hand for one element, written apart from the code under test."""
    name = parameter.name
    match parameter.type:
        case "token":
            return [(name, text) for text in _tokens(parameter, element)]
        case "string":
            texts = _texts(element)
            plain = [(name, _escaped(text)) for text in texts if any(map(str.isalnum, text))]
            return plain if name == "phonetic" else plain + [(f"{name}:exact", _escaped(text)) for text in texts]
        case "date":
            return [(name, text) for text in _dates(element)]
        case "reference":
            return [(name, text) for text in _references(parameter, element)]
        case "uri":
            return [(name, _escaped(element))]
        case "number":
            return [(name, str(element))]
        case "quantity" if "value" not in element:
            return []
        case "quantity":
            return [(name, str(element["value"])), (name, f"{element['value']}||{_escaped(element['unit'])}")]


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace(",", r"\,").replace("|", r"\|").replace("$", r"\$")


def _tokens(parameter: SearchParameter, element: Any) -> list[str]:
    if parameter.form == "flag":
        return ["true" if element is not False else "false"]
    if parameter.form == "composite":
        return _pairs(element)
    if isinstance(element, bool):
        return [str(element).lower()]
    if isinstance(element, str):
        return [element, *([f"{parameter.system}|{element}"] if parameter.system else [])]
    codings = element.get("coding", [] if "text" in element else [element])
    found = []
    for coding in codings:
        code, system = coding.get("code") or coding.get("value"), coding.get("system")
        if parameter.form == "contact":
            return [_escaped(code)] if code else []
        if code:
            found += [_escaped(code), f"{system or ''}|{_escaped(code)}"]
        if system:
            found.append(f"{system}|")
    return found


def _pairs(characteristic: Any) -> list[str]:
    """code$value of what has both as codes (Group.characteristic)."""
    code, value = (
        [coding for coding in characteristic.get(name, {}).get("coding", []) if "code" in coding]
        for name in ("code", "valueCodeableConcept")
    )
    return [f"{_escaped(one['code'])}${_escaped(other['code'])}" for one in code for other in value]


def _texts(element: Any) -> list[str]:
    if isinstance(element, str):
        return [element]
    texts = [value for name, value in element.items() if name not in ("use", "type", "period", "extension", "id")]
    return [
        text for value in texts for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)
    ]


def _dates(element: Any) -> list[str]:
    if isinstance(element, str):
        return [element, f"ge{element}", f"le{element}", element[:4], f"ap{element}"]
    if "repeat" in element or "event" in element:
        return []
    return [f"{prefix}{element[name]}" for prefix, name in (("ge", "start"), ("le", "end")) if name in element]


def _references(parameter: SearchParameter, element: Any) -> list[str]:
    if isinstance(element, str):
        return [element]
    reference = element.get("reference", "#")
    if reference.startswith("#"):
        return []
    type_ = reference.split("/")[-2] if "/" in reference else ""
    if parameter.targets and type_ not in parameter.targets:
        return []
    return [reference, *([reference.split("/")[-1]] if reference.count("/") == 1 else [])]
