"""A patient's own records on which a sharing decision rests, as facts, and which of them a caller may not learn of."""

from collections.abc import Iterable, Mapping
from typing import Final

from app.sharing.facts import Facts, Policy, Record

OF_THE_PATIENT: Final = ("Patient", "RelatedPerson", "Consent", "Flag", "CareTeam")
# Who may be told something. One whose record is confidential is nobody to ask about, to those who may not read it.
RECIPIENTS: Final = ("RelatedPerson", "CareTeam")


def is_unknown(type_: str, known: bool | None, seen: bool | None) -> bool:
    """Whether the caller may not learn of a record: by its last version, of which it may know and which it may see."""
    return known is False or (type_ in RECIPIENTS and seen is False)


def of_patient(
    key: str,
    first: str,
    of: Mapping[str, Iterable[Record]],
    bases: tuple[str, ...],
    policy: Policy,
    unknown: frozenset[str] = frozenset(),
    unseen: frozenset[str] = frozenset(),
) -> Facts:
    """A patient's own records, by type, as facts: the Patient with the id `first` before others."""
    return Facts(
        patient_key=key,
        patients=tuple(sorted(of["Patient"], key=lambda record: record.id != first)),
        supporters=tuple(of["RelatedPerson"]),
        consents=tuple(of["Consent"]),
        flags=tuple(of["Flag"]),
        teams=tuple(of["CareTeam"]),
        bases=bases,
        policy=policy,
        unknown=unknown,
        unseen=unseen,
    )
