"""Searches that crisis teams make all day are index scans, also with the plan that PostgreSQL keeps for all values."""

from typing import Any

import pytest

from app.fhir.resources import BY_TYPE
from app.fhir.search import query
from app.storage import search as storage
from app.storage.pool import ROLE
from app.storage.visibility import EVERYTHING
from tests.storage.search.conftest import NOW

NHS = "https://fhir.nhs.uk/Id/nhs-number"


# A record of some size: of an empty one PostgreSQL takes any index for as good as another.
FILL = """
INSERT INTO resource (type, id, patient, version, updated, content)
SELECT type, 'r' || n, 'p' || n / 2, 1, now(), '{}'
FROM generate_series(1, 2000) n, unnest(ARRAY['Patient', 'RelatedPerson', 'Consent', 'CarePlan']) type
"""


@pytest.fixture(scope="module")
async def filled(module_shelf):
    """A shelf of some size, on whose connection every statement is planned for all values."""
    connection = module_shelf.connection
    await connection.execute(FILL)
    await connection.execute("SET ROLE NONE")
    await connection.execute("ANALYZE resource")
    await connection.execute(f"SET ROLE {ROLE}")
    await connection.execute("SET enable_seqscan = off")
    await connection.execute("SET plan_cache_mode = force_generic_plan")
    return module_shelf


class Recorder:
    """Stands where a connection does and keeps the statement."""

    def __init__(self) -> None:
        self.statement = ""
        self.values: tuple[Any, ...] = ()

    async def fetch(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        self.statement, self.values = statement, values
        return [{"matches": 0, "key": None}]

    async def prepare(self, statement: str, *, name: str) -> "Recorder":
        """A statement without a name is planned for its values."""
        assert name == ""
        self.prepared = Recorder.Prepared(self, statement)
        return self.prepared

    class Prepared:
        def __init__(self, recorder: "Recorder", statement: str) -> None:
            self.recorder, self.statement = recorder, statement

        async def fetch(self, *values: Any) -> list[dict[str, Any]]:
            return await self.recorder.fetch(self.statement, *values)


async def statement(type_: str, *pairs: tuple[str, str]) -> tuple[str, tuple[Any, ...]]:
    recorder = Recorder()
    await storage.search(recorder, query.parse(list(pairs), BY_TYPE[type_], now=NOW), EVERYTHING)
    return recorder.statement, recorder.values


@pytest.mark.parametrize(
    ("type_", "pairs", "indexes"),
    [
        ("RelatedPerson", [("patient", "p1")], {"resource_patient_type", "resource_type_id"}),
        ("RelatedPerson", [("patient", "9990000018")], {"resource_patient_type", "nhs_number_pkey"}),
        ("RelatedPerson", [("patient:identifier", f"{NHS}|9990000018")], {"resource_patient_type", "nhs_number_pkey"}),
        ("Consent", [("patient", "p1"), ("status", "active")], {"resource_patient_type"}),
        ("CarePlan", [("subject", "Patient/p1"), ("_sort", "-date")], {"resource_patient_type"}),
        ("Patient", [("identifier", f"{NHS}|9990000018")], {"search_token_code"}),
        ("Patient", [("identifier", "9990000018")], {"search_token_code"}),
        ("Patient", [("identifier", "9990000018"), ("active", "true")], {"search_token_code"}),
        ("Patient", [("family", "smith")], {"search_string_value"}),
        ("Consent", [("actor", "RelatedPerson/1")], {"search_reference_target"}),
        ("Consent", [("actor", "1")], {"search_reference_target"}),
        ("Consent", [("organization", "https://x.example/Organization/1")], {"search_reference_url"}),
        ("Consent", [("actor:identifier", "http://s|1")], {"search_reference_identifier"}),
        ("Consent", [("status", "active")], {"search_token_code"}),
        ("Consent", [("date", "2026-03")], {"search_date_"}),
        ("Consent", [("date", "gt2026-03")], {"search_date_high"}),
        ("Consent", [("date", "sa2026-03")], {"search_date_low"}),
        ("Consent", [("_sort", "date")], {"search_date_low"}),
        ("Consent", [("_sort", "-date")], {"search_date_high"}),
        ("Consent", [("_sort", "-_lastUpdated")], {"resource_type_updated"}),
        ("Patient", [("_sort", "family")], {"search_string_value"}),
        ("RelatedPerson", [("patient.identifier", f"{NHS}|9990000018")], {"search_token_code", "search_reference_"}),
        ("RelatedPerson", [("_has:Consent:actor:identifier", "x")], {"search_token_code", "search_reference_"}),
        ("CarePlan", [("instantiates-uri", "http://x")], {"search_uri_value"}),
        ("QuestionnaireResponse", [("questionnaire:below", "http://x|1")], {"search_reference_url"}),
        ("QuestionnaireResponse", [("questionnaire.identifier", "x")], {"search_token_code", "search_reference_url"}),
        (
            "Questionnaire",
            [("_has:QuestionnaireResponse:questionnaire:identifier", "x")],
            {"search_token_code", "search_uri_value"},
        ),
    ],
    # A set has no order of its own: a test is to have one name in every process.
    ids=lambda value: " ".join(sorted(value)) if isinstance(value, set) else str(value),
)
async def test_a_search_reads_the_index_that_is_there_for_it(filled, type_, pairs, indexes) -> None:
    text, values = await statement(type_, *pairs)
    connection = filled.connection
    await connection.execute(f"PREPARE asked AS {text}")
    plan = await connection.fetch(f"EXPLAIN EXECUTE asked ({', '.join(['NULL'] * len(values))})")
    await connection.execute("DEALLOCATE asked")
    lines = [row[0] for row in plan]
    assert indexes <= {index for index in indexes if any(index in line for line in lines)}, "\n".join(lines)
    assert not any("Seq Scan" in line for line in lines)


async def test_statements_depend_on_what_is_asked_and_not_on_values() -> None:
    for one, other in (
        ([("patient", "p1")], [("patient", "p2")]),
        ([("status", "active"), ("date", "ge2026")], [("status", "draft"), ("date", "ge2025-01-01T00:00Z")]),
        ([("actor", "a")], [("actor", "b")]),
        ([("category", "a,b")], [("category", "a,b,c,d")]),
        ([("_id", "a,b")], [("_id", "a,b,c,d")]),
        ([("_sort", "status"), ("_count", "1")], [("_sort", "status"), ("_count", "2"), ("_total", "none")]),
    ):
        assert (await statement("Consent", *one))[0] == (await statement("Consent", *other))[0]


async def test_no_value_is_part_of_the_statement() -> None:
    marker = "zz9marker"
    for name in ("status", "category", "actor", "_id", "_profile", "identifier", "patient:identifier", "_tag:not"):
        text, values = await statement("Consent", (name, marker))
        assert marker not in text
        assert any(marker in value for value in values if isinstance(value, str))
