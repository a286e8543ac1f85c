"""What the benchmark of the indicators loads is what Kith takes, and has hits and misses."""

from datetime import UTC, datetime

import orjson
import pytest

from app.fhir import types
from app.fhir.definition import Rules
from app.fhir.parse import parse
from app.fhir.resources import BY_TYPE
from bench import caseload
from tests.involvement.charting import cases, chart

EPISODES = range(0, 60, 4)


def test_every_record_of_it_is_one_that_kith_would_store() -> None:
    types.prepare(BY_TYPE)
    rules = Rules(now=datetime(2026, 1, 1, tzinfo=UTC))
    for index in EPISODES:
        for resource in caseload.episode(index):
            parse(orjson.dumps(resource), BY_TYPE[resource["resourceType"]], rules, new=True)


@pytest.mark.parametrize("indicator", ["KS-13b", "KS-13c", "KS-13d", "C12b"])
def test_it_has_hits_and_misses(indicator: str) -> None:
    found = [case for index in EPISODES for case in cases(indicator, chart(*caseload.episode(index)))]
    assert len({case.outcome("adjusted") for case in found}) > 1
