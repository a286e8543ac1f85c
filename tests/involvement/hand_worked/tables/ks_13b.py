"""KS-13b: whether anybody tried to reach a key person, whatever the patient agreed to.

The strict rate asks it of everybody who was with the team for 48 h. The adjusted one leaves out whom nobody could or
was to call, as it stood 48 h after the start and for every key person. "Not tried" is never an attempt.
"""

from tests.involvement.hand_worked.caseload import MET, UNMET, UNREADABLE, Case, Table, Totals
from tests.involvement.hand_worked.words import (
    cannot_decide,
    episode,
    kept_away,
    named,
    no,
    nobody,
    patient,
    person,
    tried,
    yes,
)

EPISODE = episode("3 Mar 10:00", "20 Mar 12:00")
MOTHER = person("mother", "carer")
FATHER = person("father", "key-supporter")
WITH_MOTHER = [EPISODE, MOTHER]
WITH_BOTH = [EPISODE, MOTHER, FATHER]
NEVER = no("mother", on="4 Mar 10:00")
SAME_HUMAN = {"identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}
SHORT_NIGHT = "28 Mar 12:00"
LONG_NIGHT = "24 Oct 12:00"

TABLE = Table(
    "KS-13b",
    strict=Totals(initial=41, excluded=4, met=11),
    adjusted=Totals(initial=41, excluded=11, met=10),
    cases=[
        Case("a call that nobody took", [*WITH_MOTHER, tried("mother", "3 Mar 15:00")], MET),
        Case("spoken with", [*WITH_MOTHER, tried("mother", "3 Mar 15:00", "spoke", "completed")], MET),
        Case("wrong number", [*WITH_MOTHER, tried("mother", "3 Mar 15:00", "wrong-number")], MET),
        Case("she did not want to talk", [*WITH_MOTHER, tried("mother", "3 Mar 15:00", "declined-by-supporter")], MET),
        Case("to be called back",
             [*WITH_MOTHER, tried("mother", "3 Mar 15:00", "call-back-requested", "stopped")], MET),
        Case("no call", WITH_MOTHER, UNMET),
        Case("not tried: patient refused",
             [*WITH_MOTHER, tried("mother", "3 Mar 15:00", "not-tried-patient-refused")], UNMET),
        Case("not tried: not safe", [*WITH_MOTHER, tried("mother", "3 Mar 15:00", "not-tried-safeguarding")], UNMET),
        Case("nobody identified", [*WITH_MOTHER, tried("mother", "3 Mar 15:00", "nobody-identified")], UNMET),
        Case("a flatmate is no key person",
             [*WITH_MOTHER, person("flatmate", "household-member"), tried("flatmate", "3 Mar 15:00", "spoke",
             "completed")],
             UNMET),
        Case("a second before the start", [*WITH_MOTHER, tried("mother", "3 Mar 09:59:59")], UNMET),
        Case("at the start", [*WITH_MOTHER, tried("mother", "3 Mar 10:00")], MET),
        Case("at the end", [*WITH_MOTHER, tried("mother", "20 Mar 12:00")], MET),
        Case("a minute after the end", [*WITH_MOTHER, tried("mother", "20 Mar 12:01")], UNMET),
        Case("only the day is known", [*WITH_MOTHER, tried("mother", "5 Mar")], MET),
        Case("over after 47:59", [episode("3 Mar 10:00", "5 Mar 09:59"), MOTHER], "closed-early"),
        Case("over after 48 h", [episode("3 Mar 10:00", "5 Mar 10:00"), MOTHER], UNMET),
        Case("died on the second day",
             WITH_MOTHER, "closed-early", patient=patient(deceasedDateTime="2025-03-04T20:00:00Z")),
        Case("died in the second week", WITH_MOTHER, UNMET, patient=patient(deceasedDateTime="2025-03-12T20:00:00Z")),
        Case("47 h from noon to noon", [episode(SHORT_NIGHT, "30 Mar 12:00"), MOTHER], "closed-early"),
        Case("48 h from noon to one", [episode(SHORT_NIGHT, "30 Mar 13:00"), MOTHER], UNMET),
        Case("48 h from noon to eleven",
             [episode(LONG_NIGHT, "26 Oct 11:00"), MOTHER, tried("mother", "26 Oct 01:30")], MET),
        Case("a minute less than 48 h", [episode(LONG_NIGHT, "26 Oct 10:59"), MOTHER], "closed-early"),
        Case("asked: there is nobody", [EPISODE, nobody("3 Mar 15:00")], UNMET, "nobody-exists"),
        Case("nobody is recorded, nobody asked", [EPISODE], UNMET),
        Case("refused everything", [*WITH_MOTHER, NEVER], UNMET, "contact-refused"),
        Case("refused, and called all the same",
             [*WITH_MOTHER, NEVER, tried("mother", "4 Mar 11:00", "spoke", "completed")], MET, "contact-refused"),
        Case("refused while capacity was lacking",
             [*WITH_MOTHER, NEVER, cannot_decide("3 Mar 10:00", "6 Mar 10:00")], UNMET),
        Case("refused in the second week", [*WITH_MOTHER, no("mother", on="12 Mar 10:00")], UNMET),
        Case("refused and agreed the next morning",
             [*WITH_MOTHER, no("mother", on="3 Mar 11:00"), yes("mother", "make-contact", on="4 Mar 09:00")], UNMET),
        Case("refused for one of two", [*WITH_BOTH, NEVER], UNMET),
        Case("refused but for her medication", [*WITH_MOTHER, no("mother", "medication", on="3 Mar 11:00")], UNMET),
        Case("kept away for safety",
             [*WITH_MOTHER, kept_away("no-contact-safeguarding", "mother", since="3 Mar 10:00")], UNMET,
             "contact-stopped"),
        Case("one of two kept away",
             [*WITH_BOTH, kept_away("no-contact-safeguarding", "mother", since="3 Mar 10:00")], UNMET),
        Case("one kept away, the other refused",
             [*WITH_BOTH, kept_away("no-contact-safeguarding", "father", since="3 Mar 10:00"), NEVER], UNMET,
             "contact-stopped"),
        Case("no telephone, no address",
             [EPISODE, person("mother", "carer", phone=False)], UNMET, "no-contact-details"),
        Case("no telephone, and no details wrote the nurse",
             [EPISODE, person("mother", "carer", phone=False), tried("mother", "3 Mar 15:00", "no-details")],
             UNMET, "no-contact-details"),
        Case("one of two has no telephone", [EPISODE, FATHER, person("mother", "carer", phone=False)], UNMET),
        Case("tried under her other record, where she is next of kin",
             [EPISODE, person("mum", "carer", **SAME_HUMAN), person("mother", "next-of-kin", **SAME_HUMAN),
              tried("mother", "3 Mar 15:00")], MET),
        Case("no time of the call", [*WITH_MOTHER, named("call", tried("mother", None))],
             {"episode": UNMET, "call": UNREADABLE}),
        Case("no outcome of the call",
             [*WITH_MOTHER, named("call", tried("mother", "3 Mar 15:00", statusReason={"text": "rang twice"}))],
             {"episode": UNMET, "call": UNREADABLE}),
    ],
)  # fmt: skip
