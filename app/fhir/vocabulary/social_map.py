"""Codes of the social map: who and what is around the patient."""

from app.fhir.vocabulary.concepts import CodeSystem, concepts

LIST_CODE = CodeSystem(
    "list-code",
    "List code",
    "Lists that no other code system knows.",
    concepts(
        ("social-systems-map", "Social systems map",
         "The people, places and activities around the patient; emptyReason says whether anybody asked"),
    ),
)  # fmt: skip

MAP_ENTRY = CodeSystem(
    "map-entry",
    "Map entry",
    "What an entry of the social map is.",
    concepts(
        ("person", "Person", "Somebody"),
        ("place", "Place", "Somewhere that matters to the patient"),
        ("activity", "Activity", "Something that matters to the patient"),
    ),
)

TIE_CLOSENESS = CodeSystem(
    "tie-closeness",
    "Closeness",
    "How close somebody or something is to the patient.",
    concepts(
        ("inner", "Inner circle", "So close that life without them is hard to imagine"),
        ("middle", "Middle circle", "Close, and important"),
        ("outer", "Outer circle", "Further away, and still part of life"),
    ),
)

TIE_EFFECT = CodeSystem(
    "tie-effect",
    "Effect",
    "What one does to the other.",
    concepts(
        ("helps", "Helps", "Makes things better"),
        ("hinders", "Hinders", "Makes things worse"),
        ("mixed", "Mixed", "Both, or sometimes this and sometimes that"),
        ("neutral", "Neutral", "Neither"),
    ),
)

TIE_STRENGTH = CodeSystem(
    "tie-strength",
    "Strength",
    "How strong a tie is.",
    concepts(
        ("strong", "Strong", "A strong tie"),
        ("moderate", "Moderate", "Neither strong nor weak"),
        ("weak", "Weak", "A weak tie"),
    ),
)
