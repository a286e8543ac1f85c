"""What waits for an answer and what is one, by the record alone."""

import pytest

from app.fhir.canonical import BASE
from app.involvement import concerns
from app.involvement.owed import Entry, owed
from app.sharing.times import span

NOW = span("2026-07-01").low
CATEGORY = {"coding": [{"system": f"{BASE}/CodeSystem/communication-category", "code": "concern"}]}
CONCERN = {
    "resourceType": "Communication",
    "status": "completed",
    "category": [CATEGORY],
    "sender": {"reference": "RelatedPerson/mum"},
    "received": "2026-06-01",
}
TO_IT = {"reference": "Communication/worry"}


def answer(**more):
    return {"resourceType": "Communication", "status": "completed", "inResponseTo": [TO_IT]} | more


@pytest.mark.parametrize(
    ("more", "waits"),
    [
        ({}, True),
        ({"status": "entered-in-error"}, False),
        ({"sender": {"reference": "Practitioner/nurse"}}, False),
        ({"sender": {"type": "RelatedPerson", "identifier": {"value": "1"}}}, True),
        ({"sender": {"identifier": {"value": "1"}}}, True),
        ({"sender": {"display": "his mother"}}, True),
        ({"sender": {"reference": "#mum"}, "contained": [{"resourceType": "RelatedPerson", "id": "mum"}]}, True),
        ({"sender": {"reference": "#gp"}, "contained": [{"resourceType": "Practitioner", "id": "gp"}]}, False),
        ({"sender": {"reference": "Patient/sam"}}, False),
        ({"category": []}, False),
        ({"extension": [{"url": f"{BASE}/StructureDefinition/knowledge-used", "extension": []}]}, False),
    ],
)
def test_a_supporters_concern_waits_unless_it_says_what_became_of_it(more, waits):
    assert concerns.is_waiting(CONCERN | more) is waits


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("Communication/worry", {"Communication/worry"}),
        ("Communication/worry/_history/2", {"Communication/worry"}),
        ("http://kith.test/FHIR/R4/Communication/worry", {"Communication/worry"}),
        ("http://elsewhere.test/FHIR/R4/Communication/worry", set()),
        ("Task/worry", set()),
        ("#worry", set()),
    ],
)
def test_an_answer_is_to_what_it_refers_to_here(reference, found):
    said = answer(inResponseTo=[{"display": "by word of mouth"}, {"reference": reference}])
    assert concerns.answered("Communication", said, ("http://kith.test/FHIR/R4",)) == found


def test_what_answers_several_has_a_key_for_each_once():
    said = answer(inResponseTo=[TO_IT, {"reference": "Communication/other"}], partOf=[TO_IT])
    keys = concerns.keys("Communication", said, ())
    assert keys == [("answers", "", "Communication/other"), ("answers", "", "Communication/worry")]
    assert concerns.keys("Consent", said, ()) == []


@pytest.mark.parametrize(
    ("also", "rules"),
    [
        ([], ["answer-concern"]),
        ([("Communication", answer())], []),
        ([("Communication", answer(sender={"reference": "RelatedPerson/mum"}))], ["answer-concern"]),
        ([("Task", {"resourceType": "Task", "status": "completed", "reasonReference": TO_IT})], []),
        ([("Task", {"resourceType": "Task", "status": "accepted", "reasonReference": TO_IT})], ["answer-concern"]),
    ],
)
def test_no_task_is_made_of_a_concern_that_is_answered(also, rules):
    record = [Entry("Communication", "worry", "RX1", CONCERN)]
    record += [Entry(type_, f"a{turn}", "RX1", content) for turn, (type_, content) in enumerate(also)]
    assert [each.rule for each in owed(record, NOW, 24)] == rules
