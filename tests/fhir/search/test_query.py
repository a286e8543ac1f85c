"""Searches are understood as R4 says. https://hl7.org/fhir/R4/search.html"""

import pytest

from app.fhir.search.reference import Elsewhere, Identified, Numbered, Target
from app.fhir.search.string import Text
from app.fhir.search.token import Token
from app.fhir.search.uri import Below, Uri
from tests.fhir.search.asked import BASE, NHS, PDS, parse, values

SCOPES = "https://fhir.kith.example/CodeSystem/carer-role"


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
