"""The data scoping of a provision: scopes, classes, labels, data (section 6.2)."""

from typing import TYPE_CHECKING, Any

from tests.sharing.reference import times
from tests.sharing.reference.vocabulary import (
    ACT_CODE,
    CONFIDENTIALITY,
    NAMED_ONLY,
    ORDER_OF_CONFIDENTIALITY,
    RESOURCE_TYPES,
    SCOPE_OF_TYPE,
    SCOPES,
    SHARING_LABEL,
    SHARING_SCOPE,
    TYPES_OF_SCOPE,
    key,
    keys,
)
from tests.sharing.reference.world import Stood, World, resolve

if TYPE_CHECKING:
    from tests.sharing.reference.provisions import Ask
from tests.sharing.reference.levels import Level

_NORMAL = ORDER_OF_CONFIDENTIALITY.index("N")
_TIMES = {"Appointment": "start", "Communication": "sent", "QuestionnaireResponse": "authored"}


def data_scoping(world: World, ask: "Ask", top: "Level") -> int | None:
    """How precisely a provision speaks of the information asked for: 2 named resource, 1 scope or label, 0 everything;
    None when it does not. 'Data scoping is one unit, AND across its elements.'
    """
    if not scopes_match(ask, top) or not _records_match(world, ask, top):
        return None
    if top.scoping.get("data"):
        return 2
    return 1 if top.scoping else 0


def scopes_match(ask: "Ask", top: "Level") -> bool:
    """Code and class. 'A deny without scoping covers every scope. A permit without scoping covers every scope except
    sensitive-history and substance-use, which are permitted only where `code` names them.'
    """
    scoping = top.scoping
    if top.type == "permit" and ask.scope in NAMED_ONLY and ask.scope not in _codes(scoping):
        return False
    by_code = "code" not in scoping or ask.scope in _codes(scoping)
    return by_code and ("class" not in scoping or _class_covers(ask, top))


def _codes(scoping: dict[str, Any]) -> set[str]:
    """'sharing-scope codes; other systems' codes never widen a permit'."""
    return {code for concept in scoping.get("code") or () for system, code in keys(concept) if system == SHARING_SCOPE}


def _class_covers(ask: "Ask", top: "Level") -> bool:
    """'a permit covers a scope when all its types are listed (a scope without types ... never by class), a deny when
    any is'. A named resource of a refused type is refused, whatever it is tagged with, and one of a type that is not
    permitted is not permitted.
    """
    listed = {code for system, code in map(key, top.scoping["class"]) if system == RESOURCE_TYPES}
    types = TYPES_OF_SCOPE.get(ask.scope, frozenset())
    if top.type == "deny":
        return bool((types | {one.record.type for one in ask.resources}) & listed)
    return bool(types) and types <= listed and all(one.record.type in listed for one in ask.resources)


def _records_match(world: World, ask: "Ask", top: "Level") -> bool:
    """`securityLabel`, `data` and `dataPeriod` 'speak about named resources'."""
    if not ask.resources:
        return not about_records(top)
    if top.type == "deny":
        return any(_denied(world, one, top.scoping) for one in ask.resources)
    return all(_permitted(world, ask, one, top.scoping) for one in ask.resources)


def about_records(top: "Level") -> bool:
    """'When the question names no resource: a permit with data, dataPeriod, only labels that are not confidentiality,
    or a highest confidentiality below N does not match; a deny with data, dataPeriod, only other labels, or a lowest
    confidentiality above N does not match'.
    """
    if top.scoping.get("data") or top.scoping.get("dataPeriod"):
        return True
    labels = top.scoping.get("securityLabel")
    if not labels:
        return False
    levels = _levels(labels)
    if top.type == "deny":
        return not levels or min(levels) > _NORMAL
    return not levels or max(levels) < _NORMAL


def _levels(labels: Any) -> list[int]:
    """'Confidentiality is ordered U < L < M < N < R < V'."""
    codes = [code for system, code in map(key, labels) if system == CONFIDENTIALITY]
    return [ORDER_OF_CONFIDENTIALITY.index(code) for code in codes if code and code in ORDER_OF_CONFIDENTIALITY]


