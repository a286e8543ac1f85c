"""The worklists: which there are, and a page of one."""

from datetime import UTC, datetime
from typing import Any, Final

from app.fhir.errors import NotFound
from app.fhir.search.refusal import invalid
from app.involvement.worklists import BY_NAME, WORKLISTS, Limits, told
from app.openapi import parameters, samples
from app.openapi.answers import responses, with_body
from app.openapi.operations import ROOT, with_examples
from app.openapi.scenarios import Scenario, refused
from app.openapi.schemas import ref

TAG: Final = {"name": "Worklists", "description": "What the team has to do next: read, and gone when it is done."}
_LISTED: Final = {
    "type": "object",
    "properties": {
        "worklists": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    **{name: {"type": "string"} for name in ("name", "title", "description", "url", "search")},
                    "beside": {"type": "array", "items": {"type": "string"}},
                },
                "required": ["name", "title", "description", "url", "search", "beside"],
            },
        }
    },
    "required": ["worklists"],
}
_NAME: Final = parameters.path("name", "The name of a list.")
TEAM: Final = parameters.query(
    "team",
    "`Organization/<id>` or `CareTeam/<id>`: only patients with an episode or plan of this team, or of a team that the "
    "organisation manages.",
    {"type": "string", "pattern": "/(Organization|CareTeam)/|^(Organization|CareTeam)/"},
)
COUNT: Final = parameters.query("_count", "Entries on a page, 1 or more.", {"type": "integer", "minimum": 1})
_SHOWN_AT: Final = datetime(2026, 3, 9, 10, tzinfo=UTC)
_ROLES: Final = ("key-supporter", "main-carer", "carer", "young-carer", "shared-lives-carer")
_SHOWN_LIMITS: Final = Limits(contact_hours=24, concern_hours=24, meeting_days=7, key_roles=_ROLES)
_LISTS: Final = "\n".join(f"- `{each.name}`: {each.description}" for each in WORKLISTS)
_DESCRIPTION: Final = (
    "A searchset of the records that a list is about, and of those that come along (their Patient, the supporters "
    "who were not invited; of somebody with several records the others, with a link `canonical` to the one that is "
    f"listed). All pages are of the time of the first.\n\n{_LISTS}\n\n"
    "It takes the scope to search each type that the list shows, and `no-role` and `not-invited`, which tell what the "
    "sharing decision permits, `kith/check` too."
)


def paths() -> dict[str, Any]:
    """/worklists and /worklists/{name}."""
    return {"/worklists": {"get": _all()}, "/worklists/{name}": {"get": _one()}}


def _all() -> dict[str, Any]:
    answer = with_body("The lists.", _LISTED)
    shown = told("http://127.0.0.1:8000", f"http://127.0.0.1:8000{ROOT}", _SHOWN_AT, _SHOWN_LIMITS)
    answer["content"] = {"application/json": {"schema": _LISTED, "examples": {"found": {"value": shown}}}}
    return {
        "operationId": "worklists",
        "summary": "Which worklists there are, and the FHIR search that comes nearest to each",
        "tags": [TAG["name"]],
        "parameters": parameters.common(),
        "responses": responses({200: answer}, (), ()),
    }


def _one() -> dict[str, Any]:
    tried = _scenarios()
    asked = (_NAME, TEAM, COUNT, parameters.CURSOR, *parameters.common())
    return {
        "operationId": "worklist",
        "summary": "A worklist",
        "description": _DESCRIPTION,
        "tags": [TAG["name"]],
        "parameters": [with_examples(each, tried) for each in asked],
        "responses": responses({200: with_body("A page of the list.", ref("Bundle"))}, (404,), tried),
    }


def _scenarios() -> list[Scenario]:
    path = {"name": "unverified-patients"}
    url = "http://127.0.0.1:8000/worklists/unverified-patients"
    links = [{"relation": relation, "url": url} for relation in ("self", "first")]
    nothing = {"resourceType": "Bundle", "id": samples.PAGE, "type": "searchset", "link": links}
    absent = NotFound(f"There is no worklist nothing; there are {', '.join(BY_NAME)}.")
    unknown = invalid("team", "names Organization/nowhere, which is not here.")
    return [
        Scenario("nothing-to-do", "Nothing to do", 200, path, answer=nothing),
        refused("absent", "No such list", absent, path={"name": "nothing"}),
        refused("no-team", "No such team", unknown, path=path, query={"team": "Organization/nowhere"}),
    ]
