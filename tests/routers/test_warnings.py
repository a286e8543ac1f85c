"""The header that tells of warnings is never more than a proxy lets pass."""

import pytest

from app.fhir.errors import Issue
from app.routers.answers import warned


def _issues(count, diagnostics="Who does it then?"):
    return [Issue("business-rule", diagnostics, f"CarePlan.activity[{number}]", "warning") for number in range(count)]


def test_a_few_warnings_are_told_whole():
    assert warned([]) == {}
    assert warned(_issues(2)) == {
        "Warning": '199 kith "CarePlan.activity[0]: Who does it then?", '
        '199 kith "CarePlan.activity[1]: Who does it then?"'
    }


@pytest.mark.parametrize("issues", [_issues(200), _issues(3, "long " * 1_000), _issues(1, "é" * 100_000)], ids=len)
def test_of_many_the_first_are_told_and_how_many_more_there_are(issues):
    header = warned(issues)["Warning"]
    assert header.startswith('199 kith "CarePlan.activity[0]: ')
    assert len(header) < 2_500
    left = len(issues) - header.count("CarePlan.activity[")
    assert (f'199 kith "{left} more: ' in header) == (left > 0)


@pytest.mark.parametrize("text", ["\1" * 5_000, "\r\nSet-Cookie: a=b\r\n" * 99, '"\\' * 5_000, "\u2028" * 9])
@pytest.mark.parametrize("many", [1, 2, 10_000])
def test_what_somebody_wrote_makes_it_neither_long_nor_another_header(many, text):
    header = warned(_issues(many, text))["Warning"]
    assert len(header) <= 4_096
    assert header.isascii()
    assert header.isprintable()
