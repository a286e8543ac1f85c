"""What holds at one time, whoever asks about whom: the patient's age and capacity, teams, restrictions (section 3)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from app.sharing import purposes
from app.sharing.actors import SOME_ORGANISATION, SOME_PROFESSIONAL
from app.sharing.asked import Reach
from app.sharing.directory import SELF
from app.sharing.once import once
from app.sharing.people import Person
from app.sharing.question import Question
from app.sharing.reading import mapping, objects
from app.sharing.restrictions import Restriction
from app.sharing.statement import Statement
from app.sharing.teams import that_ever_listed
from app.sharing.view import View

_NO_ONE: Final[frozenset[str]] = frozenset()


class Circumstances:
    """The records as they stood (`view`), judged at a time (`at`, microseconds)."""

    def __init__(self, view: View, question: Question, at: int) -> None:
        self.view = view
        self.question = question
        self.at = at
        self.purposes = purposes.asked(question.purpose)
        self.team = team_and_above(view, question.team)
        self.lacks_capacity = any(flag.surely and flag.surely.holds(at) for flag in view.incapacities)
        self.is_child = at < view.competent_from
        self.restrictions = [one for one in view.restrictions if one.period.holds(at)]
        # Without teams nothing about who is reached depends on the time.
        self._reaches: dict[str, Reach] = {} if view.teams else view.reaches
        # By recipient the Consents that permit them something, once they were looked for.
        self.permitting: dict[str, Sequence[Statement]] = {}

    @once
    def without_resources(self) -> "Circumstances":
        """The same, where no resource is named."""
        question = self.question
        return Circumstances(self.view, replace(question, resources=()), self.at) if question.resources else self

    def person(self, reference: str) -> Person | None:
        """A supporter who may be a recipient at this time."""
        one = self.view.people.get(reference)
        return one if one and one.linked and one.linked.holds(self.at) else None

    def reach(self, reference: str) -> Reach:
        """By which references a Consent reaches this recipient."""
        if reference not in self._reaches:
            self._reaches[reference] = self._reach(reference)
        return self._reaches[reference]

    def restrictions_on(self, people: frozenset[str]) -> list[Restriction]:
        """The restrictions in force that cover one of these people."""
        return [one for one in self.restrictions if one.restricts(people)] if self.restrictions else []

    def _reach(self, reference: str) -> Reach:
        if reference.startswith("RelatedPerson/"):
            return self._supporter(reference)
        return self._professional(reference)

    def _supporter(self, reference: str) -> Reach:
        who = self.view.identity(reference)
        teams = self.view.teams
        maybe = who.joined | who.perhaps
        if not teams:
            return Reach(who.surely, _NO_ONE, who.joined, _NO_ONE, maybe=maybe, proposed=(who.joined, _NO_ONE))
        groups = frozenset(
            team.reference for team in teams.values() if team.support_network and who.surely & team.members(self.at)
        )
        listed = that_ever_listed(who.joined, teams)
        all_listed = that_ever_listed(maybe, teams) if who.perhaps else listed
        return Reach(who.surely, groups, who.joined, listed, maybe=maybe | all_listed, proposed=(who.joined, groups))

    def _professional(self, reference: str) -> Reach:
        """Practitioner, PractitionerRole, Organization or CareTeam. An Organization also stands for its roles."""
        content = self.view.professionals.get(reference, {})
        find = self.view.directory.find
        organisation = find(content.get("organization")).reference
        practitioner = find(content.get("practitioner")).reference
        names = frozenset({reference})
        teams = self.view.teams
        groups = {team.reference for team in teams.values() if reference in team.members(self.at)}
        groups |= {organisation} - {""}
        same = names | ({practitioner} - {""}) | self._roles_of(reference)
        listed = that_ever_listed(same | ({organisation} - {""}), teams) | ({organisation} - {""})
        maybe = same | listed | {SOME_PROFESSIONAL}
        proposed = (names, frozenset(groups))
        return Reach(names, frozenset(groups), same, listed, blanket=True, maybe=maybe, proposed=proposed)

    def _roles_of(self, practitioner: str) -> frozenset[str]:
        find = self.view.directory.find
        return frozenset(
            reference
            for reference, content in self.view.professionals.items()
            if practitioner != SELF and find(content.get("practitioner")).reference == practitioner
        )


def team_and_above(view: View, team: str) -> frozenset[str]:
    """Who would tell: a team, its managing Organizations, and every Organization above those.

    One that cannot be resolved may be any, and so may those above a team of which there is no record.
    """
    if not team:
        return frozenset()
    found: set[str] = set()
    waiting = [team]
    while waiting:
        one = waiting.pop() or SOME_ORGANISATION
        if one in found:
            continue
        found.add(one)
        if one in view.teams:
            waiting.extend(view.teams[one].organisations)
        elif one.startswith("CareTeam/"):
            found.add(SOME_ORGANISATION)
        content = mapping(view.professionals.get(one))
        waiting.extend(view.directory.find(above).reference for above in objects(content.get("partOf")))
    return frozenset(found)
