"""Chains and includes lead to other types, which the caller needs scopes for."""

from datetime import UTC, datetime

import pytest

from app.fhir.errors import InsufficientScope
from app.fhir.resources import BY_TYPE
from app.fhir.search import query
from app.record.reach import check_reach, reachable
from app.security.scopes import EVERYTHING, NOTHING, parse

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
CHAINS = [
    ("Consent", "actor:RelatedPerson.name", "RelatedPerson"),
    ("Consent", "patient.name", "Patient"),
    ("Consent", "actor:RelatedPerson.patient.name", "Patient"),
    ("CarePlan", "subject.identifier", "Group"),  # one of two types it leads through
    ("RelatedPerson", "_has:Consent:actor:status", "Consent"),
    ("RelatedPerson", "_has:Consent:actor:_has:Task:focus:status", "Task"),
]


@pytest.mark.parametrize(("type_", "name", "far"), CHAINS)
def test_each_type_of_a_chain_takes_a_scope_to_search_it(type_: str, name: str, far: str) -> None:
    asked = query.parse([(name, "x")], BY_TYPE[type_], now=NOW).criteria
    check_reach(EVERYTHING, asked)
    others = [each for each in BY_TYPE if each != far]
    for scopes in (
        " ".join(f"system/{each}.rs" for each in others),
        " ".join([*(f"system/{each}.rs" for each in others), f"system/{far}.cru"]),
        " ".join([*(f"system/{each}.rs" for each in others), f"system/{far}.rs?_tag=x"]),
    ):
        with pytest.raises(InsufficientScope, match=rf"system/{far}\.s"):
            check_reach(parse(scopes), asked)


def test_plain_criteria_take_nothing_more() -> None:
    check_reach(NOTHING, query.parse([("status", "active")], BY_TYPE["Consent"], now=NOW).criteria)


def test_what_may_be_seen_in_part_is_not_included() -> None:
    scopes = parse("system/Patient.rs system/Consent.rs?status=active system/CarePlan.r system/Task.s")
    assert reachable(scopes) == ("Patient", "Task")
    assert set(reachable(EVERYTHING)) == set(BY_TYPE)
    assert reachable(NOTHING) == ()
