"""QS189-4: whether adults with suicidal thoughts talked over whom to involve, and the limits of confidentiality."""

from tests.involvement.hand_worked.caseload import MET, UNMET, Case, Table, Totals
from tests.involvement.hand_worked.words import ME, at, cannot_decide, episode, patient, person, said
from tests.stories import records

EPISODE = episode("3 Mar 10:00", "20 Mar 12:00")
THOUGHTS = records.coded("https://trust.example.org/risk", "thoughts")
WHOM, LIMITS = "whom-to-involve", "limits-of-confidentiality"
FORMULATED = {
    "resourceType": "RiskAssessment",
    "status": "final",
    "subject": ME,
    "occurrenceDateTime": at("3 Mar 15:00"),
    "code": THOUGHTS,
}


def marked(since: str = "3 Mar 11:00", till: str | None = None, **more: object) -> dict[str, object]:
    period = {"start": at(since)} | ({"end": at(till)} if till else {})
    status = "inactive" if till else "active"
    return {"resourceType": "Flag", "status": status, "code": THOUGHTS, "subject": ME, "period": period, **more}


MARKED = [EPISODE, marked()]
TALK = said("discussion", "4 Mar 10:00", WHOM, LIMITS)

TABLE = Table(
    "QS189-4",
    strict=Totals(initial=19, excluded=7, met=6),
    adjusted=Totals(initial=19, excluded=7, met=6),
    cases=[
        Case("both in one talk", [*MARKED, TALK], MET),
        Case("in two talks",
             [*MARKED, said("discussion", "4 Mar 10:00", WHOM), said("discussion", "9 Mar 10:00", LIMITS)], MET),
        Case("marked by a formulation of risk", [EPISODE, FORMULATED, TALK], MET),
        Case("marked for a week of it", [EPISODE, marked(till="10 Mar 11:00"), TALK], MET),
        Case("whom to involve alone", [*MARKED, said("discussion", "4 Mar 10:00", WHOM)], UNMET),
        Case("the limits alone", [*MARKED, said("discussion", "4 Mar 10:00", LIMITS)], UNMET),
        Case("no talk", MARKED, UNMET),
        Case("a talk that did not happen", [*MARKED, TALK | {"status": "not-done"}], UNMET),
        Case("a talk with the mother",
             [*MARKED, person("mother", "carer"), said("discussion", "4 Mar 10:00", WHOM, LIMITS, to="mother")],
             UNMET),
        Case("a talk last year", [*MARKED, said("discussion", "2024-11-05T10:00:00Z", WHOM, LIMITS)], UNMET),
        Case("nobody marked it", [EPISODE, TALK], "not-marked"),
        Case("marked in January alone", [EPISODE, marked("3 Jan 10:00", "31 Jan 10:00"), TALK], "not-marked"),
        Case("marked in error", [EPISODE, marked(status="entered-in-error"), TALK], "not-marked"),
        Case("marked with another code",
             [EPISODE, marked(code=records.coded("https://trust.example.org/risk", "falls")), TALK], "not-marked"),
        Case("seventeen", [*MARKED, TALK], "not-adult", patient=patient(birthDate="2007-12-24")),
        Case("eighteen on the day", [*MARKED, TALK], MET, patient=patient(birthDate="2007-03-03")),
        Case("eighteen on the day after it ended",
             [*MARKED, TALK], "not-adult", patient=patient(birthDate="2007-03-21")),
        Case("capacity lacking to the end", [*MARKED, cannot_decide("3 Mar 10:00", "25 Mar 10:00")], "lacks-capacity"),
        Case("capacity regained, and talked over", [*MARKED, cannot_decide("3 Mar 10:00", "4 Mar 09:00"), TALK], MET),
    ],
)  # fmt: skip
