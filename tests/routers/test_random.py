"""Random bodies and queries, the same in every run: an answer in FHIR JSON, and never a failure of the service."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.fhir.resources import BY_TYPE
from tests.record.examples import by_number, consent, plan

BOUNDED = settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from([parameter.name for parameter in BY_TYPE["Consent"].search_parameters])
MODIFIERS = st.sampled_from(
    ["", ":not", ":missing", ":exact", ":contains", ":identifier", ":of-type", ":Patient", ":x"]
)
RESULTS = st.sampled_from(["_sort", "_count", "_total", "_summary", "_elements", "_cursor", "_format", "_pretty"])


def answered(response) -> bool:
    known = response.json()["resourceType"] in ("Bundle", "OperationOutcome", "Consent", "CarePlan")
    return response.status_code < 500 and response.headers["Content-Type"] in FORMS and known


FORMS = ("application/fhir+json; charset=utf-8", "application/json; charset=utf-8")


@BOUNDED
@given(body=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
async def test_random_bytes_are_answered(client, body):
    assert answered(await client.post("/Consent", content=body))


@pytest.mark.parametrize(
    "sound", [consent(by_number("9990000018")), plan(by_number("9990000018"))], ids=["Consent", "CarePlan"]
)
@BOUNDED
@given(data=st.data())
async def test_a_sound_resource_with_a_random_element_is_answered(client, sound, data):
    name = data.draw(st.sampled_from([*sound, "extension", "identifier", "note", "contained", "_status", "x"]))
    response = await client.post(f"/{sound['resourceType']}", json={**sound, name: data.draw(VALUES)})
    assert answered(response)
    assert response.status_code in (201, 400, 422)


@BOUNDED
@given(pairs=st.lists(st.tuples(st.builds(str.__add__, NAMES, MODIFIERS) | RESULTS | st.text(), st.text()), max_size=4))
async def test_random_parameters_are_answered(client, pairs):
    assert answered(await client.get("/Consent", params=pairs))


@BOUNDED
@given(query=st.text(st.sampled_from("=&%:|,$\\+;ab09_-. \u00e9\0"), max_size=60))
async def test_random_forms_are_answered(client, query):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert answered(await client.post("/Consent/_search", content=query.encode(), headers=headers))
