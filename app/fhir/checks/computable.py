"""What makes a provision computable, level by level. https://hl7.org/fhir/R4/consent.html#6.2.4"""

from collections.abc import Callable, Iterator
from typing import Any, Final

from app.fhir import issues, terminology, vocabulary
from app.fhir.canonical import SHARING_LABEL, SHARING_SCOPE
from app.fhir.checks.levels import levels
from app.fhir.errors import Issue
from app.fhir.references import contained_types, type_of
from app.fhir.resource_types import RESOURCE_TYPES

MAX_LEVELS: Final = 5

# Members that hold codings, each with where it stands: a nested provision inherits them with their place.
_Stated = dict[str, tuple[str, list[dict[str, Any]]]]
_Known = dict[str, frozenset[str] | None]

_ROLES: Final = frozenset(
    {(terminology.PARTICIPATION_TYPE, code) for code in ("IRCP", "PRCP", "CST")}
    | {(terminology.ROLE_CODE, code) for code in ("GRANTEE", "DELEGATEE")}
)
_CODES: Final[_Known] = {SHARING_SCOPE: terminology.SHARING_SCOPES}
_CLASSES: Final[_Known] = {terminology.RESOURCE_TYPE: RESOURCE_TYPES}
# Of sensitivities (v3-ActCode) any code is known by its system: a label that is there is enough to refuse by.
_LABELS: Final[_Known] = {
    terminology.CONFIDENTIALITY: frozenset("ULMNRV"),
    SHARING_LABEL: frozenset(vocabulary.SHARING_LABEL.codes),
    terminology.ACT_CODE: None,
}
_NO_ONE: Final = frozenset({"Group", "Device", "Patient"})
# The parts of a provision that are taken over together where a nested one restates none of them.
_SCOPING: Final = ("code", "class", "securityLabel", "data", "dataPeriod")


def provisions(root: dict[str, Any]) -> Iterator[Issue]:
    """What cannot be computed in the root provision of a Consent and all that it holds."""
    yield from _level(root, "Consent.provision", 1, {})


def _level(provision: dict[str, Any], path: str, level: int, inherited: _Stated) -> Iterator[Issue]:
    if level > MAX_LEVELS:
        yield issues.rule(path, f"Provisions are nested at most {MAX_LEVELS} deep; say it with fewer levels.")
        return
    stated = _stated(provision, path, inherited)
    if "type" not in provision:
        yield issues.missing(f"{path}.type", "is required at each level: permit or deny")
    for index, actor in enumerate(provision.get("actor", ())):
        yield from _role(actor, f"{path}.actor[{index}].role")
    if provision.get("type") == "deny":
        yield from _denied(stated, provision, path)
    for index, nested in enumerate(provision.get("provision", ())):
        yield from _level(nested, f"{path}.provision[{index}]", level + 1, stated)


def _stated(provision: dict[str, Any], path: str, inherited: _Stated) -> _Stated:
    """What a level says in codes, with what it takes from its parent because it does not say it itself."""
    restated = {"action", "purpose"} & provision.keys()
    if any(name in provision for name in _SCOPING):
        restated.update(_SCOPING)
    kept = {name: value for name, value in inherited.items() if name not in restated}
    return kept | {name: (f"{path}.{name}", provision[name]) for name in _CHECKS if name in provision}


def _role(actor: dict[str, Any], path: str) -> Iterator[Issue]:
    role = actor.get("role")
    if role is None:
        yield issues.missing(path)
    elif not any(terminology.key(coding) in _ROLES for coding in role.get("coding", ())):
        yield issues.value(
            path,
            f"{path} must be coded as IRCP or PRCP (recipient) or CST (discloser) of {terminology.PARTICIPATION_TYPE}, "
            f"or GRANTEE or DELEGATEE (recipient) of {terminology.ROLE_CODE}.",
        )


def unclear_refusals(consent: dict[str, Any]) -> Iterator[Issue]:
    """Recipients of a refusal of whom nobody can tell which supporters they are."""
    contained, said = contained_types(consent), set()
    for level in levels(consent):
        for path, actor in level.recipients if level.denies else ():
            reference = actor["reference"]
            if path in said:
                continue
            said.add(path)
            if type_of(reference, contained) in _NO_ONE:
                yield issues.value(
                    f"{path}.reference",
                    "In a refusal a Group, Device or Patient is nobody certain: name a RelatedPerson or CareTeam, or "
                    "leave the actor out to refuse everybody.",
                )
            elif "reference" not in reference and "identifier" not in reference:
                yield issues.missing(f"{path}.reference.reference", "is required in a refusal: who is not to be told")


def _denied(stated: _Stated, provision: dict[str, Any], path: str) -> Iterator[Issue]:
    """A refusal whose codes cannot be read would refuse nothing for certain."""
    for index, actor in enumerate(provision.get("actor", ())):
        yield from _systems(f"{path}.actor[{index}].role", actor.get("role", {}).get("coding", ()))
    for name, (at, values) in stated.items():
        for index, value in enumerate(values):
            yield from _CHECKS[name](f"{at}[{index}]", value)


def _concept(at: str, concept: dict[str, Any]) -> Iterator[Issue]:
    yield from _systems(at, concept.get("coding", ()))


def _scope(at: str, concept: dict[str, Any]) -> Iterator[Issue]:
    codings = concept.get("coding", ())
    yield from _systems(at, codings)
    if not any(_is_known(coding, _CODES) for coding in codings):
        yield issues.value(at, f"A refusal must say what it is about in codes of {SHARING_SCOPE}.")


def _class(at: str, coding: dict[str, Any]) -> Iterator[Issue]:
    if not _is_known(coding, _CLASSES):
        yield issues.value(at, f"A refusal by class must name a resource type of {terminology.RESOURCE_TYPE}.")


def _label(at: str, coding: dict[str, Any]) -> Iterator[Issue]:
    if not _is_known(coding, _LABELS):
        known = ", ".join(sorted(_LABELS))
        yield issues.value(at, f"A refusal by security label must use labels known here, of: {known}.")


def _purpose(at: str, coding: dict[str, Any]) -> Iterator[Issue]:
    if "system" not in coding:
        yield _without_system(at)


def _systems(at: str, codings: Any) -> Iterator[Issue]:
    for index, coding in enumerate(codings):
        if "system" not in coding:
            yield _without_system(f"{at}.coding[{index}]")


def _without_system(at: str) -> Issue:
    return issues.missing(f"{at}.system", "is required: in a refusal each code needs its system")


def _is_known(coding: dict[str, Any], known: _Known) -> bool:
    system, code = terminology.key(coding)
    codes = known.get(system, frozenset())
    return bool(code) and (codes is None or code in codes)


_CHECKS: Final[dict[str, Callable[[str, dict[str, Any]], Iterator[Issue]]]] = {
    "action": _concept,
    "purpose": _purpose,
    "code": _scope,
    "class": _class,
    "securityLabel": _label,
}
