"""Codes of an episode: its phases and end, encounters, meetings, and what is to be done."""

from app.fhir.vocabulary.concepts import CodeSystem, concepts

PHASE = CodeSystem(
    "phase",
    "Phase",
    "Phases of the care, in each of which supporters are to be involved.",
    concepts(
        ("assessment", "Assessment", "Finding out what the matter is"),
        ("planning", "Planning", "Agreeing what to do"),
        ("intervention", "Intervention", "Doing it"),
        ("ending", "Ending", "Handing over and saying goodbye"),
    ),
)

INVOLVED_BY = CodeSystem(
    "involved-by",
    "Involved by",
    "How a supporter was involved in a phase of the care. To have been invited alone is not to have been involved.",
    concepts(
        ("attended", "Attended", "Was at a meeting or visit"),
        ("contacted", "Contacted", "Was spoken with, or met"),
        ("contributed", "Contributed", "Wrote a plan together with the others"),
        ("takes-part", "Takes part", "Has a part in a plan"),
        ("invited", "Invited", "Was invited to a meeting"),
    ),
)

END_OF_CARE = CodeSystem(
    "end-of-care",
    "End of care",
    "How the care of the crisis team ended.",
    concepts(
        ("discharged", "Discharged", "The crisis team's care ended as planned"),
        ("transferred", "Transferred", "Another service took over"),
        ("died", "Died", "The patient died"),
    ),
)

ENCOUNTER_TYPE = CodeSystem(
    "encounter-type",
    "Encounter type",
    "Encounters that indicators and rules look for.",
    concepts(
        ("initial-assessment", "Initial assessment", "The assessment at the start of an episode"),
        ("incident", "Incident", "Something grave that happened; its participants are those whom it affected"),
    ),
)

MEETING_TYPE = CodeSystem(
    "meeting-type",
    "Meeting type",
    "What an Appointment is for.",
    concepts(
        ("planning-meeting", "Planning meeting", "To plan the care with those who matter"),
        ("review-meeting", "Review meeting", "To look at how the plan works"),
        ("discharge-meeting", "Discharge meeting", "To end the care and hand over"),
        ("network-meeting", "Network meeting", "Of the patient's own circle"),
        ("own-needs-meeting", "Meeting about own needs", "With a supporter, about that supporter's own needs"),
        ("debrief", "Debrief", "After an incident, with those whom it affected"),
        ("visit", "Visit", "An ordinary visit or call"),
    ),
)

TASK_CODE = CodeSystem(
    "task-code",
    "Task code",
    "What the team is to do, for supporters above all. Most are owed whatever the patient agreed to.",
    concepts(
        ("support-information", "Give support information",
         "Tell and hand over: local support groups and services, by word of mouth and in writing"),
        ("carers-assessment", "Tell of the right to a carer's assessment",
         "Tell and hand over the right to an assessment, as it is where the supporter lives"),
        ("own-needs-meeting", "Offer a meeting about own needs", "A separate meeting with the supporter"),
        ("young-carer-referral", "Refer the young carer", "To the local authority, for an assessment of needs"),
        ("debrief", "Offer a debrief", "After an incident, to a supporter whom it affected"),
        ("peer-support", "Offer peer support", "Of others who support somebody"),
        ("peer-link", "Suggest a peer supporter or a group", "To a patient who was asked, and has nobody"),
        ("host-input", "More frequent professional input", "For somebody who hosts the patient"),
        ("consent-review", "Talk about sharing again", "The review of a decision is due, or its time is over"),
        ("invitation-review", "Look at an invitation again", "Consent for it is gone: decide with the patient"),
        ("override-review", "Review of a safety override", "Whether it was right, and to tell the patient"),
        ("mend-details", "Mend contact details", "A number or address does not work"),
        ("interpreter", "Find an interpreter", "A supporter could not be talked with"),
        ("answer-concern", "Answer a concern", "What a supporter worries about has had no answer"),
        ("co-production", "Make it together", "Co-production was deferred"),
    ),
)  # fmt: skip
