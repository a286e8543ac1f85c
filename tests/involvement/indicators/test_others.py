"""HOULT, NICE-ASK, NICE-AB and QS189-4 by hand."""

import pytest

from app.involvement.indicators.local import Local
from tests.involvement.charting import (
    SUBJECT,
    case,
    cases,
    chart,
    coded,
    consent,
    contact,
    episode,
    flag,
    message,
    nobody,
    own,
    part,
    person,
    plan,
)

SUICIDAL = Local(suicidality=frozenset({("https://epr.example/codes", "si")}))
MARK = {"coding": [{"system": "https://epr.example/codes", "code": "si"}]}


def assessment(start):
    kind = [coded("encounter-type", "initial-assessment")]
    return {"resourceType": "Encounter", "id": "n", "status": "finished", "type": kind, "period": {"start": start}}


@pytest.mark.parametrize(("made", "told"), [(0, "0"), (1, "1"), (2, "2"), (3, "3+"), (7, "3+")])
def test_hoult_tells_how_many_attempts_were_made(made, told):
    tried = [contact(id_=f"c{n}", sent=f"2026-03-02T{11 + n}:00:00Z") for n in range(made)]
    assert ("attempts", told) in case("HOULT", episode(), person(), *tried).strata


def test_hoult_counts_people_once_and_anybody_of_the_network():
    people = [person(), person("n", "next-of-kin")]
    tried = [contact(id_=f"c{n}", to=to) for n, to in enumerate(("s", "s", "n"))]
    assert case("HOULT", episode(), *people, *tried).strata == (("attempts", "3+"), ("people", "2"))


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("2026-03-01T08:59:59Z", "0"),
        ("2026-03-01T09:00:00Z", "1"),
        ("2026-03-04T12:00:00Z", "1"),
        ("2026-03-04T12:00:01Z", "0"),
    ],
)
def test_hoult_is_from_the_referral_to_24_hours_after_the_assessment(sent, told):
    referral = {"resourceType": "ServiceRequest", "id": "r", "authoredOn": "2026-03-01T09:00:00Z"}
    referred = episode(referralRequest=[{"reference": "ServiceRequest/r"}])
    held = assessment("2026-03-03T12:00:00Z")
    assert ("attempts", told) in case("HOULT", referred, referral, held, person(), contact(sent=sent)).strata


def test_hoult_leaves_out_whom_there_is_nobody_for():
    assert case("HOULT", episode(), nobody()).excluded == "nobody-exists"
    assert case("HOULT", episode(), nobody(), person()).excluded == ""


def test_hoult_counts_the_assessment():
    held = assessment("2026-03-02T12:00:00Z")
    assert [one.subject for one in cases("HOULT", chart(episode(), held))] == ["Encounter/n"]


def test_asked_is_a_decision_or_a_discussion_in_the_episode():
    assert case("NICE-ASK", episode()).outcome("strict") == "not-met"
    assert case("NICE-ASK", episode(), person(), consent("meetings")).met
    assert case("NICE-ASK", episode(), person(), consent(type="deny")).met
    assert case("NICE-ASK", episode(), person(), consent(status="draft")).met
    told = message("discussion", "2026-03-05T10:00:00Z", "involvement", recipient=[SUBJECT])
    assert case("NICE-ASK", episode(), told).met
    assert not case("NICE-ASK", episode(), told | {"status": "not-done"}).met
    assert not case("NICE-ASK", episode(), message("discussion", "2026-03-05T10:00:00Z", "escalation")).met


@pytest.mark.parametrize("decided", ["2025-03-02", "2026-04-02"])
def test_asked_at_another_time_is_not_asked_in_this_episode(decided):
    assert not case("NICE-ASK", episode(), person(), consent("meetings", decided=decided)).met


def test_somebody_elses_decision_and_a_mistake_are_no_asking():
    best = {
        "coding": [
            {"system": "https://fhir.nhs.uk/England/CodeSystem/England-NHSProxyLegalBasis", "code": "best-interest"}
        ]
    }
    assert not case("NICE-ASK", episode(), person(), consent("meetings", policyRule=best)).met
    assert not case("NICE-ASK", episode(), person(), consent("meetings", status="entered-in-error")).met


