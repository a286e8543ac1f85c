"""Flags that restrict contact or say that capacity is lacking: whom they name, and what is taken away (section 4)."""

from app.fhir import issues
from app.fhir.canonical import FLAG_DETAIL
from app.fhir.checks.flag import restricts, says_capacity_is_lacking
from app.fhir.errors import Issue
from app.record.judgement.judged import Judged, Judgement, Members
from app.sharing.capacity import Incapacity, incapacity
from app.sharing.reading import extensions, mapping
from app.sharing.restrictions import Restriction, restriction
from app.sharing.systems import extension
from app.sharing.times import Span, span

_SAFEGUARDING = "no-contact-safeguarding"


def needs_judgement(old: Members | None, new: Members) -> bool:
    """Whether it protects somebody, or did."""
    return any(restricts(flag) or says_capacity_is_lacking(flag) for flag in (old or {}, new))


def judge(judged: Judged) -> Judgement:
    """Whom it is about, and whether it protects less than the version before."""
    found = Judgement(ends=_ends(judged), restricts=restricts(judged.new) or restricts(judged.old or {}))
    if judged.new.get("status") == "active" and restricts(judged.new):
        found.issues = _unresolved(judged)
    return found


def _ends(judged: Judged) -> str:
    if judged.old is None:
        return ""
    if _restricts_less(_restriction(judged.old, judged), _restriction(judged.new, judged), judged.at):
        return "The restriction covers fewer people, scopes or instants than before"
    if _lacks_less(judged.old, judged.new, judged.view.policy.capacity_days):
        return "The time in which capacity was found to be lacking is made shorter"
    return ""


def _restriction(flag: Members, judged: Judged) -> Restriction | None:
    return restriction("", flag, judged.view.directory)


def _restricts_less(old: Restriction | None, new: Restriction | None, at: int) -> bool:
    if old is None or old.period.high <= at:
        return False
    if new is None:
        return True
    fewer_people = bool(new.people) and (not old.people or not old.people <= new.people)
    # Safeguarding covers all that any other restriction does.
    fewer_scopes = _SAFEGUARDING not in new.codes and not old.codes <= new.codes
    left = Span(max(old.period.low, at), old.period.high)
    return fewer_people or fewer_scopes or not new.period.contains(left)


def _lacks_less(old: Members, new: Members, days: int) -> bool:
    """Whether the new version no longer covers all from the start to the last time that it was confirmed."""
    was, is_ = incapacity(old, days), incapacity(new, days)
    if was is None:
        return False
    found = _confirmed(old, was)
    return is_ is None or is_.perhaps.low > found.low or is_.perhaps.high <= found.high


def _confirmed(flag: Members, was: Incapacity) -> Span:
    """From the start to the last confirmation, which holds to the end of the flag's period at most."""
    written = (span(item.get("valueDateTime")) for item in extensions(flag, extension("capacity-confirmed")))
    start = span(mapping(flag.get("period")).get("start"))
    times = [found.low for found in (start, *written) if found]
    return Span(was.perhaps.low, min(max(times, default=was.perhaps.low), was.perhaps.high - 1))


def _unresolved(judged: Judged) -> list[Issue]:
    """Supporters who are named and cannot be found: the restriction would miss them, or be about everybody."""
    found, named = [], False
    for index, item in enumerate(judged.new.get("extension", ())):
        if item["url"] != FLAG_DETAIL:
            continue
        who = judged.view.directory.find(item.get("valueReference"))
        if who.type == "RelatedPerson" and who.reference:
            named = True
        elif who.type in ("RelatedPerson", ""):
            text = "None of this patient's supporters is found by this. Store the RelatedPerson first."
            found.append(issues.value(f"Flag.extension[{index}].value", text))
    if not named and not found:
        text = "The restriction names no supporter of this patient, so it would be about everybody. Add flag-detail."
        found.append(issues.rule("Flag.extension", text))
    return found
