"""The lists in a report: what was met, what was not, what was left out and why, and the records each rests on.

https://hl7.org/fhir/R4/list.html
"""

from typing import Any, Final

from app.fhir.canonical import extension
from app.fhir.published.measures import own_concept
from app.fhir.vocabulary.indicators import INDICATOR_EXCLUSION, INDICATOR_FLAG, INDICATOR_UNREADABLE
from app.fhir.vocabulary.measures import Words
from app.involvement.indicators.case import Case, Outcome, View
from app.involvement.indicators.entry import Unreadable
from app.involvement.indicators.tally import Tally

Json = dict[str, Any]

LISTED: Final = frozenset({"subject", "subject-list"})
_VIEWS: Final[tuple[View, ...]] = ("strict", "adjusted")
_OUTCOMES: Final[tuple[Outcome, ...]] = ("met", "not-met", "excluded")
_RESTS_ON: Final = extension("rests-on")


def called(words: Words, outcome: Outcome) -> str:
    """What an outcome is called: where nothing is to be met, nothing is unmet."""
    return "counted" if outcome == "not-met" and not words.numerator else outcome


def list_id(words: Words, view: str, outcome: Outcome) -> str:
    """The id of a contained List."""
    return f"{view}-{called(words, outcome)}"


def listed(words: Words, tally: Tally) -> list[Json]:
    """The contained Lists that have entries, for both views."""
    found = []
    for view in _VIEWS:
        for outcome in _OUTCOMES:
            cases = [case for case in tally.cases if case.outcome(view) == outcome]
            entries = [_entry(case, view, tally) for case in cases]
            title = f"{words.id}, {view}: {called(words, outcome)}"
            found.append(_list(list_id(words, view, outcome), title, entries))
        unread = [_unreadable(one) for one in dict.fromkeys(tally.unread)]
        found.append(_list(f"{view}-unreadable", f"{words.id}, {view}: unreadable", unread))
    return [one for one in found if one["entry"]]


def evaluated(tally: Tally) -> list[str]:
    """All records that the cases rest on, each once."""
    return list(dict.fromkeys(record for case in tally.cases for record in case.rests_on))


def _list(id_: str, title: str, entries: list[Json]) -> Json:
    return {
        "resourceType": "List",
        "id": id_,
        "status": "current",
        "mode": "snapshot",
        "title": title,
        "entry": entries,
    }


def _entry(case: Case, view: View, tally: Tally) -> Json:
    rests_on = [{"url": _RESTS_ON, "valueReference": {"reference": one}} for one in dict.fromkeys(case.rests_on)]
    flag = _flag(case, view, tally)
    return {
        **({"extension": rests_on} if rests_on else {}),
        **({"flag": flag} if flag else {}),
        "item": {"reference": case.subject},
    }


def _flag(case: Case, view: View, tally: Tally) -> Json:
    """Why it is left out; else what to look at, and what the strata say."""
    reason = case.reason(view)
    if reason:
        return own_concept(INDICATOR_EXCLUSION, reason)
    flags = [*case.flags, *(["repeated-text"] if tally.repeats(case) else [])]
    codings = [coding for flag in flags for coding in own_concept(INDICATOR_FLAG, flag)["coding"]]
    said = ", ".join(f"{name}: {value}" for name, value in case.strata)
    return {**({"coding": codings} if codings else {}), **({"text": said} if said else {})}


def _unreadable(one: Unreadable) -> Json:
    return {"flag": own_concept(INDICATOR_UNREADABLE, one.why), "item": {"reference": one.record}}
