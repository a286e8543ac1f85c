"""The worklists by hand: who has to be on each, and who misses it by an hour or a word. Times count from now.

A time is an hour or more from the border, so that a slow machine gives the same answer.
"""

from typing import Final

from tests.involvement.hand_worked.caseload import Case, Caseload
from tests.involvement.hand_worked.words import (
    ME,
    TEAM,
    Json,
    code,
    episode,
    invited,
    meeting,
    named,
    no,
    nobody,
    part,
    patient,
    person,
    plan,
    said,
    tried,
    until,
    who,
    yes,
)
from tests.stories import records
from tests.stories.records import ago, ahead

LISTED: Final = "listed"

OPEN = episode(ago(days=3))
CLOSED = episode(ago(days=30), ago(days=3))
DIED = patient(deceasedDateTime=ago(days=1))
MOTHER = person("mother", "carer", known=ago(days=3))
WITH_MOTHER = [OPEN, MOTHER]
YES = yes("mother", on=ago(days=2))
TALK = said("discussion", ago(days=2), "involvement")


def on_it(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, LISTED)


def in_days(days: float, *people: Json, kind: str = "review-meeting", status: str = "booked") -> Json:
    start = {"start": ahead(days=days), "end": ahead(days=days, hours=1)}
    return named("review", meeting(kind, "3 Mar 10:00", *people, status=status) | start)


NOT_ASKED = Caseload("not-asked", [
    Case("nobody asked", WITH_MOTHER, on_it("episode")),
    Case("nobody there, and nobody asked the patient", [OPEN, nobody(ago(days=2))], on_it("episode")),
    Case("said yes", [*WITH_MOTHER, YES], {}),
    Case("said no", [*WITH_MOTHER, no("mother", on=ago(days=2))], {}),
    Case("does not know yet", [*WITH_MOTHER, YES | {"status": "draft"}], {}),
    Case("a decision entered in error", [*WITH_MOTHER, YES | {"status": "entered-in-error"}], on_it("episode")),
    Case("a consent about research",
         [*WITH_MOTHER, YES | {"scope": records.coded("http://terminology.hl7.org/CodeSystem/consentscope",
         "research")}],
         on_it("episode")),
    Case("talked over", [*WITH_MOTHER, TALK], {}),
    Case("a talk about something else", [*WITH_MOTHER, said("discussion", ago(days=2), "what-to-watch")],
         on_it("episode")),
    Case("a talk that did not happen", [*WITH_MOTHER, TALK | {"status": "not-done"}], on_it("episode")),
    Case("a talk entered in error", [*WITH_MOTHER, TALK | {"status": "entered-in-error"}], on_it("episode")),
    Case("a talk with the mother alone", [*WITH_MOTHER, said("discussion", ago(days=2), "involvement", to="mother")],
         on_it("episode")),
    Case("the patient has died", WITH_MOTHER, {}, patient=DIED),
    Case("care is over", [CLOSED, MOTHER], {}),
    Case("care is planned", [OPEN | {"status": "planned"}, MOTHER], {}),
    Case("a plan of home treatment, and no episode",
         [plan(ago(days=3), author={"reference": TEAM})], on_it("plan")),
    Case("a plan beside an episode", [OPEN, plan(ago(days=3), author={"reference": TEAM})], on_it("episode")),
])  # fmt: skip


def review(**time: float) -> Json:
    when = ahead(**time)
    return named("yes", YES | {"extension": [records.own("consent-next-review", valueDateTime=when)]})


