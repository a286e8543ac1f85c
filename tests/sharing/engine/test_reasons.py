"""The sentence that an answer gives reads as a sentence, whatever it is about."""

import pytest

from app.fhir.vocabulary.decisions import DECISION_BASIS
from app.sharing.reasons import reason
from app.sharing.vocabulary import SCOPES


def test_every_basis_has_a_sentence_about_every_scope_and_about_none():
    for basis in DECISION_BASIS.codes:
        for scope in ("", *SCOPES):
            said = reason(basis, scope)
            assert said[0].isupper()
            assert said.endswith(".")
            assert "{" not in said


def test_no_scope_is_this_where_it_is_known():
    assert all("this." not in reason("patient-consent", scope) for scope in SCOPES)
    assert reason("patient-consent", "") == "The patient agreed that this recipient may be told about this."


@pytest.mark.parametrize(
    ("basis", "scope", "said"),
    [
        ("patient-consent", "care-plan", "The patient agreed that this recipient may be told about the care plan."),
        ("patient-refusal", "make-contact", "The patient refused that this recipient is contacted by the team."),
        ("refer-child", "legal-status", "The patient is under 16; a clinician has to decide about the legal status."),
        (
            "deputy",
            "whereabouts",
            "and a court-appointed deputy lets this person be told about the patient's whereabouts.",
        ),
        ("not-covered", "safety-plan", "some things; to be told about the safety plan is not among them."),
    ],
)
def test_a_reason_has_its_articles(basis, scope, said):
    assert reason(basis, scope).endswith(said)


def test_who_is_not_linked_is_told_what_comes_first():
    assert "mend the record" in reason("recipient-not-linked", "medication")
