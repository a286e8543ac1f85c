"""KS-13d: whether a key person who may know the care plan has a part of their own in it, and agreed to it."""

from tests.involvement.hand_worked.caseload import MET, UNMET, Case, Table, Totals
from tests.involvement.hand_worked.words import (
    episode,
    kept_away,
    named,
    no,
    part,
    person,
    plan,
    taken_back,
    until,
    yes,
)
from tests.stories import records

EPISODE = episode("3 Mar 10:00", "9 Apr 12:00")
MOTHER = person("mother", "carer")
YES = named("yes", yes("mother", "care-plan", on="3 Mar 12:00"))
WITH_MOTHER = [EPISODE, MOTHER, YES]
PART = part("mother", agreed="5 Mar 10:00")
PLAN = plan("5 Mar", PART)
SAME_WORDS = plan("5 Mar", part("mother", agreed="5 Mar 10:00", description="Supportive family."))
ELSEWHERE = {"code": records.coded("https://trust.example.org/local", "helps")}


def lacking(element: str) -> dict[str, object]:
    """The same plan without an element of the part."""
    return plan("5 Mar", {"detail": {name: value for name, value in PART["detail"].items() if name != element}})


TABLE = Table(
    "KS-13d",
    strict=Totals(initial=31, excluded=8, met=10),
    adjusted=Totals(initial=31, excluded=8, met=10),
    cases=[
        Case("she watches for early signs", [*WITH_MOTHER, PLAN], MET, remark=""),
        Case("in the safety plan", [*WITH_MOTHER, plan("5 Mar", PART, kind="safety-plan")], MET),
        Case("a plan that is completed by now", [*WITH_MOTHER, plan("5 Mar", PART, status="completed")], MET),
        Case("no plan", WITH_MOTHER, UNMET),
        Case("a plan without her", [*WITH_MOTHER, plan("5 Mar")], UNMET),
        Case("a draft", [*WITH_MOTHER, plan("5 Mar", PART, status="draft")], UNMET),
        Case("a plan that was revoked", [*WITH_MOTHER, plan("5 Mar", PART, status="revoked")], UNMET),
        Case("last year's plan",
             [*WITH_MOTHER, plan("2024-11-05", PART, status="completed", period={"start": "2024-11-05",
             "end": "2024-12-01"})],
             UNMET),
        Case("a part that was cancelled",
             [*WITH_MOTHER, plan("5 Mar", part("mother", agreed="5 Mar 10:00", status="cancelled"))], UNMET),
        Case("nobody asked her", [*WITH_MOTHER, plan("5 Mar", part("mother", agreed=None))], UNMET),
        Case("she said no", [*WITH_MOTHER, plan("5 Mar", part("mother", agreed="5 Mar 10:00", yes=False))], "declined"),
        Case("one part she declined, and one she agreed to",
             [*WITH_MOTHER, plan("5 Mar", part("mother", agreed="5 Mar 10:00", yes=False, kind="childcare"), PART)],
             MET),
        Case("no words", [*WITH_MOTHER, lacking("description")], UNMET),
        Case("no code", [*WITH_MOTHER, lacking("code")], UNMET),
        Case("a code of nobody's", [*WITH_MOTHER, plan("5 Mar", {"detail": PART["detail"] | ELSEWHERE})], UNMET),
        Case("the part is a flatmate's",
             [*WITH_MOTHER, person("flatmate", "household-member"), plan("5 Mar", part("flatmate",
             agreed="5 Mar 10:00"))],
             UNMET),
        Case("the part is the other parent's, of whom nobody asked the patient",
             [*WITH_MOTHER, person("father", "carer"), plan("5 Mar", part("father", agreed="5 Mar 10:00"))], UNMET),
        Case("prompts for medication, and nothing else",
             [*WITH_MOTHER, plan("5 Mar", part("mother", agreed="5 Mar 10:00", kind="medication-support"))],
             MET, remark="medication-only"),
        Case("prompts, and more",
             [*WITH_MOTHER, plan("5 Mar", part("mother", agreed="5 Mar 10:00", kind="medication-support"), PART)],
             MET, remark=""),
        Case("the same words, first of three", [*WITH_MOTHER, SAME_WORDS], MET, remark="repeated-text"),
        Case("the same words, second of three", [*WITH_MOTHER, SAME_WORDS], MET, remark="repeated-text"),
        Case("the same words, third of three", [*WITH_MOTHER, SAME_WORDS], MET, remark="repeated-text"),
        Case("his daughter of fourteen",
             [EPISODE, person("daughter", "young-carer", birthDate="2011-01-05"),
              yes("daughter", "care-plan", on="3 Mar 12:00"), plan("5 Mar", part("daughter", agreed="5 Mar 10:00"))],
             UNMET, remark="young-carer"),
        Case("taken back when the part was agreed to",
             [*WITH_MOTHER, PLAN], MET, later=(taken_back(YES, "20 Mar 10:00"),)),
        Case("taken back before there was a plan",
             [*WITH_MOTHER, PLAN], "no-consent", later=(taken_back(YES, "4 Mar 10:00"),)),
        Case("agreed to a week after the part",
             [EPISODE, MOTHER, yes("mother", "care-plan", on="12 Mar 12:00"), PLAN], "no-consent"),
        Case("over before the plan",
             [EPISODE, MOTHER, yes("mother", "care-plan", on="3 Mar 12:00", **until("3 Mar", "4 Mar")), PLAN],
             "no-consent"),
        Case("yes to meetings alone",
             [EPISODE, MOTHER, yes("mother", "meetings", on="3 Mar 12:00"), PLAN], "no-consent"),
        Case("refused", [EPISODE, MOTHER, no("mother", on="3 Mar 12:00")], "no-consent"),
        Case("nobody in a key role", [EPISODE, person("flatmate", "household-member")], "no-key-person"),
        Case("kept away for safety",
             [*WITH_MOTHER, kept_away("no-contact-safeguarding", "mother", since="3 Mar 10:00")], "contact-stopped"),
    ],
)  # fmt: skip
