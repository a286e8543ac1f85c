"""Numbers and quantities: what is stored of them, and what a value that is looked for means."""

from decimal import Decimal

import pytest

from app.fhir.definition import SearchParameter
from app.fhir.search import number, quantity
from app.fhir.search.number import GREATEST, LEAST

UCUM = "http://unitsofmeasure.org"
LENGTH = SearchParameter("length", "quantity", ("length",))
CONTEXT = SearchParameter(
    "context-type-quantity",
    "quantity",
    ("useContext",),
    form="composite",
    parts=(("code",), ("valueQuantity", "valueRange")),
)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("100", "99.5", "100.5"),
        ("100.00", "99.995", "100.005"),
        ("1e2", "95", "105"),
        ("0", "-0.5", "0.5"),
        ("-5.4", "-5.45", "-5.35"),
        ("+7", "6.5", "7.5"),
        ("ap100", "90", "110"),
        ("ap-10", "-11", "-9"),
        ("1e999", "1e300", "1e300"),
    ],
)
def test_a_number_is_as_precise_as_it_is_written(text: str, low: str, high: str) -> None:
    found = number.parse(text)
    assert (found.low, found.high) == (Decimal(low), Decimal(high))


def test_fifty_digits_are_told_from_others() -> None:
    found = number.parse(f"1.{'0' * 49}1")
    assert found.low < found.exact < found.high


@pytest.mark.parametrize(
    "text", ["", "x", "1,0", "gt", "xx1", "1e1000", "0x1", "NaN", "Infinity", "1 ", "--1", "1" * 51]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="takes a number such as"):
        number.parse(text)


@pytest.mark.parametrize(
    ("element", "low", "high"),
    [
        (3, 3, 3),
        (Decimal("0.5"), Decimal("0.5"), Decimal("0.5")),
        (Decimal("1E+400"), GREATEST, GREATEST),
        (Decimal("1E+999999999"), GREATEST, GREATEST),
        (Decimal("-1E+999999999"), LEAST, LEAST),
        (Decimal("1E-999999999"), 0, 0),
        (Decimal("-1E-400"), 0, 0),
        ({"value": 5}, 5, 5),
        ({"value": 5, "comparator": "<"}, LEAST, 5),
        ({"value": 5, "comparator": ">="}, 5, GREATEST),
        ({"low": {"value": 1}, "high": {"value": 2}}, 1, 2),
        ({"low": {"value": 1}}, 1, GREATEST),
        ({"high": {"value": 2}}, LEAST, 2),
    ],
)
def test_the_numbers_of_an_element(element: object, low: object, high: object) -> None:
    assert list(number.keys(element)) == [(low, high)]


@pytest.mark.parametrize("element", [None, True, "5", {}, {"unit": "mg"}, {"low": {}}, []])
def test_an_element_without_a_number_has_no_key(element: object) -> None:
    assert list(number.keys(element)) == []
    assert list(quantity.keys(element, LENGTH)) == []


def test_a_quantity_is_kept_by_the_code_and_the_name_of_its_unit() -> None:
    element = {"value": 75, "unit": "minutes", "system": UCUM, "code": "min"}
    assert sorted(quantity.keys(element, LENGTH)) == [(75, 75, "", "minutes", ""), (75, 75, UCUM, "min", "")]
    assert list(quantity.keys({"value": 75}, LENGTH)) == [(75, 75, "", "", "")]


@pytest.mark.parametrize(
    ("text", "system", "code"),
    [("75", None, None), (f"gt75|{UCUM}|min", UCUM, "min"), ("75||min", None, "min"), (r"75||a\|b", None, "a|b")],
)
def test_a_quantity_is_asked_for_with_or_without_its_unit(text: str, system: str | None, code: str | None) -> None:
    (found,) = quantity.parse(text, LENGTH)
    assert (found.exact, found.system, found.code) == (75, system, code)


@pytest.mark.parametrize("text", ["75|min", "75|a|b|c", f"75|{UCUM}|", "|x|y", "gt"])
def test_half_a_unit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="takes a number"):
        quantity.parse(text, LENGTH)


def test_a_composite_with_a_quantity_keeps_both_halves_together() -> None:
    coding = {"system": "urn:s", "code": "age"}
    element = {"code": coding, "valueRange": {"low": {"value": 18, "unit": "a"}}}
    assert {(key[-2], key[-1]) for key in quantity.keys(element, CONTEXT)} == {("a", "urn:s|age"), ("a", "age")}
    (found,) = quantity.parse("urn:s|age$ge18||a", CONTEXT)
    assert (found.prefix, found.exact, found.code, found.part) == ("ge", 18, "a", "urn:s|age")
    for wrong in ("age", "age$x", "age$1$2", "urn:s|$1"):
        with pytest.raises(ValueError, match=r"takes|is code|has"):
            quantity.parse(wrong, CONTEXT)
