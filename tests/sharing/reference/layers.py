"""The layers, in order; the first that decides wins (section 3)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tests.sharing.reference import bases, flags, people, times
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
from tests.sharing.reference.labels import in_confidence, is_restricted
from tests.sharing.reference.levels import levels
from tests.sharing.reference.provisions import Ask, Lens
from tests.sharing.reference.readable import concerns, is_readable
from tests.sharing.reference.remaining import remaining
from tests.sharing.reference.verdict import CLINICIAN, Verdict
from tests.sharing.reference.vocabulary import YOUNG, is_modified
from tests.sharing.reference.world import Stood, World, resolve

# 'A lifted restriction layer (wish) needs reason risk-to-others or safeguarding.'
_LIFTING = frozenset({"risk-to-others", "safeguarding"})
_PROXIES = frozenset(bases.PROXIES)
_MINIMUM = frozenset({"minimum-necessary"})


@dataclass(frozen=True)
class Asked:
    """One recipient and scope, with the named resources that were found and whether all were."""

    ask: Ask
    found: bool = True
    scoped: bool = True


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
        return _alike([verdict for verdict in denies if _place(verdict) == min(map(_place, denies))])
    return replace(
        max(verdicts, key=_place),
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
    early = _early(world, asked, linked=is_linked(world, ask.recipient))
    if early:
        return early
    held = _held(world, ask)
    if held:
        return _replaced(world, ask, held)
    outcome = combine(world, ask, PATIENT, tuple(_incompetent_refusals(world, ask)))
    if outcome.kind == "permit":
        return _permit("patient-consent", outcome.deciding)
    proxy = _proxies(world, ask)
    if proxy:
        return _replaced(world, ask, proxy)
    return _override(world, ask, None) or remaining(world, ask, outcome)


def _replaced(world: World, ask: Ask, verdict: Verdict) -> Verdict:
    """'"Held" denies stand whatever the later layers say, except that safety-override may replace them.'"""
    lifted = _override(world, ask, verdict) if verdict.overridable else None
    return lifted or verdict


def _early(world: World, asked: Asked, *, linked: bool) -> Verdict | None:
    """recipient-not-linked, resource-not-found, scope-unknown, contact-restricted, third-party-confidence."""
    ask = asked.ask
    if not linked:
        return Verdict("deny", "recipient-not-linked")
    if not asked.found:
        return Verdict("deny", "resource-not-found")
    if not asked.scoped:
        return Verdict("deny", "scope-unknown")
    if ask.supporter:
        stops = flags.covering(world, "absolute", ask.recipient, ask.scope, list(ask.resources))
        if stops:
            return Verdict("deny", "contact-restricted", _references(stops), next_action=CLINICIAN)
    told = [one for one in ask.resources if in_confidence(one) and not _is_giver(world, ask, one)]
    if told:
        return Verdict("deny", "third-party-confidence", _references(told), next_action=CLINICIAN)
    return None


def _references(stood: list[Stood]) -> frozenset[str]:
    return frozenset(one.reference for one in stood)


def is_linked(world: World, reference: str) -> bool:
    """'RelatedPerson unknown, of another patient, `active: false`, outside its period, deleted ... (absent `active`
    counts as active)'; 'another Patient'; professionals 'linked when stored and active'; 'A CareTeam (active, of this
    patient)'.
    """
    stood = world.latest.get(reference)
    if stood is None:
        return False
    match stood.record.type:
        case "Patient":
            return reference in world.patient_references()
        case "CareTeam":
            modified = is_modified(stood.content)
            return stood.content.get("status") == "active" and _is_in_period(world, stood) and not modified
        case "RelatedPerson":
            modified = is_modified(stood.content)
            return stood.content.get("active") is not False and _is_in_period(world, stood) and not modified
        case _:
            return stood.content.get("active") is not False


def _is_in_period(world: World, stood: Stood) -> bool:
    return times.contains(stood.content.get("period"), world.at)


def _is_giver(world: World, ask: Ask, resource: Stood) -> bool:
    """'(Communication.sender, QuestionnaireResponse.source or author)'."""
    elements = {"Communication": ("sender",), "QuestionnaireResponse": ("source", "author")}
    givers = [resource.content.get(name) for name in elements.get(resource.record.type, ())]
    given = {name for giver in givers if giver for name in resolve(world, giver)}
    themselves = people.same(world, ask.recipient) if ask.supporter else {ask.recipient}
    return bool(given & themselves)


def _patient(world: World, asked: Asked) -> Verdict:
    """own-record: 'recipient is this patient (another Patient is `recipient-not-linked`)'."""
    early = _early(world, asked, linked=is_linked(world, asked.ask.recipient))
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
        _uninterpretable,
    )
    return next((verdict for verdict in (layer(world, ask) for layer in layers) if verdict), None)


def _held_deny(basis: str, based_on: frozenset[str] = frozenset(), reasons: frozenset[str] | None = None) -> Verdict:
    return Verdict("deny", basis, based_on, next_action=CLINICIAN, overridable=True, reasons=reasons)


def _wish(world: World, ask: Ask) -> Verdict | None:
    wishes = flags.covering(world, "wish", ask.recipient, ask.scope, list(ask.resources))
    return _held_deny("contact-restricted", _references(wishes), _LIFTING) if wishes else None


def _possibly_same_person(world: World, ask: Ask) -> Verdict | None:
    """'and the other is restricted, or the same question about the other ends in patient-refusal or
    conflicting-consents.'
    """
    others = _possible_doubles(world, ask)
    if not any(_is_stopped_or_refused(world, other) for other in others) and not _would_fall(world, ask, others):
        return None
    # "splitting one supporter into two records never turns deny into permit": no override either.
    if any(_restricts(world, "absolute", other) for other in others):
        return Verdict("deny", "possibly-same-person", next_action=CLINICIAN)
    lifting = _LIFTING if any(_restricts(world, "wish", other) for other in others) else None
    return _held_deny("possibly-same-person", reasons=lifting)


def _possible_doubles(world: World, ask: Ask) -> tuple[Ask, ...]:
    return tuple(Ask(other, ask.scope, ask.resources) for other in people.lookalikes(world, ask.recipient))


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
        _deceased(world, ask) or _young_person(world, ask) or _child(world, ask, others) or _uninterpretable(world, ask)
    )
    if held:
        return held.decision == "permit"
    if combine(world, ask, PATIENT, tuple(_incompetent_refusals(world, ask)), others).kind == "permit":
        return True
    proxy = _proxies(world, ask, others)
    return proxy is not None and proxy.decision == "permit"


def _restricts(world: World, kind: str, ask: Ask) -> bool:
    return bool(flags.covering(world, kind, ask.recipient, ask.scope, list(ask.resources)))


def _said_of(world: World, ask: Ask) -> str:
    """What the patient's Consents say of a person; a refusal without competence too, for it bites as well."""
    return combine(world, ask, PATIENT, tuple(_incompetent_refusals(world, ask))).kind


