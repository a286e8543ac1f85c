"""Searches as they are understood, or refused, in the tests of this folder."""

from datetime import UTC, datetime

import pytest

from app.fhir.errors import BadRequest
from app.fhir.resources import BY_TYPE
from app.fhir.search import query
from app.fhir.search.query import Limits, Query

NHS = "https://fhir.nhs.uk/Id/nhs-number"
PDS = "https://api.service.nhs.uk/personal-demographics/FHIR/R4/Patient/9990000018"
BASE = "https://kith.example.org/FHIR/R4"
NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)


def parse(type_: str, *pairs: tuple[str, str], lenient: bool = False) -> Query:
    limits = Limits(default_count=20, max_count=100)
    return query.parse(list(pairs), BY_TYPE[type_], now=NOW, bases=(BASE,), limits=limits, lenient=lenient)


def values(type_: str, name: str, value: str) -> tuple[object, ...]:
    (criterion,) = parse(type_, (name, value)).criteria
    return criterion.values


def refusal(type_: str, *pairs: tuple[str, str]) -> BadRequest:
    with pytest.raises(BadRequest) as refused:
        parse(type_, *pairs)
    assert all(issue.spine == "INVALID_SEARCH_DATA" for issue in refused.value.issues)
    return refused.value
