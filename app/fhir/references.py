"""References: where a resource has them, and what each points to. https://hl7.org/fhir/R4/references.html"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.fhir import nhs_number

_RELATIVE = re.compile(r"([A-Z][A-Za-z]{1,63})/([A-Za-z0-9.\-]{1,64})(?:/_history/([A-Za-z0-9.\-]{1,64}))?")
# PDS and its sandbox, integration and other environments; what a URL of another host means is not ours to say.
_PDS_PATIENT = re.compile(
    r"https://(?:[a-z0-9-]+\.)?api\.service\.nhs\.uk/personal-demographics/FHIR/R4/Patient/([0-9]{10})"
    r"(?:/_history/([A-Za-z0-9.\-]{1,64}))?"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A Reference element and where it is: the expression names its `reference` when it has one."""

    expression: str
    element: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Target:
    """What a literal reference names, `version` empty unless the reference is to one version."""

    type: str
    id: str
    version: str = ""


def references(resource: dict[str, Any]) -> list[Found]:
    """Every Reference of a structurally valid resource, in extensions and contained resources too, in order."""
    return list(_within(resource, str(resource["resourceType"])))


def target(reference: str, bases: tuple[str, ...]) -> Target | None:
    """What `reference` names: relative, absolute under one of our `bases`, or a PDS Patient; None when elsewhere."""
    pds = _PDS_PATIENT.fullmatch(reference)
    if pds:
        return Target("Patient", pds[1], pds[2] or "")
    for base in bases:
        prefix = base.rstrip("/") + "/"
        if reference.startswith(prefix):
            reference = reference[len(prefix) :]
            break
    relative = _RELATIVE.fullmatch(reference)
    return Target(relative[1], relative[2], relative[3] or "") if relative else None


def is_pds_patient(reference: str) -> bool:
    """Whether this is the URL of a Patient in the Personal Demographics Service."""
    return _PDS_PATIENT.fullmatch(reference) is not None and nhs_number.has_ten_digits(reference.split("/Patient/")[1][:10])


def _within(element: dict[str, Any], path: str) -> Iterator[Found]:
    for name, value in element.items():
        if isinstance(value, dict):
            yield from _at(value, f"{path}.{name}")
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, dict):
                    yield from _at(item, f"{path}.{name}[{index}]")


def _at(element: dict[str, Any], path: str) -> Iterator[Found]:
    if _is_reference(element):
        yield Found(f"{path}.reference" if "reference" in element else path, element)
    yield from _within(element, path)


def _is_reference(element: dict[str, Any]) -> bool:
    return isinstance(element.get("reference"), str) or isinstance(element.get("identifier"), dict)
