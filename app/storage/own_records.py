"""Which records of a patient a sharing decision rests on, and which of them a caller may not learn of."""

from typing import Final

OF_THE_PATIENT: Final = ("Patient", "RelatedPerson", "Consent", "Flag", "CareTeam")
# Who may be told something. One whose record is confidential is nobody to ask about, to those who may not read it.
RECIPIENTS: Final = ("RelatedPerson", "CareTeam")


def is_unknown(type_: str, known: bool | None, seen: bool | None) -> bool:
    """Whether the caller may not learn of a record: by its last version, of which it may know and which it may see."""
    return known is False or (type_ in RECIPIENTS and seen is False)
