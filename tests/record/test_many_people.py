"""However many people a record names, what is known of the patient is read a few times, and nobody is left out."""

from collections.abc import Callable
from typing import Any

import pytest

from app.involvement import asked
from app.record.judgement import contacts, meetings
from app.record.judgement.judged import Judged
from tests.fhir.rules import STRICT
from tests.involvement.records import MUM, NOW, Json, coded, facts, own, person

DAD = "RelatedPerson/dad"


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was read as it was decided."""
    found: list[Any] = []
    real = asked.as_decided

    def noted(given: Any) -> Any:
        found.append(given)
        return real(given)

    monkeypatch.setattr(asked, "as_decided", noted)
    return found


def warnings(judge: Callable[[Judged], Any], body: Json) -> list[tuple[str, str]]:
    known = facts(person(), person(DAD))
    found = judge(Judged("X/x", None, body, known, STRICT, NOW))
    return [(each.expression, each.diagnostics) for each in found.warnings]


def test_all_recipients_of_a_contact_are_judged_by_one_reading(readings: list[Any]) -> None:
    body = {
        "resourceType": "Communication",
        "status": "completed",
        "category": [coded("communication-category", "contact")],
        "statusReason": coded("contact-outcome", "spoke"),
        "sent": "2026-03-01T10:00:00Z",
        "recipient": [{"reference": who} for who in (MUM, DAD)] * 500,
    }
    assert len(warnings(contacts.judge, body)) == 1_000
    assert len(readings) == 1


def test_invitations_of_many_times_are_judged_as_far_as_anybody_has_so_many_and_the_others_say_so(
    readings: list[Any],
) -> None:
    times = [f"2026-02-{day:02}T{hour:02}:00:00Z" for day in range(1, 5) for hour in range(10)]
    people = [
        {"actor": {"reference": MUM}, "status": "accepted", "extension": [own("invited", valueDateTime=time)]}
        for time in times
    ]
    body = {
        "resourceType": "Appointment",
        "status": "booked",
        "serviceType": [coded("meeting-type", "review-meeting")],
        "participant": people * 5,
    }
    found = warnings(meetings.judge, body)
    assert len(found) == len({place for place, _ in found}) == len(times) * 5
    assert sum("was not looked at" in text for _, text in found) == (len(times) - 20) * 5
    assert len(readings) == 20
