"""The demo is complete, belongs to nobody real, and never changes."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from app.demo.anchor import ANCHOR
from app.demo.load import bundles, waves
from app.demo.people import Resource
from app.demo.resources import ORDER, PATIENTS, demo, team
from app.fhir import nhs_number
from app.fhir.canonical import BASE
from app.fhir.definition import Rules
from app.fhir.parse import parse
from app.fhir.references import references, target
from app.fhir.resources import BY_TYPE
from app.fhir.vocabulary import ALL

RESOURCES = list(demo())
TEAM = team(ANCHOR)
RULES = Rules(now=datetime(2026, 11, 1, tzinfo=UTC))


def _of(type_name: str) -> list[dict[str, Any]]:
    return [resource for resource in TEAM if resource["resourceType"] == type_name]


def _codings(value: Any) -> Iterator[dict[str, Any]]:
    """The codings of Kith's own code systems in a resource, and what lies in them."""
    if isinstance(value, dict):
        if str(value.get("system", "")).startswith(f"{BASE}/CodeSystem/"):
            yield value
        for each in value.values():
            yield from _codings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _codings(each)


def test_the_demos_own_codes_are_those_that_are_published_and_are_called_as_they_are() -> None:
    known = {(system.url, concept.code): concept.display for system in ALL for concept in system.concepts}
    for coding in _codings([*RESOURCES, *TEAM]):
        named = known[coding["system"], coding["code"]]
        assert coding.get("display", named) == named


def _numbers(patient: dict[str, Any]) -> list[str]:
    return [each["value"] for each in patient["identifier"] if each["system"] == nhs_number.SYSTEM]


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: f"{resource['resourceType']}/{resource['id']}")
def test_a_demo_resource_is_valid_without_so_much_as_a_warning(resource: dict[str, Any]) -> None:
    parsed = parse(orjson.dumps(resource), BY_TYPE[resource["resourceType"]], RULES)
    assert parsed.resource == resource
    assert parsed.warnings == ()


def test_there_are_200_patients_some_known_by_number_alone_and_every_registered_type() -> None:
    count = Counter(resource["resourceType"] for resource in RESOURCES)
    assert set(count) == set(BY_TYPE) == set(ORDER)
    numbers = {number for patient in _of("Patient") for number in _numbers(patient)}
    named = {to for to, _ in _named(TEAM) if to.isdigit()}
    assert len(numbers | named) == PATIENTS
    assert 1 <= len(named - numbers) < 10


def test_nhs_numbers_are_valid_made_up_and_never_shared() -> None:
    numbers = [number for patient in _of("Patient") for number in _numbers(patient)]
    assert len(numbers) == len(set(numbers)) == len(_of("Patient"))
    assert all(nhs_number.is_valid(number) and number.startswith("999") for number in numbers)


def test_no_patient_id_can_be_taken_for_an_nhs_number() -> None:
    assert not any(nhs_number.has_ten_digits(patient["id"]) for patient in _of("Patient"))


def test_no_two_people_share_a_telephone_and_every_number_is_one_kept_for_drama() -> None:
    telecoms = [each for resource in TEAM for each in resource.get("telecom", ())]
    phones = [each["value"] for each in telecoms if each["system"] == "phone"]
    assert len(phones) == len(set(phones))
    assert all(phone.startswith(("07700 900", "0113 496 0")) for phone in phones)
    assert all(each["value"].endswith("@example.org") for each in telecoms if each["system"] == "email")


def test_patients_are_referred_to_literally_by_identifier_and_by_pds_address() -> None:
    written = [person["patient"] for person in _of("RelatedPerson")]
    assert any("identifier" in each for each in written)
    assert any(each.get("reference", "").startswith("Patient/") for each in written)
    assert any(each.get("reference", "").startswith("https://api.service.nhs.uk/") for each in written)


def _named(resources: list[Resource]) -> Iterator[tuple[str, Resource]]:
    """What each reference that is more than a name leads to, as "Type/id" or by NHS number; and the element."""
    for to, element in (each for resource in resources for each in _led(resource)):
        if to is None:
            yield element["identifier"]["value"], element
        else:
            yield (to.id if nhs_number.has_ten_digits(to.id) else f"{to.type}/{to.id}"), element


def _led(resource: Resource) -> Iterator[tuple[Any, Resource]]:
    """The references that are more than a name: where each leads, and the element."""
    for found in references(resource):
        to = target(found.element.get("reference", ""), ())
        if to or "identifier" in found.element:
            yield to, found.element


def test_every_reference_leads_to_a_resource_of_the_demo() -> None:
    ids = {f"{resource['resourceType']}/{resource['id']}" for resource in TEAM}
    assert {to for to, _ in _named(TEAM) if not nhs_number.is_valid(to)} <= ids


def test_a_wave_refers_only_to_earlier_ones() -> None:
    patients = {number: patient["id"] for patient in _of("Patient") for number in _numbers(patient)}
    earlier: set[tuple[str, str]] = set()
    for wave in waves(RESOURCES[::-1]):
        for resource in (version for versions in wave for version in versions):
            for to, element in _led(resource):
                key = to.id if to else element["identifier"]["value"]
                assert (to.type if to else "Patient", patients.get(key, key)) in earlier
        earlier |= {(versions[0]["resourceType"], versions[0]["id"]) for versions in wave}


def test_what_is_loaded_at_once_is_what_is_nobodys_and_then_whole_patients() -> None:
    parts = list(bundles(TEAM[::-1]))
    assert sum(len(versions) for part in parts for versions in part) == len(TEAM)
    first, *rest = ({to for to, _ in _named([one for chain in part for one in chain])} for part in parts)
    assert not any(nhs_number.is_valid(to) or to.startswith("Patient/") for to in first)
    patients = [{to for to in part if nhs_number.is_valid(to)} for part in rest]
    assert sum(map(len, patients)) == len(set().union(*patients))


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
