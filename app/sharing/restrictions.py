"""Contact restrictions: Flags that keep a supporter away from the patient (the sharing decision, sections 3 and 4)."""

from dataclasses import dataclass
from typing import Final

from app.fhir.words import words
from app.sharing.capacity import LACKS_CAPACITY
from app.sharing.directory import Directory
from app.sharing.reading import Json, codes, extensions, text
from app.sharing.resources import Resource
from app.sharing.systems import CONTACT_RESTRICTION, FLAG_DETAIL
from app.sharing.times import Span, widest

WISHES: Final = words("no-contact-patient-wish no-contact-supporter-wish listen-only")
NO_WHEREABOUTS: Final = "no-whereabouts"
_KNOWN: Final = WISHES | {NO_WHEREABOUTS, "no-contact-safeguarding"}
_WHEREABOUTS: Final = words("whereabouts appointments meetings service-contact make-contact legal-status")
_ENDED: Final = frozenset({"inactive", "entered-in-error"})


@dataclass(frozen=True, slots=True, eq=False)
class Restriction:
    """A restriction that has not ended. `people` are the supporters it names, empty for everyone."""

    version: str
    codes: frozenset[str]
    people: frozenset[str]
    period: Span

    def restricts(self, people: frozenset[str]) -> bool:
        return not self.people or not self.people.isdisjoint(people)

    def is_absolute(self, scope: str, resource: Resource | None) -> bool:
        """Whether a restriction that only ending the Flag changes covers this. An unknown code covers everything."""
        return any(self._covers(code, scope, resource) for code in self.codes - WISHES)

    @property
    def is_wish(self) -> bool:
        return not self.codes.isdisjoint(WISHES)

    def _covers(self, code: str, scope: str, resource: Resource | None) -> bool:
        located = resource is not None and resource.has_location
        return code != NO_WHEREABOUTS or scope in _WHEREABOUTS or located


def restriction(version: str, flag: Json, directory: Directory) -> Restriction | None:
    """A Flag as a contact restriction; None when it is another Flag, or has ended."""
    written = codes(flag.get("code"))
    found = {code for system, code in written if system == CONTACT_RESTRICTION or (not system and code in _KNOWN)}
    found.discard(LACKS_CAPACITY)
    if not found or text(flag.get("status")) in _ENDED:
        return None
    named = (directory.find(item.get("valueReference")) for item in extensions(flag, FLAG_DETAIL))
    people = frozenset(one.reference for one in named if one.type == "RelatedPerson" and one.reference)
    return Restriction(version, frozenset(found), people, widest(flag.get("period")))
