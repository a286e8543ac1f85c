from decimal import Decimal
from typing import Any

import pytest

from app.fhir.primitives import CHECKS, MAX_STRING
from tests.fhir.valid import VALUES

NEVER: tuple[Any, ...] = ([], {}, None, float("inf"))
INVALID: dict[str, tuple[Any, ...]] = {
    "base64Binary": ("a", "====", "a b*c", "-_8=", " ", "data:image/png;base64,aGk=", 1),
    "boolean": ("true", 1, 0, None),
    "canonical": ("", "with space", 5),
    "code": ("", " a", "a ", "a  b", "a\nb ", 1, True),
    "date": ("", "20", "2020-13", "2020-02-30", "2021-02-29", "2020-1-1", "0000", "2020-01-01T00:00:00Z", "01/02/2020"),
    "dateTime": (
        "2020-01-01T00:00",
        "2020-01-01T00:00:00",
        "2020-01-01T24:00:00Z",
        "2020-02-30T00:00:00Z",
        "2020-01T00",
    ),
    "decimal": ("1.5", True, None, [1]),
    "id": ("", "a_b", "a/b", "x" * 65, "a b", "é", 1),
    "instant": ("2020", "2020-01-01", "2020-01-01T00:00:00", "2020-01-01T00:00:00+14:01", "2020-01-01T00:00:61Z"),
    "integer": (2147483648, -2147483649, 1.5, Decimal("1.0"), "1", True),
    "markdown": ("", " ", "\x07"),
    "oid": ("1.2.3", "urn:oid:3.1", "urn:oid:1.02", "urn:oid:1"),
    "positiveInt": (0, -1, True, "1"),
    "string": ("", "   ", "\n", "a\x00b", "\x1b[0m", "\ud800", 1, None, "x" * (MAX_STRING + 1)),
    "time": ("24:00:00", "12:00", "12:00:00Z", "12:00:61", "1:00:00"),
    "unsignedInt": (-1, 2147483648, Decimal("1E1")),
    "uri": ("", "a b", "a\tb"),
    "url": ("", "http://x y"),
    "uuid": ("c757873d-ec9a-4326-a141-556f43239520", "urn:uuid:C757873D-EC9A-4326-A141-556F43239520", "urn:uuid:1"),
}


@pytest.mark.parametrize(("type_", "value"), [(type_, value) for type_ in VALUES for value in VALUES[type_]])
def test_a_value_of_the_type_is_accepted(type_: str, value: Any) -> None:
    assert CHECKS[type_](value) == ""


@pytest.mark.parametrize(("type_", "value"), [(type_, value) for type_ in INVALID for value in INVALID[type_]])
def test_a_value_that_is_not_of_the_type_is_refused_in_words(type_: str, value: Any) -> None:
    assert CHECKS[type_](value)


def test_the_size_of_strings_does_not_bind_pictures_and_narratives() -> None:
    assert CHECKS["base64Binary"]("aGVs" * MAX_STRING) == ""
    assert CHECKS["xhtml"]("x" * (MAX_STRING + 1)) == ""
    assert CHECKS["code"]("x" * (MAX_STRING + 1))


@pytest.mark.parametrize("type_", [type_ for type_ in CHECKS if type_ not in ("boolean", "decimal")])
def test_arrays_and_objects_are_no_primitives(type_: str) -> None:
    assert all(CHECKS[type_](value) for value in NEVER)
