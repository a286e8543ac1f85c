"""One Consent, one recipient and scope: permit, deny or not applicable (section 6.2)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from tests.sharing.reference import people, times
from tests.sharing.reference.labels import data_scoping
from tests.sharing.reference.levels import Level, levels
from tests.sharing.reference.vocabulary import (
    ACT_REASON,
    CARE_TEAM_CATEGORY,
    CONSENT_ACTION,
    DEFAULT_PURPOSES,
    PARENT_PURPOSE,
    is_modified,
    key,
    keys,
)
from tests.sharing.reference.world import Stood, World, resolve


@dataclass(frozen=True)
class Ask:
    """One recipient and one scope, with what is named; `supporter` is a RelatedPerson.

    Of what the patient would not agree to (`turned_down`) also the permits hold back, and so reach as a deny does
    those who are linked and were told apart.
    """

    recipient: str
    scope: str
    resources: tuple[Stood, ...] = ()
    turned_down: bool = False

    @property
    def supporter(self) -> bool:
        return self.recipient.startswith("RelatedPerson/")


@dataclass(frozen=True)
class Lens:
    """How a Consent is looked at: whether its permits count, whether periods begin and end, and at which other
    instant.
    """

    permits: bool = True
    begins: bool = True
    ends: bool = True
    at: int | None = None


@dataclass(frozen=True)
class Result:
    """What a Consent says: permit or deny, how specifically, and under which conditions."""

    type: str
    recipient: int
    information: int
    conditions: frozenset[str] = frozenset()


def evaluate(world: World, ask: Ask, top: Level, lens: Lens) -> Result | None:
    """'children are looked at whether or not the parent matches; if any child has a result, deny if any is deny, else
    permit; if none has, the provision's own type when it matches, else not applicable. The specificity is that of the
    provision that decided; of several, the highest on recipient, then on information.'
    """
    results = [result for result in (evaluate(world, ask, child, lens) for child in top.children) if result]
    if results:
        deciding = [result for result in results if result.type == "deny"] or results
        highest = max(deciding, key=lambda result: (result.recipient, result.information))
        return replace(highest, conditions=frozenset().union(*(result.conditions for result in deciding)))
    if top.type == "permit" and not lens.permits:
        return None
    return _own_result(world, ask, top, lens)


def _own_result(world: World, ask: Ask, top: Level, lens: Lens) -> Result | None:
    """'Criteria: AND across elements, OR within one, absent = any.'"""
    information = data_scoping(world, ask, top)
    reached = reach(world, ask, top)
    if information is None or reached is None or not applies(world, top, lens):
        return None
    conditions = top.conditions if top.type == "permit" else frozenset()
    return Result(top.type, reached, information, conditions)


def reaches(world: World, ask: Ask, top: Level) -> bool:
    """Whether a provision is about this recipient."""
    return reach(world, ask, top) is not None


def applies(world: World, top: Level, lens: Lens) -> bool:
    """Whether period, disclosers, action and purpose match."""
    return (
        all(_within(period, world.at if lens.at is None else lens.at, lens) for period in top.periods)
        and _discloses(world, top)
        and discloses_something(top)
        and _serves(world, top)
    )


def _within(period: Any, at: int, lens: Lens) -> bool:
    begun = not lens.begins or times.start_of(period) <= at
    return begun and (not lens.ends or at <= times.end_of(period))


def discloses_something(top: Level) -> bool:
    """'`action`: absent, or including disclose or access; for a deny also use.'"""
    wanted = {"disclose", "access"} | ({"use"} if top.type == "deny" else set())
    named = set().union(*(keys(concept) for concept in top.action))
    return not top.action or any((CONSENT_ACTION, code) in named for code in wanted)


def _serves(world: World, top: Level) -> bool:
    """'with the default question a provision matches when absent or naming one of the default codes or PurposeOfUse;
    with a given purpose when absent or naming it or an ancestor; a deny also when naming a descendant or an unknown
    code.'
    """
    if not top.purpose:
        return True
    asked = frozenset({world.question.purpose}) if world.question.purpose else DEFAULT_PURPOSES
    if world.question.purpose:
        wanted = asked | set(_ancestors(world.question.purpose))
    else:
        wanted = DEFAULT_PURPOSES | {"PurposeOfUse"}
    return any(_names_purpose(top.type, key(coding), wanted, asked) for coding in top.purpose)


def _names_purpose(kind: str, coding: tuple[str, str], wanted: frozenset[str], asked: frozenset[str]) -> bool:
    system, code = coding
    if system == ACT_REASON and code in wanted:
        return True
    if kind != "deny":
        return False
    known = system == ACT_REASON and code in {"PurposeOfUse", *PARENT_PURPOSE}
    return not known or bool(asked & set(_ancestors(code)))


def _ancestors(code: str) -> Iterator[str]:
    while code in PARENT_PURPOSE:
        code = PARENT_PURPOSE[code]
        yield code


def _discloses(world: World, top: Level) -> bool:
    """'A team matches a discloser actor that is itself, its managing Organization, or an Organization above it.'

    Without a team that is known, a permit does not demonstrably match, and a deny bites. So does one that names an
    Organization where it is not known which Organization the team is of: 'what cannot be read or told apart never
    permits'.
    """
    if not top.disclosers:
        return True
    if not world.question.team:
        return top.type == "deny"
    team, is_all = _team_and_above(world)
    named = {name for actor in top.disclosers for name in resolve(world, actor.get("reference"))}
    if top.type == "deny" and not is_all and any(name.startswith("Organization/") for name in named):
        return True
    return bool(named & team)


def _team_and_above(world: World) -> tuple[set[str], bool]:
    """The team with all Organizations above it that are known, and whether that is all of them."""
    found = {world.question.team}
    records = {one.record.reference: one for one in world.stood((*world.facts.teams, *world.facts.professionals))}
    is_all = world.question.team in records or not world.question.team.startswith("CareTeam/")
    for _ in range(len(records) + 1):
        for reference in tuple(found):
            content = records[reference].content if reference in records else {}
            above = [content.get("partOf")] if reference.startswith("Organization/") else []
            above += content.get("managingOrganization") or [] if reference.startswith("CareTeam/") else []
            resolved = [resolve(world, one) for one in above if one]
            is_all = is_all and all(resolved)
            found = found.union(*resolved)
    return found, is_all


def reach(world: World, ask: Ask, top: Level) -> int | None:
    """How a provision reaches the recipient: 2 named, 1 group, 0 anyone, None not at all."""
    if not top.recipients:
        return 0 if top.type == "deny" or not ask.supporter else None
    found = [_actor(world, ask, top.type, name) for actor in top.recipients for name in _named(world, actor)]
    return max((one for one in found if one is not None), default=None)


def _named(world: World, actor: Any) -> set[str]:
    return resolve(world, actor.get("reference"))


def _actor(world: World, ask: Ask, kind: str, name: str) -> int | None:
    """'A permit reaches a supporter only by name (the person, or the same person by section 5), or through an active
    CareTeam of this patient, category `support-network`, in which the person is a current participant ... A deny
    matches ... through every CareTeam not entered-in-error that lists the person, whatever the periods.'
    """
    if name in themselves(world, ask, wary=ask.turned_down or kind == "deny"):
        return 2
    if name.startswith("CareTeam/"):
        through = _listed if kind == "deny" else _current_member
        return 1 if through(world, ask, name) else None
    if name.startswith("Organization/") and not ask.supporter:
        return 1 if name in _said_of_role(world, ask.recipient, "organization") else None
    if kind == "deny" and not ask.supporter and _one_professional(world, name, ask.recipient):
        return 2
    return None


def _one_professional(world: World, name: str, recipient: str) -> bool:
    """A refusal of a Practitioner is one of the same human's roles, and the other way round."""
    return name in _said_of_role(world, recipient, "practitioner") or recipient in _said_of_role(
        world, name, "practitioner"
    )


