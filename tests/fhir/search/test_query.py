"""Searches are understood as R4 says, or refused with a 400 that names the parameter."""

from datetime import UTC, datetime

import pytest

from app.fhir.errors import BadRequest
from app.fhir.resources import BY_TYPE
from app.fhir.search import query
from app.fhir.search.query import Limits, Query
from app.fhir.search.reference import Elsewhere, Identified, Numbered, Target
from app.fhir.search.string import Text
from app.fhir.search.token import Token
from app.fhir.search.uri import Below, Uri

NHS = "https://fhir.nhs.uk/Id/nhs-number"
PDS = "https://api.service.nhs.uk/personal-demographics/FHIR/R4/Patient/9990000018"
BASE = "https://kith.example.org/FHIR/R4"
NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)


def parse(type_: str, *pairs: tuple[str, str], lenient: bool = False) -> Query:
    limits = Limits(default_count=20, max_count=100)
    return query.parse(list(pairs), BY_TYPE[type_], now=NOW, bases=(BASE,), limits=limits, lenient=lenient)


def values(type_: str, name: str, value: str) -> tuple[object, ...]:
    (criterion,) = parse(type_, (name, value)).criteria
    return criterion.values


def refusal(type_: str, *pairs: tuple[str, str]) -> BadRequest:
    with pytest.raises(BadRequest) as refused:
        parse(type_, *pairs)
    assert all(issue.spine == "INVALID_SEARCH_DATA" for issue in refused.value.issues)
    return refused.value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("active", (Token(None, "active"),)),
        ("a,b", (Token(None, "a"), Token(None, "b"))),
        ("http://s|a", (Token("http://s", "a"),)),
        ("http://s|", (Token("http://s", None),)),
        ("|a", (Token("", "a"),)),
        (r"a\,b", (Token(None, "a,b"),)),
        (r"http://s\|x|a\$b\\c", (Token("http://s|x", r"a$b\c"),)),
        ("https://terminology.hl7.org/CodeSystem/x|a", (Token("http://terminology.hl7.org/CodeSystem/x", "a"),)),
        (r"c:\temp", (Token(None, r"c:\temp"),)),
    ],
)
def test_a_token_has_four_forms(value: str, expected: tuple[Token, ...]) -> None:
    assert values("Consent", "category", value) == expected


def test_no_system_means_the_implied_one_for_a_code_element() -> None:
    assert values("Consent", "status", "|active") == (Token("http://hl7.org/fhir/consent-state-codes", "active"),)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (f"{NHS}|999 000 0018", (Token(NHS, "9990000018"),)),
        ("999 000 0018", (Token(None, "999 000 0018"), Token(None, "9990000018"))),
        ("9990000018", (Token(None, "9990000018"),)),
        ("http://other|999 000 0018", (Token("http://other", "999 000 0018"),)),
    ],
)
def test_spaces_in_nhs_numbers_are_ignored(value: str, expected: tuple[Token, ...]) -> None:
    assert values("Patient", "identifier", value) == expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("phone", "07700 900 123", Token(None, "07700900123")),
        ("phone", "(01633) 555-0100", Token(None, "016335550100")),
        ("phone", " 44 7700 900123", Token(None, "447700900123")),
        ("email", "Mary@Example.ORG", Token(None, "mary@example.org")),
        ("telecom", "mobile|07700900123", Token("mobile", "07700900123")),
    ],
)
def test_contacts_are_compared_without_spacing_and_case(name: str, value: str, expected: Token) -> None:
    assert values("Patient", name, value) == (expected,)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("family", "O'Brien", Text("start", "obrien")),
        ("family:exact", "O'Brien", Text("exact", "obrien", "O'Brien")),
        ("family:contains", "Brí", Text("contains", "bri")),
        ("family:exact", "...", Text("exact", "", "...")),
        ("phonetic", "Smyth", Text("sound", "SM0")),
        ("family", r"a\,b", Text("start", "a b")),
    ],
)
def test_a_string_is_folded_unless_it_is_to_be_exact(name: str, value: str, expected: Text) -> None:
    assert values("Patient", name, value) == (expected,)


