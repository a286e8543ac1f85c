"""Care that goes on: what is not due yet is left out until it is. Times count from now, hours from each border."""

from tests.involvement.hand_worked.caseload import COUNTED, MET, UNMET, UNREADABLE, Case, Table, Totals
from tests.involvement.hand_worked.tables.debrief import stands
from tests.involvement.hand_worked.words import (
    assessment,
    encounter,
    episode,
    invited,
    meeting,
    named,
    person,
    plan,
    said,
    tried,
    yes,
)
from tests.stories.records import ago, ahead, day

PERIOD = (day(-60), day(60))
MOTHER = person("mother", "carer", known=ago(days=50))
KNOWN_SINCE = {hours: person("mother", "carer", known=ago(hours=hours)) for hours in (1, 30)}

IDENTIFIED = Table(
    "KS-13a", called="open-ks-13a", period=PERIOD,
    strict=Totals(initial=7, excluded=2, met=3),
    adjusted=Totals(initial=7, excluded=2, met=3),
    cases=[
        Case("20 h, nobody known", [episode(ago(hours=20))], "not-yet-due"),
        Case("28 h, nobody known", [episode(ago(hours=28))], UNMET),
        Case("28 h, somebody known", [episode(ago(hours=28)), MOTHER], MET),
        Case("30 h, assessed 6 h ago, nobody known: there is time", [episode(ago(hours=30)), assessment(ago(hours=6))],
             "not-yet-due"),
        Case("30 h, assessed 6 h ago, known since an hour",
             [episode(ago(hours=30)), assessment(ago(hours=6)), KNOWN_SINCE[1]], MET),
        Case("assessed 30 h ago, known since an hour",
             [episode(ago(hours=32)), assessment(ago(hours=30)), KNOWN_SINCE[1]], UNMET),
        Case("assessed 40 h ago, known since 30",
             [episode(ago(hours=42)), assessment(ago(hours=40)), KNOWN_SINCE[30]], MET),
    ],
)  # fmt: skip

ATTEMPTED = Table(
    "KS-13b", called="open-ks-13b", period=PERIOD,
    strict=Totals(initial=4, excluded=1, met=1),
    adjusted=Totals(initial=4, excluded=1, met=1),
    cases=[
        Case("40 h, nobody called", [episode(ago(hours=40)), MOTHER], "not-yet-due"),
        Case("52 h, nobody called", [episode(ago(hours=52)), MOTHER], UNMET),
        Case("52 h, called", [episode(ago(hours=52)), MOTHER, tried("mother", ago(hours=20))], MET),
        Case("a call that is to come", [episode(ago(hours=52)), MOTHER, named("call", tried("mother", ahead(hours=5)))],
             {"episode": UNMET, "call": UNREADABLE}),
    ],
)  # fmt: skip

CALLED = Table(
    "HOULT", called="open-hoult", period=PERIOD,
    strict=Totals(initial=2, excluded=1),
    adjusted=Totals(initial=2, excluded=1),
    cases=[
        Case("assessed 6 h ago",
             [episode(ago(hours=8)), assessment(ago(hours=6)), MOTHER], {"assessment": "not-yet-due"}),
        Case("assessed 30 h ago", [episode(ago(hours=32)), assessment(ago(hours=30)), MOTHER], {"assessment": COUNTED}),
    ],
)  # fmt: skip

YES = yes("mother", "care-plan", on=ago(days=30))
LONG = [episode(ago(days=40)), MOTHER, YES]
COPY = said("plan-copy", ago(hours=1), to="mother", medium="MAILWRIT", about=[{"reference": "CarePlan/~-plan"}])

COPIED = Table(
    "C12b", called="open-c12b", period=PERIOD,
    strict=Totals(initial=4, excluded=1, met=1),
    adjusted=Totals(initial=4, excluded=1, met=1),
    cases=[
        Case("a plan of two hours ago", [*LONG, plan(ago(hours=2))], {"mother": "not-yet-due"}),
        Case("a plan of two hours ago, in her hands", [*LONG, plan(ago(hours=2)), COPY], {"mother": MET}),
        Case("a plan of twenty days ago", [*LONG, plan(ago(days=20))], {"mother": UNMET}),
        Case("a plan of twenty days ago, in her hands today", [*LONG, plan(ago(days=20)), COPY], {"mother": UNMET}),
    ],
)  # fmt: skip

OFFERED = Table(
    "DEBRIEF", called="open-debrief", period=PERIOD,
    strict=Totals(initial=3, excluded=1, met=1),
    adjusted=Totals(initial=3, excluded=1, met=1),
    cases=[
        Case("an incident of yesterday", [*LONG, encounter("incident", ago(hours=20), "mother", name="incident")],
             stands("not-yet-due")),
        Case("an incident of yesterday, offered",
             [*LONG, encounter("incident", ago(hours=20), "mother", name="incident"),
              meeting("debrief", ahead(days=1), invited("mother", ago(hours=2)))], stands(MET)),
        Case("an incident of 80 h ago", [*LONG, encounter("incident", ago(hours=80), "mother", name="incident")],
             stands(UNMET)),
    ],
)  # fmt: skip
