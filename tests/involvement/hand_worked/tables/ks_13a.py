"""KS-13a: who is identified as a key person, worked out by hand from the page.

The assessment is at 14:00, so that somebody has to be known by 14:00 of the next day. Asked in vain is no failure in
the adjusted rate, and no success in the strict one.
"""

from tests.involvement.hand_worked.caseload import MET, UNMET, UNREADABLE, Case, Table, Totals
from tests.involvement.hand_worked.words import assessment, ended, episode, nobody, patient, person
from tests.stories import records

EPISODE = episode("3 Mar 10:00", "20 Mar 12:00")
ASSESSED = assessment("3 Mar 14:00")
THREE_WEEKS = [EPISODE, ASSESSED]
SAME_HUMAN = {"identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}
OVER = {"extension": [records.own("role-period", valuePeriod={"end": "2025-01-31"})]}

TABLE = Table(
    "KS-13a",
    strict=Totals(initial=29, excluded=5, met=9),
    adjusted=Totals(initial=29, excluded=5, met=12),
    cases=[
        Case("mother known the same day", [*THREE_WEEKS, person("mother", "carer", known="3 Mar 16:00")], MET),
        Case("known since last year", [*THREE_WEEKS, person("mother", "carer", known="2024-11-05")], MET),
        Case("known 24 h after", [*THREE_WEEKS, person("mother", "key-supporter", known="4 Mar 14:00")], MET),
        Case("known a second too late", [*THREE_WEEKS, person("mother", "carer", known="4 Mar 14:00:01")], UNMET),
        Case("nobody wrote down when: learned when typed in",
             [*THREE_WEEKS, person("mother", "carer", known=None)], UNMET),
        Case("nobody asked", THREE_WEEKS, UNMET),
        Case("asked: there is nobody", [*THREE_WEEKS, nobody("3 Mar 15:00")], UNMET, MET),
        Case("asked: nobody is to be named", [*THREE_WEEKS, nobody("3 Mar 15:00", "withheld")], UNMET, MET),
        Case("the map says: not asked", [*THREE_WEEKS, nobody("3 Mar 15:00", "notasked")], UNMET),
        Case(
            "asked in vain, and a friend turned up a week later",
            [*THREE_WEEKS, nobody("3 Mar 15:00"), person("friend", "key-supporter", known="10 Mar 09:00")],
            UNMET,
            MET,
        ),
        Case(
            "a flatmate and a child are no key people",
            [*THREE_WEEKS, person("flatmate", "household-member"), person("child", "child-in-household")],
            UNMET,
        ),
        Case("no longer active", [*THREE_WEEKS, person("mother", "carer", active=False)], UNMET),
        Case(
            "was a carer until January",
            [*THREE_WEEKS, person("mother", relationship=[records.role("carer") | OVER])],
            UNMET,
        ),
        Case("nobody assessed: the start counts", [EPISODE, person("mother", "carer", known="4 Mar 10:00")], MET),
        Case("nobody assessed, a minute late", [EPISODE, person("mother", "carer", known="4 Mar 10:01")], UNMET),
        Case("over after 23:59", [episode("3 Mar 10:00", "4 Mar 09:59"), person("mother", "carer")], "closed-early"),
        Case("over after 24 h", [episode("3 Mar 10:00", "4 Mar 10:00"), person("mother", "carer")], MET),
        Case("handed over", [EPISODE | ended("transferred"), ASSESSED, person("mother", "carer")], "transferred"),
        Case("discharged", [EPISODE | ended("discharged"), ASSESSED], UNMET),
        Case("died in it", THREE_WEEKS, "died", patient=patient(deceasedDateTime="2025-03-10T03:00:00Z")),
        Case("died after it", THREE_WEEKS, UNMET, patient=patient(deceasedDateTime="2025-04-10T03:00:00Z")),
        Case(
            "the night that has 23 h: 24 h end at 15:00",
            [episode("29 Mar 10:00", "9 Apr 10:00"), assessment("29 Mar 14:00"), person("dad", "carer",
             known="30 Mar 15:00")],
            MET,
        ),
        Case(
            "the night that has 23 h, a second too late",
            [episode("29 Mar 10:00", "9 Apr 10:00"), assessment("29 Mar 14:00"), person("dad", "carer",
             known="30 Mar 15:00:01")],
            UNMET,
        ),
        Case("a day of 23 h", [episode("29 Mar 10:00", "30 Mar 10:00"), person("dad", "carer")], "closed-early"),
        Case("23 clock hours of 24 h", [episode("25 Oct 10:00", "26 Oct 09:00"), person("dad", "carer")], MET),
        Case("a minute less", [episode("25 Oct 10:00", "26 Oct 08:59"), person("dad", "carer")], "closed-early"),
        Case(
            "his aunt, also known to another patient's team since long",
            [*THREE_WEEKS, person("aunt", "carer", known="1 Mar 10:00", **SAME_HUMAN)],
            MET,
        ),
        Case(
            "the other patient, whose team learned of her late",
            [*THREE_WEEKS, person("aunt", "carer", known="9 Mar 10:00", **SAME_HUMAN)],
            UNMET,
        ),
        Case("still with the team", [episode("20 Feb 10:00"), person("mother", "carer", known="21 Feb 10:00")], MET),
        Case("no start", [episode(None, "20 Mar 12:00"), person("mother", "carer")], UNREADABLE),
    ],
)  # fmt: skip
