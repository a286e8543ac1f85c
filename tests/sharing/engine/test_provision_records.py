"""Which records a provision of a Consent is about: class, labels, data and its period, level by level (section 6.2)."""

from typing import Any

import pytest

from tests.sharing.engine.builders import (
    DAD,
    MUM,
    NOW,
    SCOPE_SYSTEM,
    TOM,
    actor,
    ask,
    basis,
    concept,
    consent,
    facts,
    no,
    provision,
    yes,
)
from tests.sharing.engine.codings import TYPES, coding, label


def plan(*labels: str, **more: Any) -> dict[str, Any]:
    return {"resourceType": "CarePlan", "id": "plan", "meta": {"security": label(*labels)}} | more


def named(*resources: Any, recipient: str = MUM) -> str:
    return basis(facts(*resources), recipient, "", resources=("CarePlan/plan",))


def test_a_class_permits_when_all_types_of_a_scope_are_listed_and_denies_when_any_is() -> None:
    types = ["MedicationRequest", "MedicationStatement", "MedicationAdministration", "MedicationDispense"]
    whole, part = [coding(TYPES, one) for one in types], [coding(TYPES, types[0])]
    assert basis(facts(yes("y", [MUM], class_=whole))) == "patient-consent"
    assert basis(facts(yes("y", [MUM], class_=part))) == "not-covered"
    assert basis(facts(no("n", [MUM], class_=part))) == "patient-refusal"
    assert basis(facts(yes("y", [MUM], class_=[coding(TYPES, "Observation")])), MUM, "substance-use") == "not-covered"


@pytest.mark.parametrize(
    ("has", "lists", "permits", "denies"),
    [
        ([], ["N"], True, True),
        (["L"], ["N"], True, False),
        (["R"], ["N"], False, True),
        (["R"], ["R"], True, True),
        (["R"], ["V"], True, False),
        (["PSY"], ["R"], False, False),
        (["PSY"], ["N", "PSY"], True, True),
        (["N", "HIV"], ["HIV"], True, True),
        ([], ["HIV"], False, False),
        (["R", "HIV"], ["HIV"], False, True),
        (["HIV", "SDV"], ["R", "HIV"], False, True),
    ],
)
def test_labels_of_a_named_resource(has: list[str], lists: list[str], permits: bool, denies: bool) -> None:
    labels = label(*lists)
    assert (named(plan(*has), yes("y", [MUM], securityLabel=labels)) == "patient-consent") is permits
    assert (named(plan(*has), no("n", [MUM], securityLabel=labels)) == "patient-refusal") is denies


@pytest.mark.parametrize(
    ("has", "permits"), [([], True), (["N"], True), (["R"], False), (["V"], False), (["HIV"], False), (["PSY"], True)]
)
def test_a_permit_without_labels_covers_no_guarded_resource(has: list[str], permits: bool) -> None:
    assert (named(plan(*has), yes("y", [MUM])) == "patient-consent") is permits


@pytest.mark.parametrize(
    ("scoping", "permits", "denies"),
    [
        ({"data": [{"meaning": "instance", "reference": {"reference": "CarePlan/plan"}}]}, True, True),
        ({"data": [{"meaning": "instance", "reference": {"reference": "CarePlan/other"}}]}, False, False),
        ({"data": [{"meaning": "related", "reference": {"reference": "CarePlan/other"}}]}, False, True),
        ({"data": [{"meaning": "instance", "reference": {"display": "the plan"}}]}, False, True),
        ({"dataPeriod": {"start": "2026-01-01"}}, False, True),
    ],
)
def test_data_speaks_of_named_resources_alone(scoping: dict[str, Any], permits: bool, denies: bool) -> None:
    assert (named(plan(), yes("y", [MUM], **scoping)) == "patient-consent") is permits
    assert (named(plan(), no("n", [MUM], **scoping)) == "patient-refusal") is denies
    assert basis(facts(yes("y", [MUM], **scoping)), MUM, "care-plan") == "not-covered"
    checked = ask(facts(yes("y", [MUM]), no("n", [MUM], **scoping)), MUM, "care-plan")
    assert (checked.decision, checked.obligations) == ("permit", ("check-each-record",))


