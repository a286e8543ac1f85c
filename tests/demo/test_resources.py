"""The demo is complete, belongs to nobody real, and never changes."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from app.demo.load import waves
from app.demo.people import Resource
from app.demo.resources import ORDER, demo
from app.fhir import nhs_number
from app.fhir.definition import Rules
from app.fhir.parse import parse
from app.fhir.references import references, target
from app.fhir.resources import BY_TYPE

RESOURCES = list(demo())
RULES = Rules(now=datetime(2026, 11, 1, tzinfo=UTC))


def _of(type_name: str) -> list[dict[str, Any]]:
    return [resource for resource in RESOURCES if resource["resourceType"] == type_name]


def _numbers(patient: dict[str, Any]) -> list[str]:
    return [each["value"] for each in patient["identifier"] if each["system"] == nhs_number.SYSTEM]


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: f"{resource['resourceType']}/{resource['id']}")
def test_a_demo_resource_is_valid_without_so_much_as_a_warning(resource: dict[str, Any]) -> None:
    parsed = parse(orjson.dumps(resource), BY_TYPE[resource["resourceType"]], RULES)
    assert parsed.resource == resource
    assert parsed.warnings == ()


def test_there_are_at_least_25_patients_and_every_registered_type() -> None:
    count = Counter(resource["resourceType"] for resource in RESOURCES)
    assert count["Patient"] >= 25
    assert set(count) == set(BY_TYPE) == set(ORDER)


def test_nhs_numbers_are_valid_made_up_and_never_shared() -> None:
    numbers = [number for patient in _of("Patient") for number in _numbers(patient)]
    assert len(numbers) == len(set(numbers)) == len(_of("Patient"))
    assert all(nhs_number.is_valid(number) and number.startswith("999") for number in numbers)


def test_no_patient_id_can_be_taken_for_an_nhs_number() -> None:
    assert not any(nhs_number.has_ten_digits(patient["id"]) for patient in _of("Patient"))


def test_no_two_people_share_a_telephone_and_every_number_is_one_kept_for_drama() -> None:
    telecoms = [each for resource in RESOURCES for each in resource.get("telecom", ())]
    phones = [each["value"] for each in telecoms if each["system"] == "phone"]
    assert len(phones) == len(set(phones))
    assert all(phone.startswith(("07700 900", "0113 496 0")) for phone in phones)
    assert all(each["value"].endswith("@example.org") for each in telecoms if each["system"] == "email")


def test_patients_are_referred_to_literally_by_identifier_and_by_pds_address() -> None:
    written = [person["patient"] for person in _of("RelatedPerson")]
    assert any("identifier" in each for each in written)
    assert any(each.get("reference", "").startswith("Patient/") for each in written)
    assert any(each.get("reference", "").startswith("https://api.service.nhs.uk/") for each in written)


def _led(resource: Resource) -> Iterator[tuple[Any, Resource]]:
    """The references that are more than a name: where each leads, and the element."""
    for found in references(resource):
        to = target(found.element.get("reference", ""), ())
        if to or "identifier" in found.element:
            yield to, found.element


def test_every_reference_leads_to_a_resource_of_the_demo() -> None:
    ids = {(resource["resourceType"], resource["id"]) for resource in RESOURCES}
    numbers = {number for patient in _of("Patient") for number in _numbers(patient)}
    for to, element in (each for resource in RESOURCES for each in _led(resource)):
        if to is None:
            assert element["identifier"]["value"] in numbers
        else:
            assert (to.type, to.id) in ids or to.id in numbers


def test_a_wave_refers_only_to_earlier_ones() -> None:
    patients = {number: patient["id"] for patient in _of("Patient") for number in _numbers(patient)}
    earlier: set[tuple[str, str]] = set()
    for wave in waves(RESOURCES[::-1]):
        for resource in (version for versions in wave for version in versions):
            for to, element in _led(resource):
                key = to.id if to else element["identifier"]["value"]
                assert (to.type if to else "Patient", patients.get(key, key)) in earlier
        earlier |= {(versions[0]["resourceType"], versions[0]["id"]) for versions in wave}


def test_the_demo_is_the_same_every_time() -> None:
    assert list(demo()) == RESOURCES


def test_supporters_do_more_in_the_plans_than_remind_of_medication() -> None:
    details = [activity["detail"] for plan in _of("CarePlan") for activity in plan["activity"]]
    codes = {detail["code"]["coding"][0]["code"] for detail in details if "code" in detail}
    assert len(codes - {"medication-support"}) >= 10
    assert all(detail["description"] for detail in details)


def test_consents_are_in_every_state_that_asking_can_end_in() -> None:
    consents = _of("Consent")
    assert {consent["status"] for consent in consents} >= {"active", "inactive", "draft"}
    assert {consent["provision"]["type"] for consent in consents} == {"permit", "deny"}
    assert any("code" not in consent["provision"] for consent in consents)
    assert any("provision" in consent["provision"] for consent in consents)
    assert any("modifierExtension" in consent for consent in consents)
