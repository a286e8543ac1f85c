"""C14: whether each carer was offered a meeting about their own needs, and has a plan for their support in writing.

What the patient agreed to has no part in it.
"""

from tests.involvement.hand_worked.caseload import MET, UNMET, Case, Table, Totals
from tests.involvement.hand_worked.words import (
    ME,
    at,
    code,
    episode,
    invited,
    meeting,
    named,
    no,
    person,
    plan,
    said,
    who,
)

EPISODE = episode("3 Mar 10:00", "20 Mar 12:00")
MOTHER = person("mother", "carer")
WITH_MOTHER = [EPISODE, MOTHER]
OFFERED = meeting("own-needs-meeting", "12 Mar 10:00", invited("mother", "9 Mar 16:00"))
HER_PLAN = plan("10 Mar", kind="carer-support", name="hers")
NOT_AMONG_THEM = named("hers-to-come", meeting("own-needs-meeting", "12 Mar 10:00"))
TASK = {
    "resourceType": "Task",
    "status": "completed",
    "intent": "order",
    "code": code("task-code", "own-needs-meeting"),
    "focus": ME,
    "for": {"reference": who("mother")},
    "lastModified": at("12 Mar 11:00"),
}
BY_LETTER = {
    "resourceType": "CommunicationRequest",
    "status": "active",
    "subject": ME,
    "about": [{"reference": "Appointment/~-hers-to-come"}],
    "recipient": [{"reference": who("mother")}],
    "authoredOn": at("9 Mar 16:00"),
}


def copy(of: str = "hers", medium: str = "HANDWRIT", to: str = "mother") -> dict[str, object]:
    return said("plan-copy", "11 Mar 10:00", to=to, medium=medium, about=[{"reference": f"CarePlan/~-{of}"}])


def offered(and_plan: bool) -> str:
    return f"own-needs-meeting: offered, carer-plan-copy: {'given' if and_plan else 'not-given'}"


TABLE = Table(
    "C14",
    strict=Totals(initial=18, excluded=0, met=7),
    adjusted=Totals(initial=18, excluded=0, met=7),
    cases=[
        Case("offered, and her plan in her hands",
             [*WITH_MOTHER, OFFERED, HER_PLAN, copy()], {"mother": MET}, remark=offered(True)),
        Case("she said no to the meeting",
             [*WITH_MOTHER, meeting("own-needs-meeting", "12 Mar 10:00", invited("mother", "9 Mar 16:00", "declined")),
             HER_PLAN, copy()],
             {"mother": MET}),
        Case("the patient refused everything",
             [*WITH_MOTHER, no("mother", on="3 Mar 12:00"), OFFERED, HER_PLAN, copy()], {"mother": MET}),
        Case("offered by letter", [*WITH_MOTHER, NOT_AMONG_THEM, BY_LETTER, HER_PLAN, copy()], {"mother": MET}),
        Case("by a task, which was done: she was asked, and met",
             [*WITH_MOTHER, TASK, HER_PLAN, copy()], {"mother": MET}),
        Case("a task that waits", [*WITH_MOTHER, TASK | {"status": "requested"}, HER_PLAN, copy()], {"mother": UNMET}),
        Case("a meeting alone", [*WITH_MOTHER, OFFERED], {"mother": UNMET}, remark=offered(False)),
        Case("a plan that nobody handed over",
             [*WITH_MOTHER, OFFERED, HER_PLAN], {"mother": UNMET}, remark=offered(False)),
        Case("a plan that was read out",
             [*WITH_MOTHER, OFFERED, HER_PLAN, copy(medium="PHONE")], {"mother": UNMET}, remark=offered(False)),
        Case("a copy of the patient's plan",
             [*WITH_MOTHER, OFFERED, plan("5 Mar"), copy("plan")], {"mother": UNMET}, remark=offered(False)),
        Case("a plan alone", [*WITH_MOTHER, HER_PLAN, copy()], {"mother": UNMET},
             remark="own-needs-meeting: not-offered, carer-plan-copy: given"),
        Case("a review of the patient's care is no such meeting",
             [*WITH_MOTHER, meeting("review-meeting", "12 Mar 10:00", invited("mother", "9 Mar 16:00")), HER_PLAN,
             copy()],
             {"mother": UNMET}),
        Case("the other carer's meeting",
             [*WITH_MOTHER, person("father", "main-carer"), OFFERED, HER_PLAN, copy()], {"mother": MET,
             "father": UNMET}),
        Case("nothing",
             WITH_MOTHER, {"mother": UNMET}, remark="own-needs-meeting: not-offered, carer-plan-copy: not-given"),
        Case("after the end of care",
             [*WITH_MOTHER, meeting("own-needs-meeting", "28 Mar 10:00", invited("mother", "25 Mar 16:00")), HER_PLAN,
             copy()],
             {"mother": UNMET}),
        Case("a young carer", [EPISODE, person("daughter", "young-carer")], {"daughter": UNMET}),
        Case("a host", [EPISODE, person("mags", "shared-lives-carer"),
                        meeting("own-needs-meeting", "12 Mar 10:00", invited("mags", "9 Mar 16:00")), HER_PLAN,
                        copy(to="mags")],
             {"mags": MET}),
        Case("a friend is no carer", [EPISODE, person("friend", "key-supporter")], {}),
    ],
)  # fmt: skip
