"""What was decided counts from when it was decided, however late it was written down."""

from datetime import UTC, datetime, timedelta

import pytest

from app.fhir.canonical import BASE, FLAG_DETAIL
from app.involvement.as_decided import as_decided
from app.involvement.asked import answers_at
from app.sharing.facts import Facts, Record
from tests.involvement.records import MUM, consent, record

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
TUESDAY, WEDNESDAY, NEXT_YEAR = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2), MONDAY + timedelta(days=365)


def facts(**more: tuple[Record, ...]) -> Facts:
    """Of a patient and a mother whom another system had, and who were loaded here a year later."""
    born = {"resourceType": "Patient", "id": "p", "birthDate": "1980-01-01"}
    mother = {"resourceType": "RelatedPerson", "id": "mum", "patient": {"reference": "Patient/p"}}
    people = {"patients": (record("Patient/p", (NEXT_YEAR, born)),), "supporters": (record(MUM, (NEXT_YEAR, mother)),)}
    return Facts("p", **(people | more))


def basis(at: datetime, **more: tuple[Record, ...]) -> str:
    return answers_at(facts(**more), [MUM], "make-contact", at, NEXT_YEAR + timedelta(days=1))[MUM].basis


def test_a_consent_counts_from_when_it_was_decided() -> None:
    written = record("Consent/c", (NEXT_YEAR, consent(MONDAY)))
    assert basis(MONDAY - timedelta(hours=1), consents=(written,)) == "no-consent-recorded"
    assert basis(TUESDAY, consents=(written,)) == "patient-consent"


def test_a_withdrawal_counts_from_when_the_patient_said_so() -> None:
    ended = consent(MONDAY, status="inactive")
    ended["extension"] = [{"url": f"{BASE}/StructureDefinition/consent-withdrawn", "valueDateTime": "2026-03-04"}]
    written = record("Consent/c", (MONDAY, consent(MONDAY)), (NEXT_YEAR, ended))
    assert basis(TUESDAY, consents=(written,)) == "patient-consent"
    assert basis(WEDNESDAY, consents=(written,)) == "consent-withdrawn"


def test_a_correction_of_the_same_decision_counts_from_when_it_was_stored() -> None:
    corrected = consent(MONDAY, "deny")
    written = record("Consent/c", (MONDAY, consent(MONDAY)), (WEDNESDAY, corrected))
    assert basis(TUESDAY, consents=(written,)) == "patient-consent"
    assert basis(WEDNESDAY, consents=(written,)) == "patient-refusal"


def test_a_new_decision_in_a_later_version_counts_from_its_own_time() -> None:
    written = record("Consent/c", (MONDAY, consent(MONDAY)), (NEXT_YEAR, consent(WEDNESDAY, "deny")))
    assert basis(TUESDAY, consents=(written,)) == "patient-consent"
    assert basis(WEDNESDAY + timedelta(minutes=1), consents=(written,)) == "patient-refusal"


def test_no_version_counts_before_the_one_that_it_replaces() -> None:
    written = record("Consent/c", (WEDNESDAY, consent(WEDNESDAY)), (NEXT_YEAR, consent(MONDAY, "deny")))
    assert basis(TUESDAY, consents=(written,)) == "no-consent-recorded"


def test_a_permission_that_was_entered_in_error_was_never_given() -> None:
    wrong = consent(MONDAY) | {"status": "entered-in-error"}
    written = record("Consent/c", (MONDAY, consent(MONDAY)), (NEXT_YEAR, wrong))
    assert basis(TUESDAY, consents=(written,)) == "no-consent-recorded"


def test_a_refusal_that_was_entered_in_error_held_until_somebody_saw_it() -> None:
    wrong = consent(MONDAY, "deny") | {"status": "entered-in-error"}
    written = record("Consent/c", (MONDAY, consent(MONDAY, "deny")), (WEDNESDAY, wrong))
    assert basis(TUESDAY, consents=(written,)) == "patient-refusal"
    assert basis(WEDNESDAY, consents=(written,)) != "patient-refusal"


def test_what_was_stored_before_its_own_time_counts_from_when_it_was_stored() -> None:
    written = record("Consent/c", (MONDAY, consent(NEXT_YEAR)))
    assert as_decided(facts(consents=(written,))).consents == (written,)


@pytest.mark.parametrize(("at", "expected"), [(MONDAY, "patient-consent"), (WEDNESDAY, "contact-restricted")])
def test_a_restriction_counts_from_the_start_of_its_period(at: datetime, expected: str) -> None:
    flag = {
        "resourceType": "Flag",
        "status": "active",
        "code": {"coding": [{"system": f"{BASE}/CodeSystem/contact-restriction", "code": "no-contact-safeguarding"}]},
        "period": {"start": TUESDAY.isoformat()},
        "extension": [{"url": FLAG_DETAIL, "valueReference": {"reference": MUM}}],
    }
    yes = record("Consent/c", (NEXT_YEAR, consent(MONDAY)))
    assert basis(at, consents=(yes,), flags=(record("Flag/f", (NEXT_YEAR, flag)),)) == expected


def test_times_that_cannot_be_read_change_nothing() -> None:
    odd = consent(MONDAY) | {"dateTime": "the other day"}
    assert basis(TUESDAY, consents=(record("Consent/c", (NEXT_YEAR, odd)),)) == "no-consent-recorded"
