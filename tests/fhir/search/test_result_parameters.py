"""What is asked of the result: order, size, total and parts. https://hl7.org/fhir/R4/search.html#Summary"""

import pytest

from app.fhir.errors import BadRequest
from app.fhir.resources import BY_TYPE
from tests.fhir.search.asked import parse


@pytest.mark.parametrize("huge", ["101", "9" * 19, "9" * 100])
def test_a_count_beyond_the_largest_page_is_the_largest_page(huge: str) -> None:
    assert parse("Consent", ("_count", huge)).count == 100


def test_the_count_of_fhirpy_is_that_of_fhir() -> None:
    assert parse("Consent", ("_totalMethod", "count")).total == "accurate"


def test_lenient_ignores_what_has_no_value_and_reports_it() -> None:
    empty = ("status", "date", "patient:identifier", "_count", "_sort", "_elements", "_include", "_has:Flag:subject:x")
    asked = parse("Consent", ("category", "x"), *((name, "") for name in empty), lenient=True)
    assert asked.understood == [("category", "x")]
    assert len(asked.criteria) == 1
    assert [(issue.severity, issue.diagnostics) for issue in asked.ignored] == [
        ("warning", f"Search parameter '{name}' has no value.") for name in empty
    ]


def test_lenient_ignores_what_is_unknown_and_reports_it_but_not_what_is_wrong() -> None:
    asked = parse("Consent", ("statuss", "active"), ("patient.nam", "x"), ("status", "active"), lenient=True)
    assert [issue.severity for issue in asked.ignored] == ["warning", "warning"]
    assert "'statuss' is not known" in asked.ignored[0].diagnostics
    assert asked.understood == [("status", "active")]
    with pytest.raises(BadRequest):
        parse("Consent", ("date", "x"), lenient=True)
    with pytest.raises(BadRequest):
        parse("Consent", ("status:exact", "x"), lenient=True)


def test_result_parameters_are_understood() -> None:
    asked = parse(
        "Patient",
        ("_sort", "family,-birthdate,_id,-_lastUpdated"),
        ("_count", "1000"),
        ("_total", "accurate"),
        ("_summary", "data"),
        ("_elements", "name,Patient.gender"),
        ("_format", "json"),
        ("_pretty", "true"),
    )
    assert [(rule.parameter.name, rule.descending) for rule in asked.sort] == [
        ("family", False), ("birthdate", True), ("_id", False), ("_lastUpdated", True),
    ]  # fmt: skip
    assert (asked.count, asked.total, asked.summary) == (100, "accurate", "data")
    assert asked.elements == ("name", "Patient.gender")
    assert len(asked.understood) == 7
    assert ("_count", "100") in asked.understood
    assert parse("Patient").count == 20
    assert parse("Patient", ("_count", "0")).count == 0


@pytest.mark.parametrize("definition", BY_TYPE.values(), ids=lambda definition: definition.type)
def test_every_parameter_can_be_sorted_by(definition) -> None:
    for name in definition.by_name:
        (rule,) = parse(definition.type, ("_sort", f"-{name}")).sort
        assert (rule.parameter.name, rule.descending) == (name, True)


def test_the_fingerprint_tells_searches_apart_and_not_page_sizes() -> None:
    plain = parse("Consent", ("status", "active"))
    assert parse("Consent", ("status", "active"), ("_count", "5"), ("_total", "none")).fingerprint == plain.fingerprint
    assert parse("Consent", ("status", "draft")).fingerprint != plain.fingerprint
    assert parse("CarePlan", ("status", "active")).fingerprint != plain.fingerprint
    assert parse("Consent", ("status", "active"), ("_sort", "status")).fingerprint != plain.fingerprint


def test_contained_resources_are_not_searched_and_that_may_be_asked_for() -> None:
    asked = parse("Consent", ("_contained", "false"), ("_containedType", "container"), ("status", "active"))
    assert len(asked.criteria) == 1
    assert asked.fingerprint == parse("Consent", ("status", "active")).fingerprint


def test_lenient_ignores_that_contained_resources_are_asked_for() -> None:
    asked = parse("Consent", ("_contained", "both"), ("_containedType", "container"), lenient=True)
    assert asked.understood == [("_containedType", "container")]
    assert [issue.diagnostics for issue in asked.ignored] == [
        "Search parameter '_contained' can only be false: contained resources are not searched by themselves."
    ]
