"""On what basis a Consent may permit, as far as it shows that itself."""

import pytest

from tests.fhir.checks.decisions import (
    MARK,
    MUM,
    NURSE,
    PATIENT,
    Members,
    actor,
    best_interest,
    consent,
    own,
    provision,
    scope,
)
from tests.fhir.rules import LOOSE, STRICT, issues, where

VRS = STRICT._replace(vrs_leniency=True)
HOLDERS = ("attorney", "deputy", "parental-responsibility")


def marked(basis: str, **members: object) -> Members:
    return consent(basis, performer=[MUM], modifierExtension=[MARK], **members)


ACCEPTED = [
    consent("consent"),
    consent("OPTIN", performer=[PATIENT]),
    consent("OPTIN", "policyRule", policy=[{"uri": "urn:x"}]),
    consent("OPTIN", performer=[{"type": "Patient", "identifier": {"value": "x"}}]),
    consent(
        "OPTIN", performer=[{"identifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}}]
    ),
    consent("advance-statement", performer=[PATIENT]),
    best_interest(),
    best_interest(performer=[{"reference": "PractitionerRole/1"}]),
    best_interest(provision=provision(period={"end": "2026-11-29T10:00:00Z"})),
    *(marked(basis) for basis in HOLDERS),
    *(consent("consent", extension=[own("consent-method", valueCode=code)]) for code in ("verbal", "written", "other")),
]


@pytest.mark.parametrize("resource", ACCEPTED)
def test_a_permit_with_the_evidence_for_its_basis_is_accepted(resource: Members) -> None:
    assert where(resource) == []


@pytest.mark.parametrize("basis", ["IMPLIED", "EMRGONLY"])
def test_a_permit_on_a_basis_that_permits_nothing_is_refused(basis: str) -> None:
    (issue,) = issues(consent(basis))
    assert issue.expression == "Consent.policyRule"
    assert "counts for nothing" in issue.diagnostics


@pytest.mark.parametrize(
    "rule",
    [
        {"text": "the patient said so"},
        {"coding": [{"code": "OPTIN"}]},
        {"coding": [*consent("OPTIN")["policyRule"]["coding"], *consent("attorney")["policyRule"]["coding"]]},
    ],
)
def test_a_permit_whose_basis_cannot_be_read_is_refused(rule: Members) -> None:
    assert where(consent("OPTIN", policyRule=rule)) == ["Consent.policyRule"]


@pytest.mark.parametrize("basis", ["IMPLIED", "EMRGONLY"])
def test_a_refusal_on_whatever_basis_is_accepted(basis: str) -> None:
    assert where(consent(basis, provision=provision("deny"))) == []
    assert where(consent(basis, provision=provision("deny"), policyRule={"text": "x"})) == []


def test_a_permit_within_a_refusal_needs_a_basis_too() -> None:
    assert where(consent("IMPLIED", provision=provision("deny", provision=[provision()]))) == ["Consent.policyRule"]


@pytest.mark.parametrize("performer", [MUM, NURSE, {"display": "her mother"}, {"reference": "Organization/1"}])
@pytest.mark.parametrize("basis", ["consent", "OPTIN", "advance-statement"])
def test_on_the_patients_own_basis_nobody_else_decides(basis: str, performer: Members) -> None:
    assert where(consent(basis, performer=[PATIENT, performer])) == ["Consent.performer[1]"]
    assert where(consent(basis, performer=[performer], provision=provision("deny"))) == []


@pytest.mark.parametrize("basis", [*HOLDERS, "best-interest", "safety-override"])
@pytest.mark.parametrize("kind", ["permit", "deny"])
def test_what_is_not_the_patients_decision_says_so(basis: str, kind: str) -> None:
    found = issues(consent(basis, performer=[MUM], provision=provision(kind)))
    assert "Consent.modifierExtension" in [issue.expression for issue in found]


def test_the_patients_own_decision_does_not_say_that_it_is_somebody_elses() -> None:
    assert where(consent("OPTIN", modifierExtension=[MARK])) == ["Consent.modifierExtension"]


@pytest.mark.parametrize("basis", HOLDERS)
@pytest.mark.parametrize("performer", [NURSE, PATIENT])
def test_only_a_supporter_holds_a_power(basis: str, performer: Members) -> None:
    assert where({**marked(basis), "performer": [performer]}) == ["Consent.performer[0]"]
    assert where({name: value for name, value in marked(basis).items() if name != "performer"}) == ["Consent.performer"]


@pytest.mark.parametrize("code", ["implied", "Verbal", "telepathy"])
def test_a_permit_that_was_not_given_is_refused(code: str) -> None:
    implied = {"extension": [own("consent-method", valueCode=code)]}
    assert where(consent("OPTIN", **implied)) == ["Consent.extension"]
    assert where(consent("OPTIN", provision=provision("deny"), **implied)) == []


@pytest.mark.parametrize(
    ("expression", "resource"),
    [
        ("Consent.performer", best_interest("performer")),
        ("Consent.performer[0]", best_interest(performer=[MUM])),
        ("Consent.provision.actor", best_interest(provision=provision(actor=[], period={"end": "2026-11-20"}))),
        (
            "Consent.provision.actor[0].reference",
            best_interest(
                provision=provision(actor=[actor({"reference": "CareTeam/1"})], period={"end": "2026-11-20"})
            ),
        ),
        ("Consent.provision.period.end", best_interest(provision=provision())),
        ("Consent.provision.period.end", best_interest(provision=provision(period={"end": "2026-12-20"}))),
        ("Consent.provision.period.end", best_interest(provision=provision(period={"end": "2026-11-29T10:00:02Z"}))),
        (
            "Consent.provision.code",
            best_interest(provision=provision(code=[{"text": "all"}], period={"end": "2026-11-20"})),
        ),
    ],
)
def test_a_best_interest_decision_names_everything_and_ends_soon(expression: str, resource: Members) -> None:
    resource["provision"] = {name: value for name, value in resource["provision"].items() if value}
    assert where(resource) == [expression]


def test_a_level_takes_recipients_and_scopes_from_above() -> None:
    nested = provision(
        "deny", provision=[{"type": "permit", "purpose": [{"code": "TREAT"}]}], period={"end": "2026-11-20"}
    )
    assert where(best_interest(provision=nested)) == []
    nested["provision"] = [{"type": "permit", "dataPeriod": {"start": "2026"}}]
    assert where(best_interest(provision=nested)) == ["Consent.provision.provision[0].code"]


def test_the_days_of_a_best_interest_decision_are_a_setting() -> None:
    resource = best_interest(provision=provision(period={"end": "2026-12-20"}))
    assert where(resource, STRICT._replace(best_interest_days=60)) == []


@pytest.mark.parametrize("status", ["draft", "proposed", "inactive", "rejected", "entered-in-error"])
def test_what_is_not_in_force_needs_no_evidence(status: str) -> None:
    assert where(consent("IMPLIED", status=status, performer=[MUM])) == []


def test_without_computable_consents_everything_of_r4_is_accepted() -> None:
    assert where(consent("IMPLIED", performer=[MUM], extension=[own("consent-method", valueInteger=7)]), LOOSE) == []


def test_validated_relationships_are_accepted_with_warnings() -> None:
    found = issues(consent("consent", performer=[MUM]), VRS)
    assert [(issue.severity, issue.expression) for issue in found] == [("warning", "Consent.performer[0]")]


def test_each_message_says_what_to_do() -> None:
    (issue,) = issues(consent("OPTIN", provision=provision(code=[scope("care-plan")]), performer=[NURSE]))
    assert "must be the patient" in issue.diagnostics
