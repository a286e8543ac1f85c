"""The product's own search parameters as SearchParameter resources. https://hl7.org/fhir/R4/searchparameter.html"""

import re

from app.fhir.canonical import BASE, extension
from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.published.head import Resource, head, without
from app.fhir.resources import DEFINITIONS


def search_parameters() -> list[Resource]:
    """One for each parameter that FHIR does not define."""
    return [
        _search_parameter(definition, parameter)
        for definition in DEFINITIONS
        for parameter in definition.search_parameters
        if parameter.url.startswith(f"{BASE}/")
    ]


def _search_parameter(definition: ResourceDefinition, parameter: SearchParameter) -> Resource:
    id_ = parameter.url.rpartition("/")[2]
    targets = {"target": list(parameter.targets)} if parameter.targets else {}
    return without(head("SearchParameter", id_, parameter.name, parameter.documentation), "title") | {
        "code": parameter.name,
        "base": [definition.type],
        "type": parameter.type,
        "expression": " | ".join(_expression(definition.type, path, parameter.where) for path in parameter.paths),
        "xpathUsage": "normal",
        **targets,
    }


def _expression(type_: str, path: str, where: tuple[str, str] | None) -> str:
    """A path as FHIRPath."""
    steps = [f"repeat({step[:-1]})" if step.endswith("*") else _extension(step) for step in path.split(".")]
    narrowed = f".where({where[0]} = '{where[1]}')" if where else ""
    return re.sub(r"\.value[A-Z]\w*$", ".value", f"{type_}.{'.'.join(steps)}") + narrowed


def _extension(step: str) -> str:
    name = step.partition(":")[2]
    return f"extension.where(url = '{extension(name)}')" if name else step
