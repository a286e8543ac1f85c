"""possibly-same-person: the recipient may be somebody restricted or refused (the sharing decision, section 5)."""

from collections.abc import Callable, Sequence

from app.sharing.case import Case
from app.sharing.finding import Finding, held
from app.sharing.layers.child import child
from app.sharing.layers.patient_consent import patient_consent
from app.sharing.layers.refer_deceased import refer_deceased
from app.sharing.layers.refer_young_person import refer_young_person
from app.sharing.layers.substitutes import substitutes
from app.sharing.layers.uninterpretable_consent import uninterpretable_consent
from app.sharing.statement import Statement

BASIS = "possibly-same-person"
_REFUSED = ("patient-refusal", "conflicting-consents")
_LATER: Sequence[Callable[[Case], Finding | None]] = (
    refer_deceased,
    refer_young_person,
    child,
    uninterpretable_consent,
    patient_consent,
    substitutes,
)


def possibly_same_person(case: Case) -> Finding | None:
    """Whether a namesake is restricted or refused. Where that restriction is absolute, no override lifts this."""
    if not case.identity.perhaps:
        return None
    flags = case.may_be_restricted
    lifted = not any(one.is_absolute(case.scope, case.resource) for one in flags)
    refusals = [one for other in case.others for one in _refusals(other)]
    if flags or refusals:
        return held(BASIS, *sorted(one.version for one in flags), statements=refusals, overridable=lifted)
    return held(BASIS) if _would_be_refused(case) else None


def _refusals(other: Case) -> list[Statement]:
    """The refusals by which the same question about somebody else ends."""
    combined = other.combined
    return list(combined.deciding) if combined.result in _REFUSED else []


def _would_be_refused(case: Case) -> bool:
    """Whether what permits would not, if what was said about the namesake had been said about the recipient."""
    return _permits(case) and not _permits(case.at_worst)


def _permits(case: Case) -> bool:
    found = (layer(case) for layer in _LATER)
    first = next((one for one in found if one is not None and (one.held or one.decision == "permit")), None)
    return first is not None and first.decision == "permit"
