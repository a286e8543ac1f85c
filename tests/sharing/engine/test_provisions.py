"""One Consent, one recipient and scope: section 6.2."""

from typing import Any

import pytest

from app.sharing.scope_types import NAMED_ONLY
from app.sharing.vocabulary import SCOPES
from tests.sharing.engine.builders import (
    DAD,
    MUM,
    NOW,
    SCOPE_SYSTEM,
    actor,
    ask,
    basis,
    concept,
    consent,
    facts,
    no,
    person,
    provision,
    record,
    team,
    yes,
)
from tests.sharing.engine.codings import ACTION, REASON, TYPES, coding


def test_a_permit_without_scoping_covers_all_but_what_must_be_named() -> None:
    known = facts(yes("m", [MUM]))
    assert {scope for scope in SCOPES if ask(known, MUM, scope).decision == "deny"} == NAMED_ONLY
    for scope in NAMED_ONLY:
        assert basis(facts(yes("m", [MUM], [scope])), MUM, scope) == "patient-consent"


def test_a_deny_without_scoping_covers_every_scope() -> None:
    known = facts(no("m", [MUM]))
    assert all(basis(known, MUM, scope) == "patient-refusal" for scope in SCOPES if scope != "legal-status")


@pytest.mark.parametrize("recipients", [[], ["Organization/trust"], ["CareTeam/crisis"]])
def test_a_permit_for_nobody_in_particular_is_not_for_supporters(recipients: list[str]) -> None:
    known = facts(yes("m", recipients), team("crisis", MUM, network=False))
    answer = ask(known)
    assert answer.basis == "no-consent-recorded"
    if not recipients:
        assert [one.why for one in answer.considered] == ["not-for-supporters"]


def test_a_permit_reaches_current_participants_of_a_current_support_network() -> None:
    granted = yes("m", ["CareTeam/family"])
    assert basis(facts(granted, team("family", MUM))) == "patient-consent"
    assert basis(facts(granted, team("family", DAD))) == "no-consent-recorded"
    assert basis(facts(granted, team("family", MUM, status="inactive"))) == "no-consent-recorded"
    assert basis(facts(granted, team("family", MUM, period={"end": "2026-03-02"}))) == "no-consent-recorded"
    past = {"participant": [{"member": {"reference": MUM}, "period": {"end": "2026-03-02"}}]}
    assert basis(facts(granted, team("family", **past))) == "no-consent-recorded"


def test_a_refusal_of_a_circle_does_not_lapse_when_the_team_is_closed_or_changed() -> None:
    refused, granted = no("n", ["CareTeam/family"], decided="2026-02-02"), yes("m", [MUM], decided="2026-02-01")
    closed = team("family", MUM, status="inactive", period={"end": "2026-02-10"})
    assert basis(facts(refused, granted, closed)) == "patient-refusal"
    left = record(team("family", MUM), (NOW.replace(day=1), team("family", DAD)))
    assert basis(facts(refused, granted, left)) == "patient-refusal"
    wrong = team("family", MUM, status="entered-in-error")
    assert basis(facts(refused, granted, wrong)) == "patient-consent"
    around = [team("inner", MUM, "CareTeam/family"), team("family", "CareTeam/inner")]
    assert basis(facts(refused, granted, *around)) == "patient-refusal"


@pytest.mark.parametrize(
    ("codes", "permits", "denies"),
    [
        (["disclose"], True, True),
        (["access"], True, True),
        (["use"], False, True),
        (["collect"], False, False),
        (["correct", "disclose"], True, True),
        (["unheard-of"], False, True),
    ],
)
def test_actions(codes: list[str], permits: bool, denies: bool) -> None:
    action = [concept(ACTION, code) for code in codes]
    assert (basis(facts(yes("y", [MUM], action=action))) == "patient-consent") is permits
    assert (basis(facts(no("n", [MUM], action=action))) == "patient-refusal") is denies


@pytest.mark.parametrize(
    ("code", "asked", "permits", "denies"),
    [
        ("TREAT", "", True, True),
        ("SUPNWK", "", True, True),
        ("PurposeOfUse", "", True, True),
        ("ETREAT", "", False, True),
        ("HRESCH", "", False, False),
        ("NOVEL", "", False, True),
        ("TREAT", "ETREAT", True, True),
        ("ETREAT", "ETREAT", True, True),
        ("ETREAT", "TREAT", False, True),
        ("PATRQT", "TREAT", False, False),
        ("PurposeOfUse", "HRESCH", True, True),
    ],
)
def test_purposes(code: str, asked: str, permits: bool, denies: bool) -> None:
    purpose = [coding(REASON, code)]
    assert (basis(facts(yes("y", [MUM], purpose=purpose)), purpose=asked) == "patient-consent") is permits
    assert (basis(facts(no("n", [MUM], purpose=purpose)), purpose=asked) == "patient-refusal") is denies


