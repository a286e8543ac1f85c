"""DEBRIEF: whether everybody whom an incident affected was offered a debrief within 72 h, the hours of the rule."""

from tests.involvement.hand_worked.caseload import MET, UNMET, Case, Table, Totals
from tests.involvement.hand_worked.words import ME, at, code, encounter, episode, invited, meeting, person, who

EPISODE = episode("3 Mar 10:00", "9 Apr 12:00")
MOTHER, FATHER = person("mother", "carer"), person("father", "household-member")
INCIDENT = encounter("incident", "5 Mar 21:00", "mother", name="incident")
WITH_MOTHER = [EPISODE, MOTHER, INCIDENT]
WITH_BOTH = [EPISODE, MOTHER, FATHER, encounter("incident", "5 Mar 21:00", "mother", "father", name="incident")]
IN_A_SHORT_NIGHT = [EPISODE, MOTHER, encounter("incident", "28 Mar 12:00", "mother", name="incident")]


def offer(*names: str, when: str, answer: str = "needs-action", came: bool | None = None) -> dict[str, object]:
    return meeting("debrief", "12 Mar 10:00", *(invited(name, when, answer, came=came) for name in names))


def task(status: str, when: str) -> dict[str, object]:
    return {
        "resourceType": "Task",
        "status": status,
        "intent": "order",
        "code": code("task-code", "debrief"),
        "focus": ME,
        "for": {"reference": who("mother")},
        "reasonReference": {"reference": "Encounter/~-incident"},
        "authoredOn": at("5 Mar 21:00"),
        "lastModified": at(when),
    }


def stands(place: str) -> dict[str, str]:
    return {"incident": place}


TABLE = Table(
    "DEBRIEF",
    strict=Totals(initial=17, excluded=1, met=8),
    adjusted=Totals(initial=17, excluded=1, met=8),
    cases=[
        Case("offered the next day",
             [*WITH_MOTHER, offer("mother", when="6 Mar 10:00")], stands(MET), remark="outcome-of-offer: offered"),
        Case("she came",
             [*WITH_MOTHER, offer("mother", when="6 Mar 10:00", came=True)],
             stands(MET), remark="outcome-of-offer: done"),
        Case("she did not want it", [*WITH_MOTHER, offer("mother", when="6 Mar 10:00", answer="declined")], stands(MET),
             remark="outcome-of-offer: declined"),
        Case("72 h later", [*WITH_MOTHER, offer("mother", when="8 Mar 21:00")], stands(MET)),
        Case("a minute more", [*WITH_MOTHER, offer("mother", when="8 Mar 21:01")], stands(UNMET)),
        Case("no offer", WITH_MOTHER, stands(UNMET), remark="outcome-of-offer: not-offered"),
        Case("before it happened", [*WITH_MOTHER, offer("mother", when="5 Mar 20:00")], stands(UNMET)),
        Case("the night that has 23 h: 73 clock hours",
             [*IN_A_SHORT_NIGHT, meeting("debrief", "2 Apr 10:00", invited("mother", "31 Mar 13:00"))], stands(MET)),
        Case("and a minute",
             [*IN_A_SHORT_NIGHT, meeting("debrief", "2 Apr 10:00", invited("mother", "31 Mar 13:01"))], stands(UNMET)),
        Case("two affected, both offered", [*WITH_BOTH, offer("mother", "father", when="6 Mar 10:00")], stands(MET)),
        Case("two affected, one offered", [*WITH_BOTH, offer("mother", when="6 Mar 10:00")], stands(UNMET),
             remark="outcome-of-offer: not-offered"),
        Case("a task that was done",
             [*WITH_MOTHER, task("completed", "7 Mar 10:00")], stands(MET), remark="outcome-of-offer: done"),
        Case("a task: she did not want it", [*WITH_MOTHER, task("rejected", "7 Mar 10:00")], stands(MET),
             remark="outcome-of-offer: declined"),
        Case("a task that waits", [*WITH_MOTHER, task("requested", "5 Mar 21:00")], stands(UNMET)),
        Case("a task done too late", [*WITH_MOTHER, task("completed", "9 Mar 10:00")], stands(UNMET)),
        Case("a review instead",
             [*WITH_MOTHER, meeting("review-meeting", "12 Mar 10:00", invited("mother", "6 Mar 10:00"))],
             stands(UNMET)),
        Case("nobody was there",
             [EPISODE, MOTHER, encounter("incident", "5 Mar 21:00", name="incident")], stands("nobody-affected")),
        Case("last year",
             [EPISODE, MOTHER, encounter("incident", "2024-11-05T21:00:00Z", "mother", name="incident")], {}),
        Case("nothing happened", [EPISODE, MOTHER], {}),
    ],
)  # fmt: skip
