"""The layers before anything decided: who is linked, what was named, restrictions, confidences (section 3)."""

from dataclasses import dataclass

from tests.sharing.reference import flags, people, times
from tests.sharing.reference.deciding import references
from tests.sharing.reference.labels import in_confidence
from tests.sharing.reference.provisions import Ask
from tests.sharing.reference.verdict import CLINICIAN, Verdict
from tests.sharing.reference.vocabulary import is_modified
from tests.sharing.reference.world import Stood, World, resolve


@dataclass(frozen=True)
class Asked:
    """One recipient and scope, with the named resources that were found and whether all were."""

    ask: Ask
    found: bool = True
    scoped: bool = True


def early_deny(world: World, asked: Asked, *, linked: bool) -> Verdict | None:
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
            return Verdict("deny", "contact-restricted", references(stops), next_action=CLINICIAN)
    told = [one for one in ask.resources if in_confidence(one) and not _is_giver(world, ask, one)]
    if told:
        return Verdict("deny", "third-party-confidence", references(told), next_action=CLINICIAN)
    return None


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
