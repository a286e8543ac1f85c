"""Several Consents (sections 6.1 and 6.3)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.sharing.reference import bases, people, times
from tests.sharing.reference.levels import levels
from tests.sharing.reference.provisions import Ask, Lens, Result, evaluate
from tests.sharing.reference.readable import concerns, is_readable
from tests.sharing.reference.world import Stood, World, remembered, remembered_for_ever

OWN = frozenset({"own"})
_PLAIN = Lens()
PATIENT = frozenset({"own", "unnamed"})  # 'anything else': 'permits count for nothing ..., denies are stored and bite'


@dataclass(frozen=True)
class Match:
    """A Consent that says something about the question."""

    consent: Stood
    result: Result
    decided: times.Span


@dataclass(frozen=True)
class Outcome:
    """What several Consents say together: '' for nothing."""

    kind: str = ""
    deciding: tuple[Match, ...] = ()


@remembered_for_ever
def consents(world: World, status: str, among: frozenset[str]) -> list[Stood]:
    """The patient-privacy Consents in a status and on some bases, whatever their time."""
    return [
        consent
        for consent in world.stood(world.facts.consents)
        if consent.content.get("status") == status and bases.is_privacy(consent) and bases.basis(consent) in among
    ]


def look(world: World, ask: Ask, consent: Stood, lens: Lens) -> Match | None:
    """What one Consent says, if it can be read and says anything."""
    return _look(world, ask, consent, lens) if is_readable(world, ask, consent) else None


def _look(world: World, ask: Ask, consent: Stood, lens: Lens) -> Match | None:
    result = evaluate(world, ask, consent.root, lens)
    decided = times.span(consent.content.get("dateTime"))
    return Match(consent, result, decided) if result and decided else None


@remembered
def matches(world: World, ask: Ask, consent: Stood, lens: Lens = _PLAIN) -> Match | None:
    """What one active Consent says now; permits that count for nothing left out.

    '`dateTime` not after `at`'; 'a stored refusal bites from the earlier of dateTime and recording', and what is known
    has been recorded.
    """
    if not is_readable(world, ask, consent):
        return None
    decided = times.span(consent.content.get("dateTime"))
    begun = decided is not None and decided.first <= world.at
    counts = begun and not bases.nothing_because(world, consent)
    # What a child permits without competence is no exception to what the same Consent refuses either.
    counts = counts and (bases.basis(consent) != "own" or may_speak(world, consent))
    return _look(world, ask, consent, lens if counts or not lens.permits else replace(lens, permits=False))


def counted(world: World, ask: Ask, among: frozenset[str]) -> list[Match]:
    """'Patient under 16: only Consents with `competence-confirmed`, or on parental-responsibility.'"""
    found = [matches(world, ask, consent) for consent in consents(world, "active", among)]
    return [match for match in found if match and (may_speak(world, match.consent) or _bites(ask, match))]


def _bites(ask: Ask, match: Match) -> bool:
    """Of professionals no layer for children speaks, so a child's refusal is heard here, competence or not."""
    return match.result.type == "deny" and not ask.supporter


def may_speak(world: World, consent: Stood) -> bool:
    own_decision = bases.basis(consent) == "parental-responsibility" or bases.is_competent(consent)
    return own_decision or not people.patient_is_child(world)


def newer(yes: Match, no: Match) -> bool:
    """'"strictly newer" means the yes's earliest is after the no's latest'; of one second nobody can tell."""
    return yes.decided.first > no.decided.end


def beats(yes: Match, no: Match) -> bool:
    """'strictly newer and at least as specific on both axes'."""
    return (
        newer(yes, no)
        and yes.result.recipient >= no.result.recipient
        and yes.result.information >= no.result.information
    )


