"""JSON Patch: https://www.rfc-editor.org/rfc/rfc6902"""

import copy
from typing import Any

import pytest

from app.fhir import json
from app.fhir.errors import BadRequest, Invalid
from app.fhir.patch import MOST_OPERATIONS
from app.fhir.patch.json_patch import read_json_patch
from tests.fhir.rules import DATA

CASES = DATA / "fhirpath-patch" / "json-patch-tests.json"
PATIENT = {"resourceType": "Patient", "name": [{"family": "First", "given": ["A", "B"]}], "active": True}


def public_cases() -> list[Any]:
    if not CASES.exists():
        return [pytest.param(None, id="absent", marks=pytest.mark.skip(reason="../shared/data is not here"))]
    return [pytest.param(case, id=case["comment"]) for case in json.loads(CASES.read_bytes())]


def patched(resource: Any, *operations: Any) -> Any:
    return read_json_patch(json.dumps(list(operations)))(copy.deepcopy(resource))


def refusal(*operations: Any) -> Invalid | BadRequest:
    with pytest.raises((Invalid, BadRequest)) as caught:
        patched(PATIENT, *operations)
    return caught.value


@pytest.mark.parametrize("case", public_cases())
def test_public_cases(case):
    if "error" in case:
        with pytest.raises(Invalid, match="Operation 0"):
            patched(case["doc"], *case["patch"])
    else:
        assert patched(case["doc"], *case["patch"]) == case["expected"]


def test_the_end_of_an_array_is_a_hyphen():
    changed = patched(PATIENT, {"op": "add", "path": "/name/0/given/-", "value": "C"})
    assert changed["name"][0]["given"] == ["A", "B", "C"]


def test_an_array_left_empty_is_left_out():
    changed = patched(PATIENT, {"op": "remove", "path": "/name/0"})
    assert changed == {"resourceType": "Patient", "active": True}


def test_an_array_may_be_begun_empty():
    begin = {"op": "add", "path": "/telecom", "value": []}
    changed = patched(PATIENT, begin, {"op": "add", "path": "/telecom/-", "value": {"value": "1"}})
    assert changed["telecom"] == [{"value": "1"}]


def test_decimals_keep_their_digits():
    patch = read_json_patch(b'[{"op": "add", "path": "/x", "value": 1.50}, {"op": "copy", "from": "/x", "path": "/y"}]')
    assert json.dumps(patch({})) == b'{"x":1.50,"y":1.50}'


@pytest.mark.parametrize(
    ("there", "tested"), [(True, 1), (1, True), (False, 0), ("1", 1), ([1], [True]), (None, False)]
)
def test_values_of_different_json_types_are_not_equal(there, tested):
    with pytest.raises(Invalid):
        patched({"x": there}, {"op": "test", "path": "/x", "value": tested})


def test_a_patch_can_be_applied_twice():
    patch = read_json_patch(b'[{"op":"add","path":"/a","value":{}},{"op":"add","path":"/a/b","value":1}]')
    assert patch({}) == patch({}) == {"a": {"b": 1}}


@pytest.mark.parametrize(
    "wrong",
    [
        {"op": "remove", "path": "/birthDate"},
        {"op": "replace", "path": "/gender", "value": "female"},
        {"op": "replace", "path": "/name/1/family", "value": "X"},
        {"op": "add", "path": "/name/0/given/3", "value": "X"},
        {"op": "add", "path": "/name/0/given/01", "value": "X"},
        {"op": "add", "path": "/name/0/given/-1", "value": "X"},
        {"op": "add", "path": "/name/0/given/x", "value": "X"},
        {"op": "add", "path": "/active/x", "value": "X"},
        {"op": "move", "from": "/nothing", "path": "/name"},
        {"op": "move", "from": "/name", "path": "/name/0"},
        {"op": "copy", "from": "/nothing", "path": "/name"},
        {"op": "remove", "path": ""},
        {"op": "test", "path": "/active", "value": False},
        {"op": "test", "path": "/nothing", "value": None},
    ],
)
def test_what_does_not_fit_names_its_operation_and_nothing_of_the_resource(wrong):
    found = refusal({"op": "test", "path": "/active", "value": True}, wrong)
    assert isinstance(found, Invalid)
    assert f"Operation 1 ({wrong['op']} {wrong['path']})" in str(found)
    assert "First" not in str(found)


@pytest.mark.parametrize(
    "wrong",
    [
        None, 1, "add", [], {}, {"op": "add"}, {"path": "/x"}, {"op": "delete", "path": "/x"},
        {"op": ["add"], "path": "/x"},
        {"op": "add", "path": "/x"}, {"op": "test", "path": "/x"}, {"op": "replace", "path": "/x"},
        {"op": "move", "path": "/x"}, {"op": "copy", "path": "/x"}, {"op": "move", "from": 1, "path": "/x"},
        {"op": "copy", "from": "x", "path": "/x"}, {"op": "remove", "path": "x"}, {"op": "remove", "path": 1},
        {"op": "remove", "path": "/a~2"}, {"op": "remove", "path": "/x" * 101},
        {"op": "append", "path": "/x", "value": "y"},
    ],
)  # fmt: skip
def test_an_operation_that_is_none_is_a_bad_request(wrong):
    found = refusal({"op": "test", "path": "/active", "value": True}, wrong)
    assert isinstance(found, BadRequest)
    assert "Operation 1" in str(found)


@pytest.mark.parametrize("body", [b"", b"{}", b'"add"', b"null", b"[", b'[{"op":"remove","op":"add","path":"/x"}]'])
def test_a_body_that_is_no_patch_is_a_bad_request(body):
    with pytest.raises(BadRequest):
        read_json_patch(body)


def test_more_operations_than_a_patch_may_have_are_refused():
    found = refusal(*[{"op": "test", "path": "/active", "value": True}] * (MOST_OPERATIONS + 1))
    assert found.issues[0].code == "too-long"


def test_as_many_operations_as_a_patch_may_have_are_done():
    many = [{"op": "add", "path": "/name/0/given/0", "value": "X"}] * MOST_OPERATIONS
    assert len(patched(PATIENT, *many)["name"][0]["given"]) == MOST_OPERATIONS + 2


def test_wide_copies_are_stopped_before_they_fill_the_memory():
    start = {"op": "add", "path": "/photo", "value": [{"title": "x" * 100_000}]}
    bomb = [{"op": "copy", "from": "/photo/0", "path": "/photo/-"} for _ in range(1000)]
    assert refusal(start, *bomb).issues[0].code == "too-costly"
