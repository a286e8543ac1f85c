"""Hand-worked tables: the cases of an indicator, posted as an EPR would, and where the service puts each of them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import httpx

from tests.involvement.hand_worked.words import TEAM, Json, patient

MET: Final = "met"
UNMET: Final = "not met"
# In the denominator of a distribution, which has no pass mark.
COUNTED: Final = "counted"
UNREADABLE: Final = "unreadable"
GROUPS: Final = ("strict", "adjusted")

# Where each thing that a case counts stands: MET, UNMET, UNREADABLE, or the reason for which it is left out.
Places = dict[str, str]


@dataclass(frozen=True)
class Case:
    """One patient: what was recorded, in plain words and as the EPR wrote it, and where the page puts it.

    `strict` and `adjusted` are the place of the episode, or those of several things by their names; `adjusted` absent:
    the same as `strict`. `remark` is what the lists say beside it. `later` is what the EPR wrote when the rest was
    stored: next versions.
    """

    told: str
    records: list[Json]
    strict: str | Places
    adjusted: str | Places | None = None
    remark: str | None = None
    later: tuple[Json, ...] = ()
    patient: Json | None = None

    @property
    def expected(self) -> dict[str, Places]:
        adjusted = self.strict if self.adjusted is None else self.adjusted
        both = zip(GROUPS, (self.strict, adjusted), strict=True)
        return {group: {"episode": value} if isinstance(value, str) else value for group, value in both}


@dataclass(frozen=True)
class Totals:
    """What the summary of a table has to say, added up by hand."""

    initial: int
    excluded: int
    met: int | None = None

    @property
    def rate(self) -> float | None:
        denominator = self.initial - self.excluded
        return None if self.met is None or not denominator else self.met / denominator


@dataclass(frozen=True)
class Caseload:
    """The cases of a team. Ids begin with its name, which is also the id of the team; `beside` is of no case."""

    name: str
    cases: list[Case]
    beside: tuple[Json, ...] = ()

    @property
    def team(self) -> str:
        return TEAM.replace("^", self.name)

    def id_of(self, case: Case) -> str:
        """The id of the patient of a case."""
        return f"{self.name}-{1 + next(at for at, each in enumerate(self.cases) if each is case):02}"


@dataclass(frozen=True)
class Table:
    """What an indicator says of a caseload, asked about the days of `period`."""

    measure: str
    strict: Totals
    adjusted: Totals
    cases: list[Case]
    period: tuple[str, str] = ("2025-01-01", "2025-12-31")
    beside: tuple[Json, ...] = ()
    called: str = ""

    @property
    def caseload(self) -> Caseload:
        return Caseload(self.called or self.measure.lower(), self.cases, self.beside)


async def post(client: httpx.AsyncClient, caseloads: list[Caseload]) -> None:
    """Stores all cases of each caseload by one transaction, and what came later by another."""
    for caseload in caseloads:
        team = {"resourceType": "Organization", "id": "^", "name": "The crisis team of ^"}
        nurse = {"resourceType": "Practitioner", "id": "nurse", "name": [{"text": "The nurse"}]}
        cases = [(case, [case.patient or patient(), *case.records]) for case in caseload.cases]
        first = [record for case, records in cases for record in told(records, caseload, case)]
        await transaction(client, [nurse, *told([team, *caseload.beside], caseload), *first])
        later = [record for case in caseload.cases for record in told([*case.later], caseload, case)]
        if later:
            await transaction(client, later)


def told(records: list[Json], caseload: Caseload, case: Case | None = None) -> list[Json]:
    """The records as they are posted: with the names of the caseload and the case in their places."""
    written = json.dumps(records).replace("^", caseload.name)
    found: list[Json] = json.loads(written.replace("~", caseload.id_of(case)) if case else written)
    return found


async def transaction(client: httpx.AsyncClient, records: list[Json]) -> None:
    """Stores these records, under their own ids where they have one."""
    entries = [{"resource": record, "request": _request(record)} for record in records]
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
    answer = await client.post("", json=bundle, headers={"Prefer": "return=minimal"})
    assert answer.status_code == 200, answer.text


def _request(record: Json) -> Json:
    kind, name = record["resourceType"], record.get("id")
    return {"method": "PUT", "url": f"{kind}/{name}"} if name else {"method": "POST", "url": kind}


async def evaluate(client: httpx.AsyncClient, table: Table, **more: str) -> Json:
    """The MeasureReport of a table's indicator, team and days; `more` are parameters such as reportType."""
    first, last = table.period
    asked = {"periodStart": first, "periodEnd": last, "team": table.caseload.team, **more}
    answer = await client.get(f"/Measure/{table.measure}/$evaluate-measure", params=asked)
    assert answer.status_code == 200, answer.text
    report: Json = answer.json()
    return report


def counts(report: Json, group: str) -> dict[str, Any]:
    """The numbers of a group by population, and its rate."""
    [found] = [each for each in report["group"] if each["code"]["coding"][0]["code"] == group]
    told = {each["code"]["coding"][0]["code"]: each.get("count") for each in found["population"]}
    return told | {"rate": found.get("measureScore", {}).get("value")}


def places(report: Json, group: str, case: str) -> Places:
    """Where the lists of a report put the things of one case, by what follows the name of the case in their ids."""
    found: Places = {}
    known = {f"{group}-met": MET, f"{group}-not-met": UNMET, f"{group}-counted": COUNTED}
    known |= {f"{group}-excluded": "", f"{group}-unreadable": UNREADABLE}
    for list_, name, text in _entries(report):
        if list_ in known and name.startswith(f"{case}-"):
            thing = name.removeprefix(f"{case}-")
            assert thing not in found, f"{thing} is listed twice"
            found[thing] = known[list_] or text
    return found


def remarks(report: Json, case: str) -> list[str]:
    """What the strict lists say beside the things of a case that are in the denominator."""
    lists = ("strict-met", "strict-not-met", "strict-counted")
    return [text for list_, name, text in _entries(report) if list_ in lists and name.startswith(f"{case}-")]


def _entries(report: Json) -> Iterator[tuple[str, str, str]]:
    """Of each entry of the lists: the list, the id of the thing, and what is said of it."""
    for each in report.get("contained", ()):
        for entry in each["entry"]:
            flag = entry.get("flag", {})
            said = [coding["code"] for coding in flag.get("coding", ())] + [flag.get("text", "")]
            yield each["id"], entry["item"]["reference"].split("/")[1], ", ".join(filter(None, said))
