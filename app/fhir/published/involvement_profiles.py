"""Profiles of the crisis team's work with supporters: contacts, meetings, plans, what is owed, the social map.

https://hl7.org/fhir/R4/profiling.html
"""

from collections.abc import Iterator

from app.fhir.published.head import Resource
from app.fhir.published.profiling import coded, element, profile
from app.fhir.vocabulary.contacts import COMMUNICATION_CATEGORY, CONTACT_OUTCOME
from app.fhir.vocabulary.episodes import ENCOUNTER_TYPE, MEETING_TYPE, TASK_CODE
from app.fhir.vocabulary.plans import CARE_PLAN_CATEGORY
from app.fhir.vocabulary.social_map import LIST_CODE


def profiles() -> list[Resource]:
    """One StructureDefinition for each type."""
    return [
        _contact(),
        _meeting(),
        _plan(),
        _owed(),
        _map(),
        _formulation(),
        _episode(),
        *_around(),
        *_what_is_asked_and_counted(),
    ]


def _contact() -> Resource:
    description = (
        "An attempt to reach a supporter, or why there was none. Attempts are counted by the outcome alone, so a call "
        "that nobody took counts, and one that was not tried does not."
    )
    outcome = "What came of it; where nothing was said FHIR's own reason stands beside it."
    return profile("Communication", "Contact with a supporter", description, [
        coded("Communication.statusReason", outcome, CONTACT_OUTCOME, min=1),
        coded("Communication.category", "contact", COMMUNICATION_CATEGORY, min=1),
        element("Communication.subject", "The patient.", min=1),
        element("Communication.sent", "When it was.", min=1),
        element("Communication.recipient", "The RelatedPerson whom the team tried to reach.", min=1),
        element("Communication.sender", "Who tried."),
        element("Communication.about", "The EpisodeOfCare or CarePlan that it was for."),
    ])  # fmt: skip


def _meeting() -> Resource:
    description = "A meeting, and which supporters are invited, what they answered, and who came."
    return profile("Appointment", "Meeting with supporters", description, [
        coded("Appointment.serviceType", "What it is for.", MEETING_TYPE, min=1),
        element("Appointment.start", "When it begins.", min=1),
        element("Appointment.created", "When those were invited of whom nothing else is said."),
        element("Appointment.participant.actor", "The Patient, supporters, staff."),
    ])  # fmt: skip


def _plan() -> Resource:
    description = (
        "What the patient, the team and supporters agreed to do. Each thing that a supporter does is an activity with "
        "that RelatedPerson as performer, in plain words and agreed to by both."
    )
    code = "Of a supporter a code of supporter-activity, of others one of plan-activity."
    return profile("CarePlan", "Plan with supporters", description, [
        coded("CarePlan.category", "The kind of plan.", CARE_PLAN_CATEGORY, min=1),
        element("CarePlan.contributor", "Who wrote it together: the Patient, RelatedPersons."),
        element("CarePlan.activity.detail.code", code),
        element("CarePlan.activity.detail.description", "In plain words.", min=1),
        element("CarePlan.activity.detail.statusReason", "plan-status-reason, of what is stopped or put off."),
    ])  # fmt: skip


def _owed() -> Resource:
    description = "Something that the team is to do for a supporter, by some time."
    return profile("Task", "Owed to a supporter", description, [
        coded("Task.code", "What is to be done.", TASK_CODE, min=1),
        element("Task.for", "The RelatedPerson.", min=1),
        element("Task.focus", "The Patient, so that it is found with the patient's record."),
        element("Task.restriction.period.end", "When it is due."),
    ])  # fmt: skip


def _map() -> Resource:
    description = (
        "The people, places and activities around the patient. emptyReason tells nilknown (asked: nobody) from "
        "notasked and withheld."
    )
    return profile("List", "Social map", description, [
        coded("List.code", "social-systems-map", LIST_CODE, min=1),
        element("List.subject", "The patient.", min=1),
        element("List.date", "When it was drawn.", min=1),
        element("List.entry.item", "A RelatedPerson, or the name of a place or an activity in display."),
        element("List.entry.flag", "A code of map-entry: person, place or activity."),
    ])  # fmt: skip


def _formulation() -> Resource:
    description = (
        "A formulation of risk, made together with the patient and supporters. Risk is formulated and never graded: "
        "NHS England (April 2025) calls stratification into low, medium and high unacceptable."
    )
    return profile("RiskAssessment", "Risk formulation", description, [
        element("RiskAssessment.basis", "What it rests on: the views of the patient and of each supporter."),
        element("RiskAssessment.prediction.qualitativeRisk", "Refused: no grade.", max="0"),
        element("RiskAssessment.prediction.probability[x]", "Refused: no number.", max="0"),
        element("RiskAssessment.prediction.rationale", "The formulation, in words."),
        element("RiskAssessment.mitigation", "What is done about it; the safety plan is a CarePlan."),
    ])  # fmt: skip


