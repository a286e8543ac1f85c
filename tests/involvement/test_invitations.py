"""Which invitations to come are no longer permitted: found, and left as they are."""

from datetime import timedelta
from typing import Any

import pytest

from app.involvement.invitations import no_longer_permitted
from tests.involvement.records import MUM, NOW, Json, coded, consent, facts, own, person, record

TAKEN_BACK = own("consent-withdrawn", valueDateTime=(NOW - timedelta(hours=1)).isoformat())
YES = record("Consent/c", (NOW - timedelta(days=9), consent(NOW - timedelta(days=9))))
WITHDRAWN = record(
    "Consent/c",
    (NOW - timedelta(days=9), consent(NOW - timedelta(days=9))),
    (NOW, consent(NOW - timedelta(days=9), status="inactive", extension=[TAKEN_BACK])),
)


def meeting(kind: str = "review-meeting", **more: Any) -> Json:
    return {
        "resourceType": "Appointment",
        "id": "m",
        "status": "booked",
        "serviceType": [coded("meeting-type", kind)],
        "start": (NOW + timedelta(days=1)).isoformat(),
        "participant": [{"actor": {"reference": "Patient/p"}}, {"actor": {"reference": MUM}}],
        **more,
    }


def found(*meetings: Json, said: Any = WITHDRAWN) -> list[tuple[str, str, str]]:
    answers = no_longer_permitted(facts(person(), said), meetings, NOW)
    return [(one.appointment, one.supporter, one.answer.basis) for one in answers]


def test_an_invitation_is_found_when_the_consent_for_it_is_gone() -> None:
    assert found(meeting(), said=YES) == []
    assert found(meeting()) == [("Appointment/m", MUM, "consent-withdrawn")]


@pytest.mark.parametrize(
    "more",
    [
        {"start": (NOW - timedelta(days=1)).isoformat()},
        {"status": "cancelled"},
        {"status": "fulfilled"},
        {"participant": [{"actor": {"reference": "Patient/p"}}]},
        {"participant": [{"actor": {"reference": "RelatedPerson/of-another"}}]},
    ],
    ids=["over", "cancelled", "done", "nobody", "of another"],
)
def test_only_supporters_of_meetings_to_come_are_looked_at(more: Json) -> None:
    assert found(meeting(**more)) == []


def test_what_is_owed_stays() -> None:
    assert found(meeting("own-needs-meeting"), meeting("debrief")) == []


def test_a_meeting_without_a_time_may_be_to_come() -> None:
    body = meeting(status="proposed")
    del body["start"]
    assert len(found(body)) == 1
