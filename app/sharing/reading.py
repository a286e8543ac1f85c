"""Reads FHIR JSON that may be anything: what has not the expected form is as if it were absent.

Nothing here decides. Callers ask separately whether something was there that could not be read.
"""

from collections.abc import Mapping
from typing import Any

from app.fhir.terminology import normal_system

Json = Mapping[str, Any]
Code = tuple[str, str]

EMPTY: Json = {}
_ELSEWHERE = frozenset({"contained", "text"})


def mapping(value: Any) -> Json:
    """The object, or an empty one. What is absent is asked for first: whether it is a Mapping takes long to tell."""
    return EMPTY if value is None or not isinstance(value, (dict, Mapping)) else value


def objects(value: Any) -> list[Json]:
    """The objects of a list; of a single object, that one."""
    if value is None:
        return []
    if isinstance(value, list):
        return [item for item in value if isinstance(item, dict)]
    return [value] if isinstance(value, dict) else []


def text(value: Any) -> str:
    """The text, or ''."""
    return value if isinstance(value, str) else ""


def code(coding: Json) -> Code:
    """System (in HL7's spelling) and code of a Coding, '' for what is absent."""
    system, symbol = coding.get("system"), coding.get("code")
    return normal_system(system) if isinstance(system, str) else "", symbol if isinstance(symbol, str) else ""


def codes(concept: Any) -> list[Code]:
    """System and code of each coding of a CodeableConcept."""
    return [code(coding) for coding in objects(concept.get("coding"))] if isinstance(concept, dict) else []


def is_modified(content: Json) -> bool:
    """Whether it says of itself that it means something else, in a way that nobody here knows."""
    return "modifierExtension" in content or "implicitRules" in content


def extensions(element: Json, url: str) -> list[Json]:
    """The extensions of an element with that address."""
    written = element.get("extension")
    # Most elements have none.
    return [item for item in objects(written) if item.get("url") == url] if written else []


def extension_value(element: Json, url: str, name: str) -> Any:
    """The value of the first extension with that address, None when there is none."""
    for item in objects(element.get("extension")):
        if item.get("url") == url:
            return item.get(name)
    return None


def first_extensions(element: Json) -> dict[str, Json]:
    """Of each address the first extension of an element, for whoever looks for several."""
    written = element.get("extension")
    return {text(item.get("url")): item for item in reversed(objects(written))} if written else {}


def elements(value: Any) -> list[Json]:
    """Every object within a value, itself included; not those of contained resources or the narrative."""
    found = objects(value)
    for one in found:  # which grows meanwhile
        for name, part in one.items():
            if name in _ELSEWHERE:
                continue
            if isinstance(part, dict):
                found.append(part)
            elif isinstance(part, list):
                found += [item for item in part if isinstance(item, dict)]
    return found
