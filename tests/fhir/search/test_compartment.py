"""Compartments are R4's, and searched where their paths say."""

import json
from pathlib import Path

import pytest

from app.fhir.errors import BadRequest, NotFound
from app.fhir.resources import BY_TYPE
from app.fhir.search.compartment import COMPARTMENTS, ITSELF, within
from app.fhir.search.criterion import Within
from app.fhir.search.place import of_compartment, of_everything
from app.fhir.search.reference import Numbered, Target

DATA = Path(__file__).parents[4] / "shared" / "data"
OFFICIAL = {
    "Patient": DATA / "hl7-r4-definitions" / "compartmentdefinition-patient.json",
    "RelatedPerson": DATA / "hl7-r4-examples" / "CompartmentDefinition-relatedPerson.json",
    "Practitioner": DATA / "hl7-r4-examples" / "CompartmentDefinition-practitioner.json",
    "Encounter": DATA / "hl7-r4-examples" / "CompartmentDefinition-encounter.json",
}


@pytest.mark.parametrize("base", COMPARTMENTS)
def test_a_compartment_has_the_references_that_r4_gives_it(base: str) -> None:
    if not OFFICIAL[base].is_file():
        pytest.skip("the R4 definitions are not beside the repository")
    official = {
        each["code"]: tuple(each.get("param", ())) for each in json.loads(OFFICIAL[base].read_bytes())["resource"]
    }
    # That a patient is in her own compartment is said in words alone.
    official["Patient"] = (ITSELF, *official["Patient"]) if base == "Patient" else official["Patient"]
    assert COMPARTMENTS[base] == {type_: official[type_] for type_ in BY_TYPE if official.get(type_)}


def test_its_references_are_search_parameters() -> None:
    for members in COMPARTMENTS.values():
        for type_, names in members.items():
            assert set(names) - {ITSELF} <= set(BY_TYPE[type_].by_name)


def test_the_one_it_is_about_is_named_by_id_or_number() -> None:
    plan = BY_TYPE["CarePlan"]
    assert within("Patient", "p1", plan) == Within(
        "Patient", Target(("Patient",), "p1"), ("CarePlan.patient", "CarePlan.performer")
    )
    assert within("Patient", "9990000018", plan).about == Numbered("9990000018")
    assert within("Patient", "p1", BY_TYPE["Patient"]).itself
    with pytest.raises(NotFound):
        within("Patient", "a b", plan)


@pytest.mark.parametrize(
    ("base", "type_", "says"),
    [
        ("Organization", "Consent", "Organization has no compartment here; those that have: Patient"),
        ("Patient", "Organization", "Organization is not in the compartment of a Patient; that has Patient, "),
        ("RelatedPerson", "Consent", "Consent is not in the compartment"),
        ("Encounter", "Task", "Task is not in the compartment of a Encounter; that has CarePlan, "),
        ("Patient", "$x", "is not in the compartment"),
    ],
)
def test_a_path_that_is_none_is_not_found(base: str, type_: str, says: str) -> None:
    with pytest.raises(NotFound, match=says.replace("$", r"\$")):
        of_compartment(base, "1", type_, [], BY_TYPE)


def test_everything_is_what_is_open_to_the_caller_unless_types_are_named() -> None:
    assert [each.type for each in of_everything([], ("Task", "Patient")).definitions] == ["Patient", "Task"]
    named = of_everything([("_type", "Consent,CarePlan"), ("_type", "Task")], ("Task",))
    assert [each.type for each in named.definitions] == ["Consent", "CarePlan", "Task"]
    assert [each.type for each in of_compartment("Patient", "1", "*", [], ("Task", "Organization")).definitions] == [
        "Task"
    ]
    for wrong in ("Consnt", "", "Consent,"):
        with pytest.raises(BadRequest, match="_type"):
            of_everything([("_type", wrong)], BY_TYPE)
