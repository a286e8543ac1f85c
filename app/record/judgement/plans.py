"""CarePlans in which supporters do something: whether the plan can rest on them (domain: individual parts, NICE A3)."""

from collections.abc import Iterator
from typing import Final

from app.fhir import issues
from app.fhir.canonical import extension
from app.fhir.errors import Issue
from app.involvement.parts import (
    MEDICATION,
    Part,
    is_reduced_for_family,
    names_supporters,
    not_agreed,
    parts,
    supports_with_medication,
    time_of,
)
from app.record.judgement.judged import Judged, Judgement, Members
from app.sharing.people import grown_up
from app.sharing.reading import extensions, mapping
from app.sharing.roles import roles
from app.sharing.times import BEGINNING, Span, period

_UNAVAILABLE: Final = extension("unavailable")


def needs_judgement(new: Members) -> bool:
    """Whether a supporter has a part in it, or something is reduced because the family does it."""
    return names_supporters(new) or is_reduced_for_family(new)


def may_refuse(new: Members) -> bool:
    """Whether it depends on somebody's age whether it may be stored."""
    return supports_with_medication(new) and names_supporters(new)


def judge(judged: Judged) -> Judgement:
    """A refusal where a child is to support with medication, and warnings of what makes a plan weak."""
    found = Judgement()
    theirs = parts(judged.new, judged.view.directory)
    for part in theirs:
        if _is_under_18(part, judged):
            _judge_child(part, found)
        elif _is_age_unknown(part, judged):
            found.warnings.append(issues.warning(_unknown_age(part, judged)))
        if _is_known(part, judged):
            found.warnings.extend(issues.warning(issue) for issue in _unavailable(part, judged))
    if theirs and all(part.is_medication and len(part.codes) == 1 for part in theirs):
        text = "Support with medication is the only part that a supporter has: it must not be the only one."
        found.warnings.append(issues.warning(issues.rule("CarePlan.activity", text)))
    found.warnings.extend(issues.warning(issue) for issue in (*_after_death(judged), *_without_agreement(judged)))
    return found


def _judge_child(part: Part, found: Judgement) -> None:
    if part.is_medication and not part.confirmed:
        text = (
            f"This person is under 18, so {MEDICATION} takes a named clinician who stands by it: the extension "
            "clinician-confirmed, with who that is."
        )
        found.issues.append(issues.rule(part.performer, text))
    else:
        text = "This person is under 18: no part of an adult, and a referral for young carers is due."
        found.warnings.append(issues.warning(issues.rule(part.performer, text)))


def _is_under_18(part: Part, judged: Judged) -> bool:
    """At the time of the part: by birth date, and without one by the role of a child."""
    at = judged.at if part.time.low == BEGINNING else part.time.low
    if not part.supporter:
        return grown_up(part.contained, roles(part.contained)) > at
    return any(one.grown_up > at for one in judged.view.human(part.supporter))


def _is_age_unknown(part: Part, judged: Judged) -> bool:
    """Whether it matters and nobody recorded it: for medication, and of somebody of whom there is no record here."""
    if not _is_known(part, judged):
        return "birthDate" not in part.contained
    return (
        part.is_medication and not part.confirmed and all(one.born is None for one in judged.view.human(part.supporter))
    )


def _is_known(part: Part, judged: Judged) -> bool:
    """Whether the one who has the part is somebody here, and the writer may know of them."""
    return bool(part.supporter) and part.supporter not in judged.facts.unknown


def _unknown_age(part: Part, judged: Judged) -> Issue:
    of = "No birth date is recorded of this person" if _is_known(part, judged) else "This performer is not known here"
    text = f"{of}, so nobody can tell whether they are under 18: make sure, and record it (RelatedPerson.birthDate)."
    return issues.rule(part.performer, text)


def _unavailable(part: Part, judged: Judged) -> Iterator[Issue]:
    (one,) = (each for each in judged.view.human(part.supporter) if each.reference == part.supporter)
    time = _to_come(part.time, judged.at)
    if not one.active:
        yield issues.rule(part.performer, "The plan rests on somebody who is no longer a supporter (active is false).")
    elif one.linked is None or not one.linked.meets(time):
        text = "The plan rests on somebody who is no supporter at that time, by RelatedPerson.period."
        yield issues.rule(part.performer, text)
    if any(away.meets(time) for away in _away(part.supporter, judged)):
        text = "The plan rests on somebody who is unavailable for some of that time. Who does it then?"
        yield issues.rule(part.performer, text)


def _to_come(time: Span, now: int) -> Span:
    """What of a time is still to come; all of it when it is over."""
    return Span(max(time.low, now), time.high) if now < time.high else time


def _away(supporter: str, judged: Judged) -> Iterator[Span]:
    """When somebody said that they cannot."""
    contents = (mapping(each.versions[-1].content) for each in judged.facts.supporters if each.reference == supporter)
    for content in contents:
        for said in extensions(content, _UNAVAILABLE):
            found = period(said.get("valuePeriod"))
            if found:
                yield found


def _after_death(judged: Judged) -> Iterator[Issue]:
    if any(died < time_of(judged.new).high and died <= judged.at for _, died in judged.view.deaths):
        yield issues.rule("CarePlan.subject", "The patient has died, and something of this plan is still to be done.")


def _without_agreement(judged: Judged) -> Iterator[Issue]:
    for path, who in not_agreed(judged.new, judged.view.directory):
        text = (
            f"This is reduced because the family does it, and {' and '.join(who)} did not agree (extension agreement): "
            "nothing is taken away for that reason unless both have agreed (NICE)."
        )
        yield issues.rule(f"{path}.statusReason", text)