@pytest.mark.parametrize(
    ("type_", "name", "value", "expected"),
    [
        ("Consent", "patient", "123", Target(("Patient",), "123")),
        ("Consent", "patient", "Patient/123", Target(("Patient",), "123")),
        ("Consent", "patient", f"{BASE}/Patient/123", Target(("Patient",), "123")),
        ("Consent", "patient", "9990000018", Numbered("9990000018")),
        ("Consent", "patient", "999 000 0018", Numbered("9990000018")),
        ("Consent", "patient", "Patient/9990000018", Numbered("9990000018")),
        ("Consent", "patient", f"{NHS}|9990000018", Numbered("9990000018")),
        ("Consent", "patient", PDS, Numbered("9990000018")),
        ("Consent", "patient:identifier", f"{NHS}|999 000 0018", Numbered("9990000018")),
        ("Consent", "patient:identifier", "http://s|x", Identified("http://s", "x")),
        ("Consent", "patient:identifier", "x", Identified(None, "x")),
        ("Consent", "patient:identifier", "http://s|", Identified("http://s", None)),
        ("Consent", "patient:Patient", "123", Target(("Patient",), "123")),
        ("Consent", "patient:Patient", "9990000018", Numbered("9990000018")),
        ("Consent", "patient", "https://elsewhere.example/fhir/Patient/1",
        Elsewhere("https://elsewhere.example/fhir/Patient/1")),
        ("Consent", "patient", "urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e",
         Elsewhere("urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e")),
        ("CarePlan", "subject", "123", Target(("Group", "Patient"), "123")),
        ("CarePlan", "subject", "9990000018", Numbered("9990000018")),
        ("CarePlan", "subject:Group", "9990000018", Target(("Group",), "9990000018")),
        ("CarePlan", "subject:Group", "Group/1", Target(("Group",), "1")),
        ("Consent", "organization", "9990000018", Target(("Organization",), "9990000018")),
        ("Consent", "data", "123", Target((), "123")),
        ("Consent", "data:Observation", "123", Target(("Observation",), "123")),
        ("CarePlan", "instantiates-canonical", "http://x/PlanDefinition/y|2.0",
        Elsewhere("http://x/PlanDefinition/y|2.0")),
        ("CarePlan", "encounter", "Encounter/1/_history/3", Target(("Encounter",), "1")),
    ],
)  # fmt: skip
def test_a_reference_names_a_resource_in_every_way_fhir_has(
    type_: str, name: str, value: str, expected: object
) -> None:
    assert values(type_, name, value) == (expected,)


def test_a_uri_is_taken_whole() -> None:
    assert values("CarePlan", "instantiates-uri", "http://x/y|1") == (Uri("http://x/y|1"),)


def test_comma_is_or_and_repetition_is_and() -> None:
    asked = parse("Consent", ("status", "active,draft"), ("status", "draft"), ("category:not", "a"), ("date", "ge2026"))
    assert [len(criterion.values) for criterion in asked.criteria] == [2, 1, 1, 1]
    assert [criterion.negated for criterion in asked.criteria] == [False, False, True, False]


@pytest.mark.parametrize("name", ["_id", "status", "date", "patient", "_profile", "_lastUpdated"])
def test_missing_goes_with_every_parameter(name: str) -> None:
    (criterion,) = parse("Consent", (f"{name}:missing", "true")).criteria
    assert (criterion.missing, criterion.values) == (True, ())


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
          for name in ("_contained", "_filter", "_query", "_list", "_text", "_content")],
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
        ("Consent", "", "x", "'' is not known"),
        ("Consent", ":not", "x", "':not' is not known"),
        ("Consent", "Status", "x", "'Status' is not known"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_by_name(type_: str, name: str, value: str, says: str) -> None:
    (issue,) = refusal(type_, (name, value)).issues
    assert says in issue.diagnostics
    assert issue.code in ("invalid", "not-supported")


@pytest.mark.parametrize("huge", ["101", "9" * 19, "9" * 100])
def test_a_count_beyond_the_largest_page_is_the_largest_page(huge: str) -> None:
    assert parse("Consent", ("_count", huge)).count == 100


@pytest.mark.parametrize("name", ["_sort", "_count", "_total", "_summary", "_elements", "_cursor"])
def test_what_may_be_there_once_is_refused_twice(name: str) -> None:
    text = {"_sort": "status", "_count": "5", "_total": "none", "_summary": "true", "_elements": "id", "_cursor": "x"}[
        name
    ]
    assert "only once" in str(refusal("Consent", (name, text), (name, text)))


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


SCOPES = "https://fhir.kith.example/CodeSystem/carer-role"


@pytest.mark.parametrize(
    "value_set",
    [
        "https://fhir.kith.example/ValueSet/carer-role",
        "ValueSet/carer-role",
        f"{BASE}/ValueSet/carer-role",
    ],
)
@pytest.mark.parametrize(("modifier", "negated"), [("in", False), ("not-in", True)])
def test_in_is_each_code_of_a_value_set_that_is_published_here(value_set: str, modifier: str, negated: bool) -> None:
    (criterion,) = parse("RelatedPerson", (f"relationship:{modifier}", value_set)).criteria
    assert criterion.negated is negated
    assert {code.system for code in criterion.values} == {SCOPES}
    assert "main-carer" in {code.code for code in criterion.values}


def test_of_type_is_the_type_of_an_identifier_and_its_value() -> None:
    (criterion,) = parse("Patient", ("identifier:of-type", "http://t|MR|12\\|3")).criteria
    assert criterion.parameter.name == "identifier:of-type"
    assert criterion.values == (Token("http://t", "MR|12|3"),)


def test_above_is_every_url_that_it_goes_on_from_and_below_every_one_that_goes_on() -> None:
    (above,) = parse("Consent", ("_source:above", "http://a.example/b/c")).criteria
    assert {value.value for value in above.values} == {
        "http://a.example", "http://a.example/", "http://a.example/b", "http://a.example/b/", "http://a.example/b/c",
    }  # fmt: skip
    (below,) = parse("Consent", ("_profile:below", "http://a.example/b")).criteria
    assert below.values == (Below("http://a.example/b"),)


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


def test_the_count_of_fhirpy_is_that_of_fhir() -> None:
    assert parse("Consent", ("_totalMethod", "count")).total == "accurate"


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
