"""The layers, in order; the first that decides wins (section 3)."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.sharing.reference import flags, people, times
from tests.sharing.reference.combine import (
    PATIENT,
    Match,
    beats,
    combine,
    consents,
    counted,
    lapsed,
    matches,
    may_speak,
    newer,
    rejected,
    unreadable,
)
from tests.sharing.reference.deciding import MINIMUM, held_deny, permit, references
from tests.sharing.reference.early import Asked, early_deny, is_linked
from tests.sharing.reference.labels import is_restricted
from tests.sharing.reference.levels import levels
from tests.sharing.reference.order import place
from tests.sharing.reference.provisions import Ask, Lens
from tests.sharing.reference.proxies import decided_by_others, override, possible_doubles
from tests.sharing.reference.remaining import remaining
from tests.sharing.reference.unread import uninterpretable, unread_consents
from tests.sharing.reference.verdict import CLINICIAN, Verdict
from tests.sharing.reference.vocabulary import YOUNG, is_modified
from tests.sharing.reference.world import Stood, World, resolve

# 'A lifted restriction layer (wish) needs reason risk-to-others or safeguarding.'
_LIFTING = frozenset({"risk-to-others", "safeguarding"})


def decide(world: World, asked: Asked) -> Verdict:
    """The verdict about one recipient and one scope, before what named resources do to other scopes.

    'A CareTeam ...: its own answer ...; if that permits, the deny of a current RelatedPerson participant'.
    """
    own = _of_all(world, asked, _decide)
    if own.decision == "deny" or not asked.ask.recipient.startswith("CareTeam/"):
        return own
    return _of_all(world, asked, _care_team)


def _of_all(world: World, asked: Asked, look: Callable[[World, Asked], Verdict]) -> Verdict:
    """'all must be permitted', so each named resource is looked at alone, and the earliest deny is told. What is denied
    alike rests on all that denies it: 'every matching no'.
    """
    each = [Asked(replace(asked.ask, resources=(one,)), asked.found, asked.scoped) for one in asked.ask.resources]
    verdicts = [look(world, one) for one in each or [asked]]
    denies = [verdict for verdict in verdicts if verdict.decision == "deny"]
    if denies:
        return _alike([verdict for verdict in denies if place(verdict) == min(map(place, denies))])
    return replace(
        max(verdicts, key=place),
        based_on=frozenset().union(*(verdict.based_on for verdict in verdicts)),
        obligations=frozenset().union(*(verdict.obligations for verdict in verdicts)),
        next_action=next((one.next_action for one in verdicts if one.next_action != "none"), "none"),
    )


def _alike(denies: list[Verdict]) -> Verdict:
    """Denies with the same basis as one. To ask the patient is asked for by any, and an override has to lift all."""
    asks = any(verdict.next_action == "ask-patient" for verdict in denies)
    return replace(
        denies[0],
        based_on=frozenset().union(*(verdict.based_on for verdict in denies)),
        next_action="ask-patient" if asks else denies[0].next_action,
        overridable=all(verdict.overridable for verdict in denies),
    )


def _decide(world: World, asked: Asked) -> Verdict:
    match asked.ask.recipient.partition("/")[0]:
        case "RelatedPerson":
            return _supporter(world, asked)
        case "Patient":
            return _patient(world, asked)
        case _:
            return _professional(world, asked)


def _supporter(world: World, asked: Asked) -> Verdict:
    ask = asked.ask
    early = early_deny(world, asked, linked=is_linked(world, ask.recipient))
    if early:
        return early
    held = _held(world, ask)
    if held:
        return _replaced(world, ask, held)
    outcome = combine(world, ask, PATIENT, tuple(_incompetent_refusals(world, ask)))
    if outcome.kind == "permit":
        return permit("patient-consent", outcome.deciding)
    proxy = decided_by_others(world, ask)
    if proxy:
        return _replaced(world, ask, proxy)
    return override(world, ask, None) or remaining(world, ask, outcome)


def _replaced(world: World, ask: Ask, verdict: Verdict) -> Verdict:
    """'"Held" denies stand whatever the later layers say, except that safety-override may replace them.'"""
    lifted = override(world, ask, verdict) if verdict.overridable else None
    return lifted or verdict


def _patient(world: World, asked: Asked) -> Verdict:
    """own-record: 'recipient is this patient (another Patient is `recipient-not-linked`)'."""
    early = early_deny(world, asked, linked=is_linked(world, asked.ask.recipient))
    if early:
        return early
    if any(is_restricted(one) for one in asked.ask.resources):
        return Verdict("deny", "refer-own-record", next_action=CLINICIAN)
    return Verdict("permit", "own-record")


def _held(world: World, ask: Ask) -> Verdict | None:
    """The held denies, and the permit of the child layer."""
    layers: tuple[Callable[[World, Ask], Verdict | None], ...] = (
        _wish,
        _possibly_same_person,
        _deceased,
        _young_person,
        _child,
        uninterpretable,
    )
    return next((verdict for verdict in (layer(world, ask) for layer in layers) if verdict), None)


def _wish(world: World, ask: Ask) -> Verdict | None:
    wishes = flags.covering(world, "wish", ask.recipient, ask.scope, list(ask.resources))
    return held_deny("contact-restricted", references(wishes), _LIFTING) if wishes else None


def _possibly_same_person(world: World, ask: Ask) -> Verdict | None:
    """'and the other is restricted, or the same question about the other ends in patient-refusal or
    conflicting-consents.'
    """
    others = possible_doubles(world, ask)
    if not any(_is_stopped_or_refused(world, other) for other in others) and not _would_fall(world, ask, others):
        return None
    # "splitting one supporter into two records never turns deny into permit": no override either.
    if any(_restricts(world, "absolute", other) for other in others):
        return Verdict("deny", "possibly-same-person", next_action=CLINICIAN)
    lifting = _LIFTING if any(_restricts(world, "wish", other) for other in others) else None
    return held_deny("possibly-same-person", reasons=lifting)


def _is_stopped_or_refused(world: World, other: Ask) -> bool:
    refused = _said_of(world, other) in ("patient-refusal", "conflicting-consents")
    return refused or flags.is_restricted(world, other.recipient)


def _would_fall(world: World, ask: Ask, others: tuple[Ask, ...]) -> bool:
    """Whether there is a permit that would be none if all were one human: "splitting one supporter into two records
    never turns deny into permit".
    """
    return bool(others) and _is_permitted(world, ask) and not _is_permitted(world, ask, others)


def _is_permitted(world: World, ask: Ask, others: tuple[Ask, ...] = ()) -> bool:
    """What the layers from here on come to, before overrides, when what was said against `others` counts too."""
    held = (
        _deceased(world, ask) or _young_person(world, ask) or _child(world, ask, others) or uninterpretable(world, ask)
    )
    if held:
        return held.decision == "permit"
    if combine(world, ask, PATIENT, tuple(_incompetent_refusals(world, ask)), others).kind == "permit":
        return True
    proxy = decided_by_others(world, ask, others)
    return proxy is not None and proxy.decision == "permit"


def _restricts(world: World, kind: str, ask: Ask) -> bool:
    return bool(flags.covering(world, kind, ask.recipient, ask.scope, list(ask.resources)))


def _said_of(world: World, ask: Ask) -> str:
    """What the patient's Consents say of a person; a refusal without competence too, for it bites as well."""
    return combine(world, ask, PATIENT, tuple(_incompetent_refusals(world, ask))).kind


