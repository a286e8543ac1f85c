"""What the checks accept is evidence to the sharing decision, and what they refuse is none."""

from datetime import UTC, datetime

import pytest

from app.sharing.facts import Facts, Version
from app.sharing.layers.safety_override import is_evidenced
from app.sharing.statement import Statement, statement
from app.sharing.times import moment
from app.sharing.view import View
from tests.fhir.checks import test_consent_basis, test_safety_override
from tests.fhir.checks.decisions import Members, consent, own, provision
from tests.fhir.rules import STRICT, where

RECORDED = datetime(2026, 11, 1, tzinfo=UTC)
ACTIVE = [each for each in test_safety_override.ACCEPTED if each["status"] == "active"]


def read(resource: Members) -> Statement:
    directory = View(Facts("1", ()), moment(RECORDED)).directory
    return statement("Consent/1", Version(1, RECORDED, resource), 0, directory)


@pytest.mark.parametrize("resource", ACTIVE)
def test_an_override_that_is_accepted_is_evidenced(resource: Members) -> None:
    assert is_evidenced(read(resource), STRICT.override_hours)


@pytest.mark.parametrize(("expression", "resource"), test_safety_override.REFUSED)
def test_an_override_that_is_refused_would_override_nothing(expression: str, resource: Members) -> None:
    found = read(resource)
    names = bool(found.root and found.root.recipients and found.root.scoping and found.root.scoping.scopes)
    accepted = is_evidenced(found, STRICT.override_hours) and names
    # Without its mark other systems would take it for consent; here it is what it says.
    assert not accepted or expression == "Consent.modifierExtension"


@pytest.mark.parametrize("resource", test_consent_basis.ACCEPTED)
def test_a_permit_that_is_accepted_counts_as_far_as_it_shows(resource: Members) -> None:
    found = read(resource)
    performers = [performer.get("identifier") for performer in resource.get("performer", ())]
    assert found.void == "" or any(performers)
    assert not found.unreadable


@pytest.mark.parametrize("basis", ["consent", "IMPLIED", "advance-statement"])
@pytest.mark.parametrize("method", ["verbal", "implied", "other", "shouted"])
@pytest.mark.parametrize("performer", ["Patient/1", "RelatedPerson/1", "Practitioner/1"])
def test_what_does_not_count_is_refused(basis: str, method: str, performer: str) -> None:
    said = [own("consent-method", valueCode=method)]
    resource = consent(basis, performer=[{"reference": performer}], extension=said, provision=provision())
    assert (where(resource) == []) == (read(resource).void == "")
