"""Codes that a Consent and its records carry."""

from app.fhir.vocabulary.concepts import CodeSystem, concepts

LEGAL_BASIS = CodeSystem(
    "legal-basis",
    "Legal basis",
    "Bases of a sharing decision that no other code system has.",
    concepts(
        ("advance-statement", "Advance statement", "The patient's own decision for when capacity is lacking"),
        ("safety-override", "Safety override", "A named clinician's decision against a deny, for some hours"),
    ),
)
CONSENT_METHOD = CodeSystem(
    "consent-method",
    "Consent method",
    "How a decision was given. Verbal consent is full consent.",
    concepts(
        ("verbal", "Verbal", "Said, and recorded by somebody"),
        ("written", "Written", "Signed or written by the patient"),
        ("other", "Other", "Given in another way"),
        ("implied", "Implied", "Inferred; never permits"),
    ),
)
CONSENT_CONDITION = CodeSystem(
    "consent-condition",
    "Consent condition",
    "Conditions of a yes, which become obligations of the answer.",
    concepts(
        ("verbal-only", "Verbal only", "Tell this person by word of mouth only"),
        ("with-patient-present", "With the patient present", "Tell this person only while the patient is present"),
        ("no-letters", "No letters", "Send nothing by post"),
    ),
)
OVERRIDE_REASON = CodeSystem(
    "override-reason",
    "Override reason",
    "Why a clinician decided to share against a deny.",
    concepts(
        ("risk-to-others", "Risk to others", "Risk of serious harm to somebody else"),
        ("safeguarding", "Safeguarding", "To protect a child or an adult at risk"),
        ("legal-duty", "Legal duty", "The law requires it"),
        ("risk-to-self", "Risk to self", "Risk of serious harm to the patient"),
    ),
)
CAPACITY_VIEW = CodeSystem(
    "capacity-view",
    "Capacity view",
    "What the clinician thought of the patient's capacity for this decision.",
    concepts(
        ("has-capacity", "Has capacity", "The patient has capacity for this decision"),
        ("lacks-capacity", "Lacks capacity", "The patient lacks capacity for this decision"),
        ("in-doubt", "In doubt", "There is doubt about capacity for this decision"),
    ),
)
SHARING_LABEL = CodeSystem(
    "sharing-label",
    "Sharing label",
    "Security labels that no other code system has.",
    concepts(("given-in-confidence", "Given in confidence", "Told to the team in confidence by somebody else")),
)