def combine(
    world: World, ask: Ask, among: frozenset[str], more: tuple[Match, ...] = (), others: tuple[Ask, ...] = ()
) -> Outcome:
    """Section 6 on the Consents of some bases; `more` are further refusals. What was refused or turned down about
    `others` counts as if it had been said about this recipient.
    """
    found = [*counted(world, ask, among), *more]
    found += [match for other in others for match in counted(world, other, among) if match.result.type == "deny"]
    yeses = [match for match in found if match.result.type == "permit"]
    noes = [match for match in found if match.result.type == "deny"]
    rejections = [one for whom in (ask, *others) for one in rejected(world, whom, among)]
    refusals = [one for whom in (ask, *others) for one in lapsed(world, whom, among)]
    standing = [
        yes
        for yes in yeses
        if all(beats(yes, no) for no in noes)
        and all(newer(yes, rejection) for rejection in rejections)
        and all(newer(yes, refusal) for refusal in refusals)
    ]
    against = [rejection for rejection in rejections if any(not newer(yes, rejection) for yes in yeses)]
    if standing:
        return Outcome("permit", tuple(standing))
    if noes:
        kind = "conflicting-consents" if any(_newest(yes, noes) for yes in yeses) else "patient-refusal"
        return Outcome(kind, (*found, *against) if kind == "conflicting-consents" else tuple(noes))
    if against:
        return Outcome("conflicting-consents", (*yeses, *against))
    return Outcome("consent-expired", tuple(yeses)) if yeses else Outcome()


def _newest(yes: Match, noes: list[Match]) -> bool:
    """'patient-refusal where the newest matching record is a no; conflicting-consents where a newer yes exists but does
    not count, or at a tie': no refusal is certainly newer than this yes.
    """
    return not any(newer(no, yes) for no in noes)


def rejected(world: World, ask: Ask, among: frozenset[str]) -> Iterator[Match]:
    """'A `rejected` Consent newer than a yes that would match this recipient and scope if it were active'."""
    # What an override permits is no patient's yes, but a rejected one is not known to be nobody's no.
    for consent in consents(world, "rejected", among | ({"safety-override"} if among.issuperset(OWN) else set())):
        match = look(world, replace(ask, turned_down=True), consent, Lens())
        unread = unreadable(world, ask, consent)
        if unread:
            yield unread
        elif match and match.decided.first <= world.at:
            yield match


def unreadable(world: World, ask: Ask, consent: Stood) -> Match | None:
    """'what cannot be read or told apart never permits': a Consent that may refuse this, or may have."""
    if is_readable(world, ask, consent) or not concerns(world, ask, consent):
        return None
    decided = times.span(consent.content.get("dateTime")) or _first_recorded(world, consent)
    return Match(consent, Result("deny", 0, 0), decided)


def _first_recorded(world: World, consent: Stood) -> times.Span:
    """Of a decision without a time that can be read: when it was recorded, 'the first version with this dateTime'."""
    written = consent.content.get("dateTime")
    versions = world.versions(consent.record)
    recorded = times.of(next(one.version.recorded for one in versions if one.content.get("dateTime") == written))
    return times.Span(recorded, recorded, timed=True)


def lapsed(world: World, ask: Ask, among: frozenset[str]) -> Iterator[Match]:
    """'When a refusal's period has ended, or it was made inactive ... root and nested denies of a Consent one of whose
    versions was active, and for every earlier version that denied more people, scopes, purposes or instants than the
    current one', whatever the current one is.
    """
    for record in {record.reference: record for record in world.facts.consents}.values():
        for version in world.versions(record):
            active = version.content.get("status") == "active" and bases.is_privacy(version)
            if active and bases.basis(version) in among:
                yield from _denied_once(world, ask, version)


def _is_in_force(world: World, version: Stood) -> bool:
    """Whether the layer for Consents that cannot be read speaks of this version."""
    period = (version.content.get("provision") or {}).get("period")
    return world.latest.get(version.record.reference) == version and times.may_contain(period, world.at)


def _denied_once(world: World, ask: Ask, version: Stood) -> Iterator[Match]:
    """The version as a refusal, when there is an instant up to now at which its periods made it one."""
    unread = unreadable(world, ask, version)
    says_no = any(one.type != "permit" for one in levels(version.root))
    if unread and says_no and not _is_in_force(world, version):
        yield unread
    denied = [match for match in over_time(world, ask, version) if match.result.type == "deny"]
    yield from denied[:1]


def over_time(world: World, ask: Ask, version: Stood) -> Iterator[Match]:
    """What a version has said up to now: at every instant at which its periods may have made it say something else."""
    edges = {world.at}
    for one in levels(version.root):
        for period in one.periods:
            edges |= {times.start_of(period), times.start_of(period) - 1, times.end_of(period)}
    for edge in sorted(edges):
        match = matches(world, ask, version, Lens(at=edge)) if edge <= world.at else None
        if match:
            yield match