def _others(labels: Any) -> set[tuple[str, str]]:
    return {pair for pair in map(key, labels) if pair[0] != CONFIDENTIALITY}


def security(resource: Stood) -> list[Any]:
    return [label for label in (resource.content.get("meta") or {}).get("security") or () if label]


def confidentiality(resource: Stood) -> int:
    """'(none counts as N)'."""
    return max(_levels(security(resource)), default=_NORMAL)


def is_restricted(resource: Stood) -> bool:
    """Labelled R or V."""
    return confidentiality(resource) > _NORMAL


def in_confidence(resource: Stood) -> bool:
    return (SHARING_LABEL, "given-in-confidence") in map(key, security(resource))


def _denied(world: World, resource: Stood, scoping: dict[str, Any]) -> bool:
    """'a deny bites also where it cannot be told (unknown time, `data.meaning` other than instance)'."""
    labels, period = scoping.get("securityLabel"), scoping.get("dataPeriod")
    return (
        (not labels or _label_denies(resource, labels))
        and (not scoping.get("data") or any(_datum_denies(world, resource, datum) for datum in scoping["data"]))
        and (not period or _may_lie_in(resource, period))
    )


def _label_denies(resource: Stood, labels: Any) -> bool:
    """'a label ... in a deny [covers] that or higher; other labels: ... a deny needs any'."""
    levels = _levels(labels)
    by_level = bool(levels) and min(levels) <= confidentiality(resource)
    return by_level or bool(_others(labels) & _others(security(resource)))


def _datum_denies(world: World, resource: Stood, datum: Any) -> bool:
    named = resolve(world, {"reference": (datum.get("reference") or {}).get("reference")})
    return datum.get("meaning") != "instance" or not named or resource.record.reference in named


def _may_lie_in(resource: Stood, period: Any) -> bool:
    when = _when(resource)
    return when is None or (times.start_of(period) <= when.last and when.first <= times.end_of(period))


def _permitted(world: World, ask: "Ask", resource: Stood, scoping: dict[str, Any]) -> bool:
    """'A permit covers only what demonstrably matches'."""
    data, period = scoping.get("data"), scoping.get("dataPeriod")
    when = _when(resource)
    return (
        _label_permits(world, resource, scoping.get("securityLabel") or ())
        and (not data or (any(_datum_permits(world, resource, datum) for datum in data) and _about(ask)))
        and (not period or bool(when and times.covers(period, when)))
    )


def _about(ask: "Ask") -> bool:
    """A permit of some records is no permit of a scope that they are not about."""
    return any(ask.scope in scopes_of(resource) for resource in ask.resources)


def _datum_permits(world: World, resource: Stood, datum: Any) -> bool:
    named = resolve(world, {"reference": (datum.get("reference") or {}).get("reference")})
    return datum.get("meaning") == "instance" and resource.record.reference in named


def _label_permits(world: World, resource: Stood, labels: Any) -> bool:
    """'a label in a permit covers that or lower ... other labels: a permit must list each'; 'A permit without labels
    never covers a named resource labelled R, V or with a sensitivity code (a setting lists the codes this service
    treats as normal, PSY by default).'
    """
    ordinary = {(ACT_CODE, code) for code in world.facts.policy.ordinary_labels}
    others = _others(security(resource))
    if not labels:
        return not is_restricted(resource) and not any(system == ACT_CODE for system, _ in others - ordinary)
    levels, listed = _levels(labels), _others(labels)
    named = bool(levels) or bool(listed & _others(security(resource)))
    return named and confidentiality(resource) <= max(levels, default=_NORMAL) and others <= listed


def _when(resource: Stood) -> times.Span | None:
    return times.span(resource.content.get(_TIMES.get(resource.record.type, ""), ""))


def scopes_of(resource: Stood) -> set[str]:
    """'`meta.tag` of the sharing-scope CodeSystem, or from type and category by a published table'."""
    tags = [tag for tag in (resource.content.get("meta") or {}).get("tag") or () if tag]
    tagged = {code for system, code in map(key, tags) if system == SHARING_SCOPE} & set(SCOPES)
    by_type = SCOPE_OF_TYPE.get(resource.record.type)
    return tagged or ({by_type} if by_type else set())
