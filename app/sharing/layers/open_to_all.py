"""listening and general-information: what is open to all, also to somebody not on the record (section 3)."""

from app.sharing.case import Case
from app.sharing.finding import Finding, permit
from app.sharing.restrictions import Restriction


def open_to_all(action: str, restrictions: list[Restriction], *, may_know: bool) -> Finding:
    """A permit to listen, or to give general information. `may_know`: that this is a patient may be confirmed."""
    unconfirmed = () if may_know else ("do-not-confirm-patient",)
    if action != "listen":
        return permit("general-information", "no-patient-specific-content", *unconfirmed)
    asked_not_to = any("no-contact-patient-wish" in one.codes for one in restrictions)
    caution = ("patient-asked-us-not-to-listen",) if asked_not_to else ()
    return permit(
        "listening",
        "disclose-nothing-new",
        "record-what-was-said",
        "do-not-promise-secrecy",
        *unconfirmed,
        *caution,
    )


def restrictions_on(case: Case) -> list[Restriction]:
    """The restrictions on a supporter who calls, or who may be the one that calls; '' is somebody unknown."""
    if not case.now.restrictions or (case.recipient and not case.recipient.startswith("RelatedPerson/")):
        return []
    return [*case.restrictions, *case.may_be_restricted]
