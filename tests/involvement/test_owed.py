"""What is owed by a record: when it arose, and in which words."""

import pytest

from app.fhir.canonical import BASE, FLAG_DETAIL
from app.fhir.primitives import CHECKS
from app.involvement.owed import Entry, owed, task
from app.sharing.times import span

NOW = span("2026-07-01").low


def consent(review="", end=""):
    period = {"provision": {"period": {"end": end}}} if end else {}
    said = [{"url": f"{BASE}/StructureDefinition/consent-next-review", "valueDateTime": review}] if review else []
    return Entry("Consent", "c", "RX1", {"status": "active", "extension": said, **period})


DUE = [
    (consent(review="2026-06-10"), "2026-06-10", "2026-06-10"),
    (consent(review="2026-06"), "2026-06", "2026-06"),
    (consent(review="2026-06-10T00:30:00+01:00"), "2026-06-10", "2026-06-10T00:30:00+01:00"),
    (consent(end="2026-06-10"), "2026-06-10", "2026-06-11"),
    (consent(review="2026-06-12", end="2026-06-10"), "2026-06-10", "2026-06-11"),
    (consent(review="0001-01-01T00:00:00Z"), "0001-01-01", "0001-01-01T00:00:00Z"),
]


@pytest.mark.parametrize(("entry", "day", "arose"), DUE)
def test_a_review_is_owed_since_the_day_that_is_written(entry, day, arose):
    [found] = owed([entry], NOW, 24)
    assert found.since == span(arose).low
    assert found.words.endswith(f" Since {day}.")


@pytest.mark.parametrize(("entry", "day", "arose"), DUE)
def test_its_task_is_due_at_a_time_that_can_be_stored(entry, day, arose):
    [found] = owed([entry], NOW, 24)
    due = task(found, "Patient/a", 24)["restriction"]["period"]["end"]
    assert CHECKS["dateTime"](due) == ""
    assert span(due).low == found.since + 24 * 3_600_000_000


def test_nothing_is_owed_before_that():
    assert owed([consent(review="2026-07-02", end="2026-07-01")], NOW, 24) == []


CARER = {"coding": [{"system": f"{BASE}/CodeSystem/carer-role", "code": "main-carer"}]}
CONCERN = {"system": f"{BASE}/CodeSystem/communication-category", "code": "concern"}
AROUND = [
    Entry("EpisodeOfCare", "e", "RX1", {"status": "active", "period": {"start": "2026-06-01"}}),
    Entry("RelatedPerson", "mum", "RX1", {"relationship": [CARER]}),
    consent(review="2026-06-10"),
    Entry(
        "Communication",
        "worry",
        "RX1",
        {
            "status": "completed",
            "category": [{"coding": [CONCERN]}],
            "sender": {"reference": "RelatedPerson/mum"},
            "received": "2026-06-02T10:00:00Z",
        },
    ),
]


def rules_for(**patient):
    return {one.rule for one in owed([Entry("Patient", "p", "RX1", patient), *AROUND], NOW, 24)}


@pytest.mark.parametrize(
    "died", [{"deceasedBoolean": True}, {"deceasedDateTime": "2026-06-20"}, {"deceasedDateTime": "soon"}]
)
def test_when_the_patient_has_died_an_answer_is_still_owed_and_nothing_is_for_the_caring(died):
    assert rules_for(**died) == {"answer-concern"}


@pytest.mark.parametrize("alive", [{}, {"deceasedBoolean": False}, {"deceasedDateTime": "2026-08-01"}])
def test_who_has_not_died_by_now_is_alive(alive):
    assert {"answer-concern", "carers-assessment", "consent-review"} < rules_for(**alive)


def drawn(id_, date, reason="nilknown", status="current"):
    """A social map on which nobody is."""
    why = {"system": "http://terminology.hl7.org/CodeSystem/list-empty-reason", "code": reason}
    code = {"system": f"{BASE}/CodeSystem/list-code", "code": "social-systems-map"}
    body = {"id": id_, "status": status, "date": date, "code": {"coding": [code]}, "emptyReason": {"coding": [why]}}
    return Entry("List", id_, "RX1", body)


