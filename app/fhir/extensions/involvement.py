"""The extensions of the crisis team's work with supporters: contacts, meetings, parts in plans, the social map."""

from typing import Final

from app.fhir.extensions.extension import Extension

_STAFF: Final = ("Practitioner", "PractitionerRole")
_ACTIVITY: Final = "CarePlan.activity.detail"
_PARTICIPANT: Final = "Appointment.participant"

INVOLVEMENT: Final = (
    Extension(
        "identified", ("RelatedPerson",), "", "Identified",
        "When the team learned of this person, which may be before it was recorded, and who found out.",
        parts=(
            Extension("at", (), "dateTime", "At", "When the team learned of the person."),
            Extension("by", (), "Reference", "By", "Who found out.", targets=_STAFF, optional=True),
        ),
    ),
    Extension(
        "unavailable", ("RelatedPerson",), "Period", "Unavailable",
        "When a plan must not rest on this person.", many=True,
    ),
    Extension(
        "end-of-care", ("EpisodeOfCare", "CarePlan"), "code", "End of care",
        "How the care of the crisis team ended.", codes="end-of-care",
    ),
    Extension(
        "phase", ("Appointment", "CarePlan", "Communication", "Encounter"), "code", "Phase",
        "The phase of the care in which supporters were involved.", codes="phase",
    ),
    Extension(
        "can-offer", ("Communication",), "CodeableConcept", "Can offer",
        "What the supporter said they can do: a code of supporter-activity, or words.", many=True,
    ),
    Extension(
        "knowledge-used", ("Communication", "QuestionnaireResponse"), "", "Knowledge used",
        "Whether the team used what a supporter told it, and why or why not.",
        parts=(
            Extension("used", (), "boolean", "Used", "Whether it was used."),
            Extension("why", (), "string", "Why", "Why, or why not."),
            Extension("by", (), "Reference", "By", "Who decided that.", targets=_STAFF, optional=True),
            Extension("on", (), "dateTime", "On", "When that was decided.", optional=True),
        ),
    ),
    Extension(
        "invited", (_PARTICIPANT,), "dateTime", "Invited", "When this participant was invited.",
    ),
    Extension(
        "attended", (_PARTICIPANT,), "boolean", "Attended", "Whether this participant was there.",
    ),
    Extension(
        "agreement", (_ACTIVITY,), "", "Agreement", "Whether the patient or a supporter agreed to this activity.",
        many=True,
        parts=(
            Extension(
                "by", (), "Reference", "By", "Who agreed or did not.", targets=("Patient", "RelatedPerson"),
            ),
            Extension("agreed", (), "boolean", "Agreed", "Whether they agreed."),
            Extension("on", (), "dateTime", "On", "When they said so.", optional=True),
        ),
    ),
    Extension(
        "carer-limits", (_ACTIVITY,), "string", "Carer limits",
        "What was agreed that the supporter will not do, or not always.",
    ),
    Extension(
        "clinician-confirmed", (_ACTIVITY,), "", "Clinician confirmed",
        "That a named clinician stands by this activity although the supporter is under 18.",
        parts=(
            Extension("by", (), "Reference", "By", "Who stands by it.", targets=_STAFF),
            Extension("on", (), "dateTime", "On", "When they confirmed it.", optional=True),
        ),
    ),
    Extension(
        "crisis-group", ("List",), "string", "Crisis group",
        "The group of the social map with which the crisis is most closely identified.",
    ),
    Extension(
        "tie", ("List.entry",), "", "Tie",
        "How close somebody or something is to the patient, and what each does to the other.",
        parts=(
            Extension("closeness", (), "code", "Closeness", "How close.", codes="tie-closeness", optional=True),
            Extension(
                "effect-on-patient", (), "code", "Effect on the patient", "Helps, hinders, both.",
                codes="tie-effect", optional=True,
            ),
            Extension(
                "effect-of-patient", (), "code", "Effect of the patient", "What the patient does to the other.",
                codes="tie-effect", optional=True,
            ),
            Extension("strength", (), "code", "Strength", "How strong.", codes="tie-strength", optional=True),
            Extension("group", (), "string", "Group", "The group it belongs to, such as family.", optional=True),
        ),
    ),
    Extension(
        "rests-on", ("List.entry",), "Reference", "Rests on",
        "A version of a record on which it rests that this is listed, in a list of an indicator.", many=True,
    ),
    Extension(
        "threshold", ("MeasureReport.group",), "", "Threshold",
        "The share that the service holds to be enough; where it has that from, and whether it is reached.",
        parts=(
            Extension("share", (), "decimal", "Share", "Above 0, and 1 at most."),
            Extension("source", (), "string", "Source", "Where it is from, and with whose permission."),
            Extension("reached", (), "boolean", "Reached", "Absent where the score is not told.", optional=True),
        ),
    ),
    Extension(
        "tie-between", ("List",), "", "Tie between", "A tie between two people of the map other than the patient.",
        many=True,
        parts=(
            Extension("one", (), "Reference", "One", "One of them.", targets=("RelatedPerson",)),
            Extension("other", (), "Reference", "Other", "The other.", targets=("RelatedPerson",)),
            Extension("effect", (), "code", "Effect", "What it is like.", codes="tie-effect", optional=True),
            Extension("strength", (), "code", "Strength", "How strong.", codes="tie-strength", optional=True),
        ),
    ),
)  # fmt: skip
