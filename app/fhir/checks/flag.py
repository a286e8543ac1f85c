"""Contact restrictions, and that capacity for sharing decisions is lacking: what such a Flag must say.

https://hl7.org/fhir/R4/flag.html
"""

from collections.abc import Iterator
from typing import Any, Final

from app.fhir import issues, terminology, vocabulary
from app.fhir.canonical import CONTACT_RESTRICTION, FLAG_DETAIL
from app.fhir.checks.own_extensions import own_extensions_are_as_defined
from app.fhir.definition import Check, Rules
from app.fhir.errors import Issue
from app.fhir.references import contained_types, type_of

Members = dict[str, Any]

LACKS_CAPACITY: Final = "lacks-capacity-information-sharing"
RESTRICTIONS: Final = frozenset(vocabulary.CONTACT_RESTRICTION.codes) - {LACKS_CAPACITY}
_CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/flag-category"


def restricts(flag: Members) -> bool:
    """Whether this is a contact restriction. A code without its system, or one nobody knows, may be meant as one."""
    found = {code for system, code in _keys(flag) if system == CONTACT_RESTRICTION or (not system and _is_ours(code))}
    return bool(found - {LACKS_CAPACITY})


def says_capacity_is_lacking(flag: Members) -> bool:
    """Whether it says that the patient lacks capacity for sharing decisions."""
    return any(code == LACKS_CAPACITY and system in ("", CONTACT_RESTRICTION) for system, code in _keys(flag))


def protects(flag: Members) -> bool:
    """Whether a sharing decision rests on this Flag."""
    return flag.get("status") == "active" and (restricts(flag) or says_capacity_is_lacking(flag))


def a_restriction_says_whom_it_is_about(flag: Members, _: Rules) -> list[Issue]:
    """What an active restriction lacks; what nobody could read would keep everybody from everything."""
    if flag.get("status") != "active" or not restricts(flag):
        return []
    return [*_codes(flag), *_needed(flag), *_supporters(flag)]


def lacking_capacity_is_said_by_somebody_from_some_time(flag: Members, _: Rules) -> list[Issue]:
    """What a Flag that says capacity is lacking must say, while it lasts and when it ends."""
    if not says_capacity_is_lacking(flag) or flag.get("status") == "entered-in-error":
        return []
    found = list(_codes(flag))
    if "author" not in flag:
        found.append(issues.missing("Flag.author", "is required: who found that capacity is lacking"))
    if "start" not in flag.get("period", {}):
        found.append(issues.missing("Flag.period.start", "is required: from when capacity is lacking"))
    if flag.get("status") == "inactive" and "end" not in flag.get("period", {}):
        found.append(issues.missing("Flag.period.end", "is required when it ends: until when capacity was lacking"))
    return found


def _codes(flag: Members) -> Iterator[Issue]:
    for index, (system, code) in enumerate(_keys(flag)):
        at = f"Flag.code.coding[{index}]"
        if system == CONTACT_RESTRICTION and not _is_ours(code):
            known = ", ".join(sorted(RESTRICTIONS | {LACKS_CAPACITY}))
            yield issues.value(f"{at}.code", f"This is no code of contact-restriction. They are: {known}.")
        elif not system and _is_ours(code):
            yield issues.missing(f"{at}.system", f"is required: {CONTACT_RESTRICTION}")


def _needed(flag: Members) -> Iterator[Issue]:
    if "start" not in flag.get("period", {}):
        yield issues.missing("Flag.period.start", "is required: from when the restriction holds")
    if not any(terminology.has(category, _CATEGORY, "safety") for category in flag.get("category", ())):
        yield issues.missing("Flag.category", f"must hold the code safety of {_CATEGORY}: this is about safety")


def _supporters(flag: Members) -> Iterator[Issue]:
    contained = contained_types(flag)
    details = [item.get("valueReference", {}) for item in flag.get("extension", ()) if item["url"] == FLAG_DETAIL]
    if not any(type_of(detail, contained) in ("RelatedPerson", "") and _leads(detail) for detail in details):
        why = f"must hold {FLAG_DETAIL} with each supporter it is about: without one it is about everybody"
        yield issues.missing("Flag.extension", why)


def _leads(detail: Members) -> bool:
    return "reference" in detail or "identifier" in detail


def _is_ours(code: str) -> bool:
    return code in RESTRICTIONS or code == LACKS_CAPACITY


def _keys(flag: Members) -> list[tuple[str, str]]:
    return [terminology.key(coding) for coding in flag.get("code", {}).get("coding", ())]


CHECKS: Final[tuple[Check, ...]] = (
    own_extensions_are_as_defined,
    a_restriction_says_whom_it_is_about,
    lacking_capacity_is_said_by_somebody_from_some_time,
)