def _deceased(world: World, _: Ask) -> Verdict | None:
    return _held_deny("refer-deceased") if people.is_deceased(world) else None


def _young_person(world: World, ask: Ask) -> Verdict | None:
    if ask.scope in YOUNG and people.is_young(world, ask.recipient):
        return _held_deny("refer-young-person")
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
            return _held_deny("refer-child")
    if outcome.kind:
        return None
    parents = _parents(world, ask, others)
    if not parents:
        return _held_deny("refer-child")
    return _uninterpretable(world, ask) or _permit("parental-responsibility", parents, _MINIMUM, "confirm-with-patient")


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
    unread = [consent for consent in _unread(world, ask) if any(one.type != "permit" for one in levels(consent.root))]
    noes += [no for consent in unread if (no := unreadable(world, ask, consent))]
    yeses = [match for match in counted(world, ask, among) if match.result.type == "permit"]
    standing = [yes for yes in yeses if all(beats(yes, no) for no in beaten)]
    return tuple(yes for yes in standing if all(newer(yes, no) for no in noes))


def _uninterpretable(world: World, ask: Ask) -> Verdict | None:
    """'an active, in-period patient-privacy Consent cannot be read, and it is not certain that it concerns only other
    recipients'.
    """
    unread = _unread(world, ask)
    return _held_deny("uninterpretable-consent", _references(unread)) if unread else None


def _unread(world: World, ask: Ask) -> list[Stood]:
    return [
        consent
        for consent in world.stood(world.facts.consents)
        if consent.content.get("status") == "active"
        and bases.is_privacy(consent)
        and times.contains((consent.content.get("provision") or {}).get("period"), world.at)
        and not is_readable(world, ask, consent)
        and concerns(world, ask, consent)
    ]


def _permit(
    basis: str, yeses: tuple[Match, ...], obligations: frozenset[str] = frozenset(), action: str = "none"
) -> Verdict:
    """'`basedOn`: for a permit every yes that stands'."""
    conditions = frozenset().union(*(yes.result.conditions for yes in yeses))
    return Verdict("permit", basis, _references([yes.consent for yes in yeses]), obligations | conditions, action)


def _proxies(world: World, ask: Ask, others: tuple[Ask, ...] = ()) -> Verdict | None:
    """'a lacks-capacity Flag is in force and a Consent on that basis covers it (they follow section 6 among themselves;
    a deny among them: held deny `best-interest-refusal` ...; of several that permit: attorney, deputy, best-interest in
    this order; not under 16)'.
    """
    if not flags.lacks_capacity(world) or people.patient_is_child(world):
        return None
    outcome = combine(world, ask, _PROXIES, others=others)
    refused = any(match.result.type == "deny" for one in (ask, *others) for match in counted(world, one, _PROXIES))
    if outcome.kind != "permit" and refused:
        return _held_deny("best-interest-refusal", _references([match.consent for match in outcome.deciding]))
    if outcome.kind != "permit":
        return None
    yeses = tuple(yes for yes in outcome.deciding if _despite_refusals(world, (ask, *others), yes))
    for basis in bases.PROXIES:
        if any(bases.basis(yes.consent) == basis for yes in yeses):
            return _permit(basis, yeses, _MINIMUM | {"re-seek-consent"})
    return None