CONSENT_REVIEW = Caseload("consent-review", [
    Case("to be reviewed an hour ago", [*WITH_MOTHER, review(hours=-1)], on_it("yes")),
    Case("to be reviewed tomorrow", [*WITH_MOTHER, review(days=1)], {}),
    Case("no review", [*WITH_MOTHER, named("yes", YES)], {}),
    Case("over since an hour", [*WITH_MOTHER, named("yes", yes("mother", on=ago(days=2), **until(ago(days=2),
         ago(hours=1))))],
         on_it("yes")),
    Case("until tomorrow", [*WITH_MOTHER, named("yes", yes("mother", on=ago(days=2), **until(ago(days=2),
         ahead(days=1))))], {}),
    Case("a refusal to be reviewed", [*WITH_MOTHER, review(hours=-1) | {"provision": no("mother",
         on=ago(days=2))["provision"]}],
         on_it("yes")),
    Case("the patient has died", [*WITH_MOTHER, review(hours=-1)], {}, patient=DIED),
    Case("taken back", [*WITH_MOTHER, review(hours=-1) | {"status": "inactive"}], {}),
    Case("not decided", [*WITH_MOTHER, review(hours=-1) | {"status": "draft"}], {}),
    Case("entered in error", [*WITH_MOTHER, review(hours=-1) | {"status": "entered-in-error"}], {}),
])  # fmt: skip

DAY_AND_HOUR = episode(ago(hours=25))

NOT_CONTACTED = Caseload("not-contacted", [
    Case("25 h, and no call", [DAY_AND_HOUR, MOTHER], on_it("episode")),
    Case("23 h, and no call", [episode(ago(hours=23)), MOTHER], {}),
    Case("nobody took the call", [DAY_AND_HOUR, MOTHER, tried("mother", ago(hours=20))], {}),
    Case("not tried", [DAY_AND_HOUR, MOTHER, tried("mother", ago(hours=20), "not-tried-patient-refused")],
         on_it("episode")),
    Case("no details", [DAY_AND_HOUR, MOTHER, tried("mother", ago(hours=20), "no-details")], on_it("episode")),
    Case("before it began", [DAY_AND_HOUR, MOTHER, tried("mother", ago(hours=26))], on_it("episode")),
    Case("a call entered in error", [DAY_AND_HOUR, MOTHER, tried("mother", ago(hours=20), status="entered-in-error")],
         on_it("episode")),
    Case("a call without an outcome", [DAY_AND_HOUR, MOTHER, records.call(ME, who("mother"))], on_it("episode")),
    Case("a call to come", [DAY_AND_HOUR, MOTHER, tried("mother", ahead(hours=5))], on_it("episode")),
    Case("care is over", [CLOSED, MOTHER], {}),
    Case("nobody wrote down when it began", [episode(None), MOTHER], {}),
])  # fmt: skip

PART = part("mother", agreed=ago(days=1))
CARE_PLAN = yes("mother", "care-plan", on=ago(days=2))

NO_ROLE = Caseload("no-role", [
    Case("may know the plan, and has no part", [*WITH_MOTHER, CARE_PLAN], on_it("mother")),
    Case("a plan without her", [*WITH_MOTHER, CARE_PLAN, plan(ago(days=1))], on_it("mother")),
    Case("has a part", [*WITH_MOTHER, CARE_PLAN, plan(ago(days=1), PART)], {}),
    Case("a part in a draft", [*WITH_MOTHER, CARE_PLAN, plan(ago(days=1), PART, status="draft")], on_it("mother")),
    Case("a part in a plan that is over", [*WITH_MOTHER, CARE_PLAN, plan(ago(days=1), PART, status="completed")],
         on_it("mother")),
    Case("a part that was cancelled",
         [*WITH_MOTHER, CARE_PLAN, plan(ago(days=1), part("mother", agreed=ago(days=1), status="cancelled"))],
         on_it("mother")),
    Case("the other parent's part",
         [*WITH_MOTHER, CARE_PLAN, person("father", "carer"), plan(ago(days=1), part("father", agreed=ago(days=1)))],
         on_it("mother")),
    Case("nobody asked the patient", WITH_MOTHER, {}),
    Case("yes to meetings alone", [*WITH_MOTHER, yes("mother", "meetings", on=ago(days=2))], {}),
    Case("the yes is over", [*WITH_MOTHER, yes("mother", "care-plan", on=ago(days=2), **until(ago(days=2),
         ago(hours=1)))], {}),
    Case("refused since", [*WITH_MOTHER, CARE_PLAN, no("mother", on=ago(days=1))], {}),
    Case("no key person", [OPEN, person("flatmate", "household-member"), yes("flatmate", "care-plan", on=ago(days=2))],
         {}),
    Case("no longer active", [OPEN, MOTHER | {"active": False}, CARE_PLAN], {}),
    Case("care is over", [CLOSED, MOTHER, CARE_PLAN], {}),
    Case("two, one of whom has a part",
         [*WITH_MOTHER, CARE_PLAN, person("father", "carer"), yes("father", "care-plan", on=ago(days=2)),
         plan(ago(days=1), PART)],
         on_it("father")),
])  # fmt: skip

