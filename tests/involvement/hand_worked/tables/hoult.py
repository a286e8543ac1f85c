"""HOULT: how many attempts to how many people, from the referral to 24 h after the assessment. No pass mark.

Referred on 2 March at 18:00, assessed on the 3rd at 14:00: what counts ends at 14:00 of the 4th.
"""

from tests.involvement.hand_worked.caseload import COUNTED, UNREADABLE, Case, Table, Totals
from tests.involvement.hand_worked.words import assessment, episode, named, nobody, person, referral, tried

REFERRAL = referral("2 Mar 18:00")
EPISODE = episode("3 Mar 10:00", "20 Mar 12:00", referralRequest=[{"reference": "ServiceRequest/~-referral"}])
ASSESSED = [EPISODE, REFERRAL, assessment("3 Mar 14:00")]
PEOPLE = [person("mother", "carer"), person("father", "key-supporter"), person("neighbour", "informal-supporter")]
SAME_HUMAN = {"identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}
IN_TIME = "3 Mar 16:00"
ONE = {"assessment": COUNTED}


def said(attempts: str, people: str) -> str:
    return f"attempts: {attempts}, people: {people}"


TABLE = Table(
    "HOULT",
    strict=Totals(initial=14, excluded=1),
    adjusted=Totals(initial=14, excluded=1),
    cases=[
        Case("three people, a neighbour among them",
             [*ASSESSED, *PEOPLE, *(tried(name, IN_TIME) for name in ("mother", "father", "neighbour"))],
             ONE, remark=said("3+", "3+")),
        Case("three times the same person",
             [*ASSESSED, *PEOPLE, *(tried("mother", f"3 Mar 1{hour}:00") for hour in (5, 6, 7))], ONE,
             remark=said("3+", "1")),
        Case("five calls to two",
             [*ASSESSED, *PEOPLE, *(tried("mother", f"3 Mar 1{hour}:00") for hour in (5, 6, 7, 8)), tried("father",
             IN_TIME)],
             ONE, remark=said("3+", "2")),
        Case("nobody called", [*ASSESSED, *PEOPLE], ONE, remark=said("0", "0")),
        Case("one call, 24 h after the assessment",
             [*ASSESSED, *PEOPLE, tried("mother", "4 Mar 14:00")], ONE, remark=said("1", "1")),
        Case("a second later", [*ASSESSED, *PEOPLE, tried("mother", "4 Mar 14:00:01")], ONE, remark=said("0", "0")),
        Case("at the referral, before the start",
             [*ASSESSED, *PEOPLE, tried("mother", "2 Mar 18:00")], ONE, remark=said("1", "1")),
        Case("a minute before the referral",
             [*ASSESSED, *PEOPLE, tried("mother", "2 Mar 17:59")], ONE, remark=said("0", "0")),
        Case("one tried, two not tried",
             [*ASSESSED, *PEOPLE, tried("mother", IN_TIME, "spoke", "completed"), tried("father", IN_TIME,
             "no-details"),
              tried("neighbour", IN_TIME, "not-tried-patient-refused")],
             ONE, remark=said("1", "1")),
        Case("two records of one human",
             [*ASSESSED, person("mum", "carer", **SAME_HUMAN), person("mother", "next-of-kin", **SAME_HUMAN),
              tried("mum", "3 Mar 15:00"), tried("mother", IN_TIME)],
             ONE, remark=said("2", "1")),
        Case("no time of one of two calls",
             [*ASSESSED, *PEOPLE, tried("mother", IN_TIME), named("call", tried("father", None))],
             {"assessment": COUNTED, "call": UNREADABLE}),
        Case("the night that has 23 h",
             [episode("29 Mar 10:00", "9 Apr 12:00"), assessment("29 Mar 14:00"), *PEOPLE, tried("mother",
             "30 Mar 15:00"),
              tried("father", "30 Mar 15:00:01")],
             ONE, remark=said("1", "1")),
        Case("nobody assessed: from the start",
             [EPISODE, REFERRAL, *PEOPLE, tried("mother", "4 Mar 10:00"), tried("father", "4 Mar 10:01")],
             COUNTED, remark=said("1", "1")),
        Case("asked: there is nobody", [*ASSESSED, nobody("3 Mar 15:00")], {"assessment": "nobody-exists"}),
    ],
)  # fmt: skip
