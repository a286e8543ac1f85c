"""Reads FHIR JSON that may be anything: what has not the expected form is as if it were absent.

Nothing here decides. Callers ask separately whether something was there that could not be read.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.fhir.terminology import normal_system

Json = Mapping[str, Any]
Code = tuple[str, str]

EMPTY: Json = {}
_ELSEWHERE = frozenset({"contained", "text"})
# As parsed from JSON, where there are no others; asking by isinstance takes twice as long.
_COMPOSED = (dict, list)
_WHOLES = (dict, list)


def mapping(value: Any) -> Json:
    """The object, or an empty one."""
    return value if isinstance(value, (dict, Mapping)) else EMPTY


def objects(value: Any) -> list[Json]:
    """The objects of a list; of a single object, that one."""
    if isinstance(value, list):
        return [item for item in value if isinstance(item, dict)]
    return [value] if isinstance(value, dict) else []


def text(value: Any) -> str:
    """The text, or ''."""
    return value if isinstance(value, str) else ""


def code(coding: Json) -> Code:
    """System (in HL7's spelling) and code of a Coding, '' for what is absent."""
    return normal_system(text(coding.get("system"))), text(coding.get("code"))


def codes(concept: Any) -> list[Code]:
    """System and code of each coding of a CodeableConcept."""
    return [code(coding) for coding in objects(mapping(concept).get("coding"))]


def is_modified(content: Json) -> bool:
    """Whether it says of itself that it means something else, in a way that nobody here knows."""
    return "modifierExtension" in content or "implicitRules" in content


def extensions(element: Json, url: str) -> list[Json]:
    """The extensions of an element with that address."""
    return [item for item in objects(element.get("extension")) if item.get("url") == url]


def extension_value(element: Json, url: str, name: str) -> Any:
    """The value of the first extension with that address, None when there is none."""
    found = extensions(element, url)
    return found[0].get(name) if found else None


def elements(value: Any) -> Iterator[Json]:
    """Every object within a value, itself included; not those of contained resources or the narrative."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            yield item
            waiting += [part for name, part in item.items() if isinstance(part, _WHOLES) and name not in _ELSEWHERE]
        elif isinstance(item, list):
            waiting += item
