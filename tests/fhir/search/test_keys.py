"""The keys of a resource, table by table."""

from typing import Any

import pytest

from app.fhir.resources import BY_TYPE
from app.fhir.search.keys import extract

NHS = "https://fhir.nhs.uk/Id/nhs-number"
BASES = ("https://kith.example.org/FHIR/R4",)
BOOLEAN = "http://terminology.hl7.org/CodeSystem/special-values"


def keys(type_: str, table: str, parameter: str, **elements: Any) -> list[tuple[Any, ...]]:
    found = getattr(extract({"resourceType": type_, "id": "x", **elements}, BY_TYPE[type_], BASES), table)
    return [row[1:] for row in found if row[0] == f"{type_}.{parameter}"]


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ({}, "false"),
        ({"deceasedBoolean": False}, "false"),
        ({"deceasedBoolean": True}, "true"),
        ({"deceasedDateTime": "2020"}, "true"),
    ],
)
def test_a_patient_is_deceased_or_not_known_to_be(elements, expected: str) -> None:
    assert keys("Patient", "tokens", "deceased", **elements) == [(BOOLEAN, expected)]


def test_a_death_date_is_a_date_only() -> None:
    assert keys("Patient", "dates", "death-date", deceasedBoolean=True) == []
    assert len(keys("Patient", "dates", "death-date", deceasedDateTime="2020-05")) == 1


def test_a_concept_of_words_alone_is_there_and_has_no_code() -> None:
    assert keys("Consent", "tokens", "category", category=[{"text": "words"}]) == [("", "")]
    assert keys("Consent", "tokens", "category") == []


def test_systems_of_terminology_hl7_org_have_one_spelling() -> None:
    coding = {"system": "https://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IRCP"}
    expected = [("http://terminology.hl7.org/CodeSystem/v3-ActCode", "IRCP")]
    assert keys("Consent", "tokens", "category", category=[{"coding": [coding]}]) == expected


def test_nhs_numbers_are_kept_without_spaces() -> None:
    identifier = {"system": NHS, "value": "999 000 0018"}
    assert keys("Patient", "tokens", "identifier", identifier=[identifier]) == [(NHS, "9990000018")]
    reference = {"identifier": identifier}
    assert keys("Consent", "references", "patient", patient=reference) == [("Patient", "", "", NHS, "9990000018")]


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ({"reference": "Practitioner/1"}, [("Practitioner", "1", "", "", "")]),
        ({"reference": f"{BASES[0]}/Practitioner/1/_history/2"}, [("Practitioner", "1", "", "", "")]),
        ({"reference": "https://x.example/Practitioner/1"}, [("", "", "https://x.example/Practitioner/1", "", "")]),
        ({"identifier": {"system": "http://s", "value": "1"}, "type": "Practitioner"},
         [("Practitioner", "", "", "http://s", "1")]),
        ({"reference": "#contained"}, [("", "", "", "", "")]),
        ({"display": "somebody"}, [("", "", "", "", "")]),
        ({"reference": "Device/1"}, []),
        ({"reference": "https://x.example/Device/1"}, []),
        ({"identifier": {"value": "1"}, "type": "Device"}, []),
    ],
)  # fmt: skip
def test_a_reference_is_kept_as_it_is_written_if_the_parameter_covers_its_type(reference, expected) -> None:
    assert keys("Consent", "references", "consentor", performer=[reference]) == expected


def test_a_plan_for_a_group_has_a_subject_and_no_patient() -> None:
    subject = {"reference": "Group/1"}
    assert keys("CarePlan", "references", "patient", subject=subject) == []
    assert keys("CarePlan", "references", "subject", subject=subject) == [("Group", "1", "", "", "")]


def test_a_canonical_is_kept_with_and_without_its_version() -> None:
    found = keys(
        "CarePlan", "references", "instantiates-canonical", instantiatesCanonical=["http://d/a|2", "http://d/b"]
    )
    assert [row[2:4] for row in found] == [("http://d/a|2", ""), ("http://d/a", "2"), ("http://d/b", "")]


def test_a_string_in_many_parts_is_found_by_each() -> None:
    name = {"use": "official", "family": "O'Brien", "given": ["Siân", "Mary"], "period": {"start": "2020"}}
    found = keys("Patient", "strings", "name", name=[name])
    assert found == [("obrien", "O'Brien"), ("sian", "Siân"), ("mary", "Mary")]
    assert [row[0] for row in keys("Patient", "strings", "phonetic", name=[name])] == ["OBRN", "XN", "MR"]


def test_the_same_key_is_there_once() -> None:
    name = [{"family": "Example"}, {"family": "Example", "text": "Example"}]
    assert keys("Patient", "strings", "name", name=name) == [("example", "Example")]


def test_a_null_that_holds_the_place_of_an_extension_is_no_value() -> None:
    assert keys("Patient", "strings", "given", name=[{"given": [None, "Ann"]}]) == [("ann", "Ann")]


def test_what_is_a_column_of_the_row_has_no_keys() -> None:
    resource = {"resourceType": "Consent", "id": "x", "meta": {"lastUpdated": "2026-03-09T12:00:00Z"}}
    found = extract(resource, BY_TYPE["Consent"], ())
    assert (found.tokens, found.dates) == ([], [])


def test_a_composite_is_kept_in_every_spelling_of_its_parts() -> None:
    trait = {
        "code": {"coding": [{"system": "urn:traits", "code": "smokes"}]},
        "valueBoolean": True,
        "exclude": False,
    }
    words = {"code": {"text": "words"}, "valueBoolean": False, "exclude": False}
    found = keys("Group", "tokens", "characteristic-value", characteristic=[trait, words])
    assert {code for _, code in found} == {
        f"urn:traits|smokes${BOOLEAN}|true",
        "urn:traits|smokes$true",
        f"smokes${BOOLEAN}|true",
        "smokes$true",
    }


@pytest.mark.parametrize(
    ("family", "expected"),
    [
        ("Jones", []),
        ("Carreño Quinones", ["quinones"]),
        ("Smith-Jones", ["jones"]),
        ("van der Berg", ["der berg", "berg"]),
        ("O'Brien", []),
        ("...", []),
        (" ".join("abcdefghijkl"), [" ".join("abcdefghijkl"[start:]) for start in range(1, 8)]),
    ],
)
def test_the_further_words_of_a_family_name_have_keys_of_their_own(family: str, expected: list[str]) -> None:
    assert keys("Patient", "strings", "family:part", name=[{"family": family}]) == [(part, "") for part in expected]
    assert len(keys("Patient", "strings", "family", name=[{"family": family}])) == 1


def test_a_word_that_is_a_part_of_the_name_anyway_has_one_key() -> None:
    name = [{"family": "Jones", "given": ["Mary"], "text": "Dr Mary Jones"}, {"text": "Mary Jones"}]
    assert keys("RelatedPerson", "strings", "name:part", name=name) == []
    assert keys("Organization", "strings", "name:part", name="North Team") == []


def test_a_name_of_very_many_words_has_few_more_keys_than_texts() -> None:
    given = [" ".join(f"w{word}x{text}" for word in range(99)) for text in range(50)]
    assert len(keys("Patient", "strings", "given:part", name=[{"given": given}])) == 7 * 50
