"""Which episodes are counted at all, asked of March 2025 by the indicator NICE-ASK: nobody asked anything."""

from tests.involvement.hand_worked.caseload import UNMET, UNREADABLE, Case, Table, Totals
from tests.involvement.hand_worked.words import TEAM, episode, patient, plan
from tests.stories import records

EPISODE = episode("3 Mar 10:00", "20 Mar 12:00")
OURS = {"author": {"reference": TEAM}}
PERIOD = {"period": {"start": "2025-03-05", "end": "2025-03-12"}}
OTHER_TEAM = {"resourceType": "Organization", "id": "^-other", "name": "The other team"}
CIRCLE = {
    "resourceType": "CareTeam",
    "id": "^-care-team",
    "status": "active",
    "managingOrganization": [{"reference": TEAM}],
}

TABLE = Table(
    "NICE-ASK",
    called="episodes",
    period=("2025-03-01", "2025-03-31"),
    beside=(OTHER_TEAM, CIRCLE),
    strict=Totals(initial=12, excluded=0, met=0),
    adjusted=Totals(initial=12, excluded=0, met=0),
    cases=[
        Case("within the month", [EPISODE], UNMET),
        Case("over half an hour into the month", [episode("3 Feb 10:00", "1 Mar 00:30")], UNMET),
        Case("over the minute before", [episode("3 Feb 10:00", "28 Feb 23:59")], {}),
        Case("begun in its last minute, in summer time", [episode("31 Mar 23:59", "9 Apr 10:00")], UNMET),
        Case("begun in April, while it is March in Greenwich", [episode("1 Apr 00:01", "9 Apr 10:00")], {}),
        Case("open since last year", [episode("2024-11-05T10:00:00Z")], UNMET),
        Case("open since April", [episode("3 Apr 10:00")], {}),
        Case("died before the month, and nobody closed it", [episode("3 Feb 10:00")], {},
             patient=patient(deceasedDateTime="2025-02-20")),
        Case("planned", [EPISODE | {"status": "planned"}], {}),
        Case("on the waiting list", [EPISODE | {"status": "waitlist"}], {}),
        Case("entered in error", [EPISODE | {"status": "entered-in-error"}], {}),
        Case("on hold", [EPISODE | {"status": "onhold"}], UNMET),
        Case("of a service of another kind",
             [EPISODE | {"type": [records.coded("https://trust.example.org/services", "memory-clinic")]}], {}),
        Case("of another team", [EPISODE | {"managingOrganization": {"reference": "Organization/^-other"}}], {}),
        Case("of a care team that the team manages",
             [{name: value for name, value in EPISODE.items() if name != "managingOrganization"}
              | {"team": [{"reference": "CareTeam/^-care-team"}]}], UNMET),
        Case("two in the month",
             [episode("3 Mar 10:00", "9 Mar 10:00"), episode("20 Mar 10:00", "28 Mar 10:00", name="again")],
             {"episode": UNMET, "again": UNMET}),
        Case("a plan of home treatment, and no episode", [plan("5 Mar", **OURS | PERIOD)], {"plan": UNMET}),
        Case("a plan within an episode", [EPISODE, plan("5 Mar", **OURS | PERIOD)], UNMET),
        Case("a plan after the episode",
             [episode("3 Mar 10:00", "4 Mar 10:00"), plan("5 Mar", **OURS | PERIOD)], {"episode": UNMET,
             "plan": UNMET}),
        Case("a proposal", [plan("5 Mar", intent="proposal", **OURS | PERIOD)], {}),
        Case("a safety plan alone", [plan("5 Mar", kind="safety-plan", **OURS | PERIOD)], {}),
        Case("no start", [episode(None, "20 Mar 12:00")], UNREADABLE),
        Case("no times", [episode(None)], UNREADABLE),
    ],
)  # fmt: skip
