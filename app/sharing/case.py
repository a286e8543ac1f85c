"""One case: may this supporter be told this, at this time (the sharing decision, section 3).

What the layers need is worked out when the first of them asks for it.
"""

from dataclasses import replace
from functools import cached_property

from app.sharing import counting
from app.sharing.asked import Asked, Reach
from app.sharing.circumstances import Circumstances
from app.sharing.counting import Heard, Voices
from app.sharing.people import Person
from app.sharing.resources import Resource
from app.sharing.restrictions import Restriction
from app.sharing.same_person import Identity


class Case:
    """A recipient, a scope, and the named resource in question, if any. `reach` is how Consents reach the recipient."""

    def __init__(
        self, now: Circumstances, recipient: str, scope: str, resource: Resource | None, reach: Reach | None = None
    ) -> None:
        self.now = now
        self.recipient = recipient
        self.scope = scope
        self.resource = resource
        self.reach = reach or now.reach(recipient)

    @property
    def at(self) -> int:
        return self.now.at

    @cached_property
    def identity(self) -> Identity:
        return self.now.identity(self.recipient)

    @cached_property
    def people(self) -> list[Person]:
        """The records of the recipient, who may have several."""
        known = self.now.view.people
        return [known[reference] for reference in sorted(self.identity.surely) if reference in known]

    @cached_property
    def asked(self) -> Asked:
        return Asked(self.reach, self.scope, self.resource, self.now.purposes, self.now.team)

    @cached_property
    def heard(self) -> Heard:
        """What the Consents say."""
        return counting.listen(self.now.view, self.asked, self.at)

    @cached_property
    def restrictions(self) -> list[Restriction]:
        """The restrictions in force on the recipient, whatever they cover."""
        return self.now.restrictions_on(self.identity.joined)

    @cached_property
    def may_be_restricted(self) -> list[Restriction]:
        """The restrictions in force on somebody who may be the recipient."""
        return self.now.restrictions_on(self.identity.perhaps) if self.identity.perhaps else []

    @cached_property
    def at_worst(self) -> "Case":
        """The same case, with the refusals of everybody who may be this recipient counted as about this recipient."""
        others = [self.now.reach(reference) for reference in sorted(self.identity.perhaps)]
        reach = replace(
            self.reach,
            deny_names=self.reach.deny_names.union(*(other.deny_names for other in others)),
            deny_groups=self.reach.deny_groups.union(*(other.deny_groups for other in others)),
            proposed=(
                self.reach.proposed[0].union(*(other.proposed[0] for other in others)),
                self.reach.proposed[1].union(*(other.proposed[1] for other in others)),
            ),
        )
        return Case(self.now, self.recipient, self.scope, self.resource, reach)

    @cached_property
    def all_refusals(self) -> Voices:
        """The patient's Consents, with the refusals of everybody who may be this recipient."""
        return self.at_worst.heard.patient if self.identity.perhaps else self.heard.patient

    def about(self, recipient: str) -> "Case":
        """The same question about somebody else."""
        return Case(self.now, recipient, self.scope, self.resource)
