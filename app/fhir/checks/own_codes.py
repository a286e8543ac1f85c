"""Codes of the product's own systems are codes of theirs: a misspelt one would count as nothing, and nobody would know.

Consents, Flags and supporters have rules of their own for codes that are not known (the sharing decision, sections 4
and 6.1): of Consents and supporters it is said, and stored all the same.
https://hl7.org/fhir/R4/terminologies.html
"""

from collections.abc import Iterator
from typing import Any, Final

from app.fhir import issues
from app.fhir.canonical import BASE
from app.fhir.definition import Rules
from app.fhir.errors import Issue
from app.fhir.vocabulary import ALL

_SYSTEMS: Final = {system.url: system for system in ALL}
_NAMED: Final = 15
_OURS: Final = f"{BASE}/CodeSystem/"
# The tag of a Patient of whom only a number is known: Kith writes it, and it has one code.
_TAG: Final = f"{_OURS}record-status"


def own_codes_are_known(resource: dict[str, Any], rules: Rules) -> list[Issue]:  # noqa: ARG001  # as all checks are called
    """An issue for each Coding of one of the product's systems that has no code of it, or of none that there is."""
    return list(_unknown(resource, resource["resourceType"]))


def own_codes_are_told(resource: dict[str, Any], rules: Rules) -> list[Issue]:
    """The same as warnings, where the record is stored all the same: such a code counts for nothing."""
    return [issues.warning(issue) for issue in own_codes_are_known(resource, rules)]


def _unknown(node: Any, path: str) -> Iterator[Issue]:
    if isinstance(node, list):
        for index, each in enumerate(node):
            yield from _unknown(each, f"{path}[{index}]")
    elif isinstance(node, dict):
        written = node.get("system")
        system = _SYSTEMS.get(written) if isinstance(written, str) else None
        if system is None and isinstance(written, str) and written.startswith(_OURS) and written != _TAG:
            yield issues.value(f"{path}.system", f"There is no code system {written[:200]} here.")
        if system and node.get("code") not in system.by_code:
            known = ", ".join(system.codes[:_NAMED]) + (" ..." if len(system.codes) > _NAMED else "")
            yield issues.value(f"{path}.code", f"{system.name} has the codes {known}.")
        for name, each in node.items():
            if isinstance(each, dict | list):
                yield from _unknown(each, f"{path}.{name}")
