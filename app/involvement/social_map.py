"""The social map: who and what is around a patient, how close, and what each does to the other.

Drawn from the List with code social-systems-map and the supporters of the record. Domain, section 2, rows 1, 8 and 9.
https://hl7.org/fhir/R4/list.html
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from app.fhir.human_name import written
from app.fhir.own_codes import own_code, own_codes
from app.fhir.own_extensions import own, text
from app.fhir.vocabulary.people import CARER_ROLE
from app.fhir.vocabulary.social_map import LIST_CODE, MAP_ENTRY
from app.involvement.named import supporters_named
from app.sharing.times import BEGINNING, span

Json = Mapping[str, Any]
Asked = Literal["asked", "nobody", "withheld", "not-asked", "unknown"]

# https://hl7.org/fhir/R4/valueset-list-empty-reason.html
EMPTY_REASON: Final = "http://terminology.hl7.org/CodeSystem/list-empty-reason"
_EMPTY: Final[dict[str, Asked]] = {"nilknown": "nobody", "withheld": "withheld", "notasked": "not-asked"}
_NAMELESS: Final = "Somebody without a name"


@dataclass(frozen=True, slots=True)
class Node:
    """Somebody or something on the map; '' is not said.

    `reference` is "RelatedPerson/id" of a supporter. `consent` is the state of sharing with them and `restrictions`
    what keeps them away: both empty for those who may not know.
    """

    id: str
    kind: str
    label: str
    reference: str = ""
    closeness: str = ""
    group: str = ""
    effect_on_patient: str = ""
    effect_of_patient: str = ""
    strength: str = ""
    roles: tuple[str, ...] = ()
    consent: str = ""
    restrictions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """What one does to another: ids of nodes, "patient" for the patient."""

    from_: str
    to: str
    effect: str = ""
    strength: str = ""


@dataclass(frozen=True, slots=True)
class SocialMap:
    """`asked` says whether anybody asked; "nobody" is an answer. `drawn` is when, '' when there is no map."""

    patient: str
    asked: Asked
    drawn: str = ""
    list: str = ""
    crisis_group: str = ""
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = field(default=())


def social_map(
    patient: str,
    lists: Sequence[Json],
    supporters: Sequence[Json],
    restrictions: Mapping[str, tuple[str, ...]],
    bases: tuple[str, ...],
) -> SocialMap:
    """The map by the newest List; supporters who are not on it are there without a place.

    `patient` is "Patient/id"; the resources are those that the caller may see; `restrictions` as `kept_away` tells.
    """
    drawn = newest(lists)
    everybody = {f"RelatedPerson/{each['id']}": each for each in supporters}
    known = {name: each for name, each in everybody.items() if each.get("active") is not False}
    placed = list(_placed(drawn, everybody, known, bases)) if drawn else []
    there = {node.reference for node in placed}
    unplaced = [_supporter(reference, body) for reference, body in known.items() if reference not in there]
    nodes = [replace(node, restrictions=restrictions.get(node.reference, ())) for node in (*placed, *unplaced)]
    nodes = [replace(node, id=f"n{number}") for number, node in enumerate(nodes, 1)]
    if drawn is None:
        return SocialMap(patient, "not-asked", nodes=tuple(nodes))
    return SocialMap(
        patient,
        asked(drawn),
        str(drawn.get("date") or drawn["meta"]["lastUpdated"]),
        f"List/{drawn['id']}/_history/{drawn['meta']['versionId']}",
        text(dict(drawn), "crisis-group"),
        tuple(nodes),
        tuple(_edges(nodes, drawn, everybody, bases)),
    )


def is_map(body: Json) -> bool:
    """Whether a List is a map that counts."""
    return body.get("status") == "current" and LIST_CODE.codes[0] in own_codes(body.get("code"), LIST_CODE)


def newest(lists: Sequence[Json]) -> Json | None:
    """The map that counts among these, by when it was drawn."""

    def when(body: Json) -> tuple[int, str]:
        drawn = span(body.get("date"))
        return drawn.low if drawn else BEGINNING, str(body.get("meta", {}).get("lastUpdated", ""))

    return max((body for body in lists if is_map(body)), key=when, default=None)


def asked(drawn: Json) -> Asked:
    """What a map says of having asked."""
    if drawn.get("entry"):
        return "asked"
    codes = [c for c in drawn.get("emptyReason", {}).get("coding", ()) if c.get("system") == EMPTY_REASON]
    return _EMPTY.get(codes[0].get("code", ""), "unknown") if codes else "unknown"


def _placed(
    drawn: Json, everybody: Mapping[str, Json], known: Mapping[str, Json], bases: tuple[str, ...]
) -> Iterator[Node]:
    """Those on the List; somebody of whom it has no more than a name, or who may not be seen, by that name."""
    for entry in drawn.get("entry", ()):
        item = entry.get("item", {})
        reference = _who(item, everybody, bases)
        nameless = reference and reference not in known and not item.get("display")
        is_gone = reference in everybody and reference not in known
        if entry.get("deleted") is True or is_gone or nameless:
            continue
        person = _supporter(reference, known[reference]) if reference in known else None
        node = person or Node("", "", str(item.get("display") or _NAMELESS), reference if reference in known else "")
        kind = own_code(entry.get("flag"), MAP_ENTRY) or "person"
        yield _tied(replace(node, kind=kind), entry)


def _who(item: Json, everybody: Mapping[str, Json], bases: tuple[str, ...]) -> str:
    """Whom a Reference names ("RelatedPerson/id"); '' for nobody, and where it may be one of several."""
    found = supporters_named(item, everybody, bases)
    return found[0] if len(found) == 1 else ""


def _tied(node: Node, entry: Json) -> Node:
    """The node with what the entry says of its tie."""
    said = {
        part["url"]: part.get("valueCode") or part.get("valueString") or ""
        for tie in own(dict(entry), "tie")
        for part in tie.get("extension", ())
    }
    return replace(
        node,
        closeness=said.get("closeness", ""),
        group=said.get("group", ""),
        effect_on_patient=said.get("effect-on-patient", ""),
        effect_of_patient=said.get("effect-of-patient", ""),
        strength=said.get("strength", ""),
    )


def _supporter(reference: str, body: Json) -> Node:
    roles = own_codes(body.get("relationship"), CARER_ROLE)
    return Node("", "person", _name(body), reference, roles=roles)


def _name(body: Json) -> str:
    return next(filter(None, map(written, body.get("name", ()))), _NAMELESS)


def _edges(nodes: Sequence[Node], drawn: Json, everybody: Mapping[str, Json], bases: tuple[str, ...]) -> Iterator[Edge]:
    for node in nodes:
        if node.effect_on_patient:
            yield Edge(node.id, "patient", node.effect_on_patient, node.strength)
        if node.effect_of_patient:
            yield Edge("patient", node.id, node.effect_of_patient, node.strength)
    ids = {node.reference: node.id for node in nodes if node.reference}
    for tie in own(dict(drawn), "tie-between"):
        said = {part["url"]: part for part in tie.get("extension", ())}
        one, other = (ids.get(_who(said[end]["valueReference"], everybody, bases)) for end in ("one", "other"))
        if one and other:
            effect, strength = (said.get(name, {}).get("valueCode", "") for name in ("effect", "strength"))
            yield Edge(one, other, effect, strength)