def _deceased(world: World, _: Ask) -> Verdict | None:
    return held_deny("refer-deceased") if people.is_deceased(world) else None


def _young_person(world: World, ask: Ask) -> Verdict | None:
    if ask.scope in YOUNG and people.is_young(world, ask.recipient):
        return held_deny("refer-young-person")
    return None


def _child(world: World, ask: Ask, others: tuple[Ask, ...] = ()) -> Verdict | None:
    """'patient under 16 (London date)'. A decision by section 6 is left to the later layers, which make the same of it;
    and a Consent that cannot be read is not passed over by a parent's permit.
    """
    if not people.patient_is_child(world):
        return None
    outcome = combine(world, ask, PATIENT, others=others)
    yeses = [match for match in counted(world, ask, PATIENT) if match.result.type == "permit"]
    for no in _incompetent_refusals(world, ask):
        if not any(beats(yes, no) for yes in yeses):
            return held_deny("refer-child")
    if outcome.kind:
        return None
    parents = _parents(world, ask, others)
    if not parents:
        return held_deny("refer-child")
    return uninterpretable(world, ask) or permit("parental-responsibility", parents, MINIMUM, "confirm-with-patient")


def _incompetent_refusals(world: World, ask: Ask) -> Iterator[Match]:
    """'a matching refusal by the patient ... without' competence."""
    for consent in consents(world, "active", PATIENT):
        match = matches(world, ask, consent, Lens(permits=False))
        if match and not may_speak(world, consent):
            yield match


