"""The published codes, and that answers use no others."""

from app.fhir.resource_types import RESOURCE_TYPES
from app.fhir.terminology import CONSENT_CONDITIONS, SHARING_SCOPES
from app.sharing import reasons
from app.sharing.layers import safety_override
from app.sharing.purposes import CODES, asked
from app.sharing.scope_types import NAMED_ONLY, TYPES, scopes_of_type
from app.sharing.vocabulary import (
    ALL,
    CAPACITY_VIEW,
    CONSENT_CONDITION,
    DECISION_BASIS,
    OBLIGATION,
    OVERRIDE_REASON,
    SCOPES,
)


def test_codes_are_unique_and_each_has_words() -> None:
    assert len({one.name for one in ALL}) == len(ALL)
    for system in ALL:
        assert len(set(system.codes)) == len(system.codes)
        assert all(one.display and one.definition for one in system.concepts)


def test_lists_that_are_written_twice_agree() -> None:
    assert frozenset(SCOPES) == SHARING_SCOPES
    assert frozenset(CONSENT_CONDITION.codes) == CONSENT_CONDITIONS
    assert frozenset(OBLIGATION.codes) >= CONSENT_CONDITIONS
    assert frozenset(OVERRIDE_REASON.codes) == safety_override.REASONS
    assert frozenset(CAPACITY_VIEW.codes) == safety_override.CAPACITY_VIEWS


def test_every_basis_has_a_sentence_that_needs_nothing_but_the_scope() -> None:
    for basis in DECISION_BASIS.codes:
        for scope in ("", *SCOPES):
            assert "{" not in reasons.reason(basis, scope)


def test_the_scope_to_types_table_covers_every_scope_with_types_of_r4() -> None:
    assert tuple(TYPES) == SCOPES
    assert frozenset().union(*TYPES.values()) <= RESOURCE_TYPES
    assert not any(TYPES[scope] for scope in NAMED_ONLY)


def test_a_care_plan_says_by_category_what_it_is() -> None:
    crisis = {"category": [{"coding": [{"system": "http://snomed.info/sct", "code": "736253002"}]}]}
    assert scopes_of_type({"resourceType": "CarePlan"} | crisis) == {"safety-plan"}
    assert scopes_of_type({"resourceType": "CarePlan"}) == {"care-plan"}
    assert scopes_of_type({"resourceType": "Basic"}) == frozenset()


def test_every_purpose_is_below_purpose_of_use() -> None:
    assert all("PurposeOfUse" in asked(code).by_permit for code in CODES)
    assert asked("").by_deny >= {"ETREAT", "BTG", "PWATRNY"}
    assert "HRESCH" not in asked("").by_deny
