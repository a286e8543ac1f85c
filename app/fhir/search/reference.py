"""Reference parameters: to a resource here, to one elsewhere, or by identifier.

https://hl7.org/fhir/R4/search.html#reference
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from app.fhir import references
from app.fhir.definition import SearchParameter
from app.fhir.search import uri
from app.fhir.search.length import short
from app.fhir.search.token import normal_code, normal_system

# (target type, target id, url, system, value)
ReferenceKey = tuple[str, str, str, str, str]

_ELSEWHERE: Final = re.compile(r".*/([A-Z][A-Za-z]{1,63})/[A-Za-z0-9.\-]{1,64}(?:/_history/[A-Za-z0-9.\-]{1,64})?")


def keys(element: Any, parameter: SearchParameter, bases: tuple[str, ...]) -> Iterator[ReferenceKey]:
    """The key of a Reference as it is written; of a canonical, its URL with and without |version.

    A Reference to a type that the parameter does not cover gives none. One that cannot be searched for (text alone,
    or a contained resource) gives an empty key: it is there, so it is not missing.
    """
    if isinstance(element, str):
        yield from (("", "", url, "", "") for url in uri.keys(element))
    elif isinstance(element, dict):
        type_, id_, url = _literal(element.get("reference"), bases)
        named = type_ or _of_url(url) or element.get("type") or ""
        if not parameter.targets or not named or named in parameter.targets:
            yield type_ or (element.get("type") or ""), id_, url, *_identifier(element.get("identifier"))


def _literal(reference: Any, bases: tuple[str, ...]) -> tuple[str, str, str]:
    if not isinstance(reference, str) or reference.startswith("#"):
        return "", "", ""
    target = references.target(reference, bases)
    return (target.type, target.id, "") if target else ("", "", short(reference))


def _of_url(url: str) -> str:
    match = _ELSEWHERE.fullmatch(url)
    return match[1] if match else ""


def _identifier(identifier: Any) -> tuple[str, str]:
    if not isinstance(identifier, dict):
        return "", ""
    system, value = identifier.get("system"), identifier.get("value")
    system = normal_system(system) if isinstance(system, str) else ""
    return system, normal_code(system, value) if isinstance(value, str) else ""
