"""Parts of resources: what _summary and _elements leave of them, each element whole."""

from typing import Any

import pytest

from app.fhir.resources import BY_TYPE, DEFINITIONS
from app.fhir.search.subset import subset
from app.fhir.types import table

PERIOD = {"start": "2026-03-01"}
Resource = dict[str, Any]


def part(resource: Resource, summary: Any = "false", elements: tuple[str, ...] = ()) -> set[str]:
    left = subset(resource, BY_TYPE[resource["resourceType"]], summary, elements)
    return set(left) - {"resourceType", "meta"}


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda definition: definition.type)
def test_a_choice_is_named_without_its_type_whatever_that_is(definition) -> None:
    for choice in table(definition.type).choices:
        always = {"resourceType", "meta", *definition.mandatory}
        for member in choice.names:
            found = subset({"resourceType": definition.type, member: ""}, definition, "false", (choice.path,))
            assert set(found) - always == {member}


def test_a_choice_in_the_summary_is_there_in_every_type() -> None:
    for member in ("occurrencePeriod", "occurrenceTiming", "quantityRatio", "asNeededCodeableConcept"):
        assert part({"resourceType": "ServiceRequest", member: {}, "note": []}, "true") == {member}
    assert part({"resourceType": "Goal", "startDate": "2026-03-01", "note": []}, "true") == {"startDate"}
    assert part({"resourceType": "RiskAssessment", "occurrencePeriod": PERIOD}, "true") == {"occurrencePeriod"}


def test_an_element_is_not_another_that_begins_alike() -> None:
    resource = {"resourceType": "ServiceRequest", "reasonCode": [], "reasonReference": [], "code": {}}
    assert part(resource, elements=("reasonCode",)) == {"reasonCode"}
    assert part(resource, elements=("reason",)) == set()
