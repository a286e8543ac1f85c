"""Codes that an answer carries: obligations, next actions, what is still allowed, and why a record did not decide."""

from app.fhir.vocabulary.concepts import CodeSystem, concepts

OBLIGATION = CodeSystem(
    "obligation",
    "Obligation",
    "What whoever relies on an answer must do or must not do.",
    concepts(
        ("disclose-nothing-new", "Disclose nothing new", "Tell nothing that the person does not know already"),
        ("record-what-was-said", "Record what was said", "Record what the person told the team"),
        ("do-not-promise-secrecy", "Do not promise secrecy", "Do not promise that the patient will not learn of it"),
        ("patient-asked-us-not-to-listen", "The patient asked us not to listen",
         "Caution: the patient may take listening as a breach of trust"),
        ("no-patient-specific-content", "No patient-specific content", "General information only"),
        ("do-not-confirm-patient", "Do not confirm the patient", "Neither confirm nor deny that this is a patient"),
        ("minimum-necessary", "Minimum necessary", "Tell no more than the purpose needs"),
        ("high-audit", "High audit", "This disclosure is reviewed"),
        ("retrospective-review", "Retrospective review", "Review the override afterwards"),
        ("re-seek-consent", "Seek consent again", "Ask the patient as soon as capacity returns"),
        ("confirm-age", "Confirm the age", "The patient's birth date is not recorded: confirm that this is an adult"),
        ("verbal-only", "Verbal only", "Tell this person by word of mouth only"),
        ("with-patient-present", "With the patient present", "Tell this person only while the patient is present"),
        ("no-letters", "No letters", "Send nothing by post"),
        ("no-whereabouts", "No whereabouts", "Tell nothing that shows where the patient is or will be"),
        ("shared-contact-details", "Shared contact details",
         "Somebody who must not be told may answer this telephone or open this letter"),
        ("check-each-record", "Check each record", "Some records of this scope may not be told: ask for each by name"),
    ),
)  # fmt: skip
NEXT_ACTION = CodeSystem(
    "next-action",
    "Next action",
    "What to do next.",
    concepts(
        ("ask-patient", "Ask the patient", "Ask the patient whether this person may be told"),
        ("review-consent", "Review the consent", "The review date has passed: talk it over with the patient"),
        ("renew-consent", "Renew the consent", "The permission has ended: ask the patient to renew it"),
        ("confirm-with-patient", "Confirm with the patient", "Ask the patient what they want now"),
        ("refer-to-clinician", "Refer to a clinician", "A clinician decides"),
        ("none", "None", "Nothing to do"),
    ),
)
STILL_ALLOWED = CodeSystem(
    "still-allowed",
    "Still allowed",
    "What may be done although an answer is a deny.",
    concepts(
        ("listen", "Listen", "Listen to what the person has to say"),
        ("general-information", "General information", "Give information that is not about this patient"),
        ("what-they-already-know", "What they already know", "Talk about what the person already knows"),
        ("carers-assessment-right", "Right to a carer's assessment", "Tell about the right to a carer's assessment"),
    ),
)
CONSIDERED_WHY = CodeSystem(
    "considered-why",
    "Why a record did not decide",
    "Why a record that speaks about the recipient did not decide an answer.",
    concepts(
        ("recorded-later", "Recorded later", "It was recorded after the time asked about"),
        ("entered-in-error", "Entered in error", "It was marked as a mistake"),
        ("asked-undecided", "Undecided", "It is a draft or a proposal"),
        ("consent-rejected", "Rejected", "The proposal was turned down"),
        ("consent-withdrawn", "Withdrawn", "It is no longer active"),
        ("not-yet-begun", "Not yet begun", "Its time has not come"),
        ("consent-expired", "Ended", "Its period has ended"),
        ("uninterpretable-consent", "Cannot be read", "What it means cannot be told"),
        ("consent-implied", "Implied", "Consent that was not expressed never permits"),
        ("basis-unknown", "Unknown basis", "It rests on a basis that permits nothing here"),
        ("basis-not-evidenced", "Basis not evidenced", "What its legal basis needs is missing"),
        ("not-the-patients-decision", "Not the patient's decision", "Somebody else decided"),
        ("competence-not-confirmed", "Competence not confirmed", "The patient was under 16 and nobody confirmed it"),
        ("given-without-capacity", "Given without capacity", "Capacity was lacking when it was given"),
        ("capacity-not-lacking", "Capacity not lacking", "It counts only while capacity is lacking"),
        ("refusal-not-considered", "Refusal not considered", "It does not outweigh what the patient decided"),
        ("not-for-supporters", "Not for supporters", "Consent between professionals does not reach a supporter"),
        ("not-this-question", "Not this question", "It is about something other than what was asked"),
        ("patient-refusal", "The patient's refusal", "The patient objected"),
        ("outweighed", "Outweighed", "Another decision outweighs it"),
        ("not-needed", "Not needed", "Another layer decided first"),
        ("restriction-elsewhere", "Restriction elsewhere", "The restriction does not cover what was asked"),
    ),
)  # fmt: skip
