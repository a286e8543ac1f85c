"""safety-override: a named clinician decided against a deny (the sharing decision, sections 3 and 4).

No rule of the machine grants one: it is recorded by a person, and judged again at each check.
"""

from typing import Final

from app.sharing.case import Case
from app.sharing.finding import Finding, permit_by
from app.sharing.legal_basis import why_void
from app.sharing.reading import Json, extension_value, mapping, objects, text
from app.sharing.statement import Statement
from app.sharing.systems import extension
from app.sharing.times import HOUR, SECOND, is_partial, span

BASIS = "safety-override"
REASONS: Final = frozenset({"risk-to-others", "safeguarding", "legal-duty", "risk-to-self"})
CAPACITY_VIEWS: Final = frozenset({"has-capacity", "lacks-capacity", "in-doubt"})
_LIFTS_A_WISH: Final = frozenset({"risk-to-others", "safeguarding"})


def safety_override(case: Case) -> Finding | None:
    """A permit when an override in force names this recipient and scope."""
    standing = [voice for voice in case.heard.overrides if _is_valid(voice.statement, case)]
    if not standing:
        return None
    return permit_by(standing, BASIS, "minimum-necessary", "high-audit", "retrospective-review")


def _is_valid(one: Statement, case: Case) -> bool:
    return (
        is_evidenced(one, case.now.view.policy.override_hours)
        and not why_void(one, case.now.view, case.at)
        and _names_scope(one, case.scope)
        and _may_lift(one, case)
        and is_second_opinion(one, case)
    )


def is_evidenced(one: Statement, hours: int) -> bool:
    """Whether it has everything that an override must have, as far as it can be seen from itself."""
    return (
        _code(one.content, "override-reason") in REASONS
        and _code(one.content, "override-capacity-view") in CAPACITY_VIEWS
        and bool(text(extension_value(one.content, extension("override-justification"), "valueString")).strip())
        and bool(one.performers)
        and all(performer.startswith(("Practitioner/", "PractitionerRole/")) for performer in one.performers)
        and one.root is not None
        and one.root.permits
        and not one.root.nested
        and _names_people(mapping(one.content.get("provision")))
        and _is_short(one, hours)
    )


def _names_people(provision: Json) -> bool:
    """At least one recipient, each by direct reference, and none of them a team."""
    references = [text(mapping(actor.get("reference")).get("reference")) for actor in objects(provision.get("actor"))]
    return bool(references) and all(reference and "CareTeam/" not in reference for reference in references)


def _is_short(one: Statement, hours: int) -> bool:
    """Starts within an hour of the decision, and ends within the hours allowed."""
    period = mapping(mapping(one.content.get("provision")).get("period"))
    start, end = span(period.get("start")), span(period.get("end"))
    if start is None or end is None or is_partial(period["start"]) or is_partial(one.content.get("dateTime")):
        return False
    return abs(start.low - one.dated.low) <= HOUR and end.high - SECOND - start.low <= hours * HOUR


def _names_scope(one: Statement, scope: str) -> bool:
    scoping = one.root.scoping if one.root else None
    return scoping is not None and scoping.scopes is not None and scope in scoping.scopes


def _may_lift(one: Statement, case: Case) -> bool:
    """A wish not to be in contact is lifted for the sake of others, or to safeguard."""
    wishes = [flag for flag in (*case.restrictions, *case.may_be_restricted) if flag.is_wish]
    return not wishes or _code(one.content, "override-reason") in _LIFTS_A_WISH


def is_second_opinion(one: Statement, case: Case) -> bool:
    """For the patient's own sake against a refusal, two people decide, unless capacity is lacking."""
    if _code(one.content, "override-reason") != "risk-to-self" or case.now.lacks_capacity:
        return True
    refused = case.all_refusals.noes or case.heard.uninterpretable
    return not refused or len({_human(performer, case) for performer in one.performers}) > 1


def _human(performer: str, case: Case) -> str:
    """The Practitioner behind a PractitionerRole, where that is known."""
    content = mapping(case.now.view.professionals.get(performer))
    return case.now.view.directory.find(content.get("practitioner")).reference or performer


def _code(consent: Json, name: str) -> str:
    return text(extension_value(consent, extension(name), "valueCode"))