MEETINGS = yes("mother", "meetings", on=ago(days=2))
LETTER: Json = {
    "resourceType": "CommunicationRequest",
    "status": "active",
    "subject": ME,
    "about": [{"reference": "Appointment/~-review"}],
    "recipient": [{"reference": who("mother")}],
    "authoredOn": ago(days=1),
}

NOT_INVITED = Caseload("not-invited", [
    Case("may come, and is not invited", [*WITH_MOTHER, MEETINGS, in_days(3)], on_it("review")),
    Case("in six days and 23 h", [*WITH_MOTHER, MEETINGS, in_days(6.95)], on_it("review")),
    Case("in seven days and an hour", [*WITH_MOTHER, MEETINGS, in_days(7.05)], {}),
    Case("an hour ago", [*WITH_MOTHER, MEETINGS, in_days(-0.05)], {}),
    Case("invited", [*WITH_MOTHER, MEETINGS, in_days(3, invited("mother", ago(days=1)))], {}),
    Case("invited, and said no", [*WITH_MOTHER, MEETINGS, in_days(3, invited("mother", ago(days=1), "declined"))], {}),
    Case("invited by letter", [*WITH_MOTHER, MEETINGS, in_days(3), LETTER], {}),
    Case("the letter was not sent", [*WITH_MOTHER, MEETINGS, in_days(3), LETTER | {"status": "draft"}],
         on_it("review")),
    Case("nobody asked the patient", [*WITH_MOTHER, in_days(3)], {}),
    Case("refused since", [*WITH_MOTHER, MEETINGS, no("mother", on=ago(days=1)), in_days(3)], {}),
    Case("cancelled", [*WITH_MOTHER, MEETINGS, in_days(3, status="cancelled")], {}),
    Case("an ordinary visit", [*WITH_MOTHER, MEETINGS, in_days(3, kind="visit")], {}),
    Case("the discharge", [*WITH_MOTHER, MEETINGS, in_days(3, kind="discharge-meeting")], on_it("review")),
    Case("no key person", [OPEN, person("flatmate", "household-member"), yes("flatmate", "meetings", on=ago(days=2)),
         in_days(3)], {}),
    Case("one of two is invited",
         [*WITH_MOTHER, MEETINGS, person("father", "carer"), yes("father", "meetings", on=ago(days=2)),
          in_days(3, invited("mother", ago(days=1)))], on_it("review")),
])  # fmt: skip


def task(kind: str, status: str = "requested") -> Json:
    body = {"resourceType": "Task", "status": status, "intent": "order", "code": code("task-code", kind)}
    return named("task", body | {"for": {"reference": who("mother")}, "focus": ME, "authoredOn": ago(days=1)})


OWED = Caseload("owed-to-carers", [
    Case("to be told of her right", [*WITH_MOTHER, task("carers-assessment")], on_it("task")),
    Case("somebody is at it", [*WITH_MOTHER, task("support-information", "in-progress")], on_it("task")),
    Case("a debrief", [*WITH_MOTHER, task("debrief")], on_it("task")),
    Case("done", [*WITH_MOTHER, task("carers-assessment", "completed")], {}),
    Case("cancelled", [*WITH_MOTHER, task("carers-assessment", "cancelled")], {}),
    Case("she did not want it", [*WITH_MOTHER, task("peer-support", "rejected")], {}),
    Case("owed to nobody: a consent to look at", [*WITH_MOTHER, task("consent-review")], {}),
])  # fmt: skip


