"""C12b: whether each carer whom the patient lets know of the care plan had it in writing within four working days.

The plan is of Thursday, 6 March, so that the fourth working day after it is Wednesday, the 12th. Good Friday (18 April)
and Easter Monday (21 April) are in the settings.
"""

from tests.involvement.hand_worked.caseload import MET, UNMET, Case, Table, Totals
from tests.involvement.hand_worked.words import ME, episode, kept_away, named, no, person, plan, said, taken_back, yes

EPISODE = episode("5 Mar 10:00", "7 May 12:00")
MOTHER = person("mother", "carer")
YES = named("yes", yes("mother", "care-plan", on="5 Mar 12:00"))
PLAN = plan("6 Mar")
WITH_MOTHER = [EPISODE, MOTHER, YES, PLAN]


def copy(
    when: str, *, to: str = "mother", medium: str = "MAILWRIT", of: str = "plan", **more: object
) -> dict[str, object]:
    return said("plan-copy", when, to=to, medium=medium, about=[{"reference": f"CarePlan/~-{of}"}], **more)


TABLE = Table(
    "C12b",
    strict=Totals(initial=26, excluded=6, met=8),
    adjusted=Totals(initial=26, excluded=6, met=8),
    cases=[
        Case("the next day", [*WITH_MOTHER, copy("7 Mar 10:00")], {"mother": MET}, remark="copy: in-time"),
        Case("late on the fourth day", [*WITH_MOTHER, copy("12 Mar 23:59")], {"mother": MET}, remark="copy: in-time"),
        Case("early on the fifth", [*WITH_MOTHER, copy("13 Mar 00:00")], {"mother": UNMET}, remark="copy: late"),
        Case("never", WITH_MOTHER, {"mother": UNMET}, remark="copy: none"),
        Case("of a Saturday", [EPISODE, MOTHER, YES, plan("8 Mar"), copy("13 Mar 12:00")], {"mother": MET}),
        Case("of a Saturday, on the fifth working day",
             [EPISODE, MOTHER, YES, plan("8 Mar"), copy("14 Mar 12:00")], {"mother": UNMET}),
        Case("over Easter: Thursday, Tuesday, Wednesday, Thursday",
             [EPISODE, MOTHER, YES, plan("16 Apr"), copy("24 Apr 12:00")], {"mother": MET}),
        Case("over Easter, a day late",
             [EPISODE, MOTHER, YES, plan("16 Apr"), copy("25 Apr 12:00")], {"mother": UNMET}),
        Case("a minute before midnight, and summer has begun",
             [EPISODE, MOTHER, YES, plan("25 Mar"), copy("31 Mar 23:59")], {"mother": MET}),
        Case("ten past midnight, and it is yesterday in Greenwich",
             [EPISODE, MOTHER, YES, plan("25 Mar"), copy("1 Apr 00:10")], {"mother": UNMET}),
        Case("read out on the telephone",
             [*WITH_MOTHER, copy("7 Mar 10:00", medium="PHONE")], {"mother": UNMET}, remark="copy: none"),
        Case("to the patient alone",
             [*WITH_MOTHER, copy("7 Mar 10:00", recipient=[ME])], {"mother": UNMET}, remark="copy: none"),
        Case("of the safety plan",
             [*WITH_MOTHER, plan("6 Mar", kind="safety-plan", name="safety"), copy("7 Mar 10:00", of="safety")],
             {"mother": UNMET}, remark="copy: none"),
        Case("a letter that was not sent",
             [*WITH_MOTHER, copy("7 Mar 10:00", status="not-done")], {"mother": UNMET}, remark="copy: none"),
        Case("no plan", [EPISODE, MOTHER, YES], {"mother": UNMET}, remark="copy: none"),
        Case("two carers, one copy",
             [*WITH_MOTHER, person("father", "main-carer"), yes("father", "care-plan", on="5 Mar 12:00"),
             copy("7 Mar 10:00")],
             {"mother": MET, "father": UNMET}),
        Case("two carers, one of whom the patient does not want told",
             [*WITH_MOTHER, person("father", "main-carer"), no("father", on="5 Mar 12:00"), copy("7 Mar 10:00")],
             {"mother": MET, "father": "no-consent"}),
        Case("nobody asked the patient", [EPISODE, MOTHER, PLAN, copy("7 Mar 10:00")], {"mother": "no-consent"}),
        Case("yes to medication alone",
             [EPISODE, MOTHER, PLAN, yes("mother", "medication", on="5 Mar 12:00")], {"mother": "no-consent"}),
        Case("yes a week after the copy",
             [EPISODE, MOTHER, PLAN, yes("mother", "care-plan", on="14 Mar 12:00"), copy("7 Mar 10:00")],
             {"mother": "no-consent"}),
        Case("yes when it was due, taken back later",
             WITH_MOTHER, {"mother": UNMET}, later=(taken_back(YES, "20 Mar 12:00"),)),
        Case("taken back before it was due, no copy",
             WITH_MOTHER, {"mother": "no-consent"}, later=(taken_back(YES, "7 Mar 12:00"),)),
        Case("given, and taken back the day after",
             [*WITH_MOTHER, copy("7 Mar 10:00")], {"mother": MET}, later=(taken_back(YES, "8 Mar 12:00"),)),
        Case("kept away for safety",
             [*WITH_MOTHER, kept_away("no-contact-safeguarding", "mother", since="5 Mar 12:00")],
             {"mother": "no-consent"}),
        Case("a friend is no carer", [EPISODE, person("friend", "key-supporter"), PLAN], {}),
    ],
)  # fmt: skip
