"""Codes about people: carer-role, contact-restriction, care-team-category."""

from app.fhir.vocabulary.concepts import CodeSystem, concepts

CARER_ROLE = CodeSystem(
    "carer-role",
    "Carer role",
    "What a supporter is to the patient. A role alone permits nothing.",
    concepts(
        ("main-carer", "Main carer", "Gives most of the unpaid support"),
        ("carer", "Carer", "Gives unpaid support"),
        ("key-supporter", "Key supporter", "An important person, not necessarily caring"),
        ("emergency-contact", "Emergency contact", "To be called in an emergency"),
        ("next-of-kin", "Next of kin", "Named by the person; has no legal power"),
        ("nearest-relative", "Nearest relative", "Nearest relative under section 26 of the Mental Health Act 1983"),
        ("nominated-person", "Nominated person", "Nominated person, where those provisions are in force"),
        ("lpa-health-welfare", "Attorney for health and welfare",
         "Holds a lasting power of attorney for health and welfare; decides only while capacity is lacking"),
        ("deputy-welfare", "Welfare deputy", "Deputy appointed by the court for personal welfare"),
        ("lpa-property-finance", "Attorney for property and finance",
         "Holds a lasting power of attorney for property and finance; no right to health information by itself"),
        ("parental-responsibility", "Parental responsibility", "Has parental responsibility for the patient"),
        ("advocate-imha", "Independent mental health advocate", "Independent Mental Health Advocate"),
        ("advocate-other", "Other advocate", "Another advocate; informed by consent"),
        ("young-carer", "Young carer", "Under 18 and has care tasks"),
        ("child-in-household", "Child in the household", "A child who lives with the patient; not a carer"),
        ("visiting-child", "Visiting child", "A child who visits; not a carer"),
        ("dependent-adult", "Dependent adult", "An adult who relies on the patient"),
        ("shared-lives-carer", "Shared Lives carer", "Paid or approved host under a scheme's contract"),
        ("household-member", "Household member", "Lives in the household; no role"),
        ("peer-supporter", "Peer supporter", "A supporter with lived experience"),
        ("informal-supporter", "Informal supporter", "Friend, neighbour, employer or member of a faith community"),
    ),
)  # fmt: skip

CONTACT_RESTRICTION = CodeSystem(
    "contact-restriction",
    "Contact restriction",
    "Why a supporter is to be kept away or not contacted, and that capacity for sharing decisions is lacking.",
    concepts(
        ("no-contact-safeguarding", "No contact (safeguarding)", "No contact and no information; absolute"),
        ("no-whereabouts", "No whereabouts", "Nothing that tells where the patient is or will be; absolute"),
        ("no-contact-patient-wish", "No contact (the patient's wish)",
         "The patient asked that this person is not contacted or listened to"),
        ("no-contact-supporter-wish", "No contact (the supporter's wish)", "The supporter asked not to be contacted"),
        ("listen-only", "Listen only", "This person may be listened to and told nothing"),
        ("lacks-capacity-information-sharing", "Lacks capacity for sharing decisions",
         "The patient lacks capacity to decide who is told what"),
    ),
)  # fmt: skip

CARE_TEAM_CATEGORY = CodeSystem(
    "care-team-category",
    "Care team category",
    "Kinds of care team that no other code system knows.",
    concepts(
        ("support-network", "Support network", "The patient's own circle: a permit that names it reaches each of them")
    ),
)
