"""Patient/{id}/$social-map, on the demo's records."""

from dataclasses import replace
from typing import Any, Final

from app.fhir.errors import NotAcceptable, NotFound
from app.fhir.moments import moment
from app.fhir.operations import SOCIAL_MAP
from app.involvement.kept_away import kept_away
from app.involvement.sharing_state import state
from app.involvement.social_map import SocialMap, social_map
from app.involvement.social_map_told import graph
from app.openapi import decisions, parameters
from app.openapi.answers import responses, with_body
from app.openapi.contacts import TAG
from app.openapi.operations import ROOT, with_examples
from app.openapi.samples import everything
from app.openapi.scenarios import Scenario, refused
from app.sharing.facts import Policy

_PATIENT: Final = "amina-hussain"
_DESCRIPTION: Final = (
    "Drawn from the newest List of code `social-systems-map` and the supporters of the record; those who are not on "
    "the map are there without a place. `asked` is `asked`, `nobody` (asked, and there is nobody), `withheld`, "
    "`not-asked` or `unknown`. Each direction of a tie to the patient is an edge of its own; one between two others "
    "is mutual. `Accept: image/svg+xml` or `_format=svg` gets the picture. It takes the scopes to read Patient, List "
    "and RelatedPerson; restrictions are told to those who may read Flag, and how sharing stands (`consent`) to staff "
    "who may check. That is a word for looking at: what may be told is asked of `Consent/$check-sharing`."
)
_TEXTS: Final = ("id", "kind", "label", "reference", "closeness", "group", "effectOnPatient", "effectOfPatient")
_TEXT: Final = {"type": "string"}
_NODE: Final = {
    "type": "object",
    "properties": dict.fromkeys((*_TEXTS, "strength", "consent"), _TEXT)
    | {name: {"type": "array", "items": _TEXT} for name in ("roles", "restrictions")},
    "required": ["id", "kind", "label"],
}
_EDGE: Final = {
    "type": "object",
    "properties": dict.fromkeys(("from", "to", "effect", "strength"), _TEXT),
    "required": ["from", "to"],
}
_GRAPH: Final = {
    "type": "object",
    "properties": dict.fromkeys(("patient", "asked", "drawn", "list", "crisisGroup", "text"), _TEXT)
    | {"nodes": {"type": "array", "items": _NODE}, "edges": {"type": "array", "items": _EDGE}},
    "required": ["patient", "asked", "text", "nodes", "edges"],
}


def paths() -> dict[str, Any]:
    """The path of the operation."""
    told = _scenarios()
    drawn = with_body("The map.", _GRAPH)
    drawn["content"] = {"application/json": drawn["content"]["application/fhir+json"], "image/svg+xml": {}}
    id_ = parameters.path("id", "The id of the Patient.")
    format_ = parameters.query("_format", "svg for the picture; json.", {"enum": ["json", "svg"]})
    others = [each for each in parameters.common() if each.get("name") != "_format" and "format" not in str(each)]
    get = {
        "operationId": "socialMap",
        "summary": SOCIAL_MAP.documentation,
        "description": _DESCRIPTION,
        "tags": [TAG["name"]],
        "parameters": [with_examples(each, told) for each in (id_, format_, *others)],
        "responses": responses({200: drawn}, (404, 406, 410), told),
    }
    return {f"{ROOT}/{SOCIAL_MAP.path}": {"get": get}}


def _scenarios() -> list[Scenario]:
    path = {"id": _PATIENT}
    absent = NotFound("There is no Patient/nobody.")
    painted = NotAcceptable("_format png is not to be had; json is.")
    return [
        Scenario("drawn", "Her mother, her partner, the allotment and the choir", 200, path, answer=graph(_map())),
        refused("absent", "No such patient", absent, path={"id": "nobody"}),
        refused("unacceptable", "Another format", painted, path=path, query={"_format": "png"}),
    ]


def _map() -> SocialMap:
    her = {"reference": f"Patient/{_PATIENT}"}
    of = [each for each in everything() if her in (each.get("patient"), each.get("subject"))]
    meta = {"versionId": "1", "lastUpdated": "2026-03-03T10:00:00.000Z"}
    lists, supporters, flags = (
        [each | {"meta": meta} for each in of if each["resourceType"] == type_]
        for type_ in ("List", "RelatedPerson", "Flag")
    )
    away = kept_away(_PATIENT, supporters, flags, (), Policy(), moment(decisions.NOW))
    drawn = social_map(f"Patient/{_PATIENT}", lists, supporters, away, ())
    nodes = tuple(replace(node, consent=_state(node.reference) if node.reference else "") for node in drawn.nodes)
    return replace(drawn, nodes=nodes)


def _state(supporter: str) -> str:
    return state(decisions.check(_PATIENT, recipients=(supporter,)).answers)
