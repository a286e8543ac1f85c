"""Who around a patient is kept away at a time, of what a caller may see: Flags read as the sharing decision reads them.

The sharing decision, sections 3 and 5. https://hl7.org/fhir/R4/flag.html
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from app.fhir.canonical import FLAG_DETAIL
from app.sharing.facts import Facts, Policy, Record, Version
from app.sharing.reading import Json, extensions, mapping
from app.sharing.times import FOREVER
from app.sharing.view import View

# What is seen is seen as it is: when it was written makes no difference.
_WRITTEN: Final = datetime(1970, 1, 1, tzinfo=UTC)


def kept_away(
    patient: str, supporters: Sequence[Json], flags: Sequence[Json], bases: tuple[str, ...], policy: Policy, at: int
) -> dict[str, tuple[str, ...]]:
    """By "RelatedPerson/id" the restrictions in force at a time (microseconds), for all records of one human.

    `patient` is the id of the Patient. A Flag that names nobody who can be told keeps everybody away; one that names
    somebody who is not among these `supporters` keeps away none of them.
    """
    people = tuple(_record("RelatedPerson", each) for each in supporters)
    notes = tuple(_record("Flag", each) for each in flags)
    view = View(Facts(patient, (), people, flags=notes, bases=bases, policy=policy), FOREVER)
    of_others = {version for version, flag in view.flags if _names_others(view, flag)}
    now = [one for one in view.restrictions if one.period.holds(at) and (one.people or one.version not in of_others)]
    return {
        person.reference: tuple(sorted({code for one in theirs for code in one.codes}))
        for person in people
        if (theirs := [one for one in now if one.restricts(view.identity(person.reference).joined)])
    }


def _record(type_: str, content: Json) -> Record:
    return Record(type_, str(content["id"]), (Version(1, _WRITTEN, content),))


def _names_others(view: View, flag: Json) -> bool:
    """Whether it names somebody, and only by address: who is not here then is somebody else."""
    details = [mapping(item.get("valueReference")) for item in extensions(flag, FLAG_DETAIL)]
    return bool(details) and all(
        "reference" in each and view.directory.find(each).type == "RelatedPerson" for each in details
    )