def test_asked_again_and_overdue_reviews_are_told_apart():
    first = consent("meetings", extension=[own("consent-next-review", valueDateTime="2026-04-01")])
    assert case("NICE-ASK", episode(), person(), first).strata == (
        ("asked", "asked-once"),
        ("review", "review-overdue"),
    )
    second = consent("meetings", decided="2026-03-10", id_="k2")
    future = first | {"extension": [own("consent-next-review", valueDateTime="2027-04-01")]}
    found = case("NICE-ASK", episode(), person(), future, second)
    assert found.strata == (("asked", "asked-again"), ("review", "no-review-overdue"))


def test_who_lacks_capacity_is_left_out_of_asking():
    lacking = flag("lacks-capacity-information-sharing", to="")
    assert case("NICE-ASK", episode(), lacking).excluded == "lacks-capacity"
    back = lacking | {"period": {"start": "2026-03-01", "end": "2026-03-05"}}
    assert case("NICE-ASK", episode(), back).excluded == ""


TOPICS = ("local-support-groups", "carers-assessment-right")


def test_a_carer_is_told_and_given_both():
    verbal = message("information-given", "2026-03-05T10:00:00Z", *TOPICS)
    written = message("information-given", "2026-03-05T10:00:00Z", *TOPICS, medium="MAILWRIT", id_="w")
    assert case("NICE-AB", episode(), person(), verbal, written).met
    assert case("NICE-AB", episode(), person(), verbal).strata == (("told", "verbal-only"),)
    assert case("NICE-AB", episode(), person(), written).strata == (("told", "written-only"),)
    half = message("information-given", "2026-03-05T10:00:00Z", TOPICS[0], medium="MAILWRIT", id_="w")
    assert not case("NICE-AB", episode(), person(), verbal, half).met


def test_a_refusal_leaves_no_carer_out_and_a_restriction_does():
    refused = consent(type="deny")
    assert case("NICE-AB", episode(), person(), refused).outcome("strict") == "not-met"
    assert case("NICE-AB", episode(), person(), flag("no-contact-supporter-wish")).excluded == "do-not-contact"
    assert case("NICE-AB", episode(), person(), flag("listen-only")).excluded == ""


def test_carers_are_counted_one_by_one():
    people = [person(), person("t", "young-carer"), person("n", "next-of-kin"), person("k", "key-supporter")]
    assert [one.subject for one in cases("NICE-AB", chart(episode(), *people))] == [
        "RelatedPerson/s",
        "RelatedPerson/t",
    ]
    involved = plan(part(to="k"))
    assert len(cases("NICE-AB", chart(episode(), *people, involved))) == 3


def test_without_codes_suicidal_thoughts_are_not_assessable():
    assert case("QS189-4", episode()).excluded == "not-assessable"


def marked(**more):
    body = {"resourceType": "Flag", "id": "x", "status": "active", "code": MARK, "subject": SUBJECT}
    return body | {"period": {"start": "2026-03-03"}} | more


def test_both_topics_are_discussed_with_who_is_marked():
    topics = ("whom-to-involve", "limits-of-confidentiality")
    both = message("discussion", "2026-03-05T10:00:00Z", *topics, recipient=[SUBJECT])
    one = message("discussion", "2026-03-05T10:00:00Z", "whom-to-involve", recipient=[SUBJECT])
    assert case("QS189-4", episode(), marked(), both, local=SUICIDAL).met
    assert case("QS189-4", episode(), marked(), one, local=SUICIDAL).outcome("strict") == "not-met"
    assert case("QS189-4", episode(), both, local=SUICIDAL).excluded == "not-marked"
    assert case("QS189-4", episode(), marked(period={"start": "2026-05-01"}), local=SUICIDAL).excluded == "not-marked"


def test_a_risk_assessment_marks_too():
    found = {"resourceType": "RiskAssessment", "id": "r", "status": "final", "subject": SUBJECT, "code": MARK}
    assert case("QS189-4", episode(), found | {"occurrenceDateTime": "2026-03-04"}, local=SUICIDAL).excluded == ""
    assert case("QS189-4", episode(), found, local=SUICIDAL).excluded == "not-marked"


@pytest.mark.parametrize(("born", "reason"), [("2008-03-02", ""), ("2008-03-03", "not-adult"), ("2010", "not-adult")])
def test_only_adults_are_counted(born, reason):
    patient = {"resourceType": "Patient", "id": "p", "birthDate": born}
    assert case("QS189-4", patient, episode(), marked(), local=SUICIDAL).excluded == reason
