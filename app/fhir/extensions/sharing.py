"""The extensions that a sharing decision reads (decision.md, section 9)."""

from typing import Final

from app.fhir.extensions.extension import Extension

_PROFESSIONALS: Final = ("Practitioner", "PractitionerRole")
PROVISION: Final = "Consent.provision"
RELATIONSHIP: Final = "RelatedPerson.relationship"

SHARING: Final = (
    Extension(
        "consent-method", ("Consent",), "code", "Consent method", "How the decision was given. Verbal is full consent.",
        codes="consent-method",
    ),
    Extension(
        "consent-next-review", ("Consent",), "dateTime", "Next review", "When to talk about this decision again.",
    ),
    Extension(
        "consent-recorder", ("Consent",), "Reference", "Recorder", "Who wrote the decision down.",
        targets=_PROFESSIONALS,
    ),
    Extension(
        "refusal-considered", ("Consent",), "boolean", "Refusal considered",
        "That whoever decided for the patient knew and weighed the patient's refusal.",
    ),
    Extension(
        "consent-withdrawn", ("Consent",), "dateTime", "Withdrawn", "When the patient took the decision back.",
    ),
    Extension(
        "competence-confirmed", ("Consent",), "", "Competence confirmed",
        "That a patient under 16 was found able to decide this, by whom and when.",
        parts=(
            Extension("by", (), "Reference", "By", "Who confirmed it.", targets=("Practitioner",)),
            Extension("date", (), "dateTime", "Date", "When it was confirmed."),
        ),
    ),
    Extension(
        "not-the-patients-decision", ("Consent",), "boolean", "Not the patient's decision",
        "Always true: somebody else decided, so this must not be read as the patient's consent.", modifier=True,
    ),
    Extension(
        "override-reason", ("Consent",), "code", "Override reason", "Why something is shared against a deny.",
        codes="override-reason",
    ),
    Extension(
        "override-justification", ("Consent",), "string", "Override justification",
        "The reasons for an override in words, for the review.",
    ),
    Extension(
        "override-capacity-view", ("Consent",), "code", "Override capacity view",
        "What the clinician thought of the patient's capacity for this decision.", codes="capacity-view",
    ),
    Extension(
        "consent-condition", (PROVISION,), "code", "Consent condition",
        "A condition of the yes: whoever does not know it must not rely on the permit.",
        many=True, modifier=True, codes="consent-condition",
    ),
    Extension(
        "end-reason", ("Consent", "Flag", "RelatedPerson"), "string", "End reason",
        "Why protection is taken away by this version.",
    ),
    Extension(
        "capacity-confirmed", ("Flag",), "dateTime", "Capacity confirmed",
        "When it was looked at again and capacity was still lacking.", many=True,
    ),
    Extension(
        "role-period", (RELATIONSHIP,), "Period", "Role period", "When the person has this role.",
    ),
    Extension(
        "role-jurisdiction", (RELATIONSHIP,), "code", "Role jurisdiction", "Where the role holds: GB-ENG, GB-WLS ...",
    ),
    Extension(
        "role-verified", (RELATIONSHIP,), "boolean", "Role verified", "Whether somebody saw the evidence for the role.",
    ),
    Extension(
        "role-in-force-from", (RELATIONSHIP,), "dateTime", "Role in force from",
        "From when the law gives this role effect; absent, it has none yet.",
    ),
    Extension(
        "same-person", ("RelatedPerson",), "Reference", "Same person",
        "Another record of the same human being.", many=True, targets=("RelatedPerson",),
    ),
    Extension(
        "different-person", ("RelatedPerson",), "Reference", "Different person",
        "Somebody of like name who is another human being.", many=True, targets=("RelatedPerson",),
    ),
)  # fmt: skip
