"""Searches that cannot be understood are a 400 that names the parameter and says what it takes."""

import pytest

from tests.fhir.search.asked import NHS, parse, refusal


@pytest.mark.parametrize(
    ("type_", "name", "value", "says"),
    [
        ("Consent", "statuss", "active", "'statuss' is not known. Known for Consent: _count, _cursor"),
        ("Consent", "status", "", "'status' has no value."),
        ("Consent", "status:not", "", "'status:not' has no value."),
        ("Consent", "status", "a,,b", "empty value among its alternatives"),
        ("Consent", "status", "a,", "empty value among its alternatives"),
        ("Consent", "status", "|", "neither system nor code"),
        ("Consent", "status", "a|b|c", "more than one |"),
        ("Consent", "status:exact", "active", "modifier ':exact'. It takes :missing, :not, :in, :not-in."),
        ("Consent", "status:text", "active", "does not take the modifier ':text'"),
        ("Consent", "status:code-text", "active", "modifier ':code-text'. It takes :missing, :not, :in, :not-in."),
        ("Consent", "status:above", "active", "modifier ':above'. It takes :missing, :not, :in, :not-in."),
        ("Consent", "patient:below", "Patient/1", "modifier ':below'. It takes :missing, :identifier, :Patient."),
        ("Patient", "name:text", "x", "modifier ':text'. It takes :missing, :exact, :contains."),
        ("Consent", "date:exact", "2026", "modifier ':exact'. It takes :missing."),
        ("Consent", "_list:not", "1", "'_list:not' takes no modifier."),
        ("Consent", "_list", "$current-problems", "'_list' takes the id of a List"),
        ("Consent", "_list", "a b", "'_list' takes the id of a List"),
        ("Consent", "status:", "active", "does not take the modifier ':'"),
        ("Consent", "date:not", "2026", "does not take the modifier ':not'"),
        ("Consent", "patient:Practitioner", "1", "':Practitioner'. It takes :missing, :identifier, :Patient."),
        ("Consent", "status:missing", "yes", "'status:missing' must be true or false."),
        ("Consent", "date", "yesterday", "takes a date such as 2026"),
        ("Consent", "date", "2026-02-30", "takes a date"),
        ("Consent", "date", "xx2026", "prefixes eq, ne, gt, lt, ge, le, sa, eb, ap"),
        ("Consent", "date", "ge", "takes a date"),
        ("Consent", "patient", "Practitioner/1", "it refers to Patient."),
        ("Consent", "patient", "patient/1", "no id"),
        ("Consent", "patient", "a b", "no id"),
        ("Consent", "patient", "x" * 65, "no id"),
        ("Consent", "patient", "http://other|123", "only for the NHS number"),
        ("Consent", "organization", f"{NHS}|9990000018", "only for the NHS number"),
        ("Consent", "_id", "a/b", "'_id' has a value that is no id"),
        ("Consent", "status", "a\0b", "a character that text cannot hold"),
        ("Consent", "status", "\ud800", "a character that text cannot hold"),
        ("Patient", "name", "...", "without letters or digits"),
        ("Patient", "name:contains", "'", "without letters or digits"),
        *[("Consent", name, "x", f"'{name}' is not supported. Known for Consent: _count, _cursor, _elements")
          for name in ("_filter", "_query", "_text", "_content", "_filter:x")],
        ("Consent", "_contained", "true", "'_contained' can only be false"),
        ("Consent", "_contained", "both", "'_contained' can only be false"),
        ("Consent", "_containedType", "contained", "'_containedType' can only be container"),
        ("Consent", "_contained:not", "true", "'_contained:not' takes no modifier."),
        ("Consent", "_count", "-1", "'_count' must be a whole number"),
        ("Consent", "_count", "ten", "'_count' must be a whole number"),
        ("Consent", "_count", "", "'_count' must be a whole number"),
        ("Consent", "_count", "9" * 5000, "'_count' must be a whole number"),
        ("Consent", "_count:exact", "1", "'_count:exact' takes no modifier."),
        ("Consent", "_sort", "statu", "does not know 'statu'"),
        ("Consent", "_sort", "", "does not know ''"),
        ("Consent", "_sort", "status,", "does not know ''"),
        ("Consent", "_sort", ",".join(["status"] * 9), "more than 8"),
        ("Consent", "_total", "all", "must be one of none, estimate, accurate"),
        ("Consent", "_summary", "yes", "must be one of true, text, data, count, false"),
        ("Consent", "_elements", "a;b", "names of elements"),
        ("Consent", "_elements", "", "names of elements"),
        ("Consent", "_elements", "status,satus", "names 'satus', which is no element of any type here"),
        ("Consent", "_elements", "Consent.birthDate", "no element of Consent"),
        ("Consent", "_elements", "Conset.status", "no element of Conset"),
        ("Consent", "", "x", "'' is not known"),
        ("Consent", ":not", "x", "':not' is not known"),
        ("Consent", "Status", "x", "'Status' is not known"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_by_name(type_: str, name: str, value: str, says: str) -> None:
    (issue,) = refusal(type_, (name, value)).issues
    assert says in issue.diagnostics
    assert issue.code in ("invalid", "not-supported")


@pytest.mark.parametrize("name", ["_sort", "_count", "_total", "_summary", "_elements", "_cursor"])
def test_what_may_be_there_once_is_refused_twice(name: str) -> None:
    text = {"_sort": "status", "_count": "5", "_total": "none", "_summary": "true", "_elements": "id", "_cursor": "x"}[
        name
    ]
    assert "only once" in str(refusal("Consent", (name, text), (name, text)))


@pytest.mark.parametrize("include", ["_include", "_revinclude", "_include:iterate"])
def test_a_summary_of_texts_is_not_mixed_with_includes(include: str) -> None:
    value = "Consent:actor" if include == "_revinclude" else "RelatedPerson:patient"
    assert "text beside" in str(refusal("RelatedPerson", ("_summary", "text"), (include, value)))
    parse("RelatedPerson", ("_summary", "data"), (include, value))


def test_every_problem_is_reported_at_once() -> None:
    problems = refusal("Consent", ("statuss", "x"), ("date", "x"), ("_count", "x"), ("status", "active")).issues
    assert [issue.diagnostics.split("'")[1] for issue in problems] == ["statuss", "date", "_count"]


def test_a_value_is_not_repeated_in_the_error_since_errors_are_logged() -> None:
    assert "9990000018" not in str(refusal("Consent", ("date", "9990000018"), ("_id", "9990000018/")))


def test_there_are_limits_to_what_one_search_may_ask() -> None:
    for name, most in (("status", 2000), ("actor", 2000), ("_id", 2000), ("_source", 2000)):
        parse("Consent", (name, ",".join(["a"] * most)))
        assert f"more than {most} values" in str(refusal("Consent", (name, ",".join(["a"] * (most + 1)))))
    assert "more than 200 values" in str(refusal("Patient", ("name", ",".join(["a"] * 201))))
    assert "more than 200 values" in str(refusal("Consent", ("date", ",".join(["2026"] * 201))))
    assert "more than 200 values" in str(refusal("Consent", ("_profile:below", ",".join(["http://a"] * 201))))
    parse("Consent", *[("status", "a")] * 50)
    assert "at most 50 criteria" in str(refusal("Consent", *[("status", "a")] * 51))


@pytest.mark.parametrize(
    ("type_", "name", "value", "says"),
    [
        ("RelatedPerson", "relationship:in", "http://hl7.org/fhir/ValueSet/x", "names no value set of this service"),
        ("RelatedPerson", "relationship:in", "carer-role", "names no value set"),
        ("RelatedPerson", "relationship:text", "friend", "does not take the modifier ':text'"),
        ("RelatedPerson", "relationship:above", "x", "does not take the modifier ':above'"),
        ("RelatedPerson", "relationship:of-type", "a|b|c", "does not take the modifier ':of-type'"),
        ("RelatedPerson", "_id:in", "ValueSet/carer-role", "does not take the modifier ':in'"),
        ("Patient", "identifier:of-type", "a|b", "system|code|value"),
        ("Patient", "identifier:of-type", "|b|c", "system|code|value"),
        ("Patient", "identifier:of-type", "a|b|c|d", "system|code|value"),
        ("Patient", "_source:below", "urn:uuid:1", "takes a URL such as"),
        ("Patient", "_source:above", "x", "takes a URL such as"),
        ("Patient", "_source:below", f"http://a/{'b' * 120}", "more than 120 characters"),
        ("Patient", "_totalMethod", "x", "can only be count"),
    ],
)
def test_what_a_modifier_does_not_take_is_said(type_: str, name: str, value: str, says: str) -> None:
    assert says in str(refusal(type_, (name, value)))
