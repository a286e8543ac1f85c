"""One case: may this supporter be told this, at this time (the sharing decision, section 3).

What costs time is worked out when the first layer asks for it.
"""

from app.sharing import counting
from app.sharing.asked import Asked, Reach
from app.sharing.circumstances import Circumstances
from app.sharing.combine import Combined, combine
from app.sharing.counting import Heard, Voices
from app.sharing.people import Person
from app.sharing.resources import Resource
from app.sharing.restrictions import Restriction


class Case:
    """A recipient, a scope, and the named resource in question, if any. `reach` is how Consents reach the recipient."""

    __slots__ = (
        "_at_worst", "_combined", "_heard", "_others",
        "asked", "at", "identity", "now", "reach", "recipient", "resource", "scope",
    )  # fmt: skip

    def __init__(
        self, now: Circumstances, recipient: str, scope: str, resource: Resource | None, heard: Heard | None = None
    ) -> None:
        self.now = now
        self.at = now.at
        self.recipient = recipient
        self.scope = scope
        self.resource = resource
        self.reach: Reach = now.reach(recipient)
        self.identity = now.view.identity(recipient)
        self.asked = Asked(self.reach, scope, resource, now.purposes, now.team)
        self._heard = heard
        self._others: list[Case] | None = None
        self._at_worst: Case | None = None
        self._combined: Combined | None = None

    @property
    def heard(self) -> Heard:
        """What the Consents say."""
        if self._heard is None:
            self._heard = counting.listen(self.now.view, self.asked, self.at)
        return self._heard

    @property
    def combined(self) -> Combined:
        """What the patient's own Consents come to."""
        if self._combined is None:
            self._combined = combine(self.heard.patient)
        return self._combined

    @property
    def people(self) -> list[Person]:
        """The records of the recipient, who may have several."""
        return self.records_of(self.identity.surely)

    def records_of(self, references: frozenset[str]) -> list[Person]:
        """Those of these supporters that there are, by reference."""
        known = self.now.view.people
        return [known[reference] for reference in sorted(references) if reference in known]

    @property
    def restrictions(self) -> list[Restriction]:
        """The restrictions in force on the recipient, whatever they cover."""
        return self.now.restrictions_on(self.identity.joined)

    @property
    def may_be_restricted(self) -> list[Restriction]:
        """The restrictions in force on somebody who may be the recipient."""
        return self.now.restrictions_on(self.identity.perhaps) if self.identity.perhaps else []

    @property
    def others(self) -> list["Case"]:
        """The same question about everybody who may be this recipient."""
        if self._others is None:
            self._others = [self.about(reference) for reference in sorted(self.identity.perhaps)]
        return self._others

    @property
    def at_worst(self) -> "Case":
        """The same case, with the refusals of everybody who may be this recipient counted as about this recipient."""
        if self._at_worst is None:
            heard = self.heard.with_refusals_of([other.heard for other in self.others])
            self._at_worst = Case(self.now, self.recipient, self.scope, self.resource, heard)
        return self._at_worst

    @property
    def all_refusals(self) -> Voices:
        """The patient's Consents, with the refusals of everybody who may be this recipient."""
        return self.at_worst.heard.patient if self.identity.perhaps else self.heard.patient

    def about(self, recipient: str) -> "Case":
        """The same question about somebody else."""
        return Case(self.now, recipient, self.scope, self.resource)