def concern(hours: float, sender: str = "mother", kind: str = "concern", **more: object) -> Json:
    people = {"sender": {"reference": who(sender)}, "recipient": [{"reference": "Practitioner/nurse"}]}
    return named("concern", said(kind, ago(hours=hours)) | people | more)


def answered_with(outcome: str) -> Json:
    return {"statusReason": code("contact-outcome", outcome)}


TO_CONCERN = {"reference": "Communication/~-concern"}
ANSWER = said("contact", ago(hours=2), to="mother", inResponseTo=[TO_CONCERN])
PART = said("contact", ago(hours=2), to="mother", partOf=[TO_CONCERN])
MENTIONED = said("contact", ago(hours=2), to="mother", about=[TO_CONCERN])
ABOUT_IT = {"focus": TO_CONCERN}
WHY = {"url": "why", "valueString": "Known."}
USED = records.own("knowledge-used", extension=[{"url": "used", "valueBoolean": False}, WHY])

CONCERNS = Caseload("concerns", [
    Case("25 h, and no answer", [*WITH_MOTHER, concern(25)], on_it("concern")),
    Case("23 h, and no answer", [*WITH_MOTHER, concern(23)], {}),
    Case("answered", [*WITH_MOTHER, concern(25), ANSWER], {}),
    Case("answered as a part of it", [*WITH_MOTHER, concern(25), PART], {}),
    Case("a letter in answer", [*WITH_MOTHER, concern(25), ANSWER | answered_with("text-or-letter-sent")], {}),
    Case("a message left, without what it is about",
         [*WITH_MOTHER, concern(25), ANSWER | answered_with("message-left")], on_it("concern")),
    Case("rung back, and nobody answered",
         [*WITH_MOTHER, concern(25), ANSWER | answered_with("no-answer") | {"status": "not-done"}], on_it("concern")),
    Case("to be rung back", [*WITH_MOTHER, concern(25), ANSWER | {"status": "in-progress"}], on_it("concern")),
    Case("she says it once more", [*WITH_MOTHER, concern(25), ANSWER | {"sender": {"reference": who("mother")}}],
         on_it("concern")),
    Case("the patient speaks to it", [*WITH_MOTHER, concern(25), ANSWER | {"sender": ME}], on_it("concern")),
    Case("mentioned in another call", [*WITH_MOTHER, concern(25), MENTIONED], on_it("concern")),
    Case("a task about it is done", [*WITH_MOTHER, concern(25), task("answer-concern", "completed") | ABOUT_IT], {}),
    Case("a task because of it is done",
         [*WITH_MOTHER, concern(25), task("answer-concern", "completed") | {"reasonReference": TO_CONCERN}], {}),
    Case("a task about it", [*WITH_MOTHER, concern(25), task("answer-concern") | ABOUT_IT], on_it("concern")),
    Case("a task about it was declined",
         [*WITH_MOTHER, concern(25), task("answer-concern", "rejected") | ABOUT_IT], on_it("concern")),
    Case("a task about the patient is done",
         [*WITH_MOTHER, concern(25), task("answer-concern", "completed")], on_it("concern")),
    Case("answered in error", [*WITH_MOTHER, concern(25), ANSWER | {"status": "entered-in-error"}], on_it("concern")),
    Case("not used, and why", [*WITH_MOTHER, concern(25, extension=[USED])], {}),
    Case("a view that worries nobody", [*WITH_MOTHER, concern(25, kind="carer-view")], {}),
    Case("entered in error", [*WITH_MOTHER, concern(25, status="entered-in-error")], {}),
])  # fmt: skip

OVERRIDES = Caseload("override-review", [
    Case("to look at", [*WITH_MOTHER, task("override-review")], on_it("task")),
    Case("looked at", [*WITH_MOTHER, task("override-review", "completed")], {}),
    Case("another task", [*WITH_MOTHER, task("carers-assessment")], {}),
])  # fmt: skip

LISTS = [NOT_ASKED, CONSENT_REVIEW, NOT_CONTACTED, NO_ROLE, NOT_INVITED, OWED, CONCERNS, OVERRIDES]
