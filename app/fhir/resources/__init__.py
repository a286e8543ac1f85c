"""The resource types this service stores. A new type is one file, one line here and one example."""

from typing import Final

from app.fhir.definition import ResourceDefinition
from app.fhir.resources.appointment import APPOINTMENT
from app.fhir.resources.care_plan import CARE_PLAN
from app.fhir.resources.care_team import CARE_TEAM
from app.fhir.resources.communication import COMMUNICATION
from app.fhir.resources.consent import CONSENT
from app.fhir.resources.flag import FLAG
from app.fhir.resources.group import GROUP
from app.fhir.resources.organization import ORGANIZATION
from app.fhir.resources.patient import PATIENT
from app.fhir.resources.practitioner import PRACTITIONER
from app.fhir.resources.practitioner_role import PRACTITIONER_ROLE
from app.fhir.resources.provenance import PROVENANCE
from app.fhir.resources.questionnaire_response import QUESTIONNAIRE_RESPONSE
from app.fhir.resources.related_person import RELATED_PERSON
from app.fhir.resources.task import TASK

DEFINITIONS: Final[tuple[ResourceDefinition, ...]] = (
    PATIENT,
    RELATED_PERSON,
    CONSENT,
    CARE_PLAN,
    PRACTITIONER,
    PRACTITIONER_ROLE,
    ORGANIZATION,
    CARE_TEAM,
    FLAG,
    GROUP,
    TASK,
    COMMUNICATION,
    QUESTIONNAIRE_RESPONSE,
    APPOINTMENT,
    PROVENANCE,
)
BY_TYPE: Final[dict[str, ResourceDefinition]] = {definition.type: definition for definition in DEFINITIONS}
