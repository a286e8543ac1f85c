"""The table of routes finds what is meant, and so does who asks again."""

from itertools import product

import pytest
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

from app.config import Settings
from app.main import create_app
from app.routers import table
from app.routers.methods import meant
from app.routers.table import Table

TYPES = ("Patient", "Consent", "AuditEvent", "CodeSystem", "Nothing", "metadata", "", "x\n")
WORDS = ("_history", "_search", "p1", "$withdraw", "$check-sharing", "", "x\n")
METHODS = ("GET", "POST", "DELETE", "HEAD")
OTHERS = ("/", "", "/_ping", "/docs", "/docs/x", "/docs/x/y", "/access/v1/evaluation", "/cds-services/a", "/FHIR/R4")


@pytest.fixture(scope="module")
def router():
    return create_app(Settings(database_url="postgresql://nowhere/")).router


def _scope(method: str, path: str) -> dict[str, object]:
    return {"type": "http", "method": method, "path": path}


def _first(router, scope) -> Route | None:
    return next((route for route in meant(router.routes, scope) if route.matches(scope)[0] is Match.FULL), None)


def _found(table_, scope) -> Route | None:
    try:
        return table_._find(scope)
    except HTTPException:
        return None


def _paths() -> list[str]:
    below = [path for length in range(3) for path in product(TYPES, *[WORDS] * length)]
    versions = [("Patient", "p1", "_history", last) for last in WORDS]
    return [*OTHERS, *("/FHIR/R4/" + "/".join(segments) for segments in [*below, *versions])]


def test_each_path_has_the_route_that_is_meant_the_first_time_and_again(router) -> None:
    found = Table(router)
    for _, path, method in product(range(2), _paths(), METHODS):
        scope = _scope(method, path)
        expected = _first(router, scope)
        route = _found(found, scope)
        # What is found in the table may not match the path after all; then the router is asked.
        taken = route if route and route.matches(scope)[0] is Match.FULL else expected
        assert taken is expected, (method, path)


def test_paths_that_callers_make_up_do_not_fill_the_memory(router, monkeypatch) -> None:
    monkeypatch.setattr(table, "MOST", 5)
    found = Table(router)
    for number in range(20):
        assert found._find(_scope("GET", f"/FHIR/R4/Made{number}/p1")) is not None
    assert len(found._known) == 5


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "/FHIR/R4/metadata"), ("GET", "/FHIR/R4/Patient/_search"), ("PUT", "/FHIR/R4/Patient/_history")],
)
def test_a_word_is_not_taken_for_an_id_or_type_when_its_method_is_another(router, method, path) -> None:
    with pytest.raises(HTTPException) as refused:
        Table(router)._find(_scope(method, path))
    assert refused.value.status_code == 405
