"""What `_summary` and `_elements` keep is what FHIR says of each type."""

from importlib import import_module

import pytest

from app.fhir.definition import ResourceDefinition
from app.fhir.resources import DEFINITIONS

EVERYWHERE = {"id", "meta", "implicitRules"}
CHOICES = {"deceasedBoolean": "deceased", "deceasedDateTime": "deceased", "sourceAttachment": "source"}
CHOICES |= {"sourceReference": "source", "startDate": "start", "startCodeableConcept": "start"}
CHOICES |= {f"occurrence{kind}": "occurrence" for kind in ("DateTime", "Period", "Timing")}
CHOICES |= {f"quantity{kind}": "quantity" for kind in ("Quantity", "Range", "Ratio")}
CHOICES |= {f"asNeeded{kind}": "asNeeded" for kind in ("Boolean", "CodeableConcept")}


def model(definition: ResourceDefinition):
    return getattr(import_module(f"fhir.resources.R4B.{definition.type.lower()}"), definition.type)


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda definition: definition.type)
def test_the_summary_elements_are_those_that_fhir_marks(definition: ResourceDefinition) -> None:
    marked = {CHOICES.get(name, name) for name in model(definition).summary_elements_sequence()}
    assert set(definition.summary) == marked - EVERYWHERE


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda definition: definition.type)
def test_the_mandatory_elements_are_those_that_fhir_requires(definition: ResourceDefinition) -> None:
    fields = model(definition).model_fields
    required = {
        field.alias or name
        for name, field in fields.items()
        if field.is_required() or (field.json_schema_extra or {}).get("element_required")
    }
    assert set(definition.mandatory) == required - EVERYWHERE
