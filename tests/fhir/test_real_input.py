"""docs/real-input.md says of every public example what it needs, and no more."""

from fnmatch import fnmatch
from pathlib import Path

import pytest

from app.fhir import json
from app.fhir.parse import parse
from app.fhir.resources import BY_TYPE
from tests.fhir import examples
from tests.fhir.rules import DATA, STRICT, kept

DOCUMENT = Path(__file__).parents[2] / "docs" / "real-input.md"
Row = tuple[list[str], set[str]]

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the public test material is not beside the project")


def _tables() -> list[list[Row]]:
    """The rows of each table: what it is about, and the names in its second column."""
    tables: list[list[Row]] = []
    for line in DOCUMENT.read_text().splitlines():
        if line.startswith("|---"):
            tables.append([])
        elif line.startswith("|") and tables and not line.startswith("| file"):
            about, names = ([name.strip() for name in cell.split(",")] for cell in line.split("|")[1:3])
            tables[-1].append((about, set(names)))
    return tables


def _documented(name: str, table: list[Row]) -> set[str]:
    return next((names for patterns, names in table if any(fnmatch(name, pattern) for pattern in patterns)), set())


def test_the_document_counts_the_examples() -> None:
    files = examples.files()
    count = sum(len(examples.resources(path)) for path in files)
    assert f"{count} resources in {len(files)} files" in " ".join(DOCUMENT.read_text().split())


def test_each_example_needs_the_settings_that_the_document_says() -> None:
    settings, broken = _tables()
    for path in examples.files():
        name = str(path.relative_to(DATA))
        needed, issues = examples.needs(path)
        assert {issue.expression for issue in issues} == _documented(name, broken), name
        if not issues:
            assert needed == _documented(name, settings), name


def test_each_row_is_about_an_example() -> None:
    names = [str(path.relative_to(DATA)) for path in examples.files()]
    patterns = [pattern for table in _tables() for about, _ in table for pattern in about]
    assert [pattern for pattern in patterns if not any(fnmatch(name, pattern) for name in names)] == []


def test_each_example_is_read_back_as_it_was_written() -> None:
    rules = STRICT._replace(check_nhs_numbers=False, computable_consents=False)
    _, broken = _tables()
    for path in examples.files():
        if _documented(str(path.relative_to(DATA)), broken) or "GET_Consent" in path.parts or "requests" in path.parts:
            continue
        for body in examples.resources(path):
            parsed = parse(body, BY_TYPE[json.loads(body)["resourceType"]], rules)
            assert json.dumps(parsed.resource) == kept(body)
