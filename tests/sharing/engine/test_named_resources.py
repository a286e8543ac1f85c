"""Records that somebody wants to share: sections 1, 3 and 6.2."""

from typing import Any

import pytest

from app.sharing.decide import decide
from app.sharing.question import Question
from app.sharing.vocabulary import SCOPES
from tests.sharing.engine.builders import (
    DAD,
    MUM,
    NOW,
    SCOPE_SYSTEM,
    TOM,
    ask,
    basis,
    facts,
    flag,
    no,
    patient,
    person,
    role,
    yes,
)

EARLY, LATE = "2026-02-01T10:00:00Z", "2026-02-02T10:00:00Z"


def plan(name: str = "plan", *tags: str, **more: Any) -> dict[str, Any]:
    tagged = {"tag": [{"system": SCOPE_SYSTEM, "code": tag} for tag in tags]} if tags else {}
    meta = tagged | more.pop("meta", {})
    return {"resourceType": "CarePlan", "id": name, **({"meta": meta} if meta else {}), **more}


def instance(reference: str) -> list[dict[str, Any]]:
    return [{"meaning": "instance", "reference": {"reference": reference}}]


class TestNamedResources:
    def test_a_refusal_of_a_record_for_a_namesake_is_looked_up_for_that_record(self) -> None:
        name = [{"family": "Dunnock", "given": ["Rob"]}]
        people = (person(MUM, name=name), person(TOM, name=name))
        refused = no("n", [TOM], data=instance("CarePlan/plan"))
        known = facts(*people, plan(), plan("other"), yes("y", [MUM]), refused)
        assert basis(known, MUM, "", resources=("CarePlan/plan",)) == "possibly-same-person"
        assert basis(known, MUM, "", resources=("CarePlan/other",)) == "patient-consent"

    def test_a_record_without_a_place_tells_no_whereabouts(self) -> None:
        known = facts(flag("f", "no-whereabouts", TOM), yes("t", [TOM]), plan(period={"start": "2026-02-01"}))
        assert basis(known, TOM, "", resources=("CarePlan/plan",)) == "patient-consent"

    @pytest.mark.parametrize("place", ["location", "locationReference", "locationCodeableConcept", "address"])
    def test_a_record_with_a_place_does(self, place: str) -> None:
        known = facts(flag("f", "no-whereabouts", TOM), yes("t", [TOM]), plan(activity=[{"detail": {place: {}}}]))
        assert basis(known, TOM, "", resources=("CarePlan/plan",)) == "contact-restricted"

    def test_a_place_itself_is_one(self) -> None:
        place = {
            "resourceType": "Location",
            "id": "l",
            "meta": {"tag": [{"system": SCOPE_SYSTEM, "code": "medication"}]},
        }
        known = facts(flag("f", "no-whereabouts", TOM), yes("t", [TOM]), place)
        assert basis(known, TOM, "", resources=("Location/l",)) == "contact-restricted"

    @pytest.mark.parametrize("tag", ["medication", "sensitive-history"])
    def test_a_refusal_by_class_is_about_the_records_of_that_type_whatever_they_are_tagged(self, tag: str) -> None:
        class_ = [{"system": "http://hl7.org/fhir/resource-types", "code": "CarePlan"}]
        said = (yes("y", [MUM], [tag]), no("n", [MUM], class_=class_, decided=LATE))
        known = facts(
            *said, plan("plan", tag), {"resourceType": "Task", "id": "task"} | {"meta": plan("x", tag)["meta"]}
        )
        assert basis(known, MUM, "", resources=("CarePlan/plan",)) == "patient-refusal"
        assert basis(known, MUM, "sensitive-history") != "patient-refusal"

    def test_a_record_may_be_about_everything(self) -> None:
        known = facts(yes("y", [MUM], SCOPES), plan("plan", *SCOPES))
        asked = Question(NOW, recipients=(MUM,), resources=("CarePlan/plan",))
        assert [(one.scope, one.decision) for one in decide(known, asked, NOW)] == [(one, "permit") for one in SCOPES]

    def test_a_label_of_another_system_is_no_confidentiality(self) -> None:
        label = {"security": [{"system": "https://trust.example.org/labels", "code": "N"}]}
        known = facts(yes("y", [MUM]), plan(meta=label))
        assert ask(known, MUM, "", resources=("CarePlan/plan",)).decision == "deny"

    @pytest.mark.parametrize(("code", "told"), [("R", False), ("V", False), ("N", True), ("MR", False), ("", True)])
    def test_a_confidentiality_without_its_system_is_read_as_one(self, code: str, *, told: bool) -> None:
        label = {"security": [{"code": code}]} if code else {}
        answer = ask(facts(yes("y", [MUM]), plan(meta=label)), MUM, "", resources=("CarePlan/plan",))
        assert (answer.decision == "permit") is told

    def test_a_period_within_a_data_period_is_within_it(self) -> None:
        window = {"start": "2026-02-01", "end": "2026-02-28"}
        permit = yes("y", [MUM], dataPeriod=window)
        for told, lived in (
            (True, window),
            (False, {"start": "2026-02-01", "end": "2026-03-01"}),
            (False, {"end": "2026"}),
        ):
            known = facts(permit, plan(period=lived))
            assert (basis(known, MUM, "", resources=("CarePlan/plan",)) == "patient-consent") is told

    @pytest.mark.parametrize(("code", "system", "read"), [
        ("given-in-confidence", "https://fhir.kith.example/CodeSystem/sharing-label", True),
        ("something-else", "https://fhir.kith.example/CodeSystem/sharing-label", False),
        ("R", "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", True),
        ("LM", "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", False),
        ("PSY", "http://terminology.hl7.org/CodeSystem/v3-ActCode", True),
    ])  # fmt: skip
    def test_a_refusal_by_a_label_that_nobody_knows_cannot_be_read(self, code: str, system: str, *, read: bool) -> None:
        known = facts(yes("y", [MUM]), no("n", [MUM], securityLabel=[{"system": system, "code": code}]))
        assert (basis(known) == "uninterpretable-consent") is not read

    @pytest.mark.parametrize("element", ["code", "class", "securityLabel", "data"])
    def test_a_refusal_with_an_empty_element_cannot_be_read(self, element: str) -> None:
        for empty in ([], {}, [{}, "x"]):
            refused = no("n", [MUM])
            refused["provision"][element] = empty
            assert basis(facts(yes("y", [DAD]), refused)) == "uninterpretable-consent"


