"""What asking a patient about one supporter came to, in every state that it can be in."""

from collections.abc import Iterator
from random import Random

from app.demo.anchor import instant
from app.demo.consents import permit, refuse, withdrawn
from app.demo.people import Resource
from app.demo.teams import support_network

_EVERYDAY = ("service-contact", "make-contact", "care-plan", "appointments", "meetings")
_FURTHER = ("condition-information", "medication", "safety-plan", "relapse-signature", "risk-to-self", "whereabouts")


def agreed(of: Resource, by: Resource, state: str, random: Random, *, before: int) -> Iterator[Resource]:  # noqa: C901  # one table of states
    """The Consents that this state of asking leaves behind; it was asked so many days before the anchor."""
    asked = instant(-before, f"{random.randint(9, 16):02d}:{random.choice((0, 10, 20, 40)):02d}")
    scopes = [*_EVERYDAY, *random.sample(_FURTHER, 3)]
    yes = permit(of, by, scopes, asked, next_review=instant(90 - before), recorder="nurse-callum-reidpath")
    match state:
        case "given":
            yield yes
        case "limited":
            yield permit(of, by, ["appointments", "service-contact"], asked, conditions=["verbal-only", "no-letters"])
        case "refused":
            yield refuse(of, by, [], asked, next_review=instant(14))
        case "undecided":
            yield permit(of, by, scopes, asked, status="draft")
        case "expired":
            yield permit(of, by, scopes, instant(-200), until=instant(-18))
        case "review":
            yield permit(of, by, scopes, asked, next_review=instant(-1))
        case "withdrawn":
            yield from (yes, withdrawn(yes, instant(-1, "09:30")))
        case "network":
            network = support_network(of, by)
            yield from (network, permit(of, network, _EVERYDAY, asked))
        case "except":
            yield permit(of, by, [], asked, exceptions=["medication", "risk-to-others"])
        case "again":
            yield refuse(of, by, [], instant(-40), name=f"consent-{of['id']}-first", method="written")
            yield permit(of, by, scopes, asked)
        case "nobody-told":
            yield refuse(of, None, [], asked)
