"""The social map as JSON, and in words: what the picture shows, for those who cannot see it."""

from collections.abc import Iterator
from typing import Any, Final

from app.fhir.vocabulary.people import CARER_ROLE
from app.fhir.vocabulary.social_map import TIE_CLOSENESS
from app.involvement.social_map import Node, SocialMap

_ASKED: Final = {
    "asked": "The people, places and activities around the patient",
    "nobody": "The patient was asked, and there is nobody.",
    "withheld": "The patient was asked, and does not want to say who there is.",
    "not-asked": "Nobody has asked the patient yet who there is, as far as you may see.",
    "unknown": "There is a map without anybody on it, and it does not say why.",
}
_TO: Final = {
    "helps": "helps the patient",
    "hinders": "hinders the patient",
    "mixed": "helps and hinders the patient",
    "neutral": "neither helps nor hinders the patient",
}
_FROM: Final = {
    "helps": "is helped by the patient",
    "hinders": "is hindered by the patient",
    "mixed": "gets both back",
    "neutral": "is neither helped nor hindered by the patient",
}
_BETWEEN: Final = {
    "helps": "it helps",
    "hinders": "it hinders",
    "mixed": "it helps and hinders",
    "neutral": "it neither helps nor hinders",
}


def graph(map_: SocialMap) -> dict[str, Any]:
    """The map as a graph: nodes, and edges between their ids; members without a value are left out."""
    return _said({
        "patient": map_.patient,
        "asked": map_.asked,
        "drawn": map_.drawn,
        "list": map_.list,
        "crisisGroup": map_.crisis_group,
        "text": in_words(map_),
    }) | {
        "nodes": [_node(node) for node in map_.nodes],
        "edges": [
            _said({"from": edge.from_, "to": edge.to, "effect": edge.effect, "strength": edge.strength})
            for edge in map_.edges
        ],
    }  # fmt: skip


def in_words(map_: SocialMap) -> str:
    """A sentence for each on the map; what somebody wrote begins no line of its own."""
    drawn = f", drawn {map_.drawn[:10]}." if map_.asked == "asked" else ""
    lines = [_ASKED[map_.asked] + drawn]
    if map_.crisis_group:
        lines.append(f"The crisis is most closely identified with: {map_.crisis_group}.")
    lines += (f"{node.label}: {'; '.join(_words(node))}." for node in map_.nodes)
    lines += _ties(map_)
    return "\n".join(" ".join(line.split()) for line in lines)


def _ties(map_: SocialMap) -> Iterator[str]:
    """A sentence for each tie between two others."""
    names = {node.id: node.label for node in map_.nodes}
    for edge in map_.edges:
        if edge.from_ in names and edge.to in names:
            tie = f"{edge.strength} tie" if edge.strength else "tie"
            effect = f"; {_BETWEEN[edge.effect]}" if edge.effect in _BETWEEN else ""
            yield f"{names[edge.from_]} and {names[edge.to]}: {tie}{effect}."


def _words(node: Node) -> Iterator[str]:
    circle = TIE_CLOSENESS.by_code.get(node.closeness)
    yield circle.display.lower() if circle else "not placed on the map"
    if node.group:
        yield f"of the group {node.group}"
    if node.roles:
        yield ", ".join(CARER_ROLE.by_code[role].display.lower() for role in node.roles)
    if node.strength:
        yield f"{node.strength} tie"
    if node.effect_on_patient in _TO:
        yield _TO[node.effect_on_patient]
    if node.effect_of_patient in _FROM:
        yield _FROM[node.effect_of_patient]
    if node.consent:
        yield f"sharing: {node.consent}"
    if node.restrictions:
        yield f"restricted: {', '.join(node.restrictions)}"


def _node(node: Node) -> dict[str, Any]:
    return _said({
        "id": node.id,
        "kind": node.kind,
        "label": node.label,
        "reference": node.reference,
        "closeness": node.closeness,
        "group": node.group,
        "effectOnPatient": node.effect_on_patient,
        "effectOfPatient": node.effect_of_patient,
        "strength": node.strength,
        "roles": list(node.roles),
        "consent": node.consent,
        "restrictions": list(node.restrictions),
    })  # fmt: skip


def _said(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value}
