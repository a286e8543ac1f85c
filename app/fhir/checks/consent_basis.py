"""On what basis an active privacy Consent permits, and the evidence for it that the Consent itself must show.

What the rest of the record must show (that an attorney holds the role) is judged where it is written.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from app.fhir import issues, nhs_number, terminology
from app.fhir.bases import ADVANCE, BEST_INTEREST, HOLDERS, NOT_THE_PATIENTS, OTHER, OWN, basis
from app.fhir.canonical import LEGAL_BASIS, NOT_THE_PATIENTS_DECISION, SHARING_SCOPE
from app.fhir.checks.levels import levels, permits
from app.fhir.checks.london import latest
from app.fhir.checks.speaking import speaks
from app.fhir.definition import Check, Rules
from app.fhir.errors import Issue
from app.fhir.own_extensions import own, text
from app.fhir.references import contained_types, type_of
from app.fhir.vocabulary import CONSENT_METHOD

Members = dict[str, Any]

# What was inferred was not said.
METHODS: Final = tuple(code for code in CONSENT_METHOD.codes if code != "implied")
PROFESSIONALS: Final = ("Practitioner", "PractitionerRole")
_DAY: Final = timedelta(days=1) // timedelta(microseconds=1)


def has_a_basis(consent: Members, rules: Rules) -> list[Issue]:
    """All that keeps the permits of an active Consent from counting, and refuses it.

    With `vrs_leniency` these are warnings: Validated Relationships Consents name the grantee as performer and do not
    mark decisions that are not the patient's. They are stored, and permit nothing that they give no evidence for.
    """
    if not speaks(consent, rules):
        return []
    named = basis(consent)
    found = [*_marked(consent, named), *(_permitting(consent, named, rules) if permits(consent) else ())]
    return [issues.warning(issue) for issue in found] if rules.vrs_leniency else found


def _marked(consent: Members, named: str) -> Iterator[Issue]:
    marked = any(item.get("url") == NOT_THE_PATIENTS_DECISION for item in consent.get("modifierExtension", ()))
    if named in NOT_THE_PATIENTS and not marked:
        why = (
            f"must hold {NOT_THE_PATIENTS_DECISION} with valueBoolean true: a decision of somebody else, so that no "
            "other system takes it for the patient's consent"
        )
        yield issues.missing("Consent.modifierExtension", why)
    elif named in (OWN, ADVANCE) and marked:
        text_ = "On this policyRule the patient decided: leave not-the-patients-decision out, or say who did."
        yield issues.rule("Consent.modifierExtension", text_)


def _permitting(consent: Members, named: str, rules: Rules) -> Iterator[Issue]:
    yield from _method(consent)
    if named == OTHER:
        yield issues.value(
            "Consent.policyRule",
            "A permit on this basis counts for nothing. Leave policyRule out or use OPTIN where the patient decided; "
            "else consent, best-interest, health-and-welfare-lasting-power-of-attorney, parental-responsibility or "
            "court-appointed-personal-welfare-deputy of England-NHSProxyLegalBasis, or advance-statement or "
            f"safety-override of {LEGAL_BASIS}.",
        )
    elif named in (OWN, ADVANCE):
        yield from _performers(consent, ("Patient",), "the patient, whose own decision it is on this policyRule")
    elif named == BEST_INTEREST:
        yield from _best_interest(consent, rules)
    elif named in HOLDERS:
        yield from _holders(consent, f"a RelatedPerson of this patient with the role {HOLDERS[named]}")


def _method(consent: Members) -> Iterator[Issue]:
    if own(consent, "consent-method") and text(consent, "consent-method") not in METHODS:
        known = ", ".join(METHODS)
        said = f"A permit that was not given does not count: consent-method must be one of {known}. Ask the patient."
        yield issues.rule("Consent.extension", said)


def _performers(consent: Members, types: tuple[str, ...], who: str) -> Iterator[Issue]:
    contained = contained_types(consent)
    for index, performer in enumerate(consent.get("performer", ())):
        if _type(performer, contained) not in types:
            yield issues.rule(f"Consent.performer[{index}]", f"Consent.performer, who decided, must be {who}.")


def _holders(consent: Members, who: str, types: tuple[str, ...] = ("RelatedPerson",)) -> Iterator[Issue]:
    if "performer" not in consent:
        yield issues.missing("Consent.performer", f"is required on this policyRule: {who}")
    yield from _performers(consent, types, who)


def _best_interest(consent: Members, rules: Rules) -> Iterator[Issue]:
    yield from _holders(consent, "the Practitioner or PractitionerRole who judged it", PROFESSIONALS)
    for level in levels(consent):
        if level.permits and not level.recipients:
            yield issues.missing(f"{level.path}.actor", "is required: a best-interest decision names its recipients")
        for path, actor in level.recipients if level.permits else ():
            if type_of(actor.get("reference") or {}, contained_types(consent)) not in ("RelatedPerson", ""):
                yield issues.rule(f"{path}.reference", "A best-interest decision names supporters: add each of them.")
        if level.permits and not any(names_a_scope(code) for code in level.codes):
            yield issues.missing(f"{level.path}.code", f"is required: scopes of {SHARING_SCOPE}, each one by name")
    end, decided = consent.get("provision", {}).get("period", {}).get("end"), consent.get("dateTime")
    days = rules.best_interest_days
    if end is None or (decided and latest(end) > latest(decided) + days * _DAY):
        why = f"is required at most {days} days after dateTime: a best-interest decision is looked at again"
        yield issues.missing("Consent.provision.period.end", why)


def names_a_scope(concept: Members) -> bool:
    """Whether a concept holds a code of sharing-scope."""
    keys = (terminology.key(coding) for coding in concept.get("coding", ()))
    return any(system == SHARING_SCOPE and code in terminology.SHARING_SCOPES for system, code in keys)


def _type(reference: Members, contained: dict[str, str]) -> str:
    """What a performer is: a Patient also where only an NHS number says so."""
    named = type_of(reference, contained)
    by_number = (reference.get("identifier") or {}).get("system") == nhs_number.SYSTEM
    return named or ("Patient" if by_number and "reference" not in reference else "")


CHECKS: Final[tuple[Check, ...]] = (has_a_basis,)
