"""The data that a provision is about: code, class, securityLabel, data, dataPeriod (the sharing decision, section 6.2).

They are one unit: all that are there must fit. A permit covers what demonstrably fits; a deny bites also where that
cannot be told.
"""

from typing import Any, Final, NamedTuple

from app.fhir.resource_types import RESOURCE_TYPES
from app.fhir.terminology import SHARING_SCOPES
from app.sharing.directory import Directory
from app.sharing.reading import Code, Json, code, codes, objects
from app.sharing.resources import LEVELS, NORMAL, Resource
from app.sharing.scope_types import NAMED_ONLY, TYPES
from app.sharing.systems import ACT_CODE, CONFIDENTIALITY, RESOURCE_TYPE, SHARING_LABEL, SHARING_SCOPE
from app.sharing.times import Span, period

ELEMENTS: Final = ("code", "class", "securityLabel", "data", "dataPeriod")
# How closely a match says what it is about (section 6.3).
EVERYTHING, A_SCOPE, A_RESOURCE = 0, 1, 2


class Labels(NamedTuple):
    """Security labels: the highest and lowest confidentiality among them (None when there is none), and the others."""

    highest: int | None
    lowest: int | None
    others: frozenset[Code]


class Data(NamedTuple):
    """Named records. `vague`: something is named that nobody here can tell apart from other records."""

    references: frozenset[str]
    vague: bool


class Scoping(NamedTuple):
    """None where an element is absent. `unclear`: it holds codes with which a deny cannot be understood."""

    scopes: frozenset[str] | None
    types: frozenset[str] | None
    labels: Labels | None
    data: Data | None
    period: Span | None
    unclear: bool

    @property
    def speaks_of_records(self) -> bool:
        return self.labels is not None or self.data is not None or self.period is not None


def scoping(provision: Json, directory: Directory) -> Scoping | None:
    """The data scoping of one level; None when it has none."""
    written = [name for name in ELEMENTS if name in provision]
    if not written:
        return None
    concepts = [codes(concept) for concept in objects(provision.get("code"))]
    classes = [code(coding) for coding in objects(provision.get("class"))]
    labels = [code(coding) for coding in objects(provision.get("securityLabel"))]
    when = period(provision["dataPeriod"]) if "dataPeriod" in provision else None
    scopes = [_scopes(concept) for concept in concepts]
    return Scoping(
        scopes=frozenset().union(*scopes) if "code" in provision else None,
        types=frozenset(c for s, c in classes if s == RESOURCE_TYPE) if "class" in provision else None,
        labels=_labels(labels) if "securityLabel" in provision else None,
        data=_data(provision["data"], directory) if "data" in provision else None,
        period=when,
        unclear=not all(scopes)
        or any(not system for concept in concepts for system, _ in concept)
        or not all(s == RESOURCE_TYPE and c in RESOURCE_TYPES for s, c in classes)
        or not all(_is_known_label(label) for label in labels)
        or any(when is None if name == "dataPeriod" else not _has_items(provision[name]) for name in written),
    )


def permits(scoping: Scoping | None, scope: str, resource: Resource | None) -> int | None:
    """How closely a permit with this scoping covers what is asked; None when it does not."""
    if scoping is None:
        covers = scope not in NAMED_ONLY and not (resource and resource.is_guarded)
        return EVERYTHING if covers else None
    if scoping.scopes is None:
        if scope in NAMED_ONLY:
            return None
    elif scope not in scoping.scopes:
        return None
    if scoping.types is not None and not _all_types(scoping.types, scope, resource):
        return None
    if not _labels_permit(scoping.labels, resource):
        return None
    if scoping.period is not None and not (resource and resource.times and _within(resource, scoping.period)):
        return None
    if scoping.data is None:
        return A_SCOPE
    return A_RESOURCE if resource and resource.reference in scoping.data.references else None


def denies(scoping: Scoping | None, scope: str, resource: Resource | None) -> int | None:
    """How closely a deny with this scoping speaks of what is asked; None when it does not."""
    if scoping is None:
        return EVERYTHING
    if not about(scoping, scope, resource) or not _labels_deny(scoping.labels, resource):
        return None
    if scoping.period is not None and not (resource and _perhaps_within(resource, scoping.period)):
        return None
    if scoping.data is None:
        return A_SCOPE
    named = resource is not None and (scoping.data.vague or resource.reference in scoping.data.references)
    return A_RESOURCE if named else None


def about(scoping: Scoping, scope: str, resource: Resource | None) -> bool:
    """Whether a deny, by code and class alone, is about this scope."""
    if scoping.scopes is not None and scope not in scoping.scopes:
        return False
    types = scoping.types
    held = _types(scope)
    return types is None or not types.isdisjoint(held) or (resource is not None and resource.type in types)


def _types(scope: str) -> frozenset[str]:
    """What a scope holds; '' is no scope, asked where only resources that nobody knows are named."""
    return TYPES.get(scope, frozenset())


def _all_types(types: frozenset[str], scope: str, resource: Resource | None) -> bool:
    held = _types(scope)
    return bool(held) and held <= types and (resource is None or resource.type in types)


def _labels_permit(labels: Labels | None, resource: Resource | None) -> bool:
    if labels is None:
        return not (resource and resource.is_guarded)
    if resource is None:
        return labels.highest is not None and labels.highest >= NORMAL
    if labels.highest is None and labels.others.isdisjoint(resource.labels):
        return False
    return resource.level <= (NORMAL if labels.highest is None else labels.highest) and resource.labels <= labels.others


def _labels_deny(labels: Labels | None, resource: Resource | None) -> bool:
    if labels is None:
        return True
    if resource is None:
        return labels.lowest is not None and labels.lowest <= NORMAL
    high_enough = labels.lowest is not None and resource.level >= labels.lowest
    return high_enough or not labels.others.isdisjoint(resource.labels)


def _within(resource: Resource, when: Span) -> bool:
    return all(time is not None and when.contains(time) for time in resource.times)


def _perhaps_within(resource: Resource, when: Span) -> bool:
    return not resource.times or any(time is None or when.meets(time) for time in resource.times)


def _labels(labels: list[Code]) -> Labels:
    levels = [LEVELS.index(c) for s, c in labels if s == CONFIDENTIALITY and c in LEVELS and c]
    others = frozenset(label for label in labels if label[0] and label[0] != CONFIDENTIALITY)
    return Labels(max(levels, default=None), min(levels, default=None), others)


def _data(written: Any, directory: Directory) -> Data:
    items = objects(written)
    exact = [directory.find(item.get("reference")).reference for item in items if item.get("meaning") == "instance"]
    return Data(frozenset(ref for ref in exact if ref), vague=len(exact) != len(items) or not all(exact) or not items)


def _scopes(concept: list[Code]) -> frozenset[str]:
    return SHARING_SCOPES.intersection([code_ for system, code_ in concept if system == SHARING_SCOPE])


def _is_known_label(label: Code) -> bool:
    system, code_ = label
    if system == CONFIDENTIALITY:
        return len(code_) == 1 and code_ in LEVELS
    return (system == ACT_CODE and bool(code_)) or label == (SHARING_LABEL, "given-in-confidence")


def _has_items(written: Any) -> bool:
    """A list of objects and nothing else."""
    return isinstance(written, list) and bool(written) and len(objects(written)) == len(written)
