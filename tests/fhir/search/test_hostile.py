"""No search and no resource raises anything that is not a refusal."""

import contextlib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.fhir.errors import BadRequest
from app.fhir.resources import BY_TYPE, DEFINITIONS
from app.fhir.search import query, searchset
from app.fhir.search.date import EARLIEST, LATEST
from app.fhir.search.escape import split, unescape
from app.fhir.search.keys import extract
from app.fhir.search.length import LONGEST
from app.fhir.search.number import GREATEST, LEAST

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
NAMES = sorted({name for definition in DEFINITIONS for name in definition.by_name})
MODIFIERS = ["", ":missing", ":not", ":exact", ":contains", ":identifier", ":Patient", ":x", ":", "."]
RESULT = ["_sort", "_count", "_total", "_summary", "_elements", "_cursor", "_format", "_include", "_has"]
HOSTILE = st.text(max_size=60) | st.sampled_from(
    ["\0", "\\", "|", ",", "$", "\\,", "ge", "ap9999-12-31", "ne0001", "--", "'; DROP TABLE resource; --", "%", "*",
     "http://[", "//", "Patient/", "/Patient", "999 000 0018", "\ud800", "true", "2026-03-09T10:00:00 01:00", "-_id"]
)  # fmt: skip
PAIRS = st.lists(
    st.tuples(
        st.builds(str.__add__, st.sampled_from(NAMES + RESULT), st.sampled_from(MODIFIERS)) | HOSTILE,
        HOSTILE | st.lists(HOSTILE, max_size=4).map(",".join),
    ),
    max_size=6,
)


@given(st.sampled_from(DEFINITIONS), PAIRS, st.booleans())
def test_no_search_raises_anything_but_a_bad_request(definition, pairs, lenient: bool) -> None:
    try:
        asked = query.parse(pairs, definition, now=NOW, lenient=lenient)
    except BadRequest as refused:
        "".join(issue.diagnostics for issue in refused.issues).encode()
        return
    again = query.parse(asked.understood, definition, now=NOW)
    assert again.criteria == asked.criteria
    assert again.fingerprint == asked.fingerprint
    searchset.url("https://kith.example.org", definition.type, asked.understood).encode("ascii")


@given(st.lists(st.text(alphabet="ab,|$\\"), min_size=1))
def test_escaped_values_come_back(parts: list[str]) -> None:
    escaped = [part.replace("\\", "\\\\").replace(",", "\\,").replace("|", "\\|").replace("$", "\\$") for part in parts]
    assert [unescape(part) for part in split(",".join(escaped), ",")] == parts


@pytest.mark.parametrize("name", ["identifier", "name", "patient"])
def test_a_value_as_long_as_a_body_may_be_takes_no_longer_per_letter_than_a_short_one(name: str) -> None:
    with contextlib.suppress(BadRequest):  # with a copy of the text for each letter, this would take minutes
        query.parse([(name, "x" * 1_000_000)], BY_TYPE["RelatedPerson"], now=NOW)


PATHS = {path for definition in DEFINITIONS for parameter in definition.search_parameters for path in parameter.paths}
MEMBERS = sorted({step for path in PATHS for step in path.split(".")})
FIELDS = ["system", "value", "code", "coding", "text", "start", "end", "event", "repeat", "boundsPeriod"]
FIELDS += ["reference", "use", "identifier", "type", "line", "prefix", "low", "high", "comparator", "unit"]
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
ANYTHING = st.recursive(
    SCALARS | st.sampled_from(["2026-02-30", "#x", "Patient/1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS + FIELDS), inner, max_size=5),
    max_leaves=20,
)


@given(st.sampled_from(sorted(BY_TYPE)), st.dictionaries(st.sampled_from(MEMBERS + FIELDS), ANYTHING, max_size=8))
def test_no_resource_raises_when_it_is_indexed(type_: str, resource: dict[str, Any]) -> None:
    keys = extract({"resourceType": type_, "id": "x", **resource}, BY_TYPE[type_], ("https://kith.example.org",))
    for table in (keys.tokens, keys.strings, keys.references, keys.uris):
        assert all(isinstance(column, str) and len(column) <= LONGEST for row in table for column in row)
    assert all(EARLIEST <= end <= LATEST for _, *ends in keys.dates for end in ends)
    assert all(LEAST <= end <= GREATEST for _, *ends, _, _, _ in keys.quantities for end in ends)


@given(st.data())
def test_no_element_raises_whatever_is_in_it(data: st.DataObject) -> None:
    definition = BY_TYPE[data.draw(st.sampled_from(sorted(BY_TYPE)))]
    path = data.draw(st.sampled_from(sorted({path for p in definition.search_parameters for path in p.paths})))
    element = data.draw(st.dictionaries(st.sampled_from(FIELDS), ANYTHING) | ANYTHING)
    for step in reversed(path.split(".")):
        element = {step: element}
    keys = extract({"resourceType": definition.type, **element}, definition, ())
    for table in (keys.tokens, keys.strings, keys.references, keys.uris):
        assert all(isinstance(column, str) for row in table for column in row)
