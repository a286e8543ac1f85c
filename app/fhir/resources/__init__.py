"""The resource types this service stores. A new type is one file, one line here and one example."""

from typing import Final

from app.fhir.definition import ResourceDefinition
from app.fhir.resources.appointment import APPOINTMENT
from app.fhir.resources.appointment_response import APPOINTMENT_RESPONSE
from app.fhir.resources.care_plan import CARE_PLAN
from app.fhir.resources.care_team import CARE_TEAM
from app.fhir.resources.communication import COMMUNICATION
from app.fhir.resources.communication_request import COMMUNICATION_REQUEST
from app.fhir.resources.consent import CONSENT
from app.fhir.resources.encounter import ENCOUNTER
from app.fhir.resources.episode_of_care import EPISODE_OF_CARE
from app.fhir.resources.flag import FLAG
from app.fhir.resources.goal import GOAL
from app.fhir.resources.group import GROUP
from app.fhir.resources.list import LIST
from app.fhir.resources.measure_report import MEASURE_REPORT
from app.fhir.resources.organization import ORGANIZATION
from app.fhir.resources.patient import PATIENT
from app.fhir.resources.practitioner import PRACTITIONER
from app.fhir.resources.practitioner_role import PRACTITIONER_ROLE
from app.fhir.resources.provenance import PROVENANCE
from app.fhir.resources.questionnaire import QUESTIONNAIRE
from app.fhir.resources.questionnaire_response import QUESTIONNAIRE_RESPONSE
from app.fhir.resources.related_person import RELATED_PERSON
from app.fhir.resources.risk_assessment import RISK_ASSESSMENT
from app.fhir.resources.service_request import SERVICE_REQUEST
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
    EPISODE_OF_CARE,
    ENCOUNTER,
    SERVICE_REQUEST,
    RISK_ASSESSMENT,
    GOAL,
    COMMUNICATION_REQUEST,
    APPOINTMENT_RESPONSE,
    LIST,
    QUESTIONNAIRE,
    MEASURE_REPORT,
    PROVENANCE,
)
BY_TYPE: Final[dict[str, ResourceDefinition]] = {definition.type: definition for definition in DEFINITIONS}