def _despite_refusals(world: World, whom: tuple[Ask, ...], yes: Match) -> bool:
    """'Against the patient's refusal only if newer than every matching no and marked "refusal considered".' Newer than
    what lapsed or was turned down, too.
    """
    noes = [no for ask in whom for no in _refusals(world, ask)]
    before = [no for ask in whom for no in (*lapsed(world, ask, PATIENT), *rejected(world, ask, PATIENT))]
    return all(newer(yes, no) for no in (*noes, *before)) and (not noes or bases.refusal_considered(yes.consent))


def _refusals(world: World, ask: Ask) -> list[Match]:
    """The patient's refusals in force, and what cannot be read and may be one."""
    found = [matches(world, ask, consent) for consent in consents(world, "active", PATIENT)]
    found += [unreadable(world, ask, consent) for consent in _unread(world, ask)]
    return [match for match in found if match and match.result.type == "deny"]


def _override(world: World, ask: Ask, held: Verdict | None) -> Verdict | None:
    """safety-override: 'an override in force names recipient and scope'."""
    yeses = tuple(
        match
        for consent in consents(world, "active", frozenset({"safety-override"}))
        if (match := matches(world, ask, consent)) and match.result.type == "permit" and _lifts(world, ask, match, held)
    )
    if not yeses:
        return None
    return _permit("safety-override", yeses, _MINIMUM | {"high-audit", "retrospective-review"})


def _lifts(world: World, ask: Ask, match: Match, held: Verdict | None) -> bool:
    """'risk-to-self against a refusal, unless the capacity Flag is in force, needs two different performers ... A
    lifted restriction layer (wish) needs reason risk-to-others or safeguarding.'
    """
    reason = bases.code(match.consent, "override-reason")
    if held and held.reasons is not None and reason not in held.reasons:
        return False
    if reason != "risk-to-self" or flags.lacks_capacity(world):
        return True
    # 'splitting one supporter into two records never turns deny into permit': what was refused to a double counts.
    refused = any(_refusals(world, one) for one in (ask, *_possible_doubles(world, ask)))
    return not refused or len(bases.deciders(world, match.consent)) > 1


def _professional(world: World, asked: Asked) -> Verdict:
    """'only recipient-not-linked, resource layers, third-party-confidence, uninterpretable-consent and patient-consent
    (blanket, Organization and team permits count for them) speak; where none decides, deny `not-decided-here`'.
    """
    linked = is_linked(world, asked.ask.recipient)
    return _early(world, asked, linked=linked) or _between_services(world, asked.ask)


def _between_services(world: World, ask: Ask) -> Verdict:
    unread = _uninterpretable(world, ask)
    if unread:
        return Verdict("deny", unread.basis, unread.based_on, next_action=CLINICIAN)
    outcome = combine(world, ask, PATIENT)
    if outcome.kind == "permit":
        return _permit("patient-consent", outcome.deciding)
    if outcome.kind:
        return remaining(world, ask, outcome, overridable=False)
    return Verdict("deny", "not-decided-here")


LAYERS = (
    "recipient-not-linked",
    "resource-not-found",
    "scope-unknown",
    "contact-restricted",
    "third-party-confidence",
    "own-record",
    "refer-own-record",
    "possibly-same-person",
    "refer-deceased",
    "refer-young-person",
    "refer-child",
    "parental-responsibility",
    "uninterpretable-consent",
    "patient-consent",
    *bases.PROXIES,
    "best-interest-refusal",
    "safety-override",
    "statutory-item",
    "patient-refusal",
    "conflicting-consents",
    "consent-withdrawn",
    "consent-expired",
    "given-without-capacity",
    "not-covered",
    "asked-undecided",
    "no-consent-recorded",
    "not-decided-here",
)


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
    return replace(min(denies, key=_place), overridable=False)


def _place(verdict: Verdict) -> float:
    place: float = LAYERS.index(verdict.basis)
    wish = verdict.basis == "contact-restricted" and verdict.overridable
    return place + 1.5 if wish else place


def _participants(world: World, asked: Asked, team: Stood) -> Iterator[Verdict]:
    listed = [one for one in team.content.get("participant") or () if not is_modified(one)]
    current = [one for one in listed if times.contains(one.get("period"), world.at)]
    members = {name for one in current for name in resolve(world, one.get("member"))}
    for name in sorted(member for member in members if member.startswith("RelatedPerson/")):
        ask = Ask(name, asked.ask.scope, asked.ask.resources)
        yield _supporter(world, Asked(ask, asked.found, asked.scoped))
