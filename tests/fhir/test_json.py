from decimal import Decimal
from math import isfinite
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.fhir import json
from app.fhir.errors import BadRequest


def _refusal(body: bytes) -> BadRequest:
    with pytest.raises(BadRequest) as caught:
        json.loads(body)
    return caught.value


@pytest.mark.parametrize("number", ["1.50", "1E3", "-0", "-0.0", "1e-7", "0.10", "123456789012345678901234567890", "7"])
def test_a_number_keeps_the_digits_it_was_written_with(number: str) -> None:
    body = f'{{"value":{number}}}'.encode()
    assert json.dumps(json.loads(body)) == body


def test_a_number_with_a_fraction_is_a_decimal_and_a_whole_one_an_int() -> None:
    assert json.loads(b"[1.5, 2]") == [Decimal("1.5"), 2]
    assert isinstance(json.loads(b"2"), int)


def test_pretty_json_is_indented_by_two() -> None:
    assert json.dumps({"a": [Decimal("1.0")]}, pretty=True) == b'{\n  "a": [\n    1.0\n  ]\n}'


@pytest.mark.parametrize("value", [object(), Decimal("NaN"), Decimal("Infinity")])
def test_what_is_no_json_is_not_written(value: Any) -> None:
    with pytest.raises(TypeError):
        json.dumps({"value": value})


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        (b'{"a": "\xff"}', "not UTF-8: byte 7"),
        ('{"a": 1}'.encode("utf-16"), "UTF-8"),
        (b"{", "line 1, column 2"),
        (b"{}\n{}", "line 2, column 1"),
        (b'{"a": NaN}', "number"),
        (b'{"a": -Infinity}', "number"),
        (b'{"a": 01}', "not JSON"),
        (b'{"a": 1e999999999999999999999}', "number"),
        (b'{"a": 1e309}', "beyond what most can read"),
        (b'{"a": [-17976931348623157e308]}', "beyond what most can read"),
        (b'{"a": ' + b"9" * 101 + b"}", "longer than 100"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "longer than 100"),
        (b'{"a": "\x00"}', "control character"),
        (b"{'a': 1}", "not JSON"),
        (b'{"a": 1,}', "not JSON"),
        (b'{"a": "\\ud800"}', "surrogate"),
        (b'{"\\udc00": 1}', "surrogate"),
        (b"[" * 101 + b"]" * 101, "100 levels"),
        (b"[" * 10_000 + b"]" * 10_000, "100 levels"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "100 levels"),
        (b"[" * 1_000_000, "100 levels"),
    ],
)
def test_what_is_not_sound_json_is_refused_in_plain_words(body: bytes, says: str) -> None:
    error = _refusal(body)
    assert error.status == 400
    assert says in error.issues[0].diagnostics
    assert error.issues[0].code == "structure"


@pytest.mark.parametrize("number", ["1.7976931348623157e308", "-1e308", "1e-400", "9" * 100, "-" + "9" * 99, "0e999"])
def test_what_is_taken_can_be_read_back_by_others(number: str) -> None:
    sent = f'{{"a":{number}}}'.encode()
    assert json.dumps(json.loads(sent)) == sent
    assert isfinite(orjson.loads(sent)["a"])


def test_a_hundred_levels_are_not_too_deep() -> None:
    assert json.loads(b"[" * 100 + b"]" * 100)


def test_surrogate_pairs_and_escaped_backslashes_are_characters() -> None:
    assert json.loads(b'"\\ud83d\\ude00 \\\\ud800"') == "\U0001f600 \\ud800"


def test_a_duplicate_key_is_named_with_its_place() -> None:
    error = _refusal(b'{"resourceType": "Patient", "name": [{}, {"family": "A", "family": "B"}]}')
    assert error.issues[0].expression == "Patient.name[1].family"
    assert '"family"' in error.issues[0].diagnostics


@pytest.mark.parametrize(
    "body", [b'[{"a": 1, "a": 1}]', b'{"b": {"a b": 1, "a b": 2}}', b'{"\\u0000": 1, "\\u0000": 2}']
)
def test_a_duplicate_key_is_refused_where_its_place_cannot_be_said(body: bytes) -> None:
    assert "twice" in _refusal(body).issues[0].diagnostics


def test_a_duplicate_key_before_something_worse_is_refused_too() -> None:
    assert _refusal(b'{"a": 1, "a": 2, "b": ' + b"[" * 100_000).status == 400
    assert _refusal(b'{"b": {"a": 1, "a": 2}, "c": }').status == 400


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_no_bytes_raise_anything_but_a_refusal(body: bytes) -> None:
    try:
        value = json.loads(body)
    except BadRequest:
        return
    assert json.loads(json.dumps(value)) == value
