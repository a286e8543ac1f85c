"""CareTeams, and who belongs to them (the sharing decision, section 6.2)."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.sharing.directory import Directory
from app.sharing.facts import Record
from app.sharing.reading import Json, codes, is_modified, objects
from app.sharing.systems import CARE_TEAM_CATEGORY
from app.sharing.times import Span, period


@dataclass(frozen=True, slots=True)
class Participant:
    """A member and when it is one; None when that cannot be read."""

    member: str
    period: Span | None


@dataclass(frozen=True, slots=True, eq=False)
class Team:
    """A CareTeam. `ever_listed` are the members of all its versions so far: a refusal of a circle does not lapse."""

    reference: str
    active: bool
    in_error: bool
    support_network: bool
    period: Span | None
    participants: tuple[Participant, ...]
    ever_listed: frozenset[str]
    organisations: tuple[str, ...]

    def is_current(self, at: int) -> bool:
        return self.active and self.period is not None and self.period.holds(at)

    def members(self, at: int) -> frozenset[str]:
        """Who is a participant at that time, of a team that is current then."""
        if not self.is_current(at):
            return frozenset()
        return frozenset(part.member for part in self.participants if part.period and part.period.holds(at))


def team(record: Record, content: Json, deleted: bool, earlier: list[Json], directory: Directory) -> Team:
    """A CareTeam read from its current version; `earlier` are the contents of all versions so far."""
    return Team(
        reference=record.reference,
        active=content.get("status") == "active" and not deleted and not is_modified(content),
        in_error=content.get("status") == "entered-in-error",
        support_network=any(
            code == (CARE_TEAM_CATEGORY, "support-network")
            for category in objects(content.get("category"))
            for code in codes(category)
        ),
        period=period(content.get("period")),
        participants=_participants(content, directory),
        ever_listed=frozenset(part.member for version in earlier for part in _participants(version, directory)),
        organisations=tuple(
            directory.find(organisation).reference for organisation in objects(content.get("managingOrganization"))
        ),
    )


def that_ever_listed(people: frozenset[str], teams: Mapping[str, Team]) -> frozenset[str]:
    """The teams not entered in error that list one of these people, or a team that does, and so on."""
    found: set[str] = set()
    wanted = people
    while wanted:
        new = {
            ref for ref, team in teams.items() if ref not in found and not team.in_error and team.ever_listed & wanted
        }
        found |= new
        wanted = frozenset(new)
    return frozenset(found)


def boundaries(one: Team) -> tuple[int, ...]:
    """The times at which who belongs to this team may change."""
    inner = (limit for part in one.participants for limit in (part.period or ()))
    return (*(one.period or ()), *inner)


def _participants(content: Json, directory: Directory) -> tuple[Participant, ...]:
    found = (
        (directory.find(participant.get("member")).reference, _when(participant))
        for participant in objects(content.get("participant"))
    )
    return tuple(Participant(member, when) for member, when in found if member)


def _when(participant: Json) -> Span | None:
    """When somebody is a participant; of one who is modified nobody can tell."""
    return None if is_modified(participant) else period(participant.get("period"))
