"""A safety override: a named clinician decides, for some hours, against a deny. All that its Consent must show."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from app.fhir import issues
from app.fhir.bases import SAFETY_OVERRIDE, basis
from app.fhir.canonical import SHARING_SCOPE, extension
from app.fhir.checks.consent_basis import PROFESSIONALS, names_a_scope
from app.fhir.checks.levels import Level, levels
from app.fhir.checks.london import earliest, latest
from app.fhir.checks.speaking import is_active_privacy, speaks
from app.fhir.definition import Check, Rules
from app.fhir.errors import Issue
from app.fhir.own_extensions import text
from app.fhir.references import contained_types, named_type, type_of
from app.fhir.vocabulary import CAPACITY_VIEW, OVERRIDE_REASON

Members = dict[str, Any]

_SECOND: Final = 1_000_000
_HOUR: Final = timedelta(hours=1) // timedelta(microseconds=1)


def is_override(consent: Members) -> bool:
    """Whether a Consent, as it is written now, lets something be shared against a deny."""
    return is_active_privacy(consent) and basis(consent) == SAFETY_OVERRIDE


def is_complete(consent: Members, rules: Rules) -> list[Issue]:
    """Everything that an override still lacks."""
    if not speaks(consent, rules) or basis(consent) != SAFETY_OVERRIDE:
        return []
    return [*_reasons(consent), *_performers(consent), *_provision(consent), *_hours(consent, rules)]


def _reasons(consent: Members) -> Iterator[Issue]:
    for name, codes in (("override-reason", OVERRIDE_REASON.codes), ("override-capacity-view", CAPACITY_VIEW.codes)):
        if text(consent, name) not in codes:
            yield issues.missing("Consent.extension", f"must hold {extension(name)}: one of {', '.join(codes)}")
    if not text(consent, "override-justification"):
        yield issues.missing(
            "Consent.extension", f"must hold {extension('override-justification')}: why, in words for the review"
        )


def _performers(consent: Members) -> Iterator[Issue]:
    who = "the Practitioner or PractitionerRole who decided"
    if "performer" not in consent:
        yield issues.missing("Consent.performer", f"is required: {who}")
    contained = contained_types(consent)
    for index, performer in enumerate(consent.get("performer", ())):
        if type_of(performer, contained) not in PROFESSIONALS:
            yield issues.rule(f"Consent.performer[{index}]", f"Consent.performer must be {who}.")


def _provision(consent: Members) -> Iterator[Issue]:
    for level in levels(consent):
        if level.path != "Consent.provision":
            yield issues.rule(level.path, "An override is one permit without nested provisions; record another beside.")
        elif not level.permits:
            yield issues.rule(f"{level.path}.type", "An override permits: Consent.provision.type must be permit.")
        else:
            yield from _named(level)


def _named(root: Level) -> Iterator[Issue]:
    if not root.recipients:
        yield issues.missing("Consent.provision.actor", "is required: the recipients (IRCP) by direct reference")
    for index, actor in enumerate(root.provision.get("actor", ())):
        path, named = f"{root.path}.actor[{index}]", named_type(actor["reference"].get("reference", ""))
        if named in ("CareTeam", "Group"):
            yield issues.rule(f"{path}.reference", "An override names people, not a team: add each of them.")
        elif not named:
            yield issues.missing(f"{path}.reference.reference", "is required: an override names people directly")
    if not any(names_a_scope(code) for code in root.codes):
        yield issues.missing("Consent.provision.code", f"is required: the scopes, codes of {SHARING_SCOPE}")


def _hours(consent: Members, rules: Rules) -> Iterator[Issue]:
    period = consent.get("provision", {}).get("period", {})
    start, end, decided = period.get("start", ""), period.get("end"), consent.get("dateTime", "")
    at = "Consent.provision.period"
    if "T" not in start:
        yield issues.missing(f"{at}.start", "is required, with the time of day")
    elif "T" not in decided:
        if decided:
            yield issues.value("Consent.dateTime", "Consent.dateTime of an override needs the time of day.")
    elif abs(earliest(start) - earliest(decided)) > _HOUR:
        yield issues.value(f"{at}.start", f"{at}.start must be within an hour of dateTime, when it was decided.")
    if end is None:
        yield issues.missing(f"{at}.end", f"is required: at most {rules.override_hours} hours after its start")
    elif "T" in start and latest(end) - _SECOND - earliest(start) > rules.override_hours * _HOUR:
        yield issues.value(f"{at}.end", f"{at}.end must be at most {rules.override_hours} hours after its start.")


CHECKS: Final[tuple[Check, ...]] = (is_complete,)