def _parents(world: World, ask: Ask, others: tuple[Ask, ...]) -> tuple[Match, ...]:
    """'a parental-responsibility Consent that permits, newer than any matching no', one that lapsed included; and
    against the noes of parents, as everywhere, 'at least as specific'.
    """
    among, whom = frozenset({"parental-responsibility"}), (ask, *others)
    beaten = [match for one in whom for match in counted(world, one, among) if match.result.type == "deny"]
    noes = [no for one in whom for no in lapsed(world, one, PATIENT | among)]
    noes += [no for one in whom for no in rejected(world, one, PATIENT | among)]
    # What only permits, if it could be read, is no no: that is for the layer of what cannot be read.
    unread = [
        consent for consent in unread_consents(world, ask) if any(one.type != "permit" for one in levels(consent.root))
    ]
    noes += [no for consent in unread if (no := unreadable(world, ask, consent))]
    yeses = [match for match in counted(world, ask, among) if match.result.type == "permit"]
    standing = [yes for yes in yeses if all(beats(yes, no) for no in beaten)]
    return tuple(yes for yes in standing if all(newer(yes, no) for no in noes))


def _professional(world: World, asked: Asked) -> Verdict:
    """'only recipient-not-linked, resource layers, third-party-confidence, uninterpretable-consent and patient-consent
    (blanket, Organization and team permits count for them) speak; where none decides, deny `not-decided-here`'.
    """
    linked = is_linked(world, asked.ask.recipient)
    return early_deny(world, asked, linked=linked) or _between_services(world, asked.ask)


def _between_services(world: World, ask: Ask) -> Verdict:
    unread = uninterpretable(world, ask)
    if unread:
        return Verdict("deny", unread.basis, unread.based_on, next_action=CLINICIAN)
    outcome = combine(world, ask, PATIENT)
    if outcome.kind == "permit":
        return permit("patient-consent", outcome.deciding)
    if outcome.kind:
        return remaining(world, ask, outcome, overridable=False)
    return Verdict("deny", "not-decided-here")


def _care_team(world: World, asked: Asked) -> Verdict:
    """Of a team whose own answer permits: 'the deny of a current RelatedPerson participant that comes first in layer
    order'.
    """
    own = _professional(world, asked)
    people = list(_participants(world, asked, world.latest[asked.ask.recipient]))
    denies = [verdict for verdict in people if verdict.decision == "deny"]
    if not denies:
        return replace(own, obligations=own.obligations.union(*(verdict.obligations for verdict in people)))
    # An override names people, never a team.
    return replace(min(denies, key=place), overridable=False)


def _participants(world: World, asked: Asked, team: Stood) -> Iterator[Verdict]:
    listed = [one for one in team.content.get("participant") or () if not is_modified(one)]
    current = [one for one in listed if times.contains(one.get("period"), world.at)]
    members = {name for one in current for name in resolve(world, one.get("member"))}
    for name in sorted(member for member in members if member.startswith("RelatedPerson/")):
        ask = Ask(name, asked.ask.scope, asked.ask.resources)
        yield _supporter(world, Asked(ask, asked.found, asked.scoped))