def _episode() -> Resource:
    description = "The time for which a crisis team looks after a patient."
    return profile("EpisodeOfCare", "Crisis episode", description, [
        element("EpisodeOfCare.period", "The time that it lasts.", min=1),
        element("EpisodeOfCare.period.start", "When it began.", min=1),
        element("EpisodeOfCare.managingOrganization", "The team's organisation.", min=1),
        element("EpisodeOfCare.team", "The CareTeam."),
        element("EpisodeOfCare.referralRequest", "The referral that it began with."),
    ])  # fmt: skip


def _around() -> Iterator[Resource]:
    """Of the types that are used in one way or two."""
    yield profile("Encounter", "Crisis encounter", "The first assessment, a meeting that was held, or an incident.", [
        coded("Encounter.type", "Of an assessment or an incident its code.", ENCOUNTER_TYPE),
        element("Encounter.subject", "The patient.", min=1),
        element("Encounter.period", "When it was.", min=1),
        element("Encounter.participant.individual", "Who took part; of an incident those whom it affected."),
        element("Encounter.appointment", "The meeting that was held: whoever is a participant here attended."),
    ])  # fmt: skip
    yield profile("CommunicationRequest", "Invitation to a meeting", "That a supporter is to be asked to come.", [
        element("CommunicationRequest.about", "The Appointment.", min=1),
        element("CommunicationRequest.recipient", "The RelatedPerson who is invited.", min=1),
        element("CommunicationRequest.authoredOn", "When they were invited."),
    ])  # fmt: skip
    said = "What a supporter answered to an invitation. It is read with the Appointment, which stays as it was written."
    yield profile("AppointmentResponse", "Answer to an invitation", said, [
        element("AppointmentResponse.actor", "The RelatedPerson who answers.", min=1),
        element("AppointmentResponse.participantStatus", "accepted, declined or tentative."),
    ])  # fmt: skip
    views = "What a supporter, or the patient, says, as theirs; knowledge-used tells whether it was used, and why."
    yield profile("QuestionnaireResponse", "A supporter's view", views, [
        element("QuestionnaireResponse.subject", "The patient; of the supporter's own needs the RelatedPerson.", min=1),
        element("QuestionnaireResponse.source", "Who says it: the RelatedPerson.", min=1),
        element("QuestionnaireResponse.authored", "When.", min=1),
    ])  # fmt: skip
    yield profile("ServiceRequest", "Referral to the crisis team", "A referral, by the family too.", [
        element("ServiceRequest.subject", "The patient.", min=1),
        element("ServiceRequest.authoredOn", "When: attempts to reach supporters count from here.", min=1),
        element("ServiceRequest.requester", "Who referred: a RelatedPerson, where the family did."),
    ])  # fmt: skip


def _what_is_asked_and_counted() -> Iterator[Resource]:
    """What the patient wants, forms, and the figures of a team."""
    yield profile("Goal", "Goal of the patient", "What the patient wants, in the patient's words; strengths too.", [
        element("Goal.subject", "The patient.", min=1),
        element("Goal.description", "In plain words, as the patient would say it.", min=1),
        element("Goal.expressedBy", "Whose words they are: the Patient, or a RelatedPerson."),
        element("Goal.target.dueDate", "When to look at it again."),
    ])  # fmt: skip
    form = "A form that the service uses, whatever it asks: none is invented here, and none is scored."
    yield profile("Questionnaire", "Form of the service", form, [
        element("Questionnaire.url", "By which a QuestionnaireResponse names it.", min=1),
        element("Questionnaire.subjectType", "Patient, or RelatedPerson: how carers are themselves.", min=1),
        element("Questionnaire.copyright", "Whose form it is, and with whose permission it is used."),
    ])  # fmt: skip
    indicator = "How supporters are involved, as a figure. Published and not written; it is no score of any scale."
    yield profile("Measure", "Indicator of involvement", indicator, [
        element("Measure.disclaimer", "What it cannot tell.", min=1),
        element("Measure.group", "strict, as the words of the criterion stand; adjusted.", min=2, max="2"),
        element("Measure.group.population", "What is counted, left out, and met, in plain words."),
        element("Measure.group.stratifier", "Why something is left out, and what else is told apart."),
    ])  # fmt: skip
    figure = (
        "What $evaluate-measure answers with. In a summary small numbers are masked; the lists of the other kinds lead "
        "from each number to its records."
    )
    yield profile("MeasureReport", "Figure of involvement", figure, [
        element("MeasureReport.measure", "The indicator, with its version.", min=1),
        element("MeasureReport.reporter", "The team; absent where it is of all that the caller may see."),
        element("MeasureReport.group.population", "Initial population, denominator, exclusions, numerator."),
        element("MeasureReport.group.stratifier", "exclusion: each reason with its count; outcome: its list."),
        element("MeasureReport.evaluatedResource", "The versions of all records on which the figures rest."),
    ])  # fmt: skip