def test_for_emergencies_only_is_not_covered_otherwise() -> None:
    known = facts(yes("y", [MUM], purpose=[coding(REASON, "ETREAT")]))
    assert basis(known) == "not-covered"
    assert basis(known, purpose="ETREAT") == "patient-consent"
    assert basis(known, purpose="BTG") == "patient-consent"


@pytest.mark.parametrize("gone", [True, False])
def test_a_refusal_to_be_told_by_a_trust_holds_for_its_wards_that_have_closed(gone: bool) -> None:
    ward = {"resourceType": "Organization", "id": "ward", "partOf": {"reference": "Organization/trust"}}
    closed = record(ward, (NOW.replace(day=1), None if gone else ward | {"active": False}))
    refused = no("n", [MUM], actor=[actor("Organization/trust", "CST")])
    assert basis(facts(closed, refused), team="Organization/ward") == "patient-refusal"


def test_a_discloser_is_a_criterion_of_its_own() -> None:
    trust = {"resourceType": "Organization", "id": "trust"}
    ward = {"resourceType": "Organization", "id": "ward", "partOf": {"reference": "Organization/trust"}}
    crisis = team("crisis", network=False, managingOrganization=[{"reference": "Organization/ward"}])
    by = {"actor": [actor("Organization/trust", "CST")]}
    known = facts(trust, ward, crisis, yes("y", [MUM], **by))
    for asking in ("Organization/trust", "Organization/ward", "CareTeam/crisis"):
        assert basis(known, team=asking) == "patient-consent"
    assert basis(known, team="Organization/other") == "not-covered"
    assert basis(known) == "not-covered"
    refused = facts(trust, ward, crisis, no("n", [MUM], **by))
    assert basis(refused) == basis(refused, team="Organization/ward") == "patient-refusal"
    assert basis(refused, team="Organization/other") == "no-consent-recorded"


@pytest.mark.parametrize("two", [True, False])
def test_a_refusal_to_be_told_by_an_organization_holds_for_a_team_of_one_that_cannot_be_told(two: bool) -> None:
    """By an identifier that nobody has, or that two have."""
    known = {"identifier": {"system": "https://example.org/wards", "value": "7"}}
    wards = [
        {"resourceType": "Organization", "id": one, "identifier": [known["identifier"]]}
        for one in ("east", "west")
        if two
    ]
    crisis = team("crisis", network=False, managingOrganization=[known])
    by = {"actor": [actor("Organization/trust", "CST")]}
    refused = facts(*wards, crisis, no("n", [MUM], **by), yes("y", [MUM], decided="2026-01-01T10:00:00Z"))
    assert basis(refused, team="CareTeam/crisis") == "patient-refusal"
    assert basis(refused, team="CareTeam/nobody-knows") == "patient-refusal"
    assert basis(refused, team="Organization/other") == "patient-consent"
    assert basis(facts(*wards, crisis, yes("y", [MUM], **by)), team="CareTeam/crisis") == "not-covered"
    other_team = no("n", [MUM], actor=[actor("CareTeam/home", "CST")])
    known_teams = facts(*wards, crisis, team("home", network=False), other_team)
    assert basis(known_teams, team="CareTeam/crisis") == "no-consent-recorded"


def test_organizations_that_contain_each_other_end() -> None:
    ring = [
        {"resourceType": "Organization", "id": one, "partOf": {"reference": f"Organization/{other}"}}
        for one, other in (("a", "b"), ("b", "a"))
    ]
    assert basis(facts(*ring, yes("y", [MUM])), team="Organization/a") == "patient-consent"


def test_actors_are_found_by_address_and_identifier() -> None:
    held = {"system": "https://example.org/carers", "value": "77"}
    by_identifier = {"actor": [actor("") | {"reference": {"identifier": held}}]}
    known = facts(person(MUM, identifier=[held]), yes("y", [], **by_identifier))
    assert basis(known) == "patient-consent"
    absolute = yes("y", [f"https://kith.example/FHIR/R4/{MUM}"])
    assert basis(facts(absolute, bases=("https://kith.example/FHIR/R4",))) == "patient-consent"
    assert basis(facts(absolute)) == "no-consent-recorded"