class TestSeveralResources:
    def test_one_that_is_refused_is_a_deny_whatever_its_place(self) -> None:
        refused = no("n", [MUM], data=instance("CarePlan/b"), decided=LATE)
        known = facts(yes("y", [MUM]), refused, plan("a"), plan("b"))
        for named in (("CarePlan/a", "CarePlan/b"), ("CarePlan/b", "CarePlan/a")):
            assert basis(known, MUM, "", resources=named) == "patient-refusal"
        assert basis(known, MUM, "", resources=("CarePlan/a",)) == "patient-consent"

    def test_a_permit_for_several_rests_on_each_and_asks_for_the_review_of_any(self) -> None:
        review = [
            {"url": "https://fhir.kith.example/StructureDefinition/consent-next-review", "valueDateTime": "2026-02-20"}
        ]
        one = yes("a", [MUM], data=instance("CarePlan/a"))
        two = yes("b", [MUM], data=instance("CarePlan/b"), extensions=review, conditions=["verbal-only"])
        answer = ask(facts(one, two, plan("a"), plan("b")), MUM, "", resources=("CarePlan/a", "CarePlan/b"))
        assert (answer.basis, answer.next_action) == ("patient-consent", "review-consent")
        assert answer.based_on == ("Consent/a/_history/1", "Consent/b/_history/1")
        assert answer.obligations == ("verbal-only",)

    def test_what_is_to_be_done_about_any_is_to_be_done(self) -> None:
        mother = person(MUM, role("parental-responsibility", role_in_force_from={"valueDateTime": "2020-01-01"}))
        decided = yes("y", [MUM], policy="parental-responsibility", performer=[{"reference": MUM}])
        known = facts(patient("2014-01-01"), mother, decided, plan("a"), plan("b"))
        answer = ask(known, MUM, "", resources=("CarePlan/a", "CarePlan/b"))
        assert (answer.basis, answer.next_action) == ("parental-responsibility", "confirm-with-patient")
