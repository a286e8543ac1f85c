"""Codes of the product's own systems are codes of theirs: a misspelt one would count as nothing, and nobody would know.

Consents, Flags and supporters have rules of their own for codes that are not known (the sharing decision, sections 4
and 6.1): of Consents and supporters it is said, and stored all the same.
https://hl7.org/fhir/R4/terminologies.html
"""

from typing import Any, Final

from app.fhir import issues
from app.fhir.canonical import BASE
from app.fhir.definition import Rules
from app.fhir.errors import Issue
from app.fhir.vocabulary import ALL, CodeSystem

_SYSTEMS: Final = {system.url: system for system in ALL}
_NAMED: Final = 15
_OURS: Final = f"{BASE}/CodeSystem/"
# The tag of a Patient of whom only a number is known: Kith writes it, and it has one code.
_TAG: Final = f"{_OURS}record-status"


def own_codes_are_known(resource: dict[str, Any], rules: Rules) -> list[Issue]:  # noqa: ARG001  # as all checks are called
    """An issue for each Coding of one of the product's systems that has no code of it, or of none that there is."""
    found: list[Issue] = []
    _collect(resource, resource["resourceType"], found)
    return found


def own_codes_are_told(resource: dict[str, Any], rules: Rules) -> list[Issue]:
    """The same as warnings, where the record is stored all the same: such a code counts for nothing."""
    return [issues.warning(issue) for issue in own_codes_are_known(resource, rules)]


def _collect(node: Any, path: str, found: list[Issue]) -> None:
    """Adds an issue for each within a node; a list that is filled costs half of what nested generators do."""
    if isinstance(node, list):
        for index, each in enumerate(node):
            if isinstance(each, dict | list):
                _collect(each, f"{path}[{index}]", found)
        return
    system = node.get("system")
    if isinstance(system, str) and system.startswith(_OURS):
        if system not in _SYSTEMS and system != _TAG:
            found.append(issues.value(f"{path}.system", f"There is no code system {system[:200]} here."))
        elif system in _SYSTEMS and node.get("code") not in _SYSTEMS[system].by_code:
            found.append(_unknown(_SYSTEMS[system], path))
    for name, each in node.items():
        if isinstance(each, dict | list):
            _collect(each, f"{path}.{name}", found)


def _unknown(system: CodeSystem, path: str) -> Issue:
    known = ", ".join(system.codes[:_NAMED]) + (" ..." if len(system.codes) > _NAMED else "")
    return issues.value(f"{path}.code", f"{system.name} has the codes {known}.")