def themselves(world: World, ask: Ask, *, wary: bool = False) -> frozenset[str]:
    """The recipient, and who is certainly the same person."""
    return people.same(world, ask.recipient, wary=wary) if ask.supporter else frozenset({ask.recipient})


def _said_of_role(world: World, role: str, name: str) -> set[str]:
    """The organisation or practitioner of a PractitionerRole. 'an Organization matches itself and its
    PractitionerRoles'.
    """
    stood = world.latest.get(role)
    if stood is None or not role.startswith("PractitionerRole/"):
        return set()
    return resolve(world, stood.content.get(name))


def team(world: World, name: str) -> Stood | None:
    return next((one for one in world.stood(world.facts.teams) if one.record.reference == name), None)


def _listed(world: World, ask: Ask, name: str) -> bool:
    care_team = team(world, name)
    if not care_team or care_team.content.get("status") == "entered-in-error":
        return False
    return any(_is_member(world, ask, one, wary=True) for one in care_team.content.get("participant") or ())


def _current_member(world: World, ask: Ask, name: str) -> bool:
    """'(team and participant periods contain `at`)'; professionals are reached through any active team."""
    care_team = team(world, name)
    if not care_team or care_team.content.get("status") != "active" or is_modified(care_team.content):
        return False
    network = any(
        (CARE_TEAM_CATEGORY, "support-network") in keys(concept) for concept in care_team.content.get("category") or ()
    )
    return (
        (network or not ask.supporter)
        and times.contains(care_team.content.get("period"), world.at)
        and any(
            times.contains(one.get("period"), world.at) and _is_member(world, ask, one) and not is_modified(one)
            for one in care_team.content.get("participant") or ()
        )
    )


def _is_member(world: World, ask: Ask, participant: Any, *, wary: bool = False) -> bool:
    members = resolve(world, participant.get("member"))
    one_human = wary and not ask.supporter and any(_one_professional(world, name, ask.recipient) for name in members)
    return one_human or bool(members & themselves(world, ask, wary=wary))


def names_directly(world: World, ask: Ask, top: Level) -> bool:
    """Whether any level names this recipient."""
    return any(_named(world, actor) & themselves(world, ask) for one in levels(top) for actor in one.recipients)
