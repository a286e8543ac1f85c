"""What is published holds by FHIR's rules, leads somewhere, and says what the code does."""

from typing import Any

import pytest

from app.fhir import structure, vocabulary
from app.fhir.canonical import BASE
from app.fhir.extensions import EXTENSIONS
from app.fhir.operations import OPERATIONS
from app.fhir.published.everything import PUBLISHED, published
from app.fhir.published.profiles import PROFILES
from app.fhir.published.profiling import NOT_IN_UK_CORE
from app.fhir.resources import BY_TYPE
from app.fhir.types import refused
from app.operations.check_parameters import INPUTS
from app.operations.inputs import Input
from app.operations.record_contact import INPUTS as RECORD_CONTACT
from app.operations.said import RECORD_CONSENT, TOLD
from app.security.registration import CONSTRAINING
from app.sharing.scope_types import TYPES
from tests.fhir.rules import STRICT

EVERYTHING = [resource for type_ in PUBLISHED for resource in published(type_).values()]
URLS = {resource["url"] for resource in EVERYTHING}


def _addresses(node: Any) -> set[str]:
    if isinstance(node, dict):
        return set().union(*(_addresses(value) for value in node.values())) if node else set()
    if isinstance(node, list):
        return set().union(*(_addresses(value) for value in node)) if node else set()
    return {node} if isinstance(node, str) and node.startswith(f"{BASE}/") else set()


@pytest.mark.parametrize("resource", EVERYTHING, ids=lambda each: f"{each['resourceType']}/{each['id']}")
def test_each_published_resource_holds_by_the_rules_of_r4(resource: dict[str, Any]) -> None:
    assert structure.check(resource, STRICT).issues == ()
    assert refused(resource) == ()


def test_every_address_of_our_own_leads_to_something_published() -> None:
    assert {address.partition("|")[0] for address in _addresses(EVERYTHING)} <= URLS


def test_no_two_have_one_address_and_ids_are_ends_of_addresses() -> None:
    assert len(URLS) == len(EVERYTHING)
    assert all(each["url"] == f"{BASE}/{each['resourceType']}/{each['id']}" for each in EVERYTHING)


def test_each_list_of_codes_is_published_whole() -> None:
    for system in vocabulary.ALL:
        codes = tuple(concept["code"] for concept in published("CodeSystem")[system.name]["concept"])
        assert codes == system.codes
        assert system.name in published("ValueSet")


def test_the_names_of_the_page_are_all_there() -> None:
    systems = (
        "sharing-scope carer-role contact-restriction legal-basis decision-basis obligation next-action still-allowed "
        "consent-method consent-condition override-reason capacity-view sharing-label care-team-category"
    )
    assert set(systems.split()) <= set(published("CodeSystem"))
    assert {each.name for each in EXTENSIONS} < set(published("StructureDefinition"))


def test_modifier_extensions_are_those_that_the_checks_know() -> None:
    modifiers = {
        id_
        for id_, each in published("StructureDefinition").items()
        if each["type"] == "Extension" and each["differential"]["element"][0]["isModifier"]
    }
    assert modifiers == {"not-the-patients-decision", "consent-condition"}


def test_the_concept_map_is_the_table_that_decides() -> None:
    (mapped,) = published("ConceptMap")["sharing-scope-types"]["group"]
    found = {
        element["code"]: frozenset(target["code"] for target in element["target"] if "code" in target)
        for element in mapped["element"]
    }
    assert found == TYPES


def test_the_operation_takes_what_the_service_takes() -> None:
    parameters = published("OperationDefinition")["check-sharing"]["parameter"]
    asked = {each["name"]: each for each in parameters if each["use"] == "in"}
    assert set(asked) == set(INPUTS)
    for name, known in INPUTS.items():
        assert known.value == f"value{asked[name]['type'][0].upper()}{asked[name]['type'][1:]}"
        assert asked[name]["max"] == ("*" if known.many else "1")


@pytest.mark.parametrize(
    ("name", "inputs"),
    [
        ("record-consent", RECORD_CONSENT),
        ("record-contact", RECORD_CONTACT),
        ("withdraw", TOLD),
        ("tell-nobody", TOLD),
    ],
)
def test_a_short_path_takes_what_the_service_takes(name: str, inputs: dict[str, Input]) -> None:
    parameters = published("OperationDefinition")[name]["parameter"]
    asked = {each["name"]: each for each in parameters if each["use"] == "in"}
    assert list(asked) == list(inputs)
    for key, known in inputs.items():
        assert known.value == f"value{asked[key]['type'][0].upper()}{asked[key]['type'][1:]}"
        assert (asked[key]["min"], asked[key]["max"]) == (int(known.required), "*" if known.many else "1")


def test_each_operation_of_the_service_is_defined() -> None:
    assert {each.definition for each in OPERATIONS} == {
        each["url"] for each in published("OperationDefinition").values()
    }


def test_each_own_search_parameter_is_published_with_its_targets() -> None:
    own = {
        parameter.url: parameter
        for definition in BY_TYPE.values()
        for parameter in definition.search_parameters
        if parameter.url.startswith(f"{BASE}/")
    }
    shown = {each["url"]: each for each in published("SearchParameter").values()}
    assert set(shown) == set(own)
    assert all(shown[url].get("target", []) == list(parameter.targets) for url, parameter in own.items())


def test_profiles_are_on_top_of_uk_core_where_it_has_one() -> None:
    profiles = [each for each in published("StructureDefinition").values() if each["type"] != "Extension"]
    assert {each["type"]: each["url"] for each in profiles} == PROFILES
    bases = {each["type"]: each["baseDefinition"] for each in profiles}
    for type_ in NOT_IN_UK_CORE:
        assert bases.pop(type_) == f"http://hl7.org/fhir/StructureDefinition/{type_}"
    assert all(base.endswith(f"/UKCore-{type_}") for type_, base in bases.items())


@pytest.mark.parametrize("type_", PUBLISHED)
def test_each_parameter_of_a_published_type_can_be_judged_in_memory(type_: str) -> None:
    assert {parameter.type for parameter in PUBLISHED[type_].search_parameters} <= set(CONSTRAINING)