@pytest.mark.parametrize(
    ("record", "about"),
    [
        ([AROUND[0], drawn("l", "2026-06-02")], ["List/l"]),
        ([AROUND[0], drawn("l", "2026-06-02"), drawn("m", "2026-06-03")], ["List/m"]),
        # By the clock and not by its letters: the second is half an hour later.
        ([AROUND[0], drawn("l", "2026-10-25T01:30:00+01:00"), drawn("m", "2026-10-25T01:00:00Z")], ["List/m"]),
        ([AROUND[0], drawn("l", "2026-06-02"), drawn("m", "2026-06-03", "withheld")], []),
        ([AROUND[0], drawn("l", "2026-06-02", status="retired")], []),
        ([AROUND[0], drawn("l", "2026-06-02"), Entry("RelatedPerson", "mum", "RX1", {})], []),
        ([AROUND[0], drawn("l", "2026-06-02"), Entry("RelatedPerson", "mum", "RX1", {"active": False})], ["List/l"]),
        ([drawn("l", "2026-06-02")], []),
        ([*AROUND[:1], drawn("l", "2026-06-02"), Entry("Patient", "p", "RX1", {"deceasedBoolean": True})], []),
    ],
)
def test_who_has_nobody_is_to_hear_of_peers_and_groups(record, about):
    assert [one.about for one in owed(record, NOW, 24, ()) if one.rule == "peer-link"] == about


MUM = {"reference": "RelatedPerson/mum"}
INCIDENT = {"coding": [{"system": f"{BASE}/CodeSystem/encounter-type", "code": "incident"}]}
ENCOUNTER = {"type": [INCIDENT], "participant": [{"individual": MUM}]}
FLAG = {"code": INCIDENT, "extension": [{"url": FLAG_DETAIL, "valueReference": MUM}]}
BEGAN = {"period": {"start": "2026-06-20"}}


@pytest.mark.parametrize(
    ("type_", "content", "since"),
    [
        ("Encounter", {"status": "finished", **ENCOUNTER, **BEGAN}, "2026-06-20"),
        ("Encounter", {"status": "finished", **ENCOUNTER}, "2026-07-01"),
        ("Encounter", {"status": "planned", **ENCOUNTER, **BEGAN}, None),
        ("Flag", {"status": "active", **FLAG, **BEGAN}, "2026-06-20"),
        ("Flag", {"status": "inactive", **FLAG}, "2026-07-01"),
        ("Flag", {"status": "entered-in-error", **FLAG, **BEGAN}, None),
        ("Flag", {"status": "active", **FLAG, "code": {"text": "incident"}}, None),
    ],
)
def test_a_debrief_is_owed_after_an_incident_however_it_is_recorded(type_, content, since):
    found = [(one.rule, one.person, one.since) for one in owed([Entry(type_, "i", "RX1", content)], NOW, 24)]
    assert found == ([("debrief", "RelatedPerson/mum", span(since).low)] if since else [])


def test_what_does_not_say_when_it_was_waits_for_nothing():
    outcome = {"coding": [{"system": f"{BASE}/CodeSystem/contact-outcome", "code": "wrong-number"}]}
    called = Entry("Communication", "call", "RX1", {"status": "not-done", "statusReason": outcome, "recipient": [MUM]})
    worry = Entry("Communication", "worry", "RX1", {"category": [{"coding": [CONCERN]}], "sender": MUM})
    found = {one.rule: one.since for one in owed([called, worry], NOW, 24)}
    assert found == {"mend-details": NOW, "answer-concern": NOW}


NUMBER = {"system": "https://trust.example.org/people", "value": "17"}
HELD = [{"resourceType": "RelatedPerson", "id": "mum", "identifier": [NUMBER]}]


@pytest.mark.parametrize(
    ("who", "within"),
    [
        ({"identifier": NUMBER}, []),
        ({"type": "RelatedPerson", "identifier": NUMBER}, []),
        ({"reference": "#mum"}, HELD),
        ({"reference": "RelatedPerson/mum/_history/3"}, []),
    ],
)
def test_tasks_are_for_whom_a_record_names_in_any_way(who, within):
    outcome = {"coding": [{"system": f"{BASE}/CodeSystem/contact-outcome", "code": "needs-interpreter"}]}
    record = [
        Entry("RelatedPerson", "mum", "RX1", {"identifier": [NUMBER]}),
        Entry("Encounter", "i", "RX1", {"type": [INCIDENT], "participant": [{"individual": who}], "contained": within}),
        Entry("Communication", "c", "RX1", {"statusReason": outcome, "recipient": [who, who], "contained": within}),
    ]
    found = [(one.rule, one.person) for one in owed(record, NOW, 24)]
    assert found == [("debrief", "RelatedPerson/mum"), ("interpreter", "RelatedPerson/mum")]


@pytest.mark.parametrize("who", [{"type": "Practitioner", "identifier": NUMBER}, {"display": "his mother"}, {}])
def test_nobody_is_owed_what_names_nobody_here(who):
    incident = Entry("Encounter", "i", "RX1", {"type": [INCIDENT], "participant": [{"individual": who}]})
    assert owed([Entry("RelatedPerson", "mum", "RX1", {"identifier": [NUMBER]}), incident], NOW, 24) == []
