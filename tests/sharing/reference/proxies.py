"""Who decides where the patient does not: attorney, deputy, best interest, and the safety override (section 3)."""

from tests.sharing.reference import bases, flags, people
from tests.sharing.reference.combine import (
    PATIENT,
    Match,
    combine,
    consents,
    counted,
    lapsed,
    matches,
    newer,
    rejected,
    unreadable,
)
from tests.sharing.reference.deciding import MINIMUM, held_deny, permit, references
from tests.sharing.reference.provisions import Ask
from tests.sharing.reference.unread import unread_consents
from tests.sharing.reference.verdict import Verdict
from tests.sharing.reference.world import World

_PROXIES = frozenset(bases.PROXIES)


def decided_by_others(world: World, ask: Ask, others: tuple[Ask, ...] = ()) -> Verdict | None:
    """'a lacks-capacity Flag is in force and a Consent on that basis covers it (they follow section 6 among themselves;
    a deny among them: held deny `best-interest-refusal` ...; of several that permit: attorney, deputy, best-interest in
    this order; not under 16)'.
    """
    if not flags.lacks_capacity(world) or people.patient_is_child(world):
        return None
    outcome = combine(world, ask, _PROXIES, others=others)
    refused = any(match.result.type == "deny" for one in (ask, *others) for match in counted(world, one, _PROXIES))
    if outcome.kind != "permit" and refused:
        return held_deny("best-interest-refusal", references([match.consent for match in outcome.deciding]))
    if outcome.kind != "permit":
        return None
    yeses = tuple(yes for yes in outcome.deciding if _despite_refusals(world, (ask, *others), yes))
    for basis in bases.PROXIES:
        if any(bases.basis(yes.consent) == basis for yes in yeses):
            return permit(basis, yeses, MINIMUM | {"re-seek-consent"})
    return None


def _despite_refusals(world: World, whom: tuple[Ask, ...], yes: Match) -> bool:
    """'Against the patient's refusal only if newer than every matching no and marked "refusal considered".' Newer than
    what lapsed or was turned down, too.
    """
    noes = [no for ask in whom for no in refusals(world, ask)]
    before = [no for ask in whom for no in (*lapsed(world, ask, PATIENT), *rejected(world, ask, PATIENT))]
    return all(newer(yes, no) for no in (*noes, *before)) and (not noes or bases.refusal_considered(yes.consent))


def refusals(world: World, ask: Ask) -> list[Match]:
    """The patient's refusals in force, and what cannot be read and may be one."""
    found = [matches(world, ask, consent) for consent in consents(world, "active", PATIENT)]
    found += [unreadable(world, ask, consent) for consent in unread_consents(world, ask)]
    return [match for match in found if match and match.result.type == "deny"]


def possible_doubles(world: World, ask: Ask) -> tuple[Ask, ...]:
    return tuple(Ask(other, ask.scope, ask.resources) for other in people.lookalikes(world, ask.recipient))


def override(world: World, ask: Ask, held: Verdict | None) -> Verdict | None:
    """safety-override: 'an override in force names recipient and scope'."""
    yeses = tuple(
        match
        for consent in consents(world, "active", frozenset({"safety-override"}))
        if (match := matches(world, ask, consent)) and match.result.type == "permit" and _lifts(world, ask, match, held)
    )
    if not yeses:
        return None
    return permit("safety-override", yeses, MINIMUM | {"high-audit", "retrospective-review"})


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
    refused = any(refusals(world, one) for one in (ask, *possible_doubles(world, ask)))
    return not refused or len(bases.deciders(world, match.consent)) > 1
