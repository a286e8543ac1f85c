"""Codes of the indicators: why something is not counted, why it could not be read, and what to look at."""

from app.fhir.vocabulary.concepts import CodeSystem, concepts

INDICATOR_GROUP = CodeSystem(
    "indicator-group",
    "Indicator group",
    "The two ways in which each indicator is reckoned.",
    concepts(
        ("strict", "Strict", "As the words of the criterion stand"),
        ("adjusted", "Adjusted", "Without those for whom it could not or was not to be done; each is counted apart"),
    ),
)

INDICATOR_EXCLUSION = CodeSystem(
    "indicator-exclusion",
    "Indicator exclusion",
    "Why something is not in the denominator of an indicator. Each is counted and listed.",
    concepts(
        ("closed-early", "Closed early", "The episode ended before it was due"),
        ("not-yet-due", "Not yet due", "There is still time"),
        ("transferred", "Transferred", "Another service took over"),
        ("died", "Died", "The patient died in the episode"),
        ("no-key-person", "No key person", "Nobody is recorded in a key role"),
        ("nobody-exists", "Nobody there", "Somebody asked: there is nobody, or nobody is to be named"),
        ("no-meeting", "No meeting", "No planning or review meeting was held or is booked"),
        ("contact-stopped", "Contact stopped", "A restriction for safety keeps the team from all of them"),
        ("contact-refused", "Contact refused", "The patient, having capacity, wants none of them contacted"),
        ("no-contact-details", "No contact details", "There is no number or address of any of them"),
        ("no-consent", "No consent", "The patient's consent did not cover it at that time"),
        ("declined", "Declined", "The supporter did not want it"),
        ("do-not-contact", "Do not contact", "A restriction says that this person is not to be contacted"),
        ("lacks-capacity", "Lacks capacity", "The patient lacks capacity to decide who is told what"),
        ("not-assessable", "Not assessable", "The service has not said by which codes this is recorded"),
        ("not-marked", "Not marked", "No record with these codes"),
        ("not-adult", "Not an adult", "The patient was under 18"),
        ("nobody-affected", "Nobody affected", "No supporter is recorded as affected"),
    ),
)

INDICATOR_UNREADABLE = CodeSystem(
    "indicator-unreadable",
    "Why a record could not be read",
    "Why an indicator lists a record and does not count it.",
    concepts(
        ("no-time", "No time", "It does not say when, or says it in a way that cannot be read"),
        ("no-outcome", "No outcome", "It does not say in one known code what became of the contact"),
        ("in-the-future", "In the future", "It says that it happened at a time that is yet to come"),
        ("recipient-of-another-patient", "Recipient of another patient", "It names a supporter of somebody else"),
        (
            "recipient-unknown",
            "Recipient unknown",
            "It does not say to which supporter, in a way that anybody can tell",
        ),
    ),
)

INDICATOR_FLAG = CodeSystem(
    "indicator-flag",
    "Indicator flag",
    "What a person should look at before believing a figure.",
    concepts(
        ("medication-only", "Medication only", "Prompting medication is the supporter's only part"),
        ("repeated-text", "Repeated text", "The same words describe the parts of supporters of several patients"),
        ("young-carer", "Young carer", "Only a young carer has a part: it is not counted"),
    ),
)
