"""A plan is judged by the people whom it names and their other records, as it would be by all of the patient's."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from random import Random

import asyncpg
import httpx
import orjson
import pytest

from app.fhir.links import PatientName
from app.involvement.parts import named_supporters
from app.record.judgement import plans
from app.record.judgement.judged import Judged, Judgement
from app.sharing.facts import NHS_NUMBER, Facts, Record
from app.sharing.people import SAME
from app.storage.facts import GATHER, PEOPLE, Named, gather, gather_people
from app.storage.pool import SET
from app.storage.visibility import EVERYTHING
from tests.conftest import running
from tests.involvement.records import MUM, Json, coded, own
from tests.record.examples import create, name, nhs_number, patient, supporter, to
from tests.record.test_plans import RULES, agreed, part, plan
from tests.sharing.generator import case

CASES = 150
BASES = ("https://kith.example/FHIR/R4",)
TYPES = ("Patient", "RelatedPerson")
NUMBER = {"system": "urn:x", "value": "1"}
POSTED = {"method": "POST", "url": "CarePlan"}
_STORE = """
INSERT INTO resource_version (type, id, version, patient, organisation, updated, method, content, level)
VALUES ($1, $2, $3, 'p', 'RX1', $4, 'PUT', $5, 3)
"""


@pytest.fixture(scope="module")
async def database(module_database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(module_database_url)
    await connection.set_type_codec("json", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary")
    await connection.execute(SET, *EVERYTHING.settings)
    yield connection
    await connection.close()


async def stored(database: asyncpg.Connection, records: tuple[Record, ...]) -> None:
    rows = [
        (each.type, each.id, version.number, version.recorded, version.content and orjson.dumps(version.content))
        for each in records
        for version in each.versions
    ]
    await database.executemany(_STORE, rows)


def alike(random: Random, one: Record, everybody: list[str]) -> Record:
    """A supporter who now and then is a child, has a number that another has, or is said to be another."""
    more: Json = {}
    if random.random() < 0.3:
        more["birthDate"] = "2015-01-01"
    if random.random() < 0.5:
        more["identifier"] = [{"system": NHS_NUMBER, "value": random.choice(("9990000026", "9990000034"))}]
    if random.random() < 0.1:
        more["extension"] = [own("same-person", valueReference={"reference": random.choice(everybody)})]
    versions = (each._replace(content=each.content and {**each.content, **more}) for each in one.versions)
    return replace(one, versions=tuple(versions))


def _says_who_is_who(one: Record) -> bool:
    return any(SAME in str(version.content) for version in one.versions)


def about(random: Random, supporters: list[str]) -> Json:
    """A plan in which some of them have a part, and something is left out because some of them agreed."""
    codes = ("medication-support", "time-together", "affection")
    details = [part(random.choice(codes), random.choice(supporters)) for _ in range(random.randint(1, 2))]
    left_out = part("affection", "Practitioner/nurse", status="stopped")
    left_out["detail"] |= {
        "statusReason": coded("plan-status-reason", "family-providing"),
        "extension": [agreed(random.choice([*supporters, "Patient/p", "RelatedPerson/stranger"])) for _ in range(2)],
    }
    return plan(*details, left_out)


def judgement(body: Json, facts: Facts, now: datetime) -> Judgement:
    return plans.judge(Judged("CarePlan/x", None, body, facts, RULES._replace(now=now), now))


async def test_the_judgement_is_the_same_as_by_all_of_the_patients_supporters(database: asyncpg.Connection) -> None:
    seen = Counter[str]()
    for seed in range(CASES):
        recorded, _, now = case(seed)
        random, policy = Random(seed), recorded.policy
        everybody = [each.reference for each in recorded.supporters]
        within = database.transaction()
        await within.start()
        await stored(database, (*recorded.patients, *(alike(random, each, everybody) for each in recorded.supporters)))
        body = about(random, everybody)
        asked = named_supporters(body, BASES)
        assert asked is not None
        whole = await gather(database, PatientName(id="p"), Named(), policy, BASES, "p", TYPES)
        found = await gather_people(database, "p", asked, policy, BASES)
        await within.rollback()
        assert whole
        assert found
        said = judgement(body, whole, now)
        assert judgement(body, found, now) == said, (seed, body)
        named_alone = replace(found, supporters=tuple(each for each in found.supporters if each.id in asked))
        seen["refused"] += bool(said.issues)
        seen["somebody is left out"] += len(found.supporters) < len(everybody)
        by = "extension" if any(_says_who_is_who(each) for each in whole.supporters) else "number"
        seen[f"who is linked by {by} matters"] += judgement(body, named_alone, now) != said
    assert len(+seen) == 4, seen


@pytest.mark.parametrize(
    ("performer", "asked"),
    [
        ({"reference": MUM}, {"mum"}),
        ({"reference": f"{BASES[0]}/{MUM}/_history/2"}, {"mum"}),
        ({"reference": "Practitioner/nurse", "identifier": NUMBER}, set()),
        ({"type": "Practitioner", "identifier": NUMBER}, set()),
        ({"reference": "https://elsewhere.example/RelatedPerson/1"}, set()),
        ({"reference": "#nurse", "identifier": NUMBER}, set()),
        ({"identifier": NUMBER}, None),
        ({"type": "RelatedPerson", "identifier": NUMBER}, None),
        ({"reference": MUM, "identifier": NUMBER}, None),
        ({"reference": "https://elsewhere.example/RelatedPerson/1", "identifier": NUMBER}, None),
        ({"reference": "#mum"}, None),
        ({"reference": "#nobody"}, None),
    ],
    ids=str,
)
def test_who_is_named_by_identifier_or_in_the_plan_takes_all_supporters(
    performer: Json, asked: set[str] | None
) -> None:
    contained = [{"resourceType": "RelatedPerson", "id": "mum"}, {"resourceType": "Practitioner", "id": "nurse"}]
    body = plan(part("affection", performer=[performer]), contained=contained)
    assert named_supporters(body, BASES) == asked
    by = own(
        "agreement", extension=[{"url": "agreed", "valueBoolean": True}, {"url": "by", "valueReference": performer}]
    )
    reduced = {"status": "stopped", "statusReason": coded("plan-status-reason", "family-providing"), "extension": [by]}
    assert named_supporters(plan({"detail": reduced}, contained=contained), BASES) == asked


async def test_a_child_is_one_by_a_deleted_record_that_names_another(client: httpx.AsyncClient) -> None:
    of = await create(client, patient())
    grown, other, nobody = [await create(client, supporter(to(of))) for _ in range(3)]
    said = own("same-person", valueReference=to(other))
    child = await create(client, supporter(to(of), birthDate="2015-01-01", extension=[said]))
    assert (await client.delete(f"/{name(child)}")).status_code == 204
    entries = [
        {"resource": plan(part("medication-support", name(who)), subject=to(of)), "request": POSTED}
        for who in (nobody, grown, other)
    ]
    answer = await client.post("/", json={"resourceType": "Bundle", "type": "transaction", "entry": entries})
    assert answer.status_code == 422, answer.text
    [issue] = answer.json()["issue"]
    assert issue["expression"] == ["Bundle.entry[2].resource.activity[0].detail.performer[0]"]
    entries.pop()
    answer = await client.post("/", json={"resourceType": "Bundle", "type": "transaction", "entry": entries})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("organisations", ["RX1", "RX2", "RX1,RX2", "*"])
async def test_a_record_under_two_keys_is_one_and_says_who_may_know_of_it(
    module_database_url: str, database: asyncpg.Connection, organisations: str
) -> None:
    number, theirs = nhs_number(), []
    async with running(module_database_url) as client:
        for organisation in ("RX1", "RX2"):
            client.headers["NHSD-End-User-Organisation-ODS"] = organisation
            of = await create(client, patient(number))
            theirs += [of, await create(client, supporter(to(of))), await create(client, supporter(to(of)))]
    key, ids = theirs[0]["id"], [each["id"] for each in theirs if each["resourceType"] == "RelatedPerson"]
    await database.execute(SET, organisations, "3", "")
    whole = await database.fetch(GATHER, key, "", [], [], [], [], [], list(TYPES), key)
    assert len(whole) == 6
    assert await database.fetch(PEOPLE, key, ids, '"-"', []) == whole
    named = await database.fetch(PEOPLE, key, ids[2:3], '"-"', [])
    assert named == [row for row in whole if row["type"] == "Patient" or row["id"] == ids[2]]
