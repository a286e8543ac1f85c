"""AuditEvents are valid R4, whatever the trail holds, and say who did what."""

from base64 import b64decode
from datetime import UTC, datetime
from typing import Any

import pytest
from fhir.resources.R4B.auditevent import AuditEvent
from hypothesis import given, settings
from hypothesis import strategies as st

from app.fhir import structure
from app.fhir.audit_event import Recorded, audit_event
from app.fhir.audit_kinds import KINDS
from app.fhir.definition import Rules

NOW = datetime(2026, 3, 9, 10, 30, 15, 123_456, tzinfo=UTC)
SITE = "http://kith.test/FHIR/R4"
DETAIL = {
    "edition": "1",
    "now": "2026-03-09T10:30:15.123456+00:00",
    "question": {
        "at": "2026-03-09T10:30:15.123456+00:00",
        "recipients": ["RelatedPerson/mum"],
        "scopes": ["medication", "care-plan"],
        "resources": [],
        "action": "disclose",
        "content": "specific",
        "purpose": "TREAT",
        "team": "",
    },
    "answers": [
        {
            "recipient": "RelatedPerson/mum",
            "scope": "medication",
            "decision": "permit",
            "basis": "patient-consent",
            "basedOn": ["Consent/yes/_history/2"],
            "considered": [["Consent/old/_history/1", "consent-withdrawn"]],
        },
        {
            "recipient": "",
            "scope": "",
            "decision": "permit",
            "basis": "listening",
            "basedOn": [],
            "considered": [],
        },
    ],
}


def event(**more: Any) -> dict[str, Any]:
    given_ = {"key": 7, "recorded": NOW, "interaction": "read", "request_id": "60e0b220"}
    return audit_event(Recorded(**{**given_, **more}), SITE)


def check(resource: dict[str, Any]) -> None:
    findings = structure.check(resource, Rules(now=NOW))
    assert findings.issues == ()
    AuditEvent.model_validate(resource)


@pytest.mark.parametrize("interaction", [*KINDS, "something new"])
@pytest.mark.parametrize("status", [200, 404, 503])
def test_every_interaction_is_a_valid_audit_event(interaction: str, status: int) -> None:
    row = event(
        interaction=interaction,
        type="Consent",
        id="a",
        version=2,
        patient="p",
        status=status,
        outcome="told" if status > 200 else "",
        query="Consent?patient=9990000018",
        client="127.0.0.1",
        organisation="RX1",
        user_role="555254240100",
        correlation_id="a correlation",
    )
    check(row)
    assert row["outcome"] == {200: "0", 404: "4", 503: "8"}[status]


def test_it_says_what_was_done_to_which_version_of_whose_record() -> None:
    row = event(interaction="update", type="Consent", id="a", version=2, patient="p")
    whose, what = row["entity"][:2]
    assert (row["action"], row["subtype"][0]["code"]) == ("U", "update")
    assert whose["what"]["reference"] == "Patient/p"
    assert what["what"]["reference"] == "Consent/a/_history/2"
    assert row["recorded"] == row["meta"]["lastUpdated"] == "2026-03-09T10:30:15.123Z"


def test_a_patient_is_named_once_in_the_record_of_the_patient() -> None:
    row = event(type="Patient", id="p", version=1, patient="p")
    references = [entity["what"].get("reference") for entity in row["entity"]]
    assert references == ["Patient/p/_history/1", None]


def test_exactly_one_agent_asked_and_it_is_the_nearest_to_a_human() -> None:
    agents = event(user_role="555254240100", organisation="RX1", client="127.0.0.1")["agent"]
    assert [agent["requestor"] for agent in agents] == [True, False, False]
    assert agents[0]["who"]["identifier"]["value"] == "555254240100"
    assert agents[2]["network"] == {"address": "127.0.0.1", "type": "2"}
    assert [agent["requestor"] for agent in event()["agent"]] == [True]


def test_a_query_is_kept_as_it_was_asked() -> None:
    row = event(interaction="search-type", query="Consent?patient=9990000018&status=active")
    (query,) = [entity["query"] for entity in row["entity"] if "query" in entity]
    assert b64decode(query) == b"Consent?patient=9990000018&status=active"


def test_a_check_tells_question_answers_and_what_they_rest_on() -> None:
    row = event(interaction="check", type="Patient", id="p", patient="p", outcome="permit", detail=DETAIL)
    check(row)
    by_description = [entity for entity in row["entity"] if "description" in entity]
    question, yes, listening, relied = by_description
    told = [(each["type"], each["valueString"]) for each in question["detail"]]
    assert ("scope", "medication") in told
    assert ("scope", "care-plan") in told
    assert ("recipient", "RelatedPerson/mum") in told
    assert ("edition", "1") in told
    assert yes["what"]["reference"] == "RelatedPerson/mum"
    assert {each["type"]: each["valueString"] for each in yes["detail"]} == {
        "scope": "medication",
        "decision": "permit",
        "basis": "patient-consent",
        "basedOn": "Consent/yes/_history/2",
        "considered": "Consent/old/_history/1 consent-withdrawn",
    }
    assert "what" not in listening
    assert relied["what"]["reference"] == "Consent/yes/_history/2"
    assert row["purposeOfEvent"][0]["coding"][0]["code"] == "TREAT"
    assert row["outcomeDesc"] == "permit"


TEXT = st.text(max_size=40)


@settings(max_examples=200, deadline=None)
@given(
    st.fixed_dictionaries(
        dict.fromkeys(("id", "outcome", "query", "client", "organisation", "user_role", "correlation_id"), TEXT)
    )
)
def test_whatever_a_caller_once_sent_the_audit_event_is_valid(sent: dict[str, str]) -> None:
    check(event(type="Consent", **sent))
