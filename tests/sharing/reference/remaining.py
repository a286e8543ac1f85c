"""The deny that remains, first that holds (the last row of section 3)."""

from tests.sharing.reference import bases, flags, people, times
from tests.sharing.reference.combine import OWN, Outcome, consents, lapsed, look, matches, over_time
from tests.sharing.reference.levels import Level, levels
from tests.sharing.reference.provisions import Ask, Lens, discloses_something, names_directly, reach
from tests.sharing.reference.readable import is_readable
from tests.sharing.reference.verdict import CLINICIAN, Verdict
from tests.sharing.reference.vocabulary import RISK
from tests.sharing.reference.world import Stood, World


def remaining(world: World, ask: Ask, outcome: Outcome, *, overridable: bool = True) -> Verdict:
    """'deny; all overridable; while a lacks-capacity Flag is in force nextAction is refer-to-clinician'."""
    basis, action = _first(world, ask, outcome)
    based_on = {match.consent.reference for match in outcome.deciding}
    if basis not in ("patient-refusal", "conflicting-consents"):
        based_on = set()
    if flags.lacks_capacity(world):
        action = CLINICIAN
    return Verdict("deny", basis, frozenset(based_on), next_action=action, overridable=overridable)


def _first(world: World, ask: Ask, outcome: Outcome) -> tuple[str, str]:
    ask_again = "confirm-with-patient" if ask.scope in RISK else "none"
    if _is_statutory(world, ask):
        return "statutory-item", CLINICIAN
    if outcome.kind == "patient-refusal":
        return outcome.kind, ask_again
    if outcome.kind == "conflicting-consents":
        return outcome.kind, "confirm-with-patient"
    ended = _ended(world, ask)
    if outcome.kind == "consent-expired" and ended != ("consent-withdrawn", "ask-patient"):
        return outcome.kind, "ask-patient"
    if ended:
        return ended
    if _given_without_capacity(world, ask):
        return "given-without-capacity", CLINICIAN
    if any(_permits_something(world, ask, consent) for consent in consents(world, "active", own(world))):
        return "not-covered", "ask-patient"
    return ("asked-undecided" if _is_undecided(world, ask) else "no-consent-recorded"), "ask-patient"


def own(world: World) -> frozenset[str]:
    """'advance-statement = the patient's own, only while capacity is lacking'."""
    return OWN | ({"advance-statement"} if flags.lacks_capacity(world) else set())


def _is_statutory(world: World, ask: Ask) -> bool:
    """'a nearest relative, or a nominated person whose role is in force at `at`, asks legal-status'."""
    if ask.scope != "legal-status" or not ask.supporter:
        return False
    return any(
        (code == "nearest-relative" and times.contains(people.value(held, "role-period"), world.at))
        or (code == "nominated-person" and people.in_force(held, world.at, blank=False))
        for code, held in people.roles(world, people.same(world, ask.recipient))
    )


def _ended(world: World, ask: Ask) -> tuple[str, str] | None:
    """'the newest Consent on the patient's own basis that would permit if it were active and unbounded: inactive is
    `consent-withdrawn` (ask-patient), active but ended is `consent-expired` (renew-consent; ask-patient when the newest
    record was a refusal)'.
    """
    found = [
        match
        for status in ("active", "inactive")
        for consent in consents(world, status, own(world))
        if (match := matches(world, ask, consent, Lens(begins=False, ends=False))) and match.result.type == "permit"
    ]
    newest = [match for match in found if match.decided.first == max(one.decided.first for one in found)]
    if any(match.consent.content.get("status") == "inactive" for match in newest):
        return "consent-withdrawn", "ask-patient"
    if any(_has_ended(world, ask, match.consent) for match in newest):
        refused = any(
            no.decided.end >= newest[0].decided.first for no in lapsed(world, ask, frozenset({"own", "unnamed"}))
        )
        return "consent-expired", "ask-patient" if refused else "renew-consent"
    return None


def _has_ended(world: World, ask: Ask, consent: Stood) -> bool:
    """It permitted once, and no longer."""
    now = matches(world, ask, consent)
    once = any(match.result.type == "permit" for match in over_time(world, ask, consent))
    return once and not (now and now.result.type == "permit")


def _given_without_capacity(world: World, ask: Ask) -> bool:
    return any(
        bases.nothing_because(world, consent) == "given-without-capacity" and _would_permit(world, ask, consent)
        for consent in consents(world, "active", OWN)
        if is_readable(world, ask, consent)
    )


def _would_permit(world: World, ask: Ask, consent: Stood) -> bool:
    match = look(world, ask, consent, Lens())
    return bool(match and match.result.type == "permit" and match.decided.first <= world.at)


def _permits_something(world: World, ask: Ask, consent: Stood) -> bool:
    """'an active Consent on the patient's own basis, begun or not, permits something to this recipient by name or
    support-network team and does not permit this scope now; ended Consents do not count'.
    """
    if not is_readable(world, ask, consent) or bases.nothing_because(world, consent):
        return False
    return any(
        one.type == "permit" and reach(world, ask, one) and discloses_something(one) and not _is_over(world, one)
        for one in levels(consent.root)
    )


def _is_over(world: World, one: Level) -> bool:
    return any(times.end_of(period) < world.at for period in one.periods)


def _is_undecided(world: World, ask: Ask) -> bool:
    """'the newest draft or proposed names this recipient': the newest of those about the recipient is one of them."""
    everything = frozenset({"own", "unnamed", *bases.PROXIES, "parental-responsibility", "safety-override"})
    return any(
        names_directly(world, ask, consent.root)
        for status in ("draft", "proposed")
        for consent in consents(world, status, everything)
    )