@pytest.mark.parametrize(
    ("created", "permits", "denies"), [("2026-02", True, True), ("2025", False, False), ("2025-12-31/", False, True)]
)
def test_a_data_period_covers_what_demonstrably_lies_within(created: str, permits: bool, denies: bool) -> None:
    when = {"dataPeriod": {"start": "2026-01-01"}}
    assert (named(plan(created=created), yes("y", [MUM], **when)) == "patient-consent") is permits
    assert (named(plan(created=created), no("n", [MUM], **when)) == "patient-refusal") is denies


def test_without_a_named_resource_labels_above_or_beside_normal_ask_to_check_each_record() -> None:
    for labels in (label("R"), label("HIV")):
        assert basis(facts(yes("y", [MUM], securityLabel=label("HIV"))), MUM) == "not-covered"
        checked = ask(facts(yes("y", [MUM]), no("n", [MUM], securityLabel=labels)))
        assert (checked.decision, checked.obligations) == ("permit", ("check-each-record",))
    assert basis(facts(yes("y", [MUM], securityLabel=label("R")))) == "patient-consent"
    assert basis(facts(no("n", [MUM], securityLabel=label("L")))) == "patient-refusal"


def test_conditions_become_obligations_also_from_the_levels_above() -> None:
    inner = provision("permit", scopes=["medication"], conditions=["no-letters"])
    outer = provision("deny", [MUM], conditions=["verbal-only"], nested=[inner])
    assert ask(facts(consent("x", outer))).obligations == ("verbal-only", "no-letters")


def test_a_nested_provision_takes_what_it_does_not_restate() -> None:
    exception = {"type": "deny", "code": [concept(SCOPE_SYSTEM, "medication")]}
    known = facts(yes("y", [MUM], nested=[exception]))
    assert basis(known) == "patient-refusal"
    assert basis(known, MUM, "meetings") == "patient-consent"
    assert basis(known, DAD) == "no-consent-recorded"
    restated = {"type": "permit", "actor": [actor(TOM)]}
    known = facts(yes("y", [MUM], ["medication"], nested=[restated]))
    assert basis(known, TOM) == basis(known, MUM) == "patient-consent"
    assert basis(known, TOM, "meetings") == "not-covered"


def test_data_scoping_is_inherited_as_one_unit() -> None:
    inner = provision("permit", scopes=["medication"])
    known = facts(consent("x", provision("permit", [MUM], securityLabel=label("L"), nested=[inner])))
    assert basis(known) == "patient-consent"
    assert basis(known, MUM, "meetings") == "not-covered"


def test_periods_of_levels_intersect() -> None:
    inner = provision("deny", scopes=["medication"], start="2026-03-10")
    known = facts(yes("y", [MUM], start="2026-02-01", end="2026-03-20", nested=[inner]))
    assert basis(known) == "patient-consent"
    assert basis(known, when=NOW.replace(day=10)) == "patient-refusal"
    assert basis(known, MUM, "meetings", NOW.replace(day=21)) == "consent-expired"


def test_among_exceptions_deny_wins_and_they_are_looked_at_whatever_the_parent_says() -> None:
    both = [provision("permit", scopes=["medication"]), provision("deny", scopes=["medication"])]
    assert basis(facts(yes("y", [MUM], nested=both))) == "patient-refusal"
    unmatched = provision("deny", [DAD], nested=[provision("permit", [MUM])])
    assert basis(facts(consent("x", unmatched))) == "patient-consent"


def test_a_permit_that_counts_for_nothing_is_no_exception_to_its_refusal() -> None:
    root = provision("deny", [MUM], nested=[provision("permit", scopes=["medication"])])
    assert basis(facts(consent("x", root))) == "patient-consent"
    assert basis(facts(consent("x", root, policy="implied"))) == "patient-refusal"
