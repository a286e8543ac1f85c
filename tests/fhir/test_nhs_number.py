import pytest

from app.fhir import nhs_number


@pytest.mark.parametrize("number", ["9990000018", "9990000026", "9990000034", "9990000050"])
def test_a_number_with_the_right_check_digit_is_valid(number: str) -> None:
    assert nhs_number.is_valid(number)


@pytest.mark.parametrize("digit", [digit for digit in "0123456789" if digit != "8"])
def test_any_other_check_digit_is_wrong(digit: str) -> None:
    assert not nhs_number.is_valid(f"999000001{digit}")


@pytest.mark.parametrize(
    "value", ["", "999000001", "99900000189", "999 000 0018", "９９９００００１８", "999000001x", "-990000018"]
)
def test_what_is_not_ten_digits_is_no_nhs_number(value: str) -> None:
    assert not nhs_number.is_valid(value)
    assert not nhs_number.has_ten_digits(value)


def test_each_nine_digits_have_one_check_digit_or_none() -> None:
    ways = {sum(nhs_number.is_valid(f"9990000{n:02}{digit}") for digit in range(10)) for n in range(100)}
    assert ways == {0, 1}


def test_the_normal_form_has_no_spaces() -> None:
    assert nhs_number.normal("999 000 0018") == "9990000018"
