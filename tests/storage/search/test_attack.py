"""What callers send is never SQL, and never an error of the database."""

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.fhir.errors import BadRequest
from app.fhir.resources import DEFINITIONS

ATTACKS = [
    "'; DROP TABLE resource; --", "' OR '1'='1", '"; DELETE FROM audit; --', "$1", "$1::text", "%", "_", "\\", "\\'",
    "') OR TRUE --", "/*", "*/", "NULL", "1; SELECT pg_sleep(10)", "{}", "{low}", "%s", "\u2028", "\U0010ffff",
    "9" * 400,
]  # fmt: skip
# One that several types share is asked of one of them: it is the same there and here.
SHARED = {
    parameter: (definition.type, name) for definition in DEFINITIONS for name, parameter in definition.by_name.items()
}
PARAMETERS = sorted(SHARED.values())


@pytest.fixture(scope="module")
async def filled(module_shelf):
    for definition in DEFINITIONS:
        await module_shelf.put({"resourceType": definition.type, "id": "only"})
    return module_shelf


async def _ask(shelf, type_: str, *pairs: tuple[str, str]) -> list[str] | None:
    try:
        return await shelf.ids(type_, *pairs)
    except BadRequest:
        return None


@pytest.mark.parametrize(("type_", "name"), PARAMETERS)
async def test_sql_in_a_value_finds_nothing_and_breaks_nothing(filled, type_: str, name: str) -> None:
    for attack in ATTACKS:
        for modifier in ("", ":not", ":exact", ":contains", ":identifier", ":missing"):
            found = await _ask(filled, type_, (f"{name}{modifier}", attack))
            assert not found or modifier == ":not", (modifier, attack)
        await _ask(filled, type_, (name, attack.replace(",", "") + "|" + attack.replace(",", "")))
        assert await _ask(filled, type_, (f"{name}'{attack}", "x")) is None
        assert await _ask(filled, type_, ("_sort", f"{name}{attack}")) is None
    assert await filled.ids(type_) == ["only"]


@pytest.mark.parametrize(("type_", "name"), PARAMETERS)
async def test_every_parameter_can_be_sorted_by(filled, type_: str, name: str) -> None:
    assert await filled.ids(type_, ("_sort", name)) == ["only"]
    assert await filled.ids(type_, ("_sort", f"-{name}")) == ["only"]


async def test_two_thousand_values_and_fifty_criteria_are_one_statement(filled) -> None:
    many = ",".join(f"v{number}" for number in range(2000))
    for name in ("status", "patient", "identifier", "_profile", "_id", "patient:identifier", "actor", "actor:Patient"):
        assert await filled.ids("Consent", (name, many)) == []
    systems = many.replace("v", "s|v")
    for name in ("identifier", "patient:identifier"):
        assert await filled.ids("Consent", (name, systems)) == []
        assert await filled.ids("Consent", (f"{name}:not" if name == "identifier" else name, f"{systems[:-6]}|")) in (
            [], ["only"],
        )  # fmt: skip
    numbers = ",".join(f"{number:010}" for number in range(2000))
    assert await filled.ids("Consent", ("patient", numbers), ("actor", numbers)) == []
    assert await filled.ids("Consent", ("date", ",".join(["ge2026"] * 200))) == []
    assert await filled.ids("Consent", *[("status:not", many)] * 50) == ["only"]
    assert await filled.ids("Consent", *[("actor", many)] * 50) == []


async def test_the_largest_chains_there_may_be_are_one_statement(filled) -> None:
    deep = ".".join(["part-of"] * 20)
    assert await filled.ids("CarePlan", *[(f"{deep}.status:not", "x")] * 10) == []
    assert (
        await filled.ids("Patient", *[("_has:Task:subject:_has:Task:part-of:_has:Task:part-of:status", "x")] * 50) == []
    )
    assert await filled.ids("Task", *[("subject:Encounter.subject.identifier", "x")] * 10) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(
    st.sampled_from(PARAMETERS), st.text(min_size=1, max_size=80), st.sampled_from(["", ":not", ":exact", ":contains"])
)
async def test_no_text_is_an_error_of_the_database(
    filled, parameter: tuple[str, str], text: str, modifier: str
) -> None:
    type_, name = parameter
    try:
        await _ask(filled, type_, (name + modifier, text))
    except asyncpg.PostgresError as error:
        raise AssertionError(text) from error
