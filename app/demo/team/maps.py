"""Who and what is around each of them, as drawn with the team; and where nobody is, or nobody has asked."""

from collections.abc import Iterator

from app.demo.anchor import day
from app.demo.codes import extension
from app.demo.people import Resource, patient_reference, reference
from app.demo.social_map import entry, social_map
from app.demo.team.care import Care

_EMPTY = "http://terminology.hl7.org/CodeSystem/list-empty-reason"
_REASONS = {"nobody": "nilknown", "withheld": "withheld", "not-asked": "notasked"}
_THINGS = (
    ("place", "The allotment"), ("place", "The mosque"), ("place", "The library"), ("place", "The chapel"),
    ("place", "The bench by the canal"), ("activity", "The choir on Tuesdays"), ("activity", "Five-a-side"),
    ("activity", "Sewing for the neighbours"), ("activity", "The food bank on Fridays"), ("activity", "Fishing"),
)  # fmt: skip
_CIRCLES = ("inner", "middle", "outer")
_EFFECTS = ("helps", "helps", "mixed", "hinders", "neutral")
_STRENGTHS = ("strong", "moderate", "weak")
_GROUPS = ("family", "home", "friends", "work")


def maps(care: Care) -> Iterator[Resource]:
    """The social map of one patient, if there is one."""
    if not care.people and care.asked in _REASONS:
        code = {"system": _EMPTY, "code": _REASONS[care.asked]}
        yield _map(care) | {"emptyReason": {"coding": [code]}}
    elif care.people and care.index % 4 == 1:
        ties = [entry("person", reference(one), _tie(care)) for one in care.people]
        kind, name = care.random.choice(_THINGS)
        things = [entry(kind, {"display": name}, ("outer", "helps", "", "moderate", ""))]
        group = extension("crisis-group", valueString=care.random.choice(_GROUPS))
        yield _map(care) | {"extension": [group], "entry": [*ties, *things]}


def _map(care: Care) -> Resource:
    body = social_map(care.of, f"Who and what is around {care.of['name'][0]['given'][0]}", day(care.start))
    return body | {"subject": patient_reference(care.of), "source": care.nurse}


def _tie(care: Care) -> tuple[str, str, str, str, str]:
    pick = care.random.choice
    return pick(_CIRCLES), pick(_EFFECTS), pick(_EFFECTS), pick(_STRENGTHS), pick(_GROUPS)
