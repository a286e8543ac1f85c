"""What carers are owed, and by when: worked out by hand from the page, whatever the patient agreed to."""

from collections.abc import AsyncIterator
from datetime import datetime

import httpx
import pytest

from tests.conftest import running
from tests.involvement.hand_worked.caseload import Case, Caseload, Places, post, told, transaction
from tests.involvement.hand_worked.words import Json, at, encounter, episode, kept_away, named, no, person, tried
from tests.rules import rules_of
from tests.stories import records

OPEN = episode("3 Mar 10:00")
MOTHER = person("mother", "carer", birthDate="1960-02-03")
WITH_MOTHER = [OPEN, MOTHER]
SAME_HUMAN = {"identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}


def owed(name: str, **due: str) -> Places:
    """By supporter and task-code, when each is due."""
    return {f"{name} {code.replace('_', '-')}": when and at(when) for code, when in due.items()}


OF_A_CARER = owed(
    "mother",
    support_information="6 Mar 10:00",
    carers_assessment="10 Mar 10:00",
    own_needs_meeting="10 Mar 10:00",
    peer_support="17 Mar 10:00",
)

OWED = Caseload("owed", [
    Case("a carer", WITH_MOTHER, OF_A_CARER),
    Case("a carer whom the patient does not want involved", [*WITH_MOTHER, no("mother", on="3 Mar 12:00")], OF_A_CARER),
    Case("a friend who matters", [OPEN, person("friend", "key-supporter")], owed("friend",
         support_information="6 Mar 10:00")),
    Case("a flatmate, a next of kin, a child",
         [OPEN, person("flatmate", "household-member"), person("uncle", "next-of-kin"), person("child",
         "child-in-household")],
         {}),
    Case("a host", [OPEN, person("mags", "shared-lives-carer")],
         owed("mags", host_input="4 Mar 10:00", support_information="6 Mar 10:00", own_needs_meeting="10 Mar 10:00",
              peer_support="17 Mar 10:00")),
    Case("a young carer: a referral, and no adult's assessment",
         [OPEN, person("jade", "young-carer", birthDate="2011-02-03", known="3 Mar 10:00")],
         owed("jade", support_information="6 Mar 10:00", young_carer_referral="")),
    Case("both nights that are not 24 h are 24 h",
         [episode("28 Mar 12:00"), person("mother", "key-supporter")], owed("mother",
         support_information="31 Mar 13:00")),
    Case("care is over", [episode("3 Mar 10:00", "20 Mar 10:00"), MOTHER], {}),
    Case("care is planned", [OPEN | {"status": "planned"}, MOTHER], {}),
    Case("no longer a supporter", [OPEN, MOTHER | {"active": False}], {}),
    Case("kept away for safety", [*WITH_MOTHER, kept_away("no-contact-safeguarding", "mother", since="3 Mar 10:00")],
         {}),
    Case("one human under two records",
         [OPEN, MOTHER | SAME_HUMAN, person("mum", "main-carer", **SAME_HUMAN)], OF_A_CARER),
    Case("an incident with a flatmate there",
         [OPEN, person("flatmate", "household-member"), encounter("incident", "5 Mar 21:00", "flatmate",
         name="incident")],
         owed("flatmate", debrief="8 Mar 21:00")),
    Case("an incident that did not happen",
         [OPEN, person("flatmate", "household-member"),
          encounter("incident", "5 Mar 21:00", "flatmate", name="incident", status="cancelled")], {}),
    Case("a number that is somebody else's",
         [OPEN, person("friend", "informal-supporter"), tried("friend", "4 Mar 15:00", "wrong-number")],
         owed("friend", mend_details="5 Mar 15:00")),
    Case("no common language",
         [OPEN, person("friend", "informal-supporter"), tried("friend", "4 Mar 15:00", "needs-interpreter")],
         owed("friend", interpreter="5 Mar 15:00")),
    Case("nobody took the call", [OPEN, person("friend", "informal-supporter"), tried("friend", "4 Mar 15:00")], {}),
])  # fmt: skip


RIGHTS = Caseload("rights", [
    Case(where, [OPEN, MOTHER | {"relationship": [records.role("carer", role_jurisdiction={"valueCode": where})]}], {})
    for where in ("GB-ENG", "GB-WLS", "GB-SCT")
])  # fmt: skip


@pytest.fixture(scope="module")
async def service(module_database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with running(module_database_url) as client, rules_of(module_database_url)() as apply:
        await post(client, [OWED, RIGHTS])
        while await apply():
            pass
        yield client


@pytest.fixture(scope="module")
async def tasks(service: httpx.AsyncClient) -> list[Json]:
    return await all_tasks(service)


async def all_tasks(client: httpx.AsyncClient) -> list[Json]:
    answer = await client.get("/Task", params={"_count": "500"})
    return [entry["resource"] for entry in answer.json().get("entry", ())]


def _end(task: Json) -> datetime:
    return datetime.fromisoformat(task["restriction"]["period"]["end"])


def due(tasks: list[Json], caseload: Caseload, case: Case) -> dict[str, datetime]:
    """When each task for a supporter of a case is due, by supporter and task-code."""
    begins = f"RelatedPerson/{caseload.id_of(case)}-"
    named_ = [(task["for"]["reference"].removeprefix(begins), task) for task in tasks if begins in str(task["for"])]
    return {f"{name} {task['code']['coding'][0]['code']}": _end(task) for name, task in named_}


@pytest.mark.parametrize("case", OWED.cases, ids=[case.told for case in OWED.cases])
def test_each_supporter_is_owed_what_the_page_says(case: Case, tasks: list[Json]) -> None:
    found, expected = due(tasks, OWED, case), case.expected["strict"]
    assert found.keys() == expected.keys()
    for what, when in expected.items():
        assert not when or found[what] == datetime.fromisoformat(when), what


@pytest.mark.parametrize(
    ("where", "told", "not_told"),
    [
        ("GB-ENG", "Care Act 2014", "Wales"),
        ("GB-WLS", "Social Services and Well-being (Wales) Act 2014", "Care Act"),
        ("GB-SCT", "find out which law holds", "Act 2014"),
    ],
)
async def test_the_right_to_an_assessment_is_that_of_the_country(
    service: httpx.AsyncClient, tasks: list[Json], where: str, told: str, not_told: str
) -> None:
    case = next(case for case in RIGHTS.cases if case.told == where)
    [right] = [
        task["description"]
        for task in tasks
        if task["for"]["reference"].startswith(f"RelatedPerson/{RIGHTS.id_of(case)}-")
        and task["code"]["coding"][0]["code"] == "carers-assessment"
    ]
    assert told in right
    assert not_told not in right


async def test_what_is_switched_off_makes_no_task_and_other_hours_are_kept(module_database_url: str) -> None:
    """A service of other settings looks at the same records, and a carer whom the first did not know."""
    wanted = {"rules": "support-information debrief", "rule_hours": "support-information=2"}
    case = Case("a carer", WITH_MOTHER, {})
    late = Caseload("late", [case])
    async with running(module_database_url) as client, rules_of(module_database_url)(**wanted) as apply:
        await post(client, [late])
        while await apply():
            pass
        found = due(await all_tasks(client), late, case)
    assert found == {"mother support-information": datetime.fromisoformat(at("3 Mar 12:00"))}


async def test_when_nobody_keeps_her_away_any_longer_she_is_owed_it(module_database_url: str) -> None:
    flag = named("flag", kept_away("no-contact-patient-wish", "mother", since="3 Mar 10:00"))
    ended = kept_away("no-contact-patient-wish", "mother", since="3 Mar 10:00", till="20 Mar 10:00")
    reason = records.own("end-reason", valueString="The patient changed his mind.")
    ended = named("flag", ended | {"extension": [*ended["extension"], reason]})
    case = Case("kept away", [*WITH_MOTHER, flag], {})
    again = Caseload("again", [case])
    privileged = running(module_database_url, development_privileges=True)
    async with privileged as client, rules_of(module_database_url)() as apply:
        await post(client, [again])
        while await apply():
            pass
        assert due(await all_tasks(client), again, case) == {}
        await transaction(client, told([ended], again, case))
        while await apply():
            pass
        assert due(await all_tasks(client), again, case).keys() == OF_A_CARER.keys()
