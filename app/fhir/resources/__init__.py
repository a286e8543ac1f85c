"""The resource types this service stores. A new type is one file, one line here and one example."""

from typing import Final

from app.fhir.definition import ResourceDefinition
from app.fhir.resources.care_plan import CARE_PLAN
from app.fhir.resources.care_team import CARE_TEAM
from app.fhir.resources.consent import CONSENT
from app.fhir.resources.organization import ORGANIZATION
from app.fhir.resources.patient import PATIENT
from app.fhir.resources.practitioner import PRACTITIONER
from app.fhir.resources.practitioner_role import PRACTITIONER_ROLE
from app.fhir.resources.related_person import RELATED_PERSON

DEFINITIONS: Final[tuple[ResourceDefinition, ...]] = (
    PATIENT,
    RELATED_PERSON,
    CONSENT,
    CARE_PLAN,
    PRACTITIONER,
    PRACTITIONER_ROLE,
    ORGANIZATION,
    CARE_TEAM,
)
BY_TYPE: Final[dict[str, ResourceDefinition]] = {definition.type: definition for definition in DEFINITIONS}
