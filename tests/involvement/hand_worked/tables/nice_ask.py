"""NICE-ASK: whether the patient was asked if and how to involve others. A no and an "I do not know yet" are answers."""

from tests.involvement.hand_worked.caseload import MET, UNMET, Case, Table, Totals
from tests.involvement.hand_worked.words import (
    ME,
    at,
    cannot_decide,
    episode,
    named,
    no,
    person,
    referral,
    said,
    taken_back,
    yes,
)
from tests.stories import records

REFERRAL = referral("2 Mar 18:00")
EPISODE = episode("3 Mar 10:00", "20 Mar 12:00")
MOTHER = person("mother", "carer")
WITH_MOTHER = [EPISODE, MOTHER]
REFERRED = [EPISODE | {"referralRequest": [{"reference": "ServiceRequest/~-referral"}]}, REFERRAL, MOTHER]
REVIEW = {"extension": [records.own("consent-next-review", valueDateTime="2025-04-01")]}
TO_COME = {"extension": [records.own("consent-next-review", valueDateTime="2999-04-01")]}
BEST_INTERESTS = records.decided_for(
    ME, "RelatedPerson/~-mother", "medication", by=["Practitioner/nurse"], dateTime=at("4 Mar 10:00"),
    basis=records.coded(records.PROXY_BASIS, "best-interest"), period={"start": at("4 Mar"), "end": at("18 Mar")},
)  # fmt: skip
ONCE = "asked: asked-once, review: no-review-overdue"

TABLE = Table(
    "NICE-ASK",
    strict=Totals(initial=24, excluded=1, met=11),
    adjusted=Totals(initial=24, excluded=1, met=11),
    cases=[
        Case("said yes", [*WITH_MOTHER, yes("mother", "meetings", on="4 Mar 10:00")], MET, remark=ONCE),
        Case("said no to everything", [*WITH_MOTHER, no("mother", on="4 Mar 10:00")], MET, remark=ONCE),
        Case("does not know yet", [*WITH_MOTHER, yes("mother", on="4 Mar 10:00", status="draft")], MET, remark=ONCE),
        Case("talked over, nothing decided",
             [EPISODE, said("discussion", "4 Mar 10:00", "involvement")], MET, remark=ONCE),
        Case("a talk about something else",
             [EPISODE, said("discussion", "4 Mar 10:00", "condition-and-treatment")], UNMET),
        Case("a talk that did not happen",
             [EPISODE, said("discussion", "4 Mar 10:00", "involvement", status="not-done")], UNMET),
        Case("a talk entered in error",
             [EPISODE, said("discussion", "4 Mar 10:00", "involvement", status="entered-in-error")], UNMET),
        Case("nobody asked", WITH_MOTHER, UNMET, remark="asked: not-asked, review: no-review-overdue"),
        Case("asked in another year alone", [*WITH_MOTHER, yes("mother", on="5 Jan 10:00")], UNMET),
        Case("a minute before the start", [*WITH_MOTHER, yes("mother", on="3 Mar 09:59")], UNMET),
        Case("at the start", [*WITH_MOTHER, yes("mother", on="3 Mar 10:00")], MET),
        Case("at the end", [*WITH_MOTHER, yes("mother", on="20 Mar 12:00")], MET),
        Case("a minute after the end", [*WITH_MOTHER, yes("mother", on="20 Mar 12:01")], UNMET),
        Case("between referral and start", [*REFERRED, yes("mother", on="2 Mar 19:00")], MET),
        Case("before the referral", [*REFERRED, yes("mother", on="2 Mar 17:00")], UNMET),
        Case("asked again",
             [*WITH_MOTHER, yes("mother", on="4 Mar 10:00"), no("mother", "medication", on="12 Mar 10:00")], MET,
             remark="asked: asked-again, review: no-review-overdue"),
        Case("a review gone by", [*WITH_MOTHER, yes("mother", on="4 Mar 10:00", **REVIEW)], MET,
             remark="asked: asked-once, review: review-overdue"),
        Case("a review to come", [*WITH_MOTHER, yes("mother", on="4 Mar 10:00", **TO_COME)], MET, remark=ONCE),
        Case("said yes, and took it back afterwards",
             [*WITH_MOTHER, named("yes", yes("mother", on="4 Mar 10:00"))], MET,
             later=(taken_back(named("yes", yes("mother", on="4 Mar 10:00")), "30 Mar 10:00"),)),
        Case("a decision entered in error", [*WITH_MOTHER, named("yes", yes("mother", on="4 Mar 10:00"))], UNMET,
             later=(named("yes", yes("mother", on="4 Mar 10:00", status="entered-in-error")),)),
        Case("others decided in the patient's place",
             [*WITH_MOTHER, BEST_INTERESTS, cannot_decide("3 Mar 10:00", "10 Mar 10:00")], UNMET),
        Case("capacity lacking to the end",
             [*WITH_MOTHER, cannot_decide("3 Mar 10:00", "25 Mar 10:00")], "lacks-capacity"),
        Case("capacity regained, and not asked", [*WITH_MOTHER, cannot_decide("3 Mar 10:00", "19 Mar 10:00")], UNMET),
        Case("talked with her mother instead",
             [*WITH_MOTHER, said("discussion", "4 Mar 10:00", "involvement", to="mother")], UNMET),
    ],
)  # fmt: skip