def test_one_that_cannot_be_resolved_matches_nobody_in_a_permit_and_makes_a_deny_uninterpretable() -> None:
    assert basis(facts(yes("y", ["RelatedPerson/unknown"]))) == "no-consent-recorded"
    assert basis(facts(no("n", ["RelatedPerson/unknown"]), yes("y", [MUM]))) == "uninterpretable-consent"


@pytest.mark.parametrize("who", ["Group/g", "Device/d", "Patient/p1", "Patient/p2"])
def test_a_refusal_of_nobody_who_is_a_person_cannot_be_read(who: str) -> None:
    assert basis(facts(no("n", [who]), yes("y", [MUM]))) == "uninterpretable-consent"


def test_a_refusal_of_organizations_alone_is_a_riddle_for_supporters() -> None:
    assert basis(facts(no("n", ["Organization/x"]), yes("y", [MUM]))) == "uninterpretable-consent"
    assert basis(facts(no("n", ["Organization/x", DAD]), yes("y", [MUM]))) == "patient-consent"
    assert basis(facts(no("n", ["Practitioner/x"]), yes("y", [MUM]))) == "patient-consent"


BAD_DENIES: list[dict[str, Any]] = [
    {"code": [concept(SCOPE_SYSTEM, "unheard-of")]},
    {"code": [concept("", "medication")]},
    {"code": [{"text": "tablets"}]},
    {"class": [coding(TYPES, "Tablet")]},
    {"class": [coding("urn:other", "CarePlan")]},
    {"securityLabel": [coding("urn:other", "R")]},
    {"purpose": [{"code": "TREAT"}]},
    {"action": [concept("", "disclose")]},
    {"actor": [actor(MUM, "AUT")]},
    {"actor": [{"role": {"text": "recipient"}, "reference": {"reference": MUM}}]},
    {"actor": [{"reference": {"reference": MUM}}]},
    {"modifierExtension": [{"url": "urn:strange", "valueBoolean": True}]},
    {"period": {"start": "2026-03-04", "end": "2026-03-02"}},
    {"period": {"start": "rubbish"}},
    {"dataPeriod": {"start": "rubbish"}},
    {"provision": [{}]},
    {"type": "maybe"},
]


@pytest.mark.parametrize("bad", BAD_DENIES, ids=str)
@pytest.mark.parametrize("nested", [False, True])
def test_a_deny_that_cannot_be_understood_is_uninterpretable(bad: dict[str, Any], nested: bool) -> None:
    deny = {"type": "deny"} | bad
    root = {"type": "permit", "provision": [deny]} if nested else deny
    assert basis(facts(yes("y", [MUM]), consent("x", root))) == "uninterpretable-consent"


def test_a_consent_without_date_or_provision_or_with_more_than_five_levels_cannot_be_read() -> None:
    assert basis(facts(consent("x", None))) == "uninterpretable-consent"
    assert basis(facts(yes("x", [MUM], decided=None))) == "uninterpretable-consent"  # type: ignore[arg-type]  # absent
    deep: dict[str, Any] = provision("permit", [MUM])
    for _ in range(4):
        deep = {"type": "permit", "provision": [deep]}
    assert basis(facts(consent("x", deep))) == "patient-consent"
    assert basis(facts(consent("x", {"type": "permit", "provision": [deep]}))) == "uninterpretable-consent"


def test_unknown_modifiers_make_even_a_permit_uninterpretable() -> None:
    strange = {"modifierExtension": [{"url": "urn:strange", "valueBoolean": True}]}
    assert basis(facts(yes("x", [MUM], **strange))) == "uninterpretable-consent"
    unknown = provision("permit", [MUM], conditions=["whispered"])
    assert basis(facts(consent("x", unknown))) == "uninterpretable-consent"


def test_codes_without_system_match_nothing_in_a_permit() -> None:
    for bad in (
        {"code": [concept("", "medication")]},
        {"purpose": [{"code": "TREAT"}]},
        {"action": [concept("", "disclose")]},
        {"class": [{"code": "MedicationRequest"}]},
    ):
        assert ask(facts(consent("x", provision("permit", [MUM]) | bad))).decision == "deny"


def test_the_https_spelling_of_hl7_systems_is_the_same_system() -> None:
    spelt = yes("y", [MUM], purpose=[coding(REASON.replace("http:", "https:"), "TREAT")])
    assert basis(facts(spelt)) == "patient-consent"
