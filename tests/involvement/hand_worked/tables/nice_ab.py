"""NICE-AB: whether each carer was told of local support and of the right to an assessment, by word and in writing.

This is general information, so that whoever the patient does not want involved is owed it too.
"""

from tests.involvement.hand_worked.caseload import MET, UNMET, Case, Table, Totals
from tests.involvement.hand_worked.words import episode, kept_away, no, part, person, plan, said

EPISODE = episode("3 Mar 10:00", "20 Mar 12:00")
MOTHER = person("mother", "carer")
WITH_MOTHER = [EPISODE, MOTHER]
SUPPORT = "local-support-groups"
RIGHT = "carers-assessment-right"
SAME_HUMAN = {"identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}


def told(*topics: str, to: str = "mother", when: str = "5 Mar 10:00", **more: str) -> dict[str, object]:
    return said("information-given", when, *topics, to=to, **more)


def handed(*topics: str, to: str = "mother", when: str = "5 Mar 10:00", medium: str = "HANDWRIT") -> dict[str, object]:
    return said("information-given", when, *topics, to=to, medium=medium)


BOTH = [told(SUPPORT, RIGHT), handed(SUPPORT, RIGHT)]

TABLE = Table(
    "NICE-AB",
    strict=Totals(initial=25, excluded=2, met=9),
    adjusted=Totals(initial=25, excluded=2, met=9),
    cases=[
        Case("both, by word and in writing", [*WITH_MOTHER, *BOTH], {"mother": MET}, remark="told: both"),
        Case("on four days",
             [*WITH_MOTHER, told(SUPPORT), told(RIGHT, when="6 Mar 10:00"), handed(RIGHT, when="7 Mar 10:00"),
              handed(SUPPORT, when="10 Mar 10:00", medium="EMAILWRIT")],
             {"mother": MET}),
        Case("by word alone", [*WITH_MOTHER, told(SUPPORT, RIGHT)], {"mother": UNMET}, remark="told: verbal-only"),
        Case("in writing alone",
             [*WITH_MOTHER, handed(SUPPORT, RIGHT)], {"mother": UNMET}, remark="told: written-only"),
        Case("the right only by word", [*WITH_MOTHER, told(SUPPORT, RIGHT), handed(SUPPORT)], {"mother": UNMET},
             remark="told: verbal-only"),
        Case("support only in writing, the right only by word", [*WITH_MOTHER, handed(SUPPORT), told(RIGHT)],
             {"mother": UNMET}, remark="told: incomplete"),
        Case("other topics", [*WITH_MOTHER, told("condition-and-treatment", "how-to-help"), handed("what-to-watch")],
             {"mother": UNMET}, remark="told: incomplete"),
        Case("nobody told her", WITH_MOTHER, {"mother": UNMET}, remark="told: incomplete"),
        Case("the patient refused, and she was told",
             [*WITH_MOTHER, no("mother", on="3 Mar 12:00"), *BOTH], {"mother": MET}),
        Case("the patient refused, and she was not told",
             [*WITH_MOTHER, no("mother", on="3 Mar 12:00")], {"mother": UNMET}),
        Case("kept away for safety",
             [*WITH_MOTHER, kept_away("no-contact-safeguarding", "mother", since="3 Mar 10:00")],
             {"mother": "do-not-contact"}),
        Case("she does not want to be contacted",
             [*WITH_MOTHER, kept_away("no-contact-supporter-wish", "mother", since="3 Mar 10:00")],
             {"mother": "do-not-contact"}),
        Case("kept away until last month",
             [*WITH_MOTHER, kept_away("no-contact-safeguarding", "mother", since="3 Jan 10:00", till="3 Feb 10:00"),
             *BOTH],
             {"mother": MET}),
        Case("two carers, one told",
             [*WITH_MOTHER, person("father", "main-carer"), *BOTH], {"mother": MET, "father": UNMET}),
        Case("a young carer", [EPISODE, person("daughter", "young-carer")], {"daughter": UNMET}),
        Case("a host",
             [EPISODE, person("mags", "shared-lives-carer"), told(SUPPORT, RIGHT, to="mags"), handed(SUPPORT, RIGHT,
             to="mags")],
             {"mags": MET}),
        Case("a friend without a part is no carer", [EPISODE, person("friend", "key-supporter")], {}),
        Case("a friend with a part is one",
             [EPISODE, person("friend", "key-supporter"), plan("5 Mar", part("friend", agreed="5 Mar 10:00"))],
             {"friend": UNMET}),
        Case("next of kin, flatmate, child",
             [EPISODE, person("uncle", "next-of-kin"), person("flatmate", "household-member"),
                                              person("child", "child-in-household")], {}),
        Case("a carer no more", [EPISODE, person("mother", "carer", active=False)], {}),
        Case("before the episode", [*WITH_MOTHER, told(SUPPORT, RIGHT, when="3 Mar 09:59"), handed(SUPPORT, RIGHT)],
             {"mother": UNMET}, remark="told: written-only"),
        Case("at its end",
             [*WITH_MOTHER, told(SUPPORT, RIGHT, when="20 Mar 12:00"), handed(SUPPORT, RIGHT)], {"mother": MET}),
        Case("after its end",
             [*WITH_MOTHER, told(SUPPORT, RIGHT, when="20 Mar 12:01"), handed(SUPPORT, RIGHT)], {"mother": UNMET}),
        Case("a letter that was not sent",
             [*WITH_MOTHER, told(SUPPORT, RIGHT), handed(SUPPORT, RIGHT) | {"status": "not-done"}],
             {"mother": UNMET}, remark="told: verbal-only"),
        Case("one human, two patients: told here",
             [EPISODE, person("aunt", "carer", **SAME_HUMAN), told(SUPPORT, RIGHT, to="aunt"), handed(SUPPORT, RIGHT,
             to="aunt")],
             {"aunt": MET}),
        Case("one human, two patients: not told here",
             [EPISODE, person("aunt", "carer", **SAME_HUMAN)], {"aunt": UNMET}),
        Case("one human, two records of one patient: counted once",
             [EPISODE, person("mum", "carer", **SAME_HUMAN), person("mother", "carer", **SAME_HUMAN), *BOTH],
             {"mother": MET}),
    ],
)  # fmt: skip
