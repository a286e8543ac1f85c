"""What a patch makes of a stored resource: https://hl7.org/fhir/R4/http.html#patch"""

from typing import Any

import pytest

from app.fhir import json
from app.fhir.errors import Invalid
from app.fhir.patch.fhirpath_patch import read_fhirpath_patch
from app.fhir.patch.json_patch import read_json_patch
from app.fhir.patch.patched import patched

STORED = (
    b'{"resourceType":"Patient","id":"p","meta":{"versionId":"3","lastUpdated":"2026-03-09T10:00:00.000Z"},'
    b'"active":true,"extension":[{"url":"https://example.org/d","valueDecimal":1.50}]}'
)


def by_json(*operations: Any, largest: int = 10_000) -> bytes:
    return patched(STORED, read_json_patch(json.dumps(list(operations))), largest)


def test_what_is_patched_keeps_the_rest_as_it_was():
    body = by_json({"op": "replace", "path": "/active", "value": False})
    assert body == STORED.replace(b"true", b"false")


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": "/active", "value": True},
        {"op": "test", "path": "/active", "value": True},
        {"op": "remove", "path": "/meta/versionId"},
        {"op": "replace", "path": "/meta/lastUpdated", "value": "2001-01-01T00:00:00Z"},
        {"op": "remove", "path": "/meta"},
    ],
)
def test_what_changes_nothing_gives_back_what_was_stored(operation):
    assert by_json(operation) is STORED


def test_other_digits_are_a_change():
    shorter = json.loads(b'[{"op":"replace","path":"/extension/0/valueDecimal","value":1.5}]')
    assert by_json(*shorter) != STORED


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": "/id", "value": "other"},
        {"op": "remove", "path": "/id"},
        {"op": "replace", "path": "/resourceType", "value": "Practitioner"},
        {"op": "remove", "path": "/resourceType"},
        {"op": "move", "from": "/id", "path": "/language"},
        {"op": "replace", "path": "", "value": {"resourceType": "Patient", "id": "other"}},
        {"op": "replace", "path": "", "value": []},
        {"op": "replace", "path": "", "value": "text"},
    ],
)
def test_what_makes_a_resource_this_one_cannot_be_changed(operation):
    with pytest.raises(Invalid) as caught:
        by_json(operation)
    assert caught.value.issues[0].code == "business-rule"


def test_the_result_has_the_size_that_a_body_may_have():
    with pytest.raises(Invalid) as caught:
        by_json({"op": "add", "path": "/language", "value": "x" * 1000}, largest=1000)
    assert caught.value.issues[0].code == "too-long"


def test_copies_of_copies_are_stopped():
    start = {"op": "add", "path": "/x", "value": {}}
    with pytest.raises(Invalid) as caught:
        by_json(start, *[{"op": "copy", "from": "/x", "path": "/x/x"}] * 2000)
    assert caught.value.issues[0].code in ("structure", "too-costly")


def test_moves_that_nest_without_end_are_stopped():
    deep: Any = "end"
    for _ in range(90):
        deep = {"x": deep}
    around = [
        {"op": "add", "path": "/new", "value": deep},
        {"op": "move", "from": "/kept", "path": "/new" + "/x" * 89 + "/x"},
        {"op": "move", "from": "/new", "path": "/kept"},
    ]
    with pytest.raises(Invalid) as caught:
        by_json({"op": "add", "path": "/kept", "value": deep}, *around * 50)
    assert caught.value.issues[0].code == "structure"


def test_extensions_in_extensions_without_end_are_stopped():
    def one(path: str) -> dict[str, Any]:
        value = [{"name": "url", "valueUri": "u"}, {"name": "extension", "part": [{"name": "url", "valueUri": "u"}]}]
        parts = [
            {"name": "type", "valueCode": "add"},
            {"name": "path", "valueString": path},
            {"name": "name", "valueString": "extension"},
            {"name": "value", "part": value},
        ]
        return {"name": "operation", "part": parts}

    operations = [one("Patient" + ".extension[0]" * depth) for depth in range(1, 150)]
    patch = read_fhirpath_patch({"resourceType": "Parameters", "parameter": operations})
    bare = STORED.replace(
        b',"extension":[{"url":"https://example.org/d","valueDecimal":1.50}]', b',"extension":[{"url":"u"}]'
    )
    with pytest.raises(Invalid) as caught:
        patched(bare, patch, 1_000_000)
    assert caught.value.issues[0].code in ("structure", "too-costly", "multiple-matches")
