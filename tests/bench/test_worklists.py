"""What the benchmarks of worklists and social maps load is what Kith takes, and something is on every list."""

from datetime import UTC, datetime

import asyncpg
import orjson

from app.fhir import types
from app.fhir.definition import Rules
from app.fhir.parse import parse
from app.fhir.resources import BY_TYPE
from app.involvement.indicators.local import KEY_ROLES
from app.involvement.worklists import BY_NAME
from app.storage.pool import Database
from app.storage.worklists import page
from app.storage.worklists.asking import Asked
from bench import social_map, worklist_data
from bench.worklists import NOW, SEES, TEAMS


async def test_something_is_on_every_list_of_a_team_and_of_all(
    database_url: str, connection: asyncpg.Connection
) -> None:
    await worklist_data.fill(connection, worklist_data.CASELOAD + 50, NOW)
    database = Database(database_url, size=1)
    await database.open()
    try:
        async with database.connection(SEES) as seeing:
            for name in BY_NAME:
                asked = [Asked(NOW, team=team, limit=500, roles=tuple(KEY_ROLES)) for team in TEAMS.values()]
                found = [len(await page.entries(seeing, name, each)) for each in asked]
                assert 0 < found[0] <= found[1], (name, found)
    finally:
        await database.close()


def test_every_record_of_a_map_is_one_that_kith_would_store() -> None:
    types.prepare(BY_TYPE)
    rules = Rules(now=datetime(2026, 6, 1, tzinfo=UTC))
    for body in social_map.records(3):
        parse(orjson.dumps(body), BY_TYPE[body["resourceType"]], rules, new=True)
