"""EpisodeOfCare/$team-gaps: what is missing in the open episodes of a team. https://hl7.org/fhir/R4/operations.html"""

from typing import Any, Final

from app.fhir.operations import TEAM_GAPS
from app.fhir.search.refusal import invalid
from app.openapi import contacts, episodes, parameters, samples, worklists
from app.openapi.answers import MEDIA_TYPES, responses, with_body
from app.openapi.operations import ROOT, with_examples
from app.openapi.scenarios import Scenario, refused
from app.openapi.schemas import ref
from app.operations.team_gaps import told_of

Json = dict[str, Any]

_TEAM: Final = f"CareTeam/crisis-team-{episodes.PATIENT}"
_DESCRIPTION: Final = (
    "A searchset with one Parameters, as `$gaps` answers with, for each open episode in which something is missing, in "
    "the order in which episodes were recorded: those that the worklists list too. An episode of which "
    "nobody can tell when it was has `unreadable` in the place of its gaps. All pages are of the time of the first; a "
    "page may be short though others follow. It takes `kith/check` and `system/*.rs`."
)


def paths() -> dict[str, Any]:
    """The path, by GET and by POST."""
    told = _told()
    asked = (worklists.TEAM, worklists.COUNT, parameters.CURSOR, *parameters.common())
    by_get = {"parameters": [with_examples(each, told) for each in asked], **_operation("teamGaps", told)}
    body = {"resourceType": "Parameters", "parameter": [{"name": "team", "valueReference": {"reference": _TEAM}}]}
    posted = [Scenario("found", "An episode of the team", 200, body=body, answer=_page())]
    media, other = MEDIA_TYPES
    shown = {"schema": ref("Parameters"), "examples": {"found": {"summary": posted[0].summary, "value": body}}}
    by_post = {
        "parameters": parameters.common(),
        "requestBody": {"content": {media: shown, other: {"schema": ref("Parameters")}}},
        **_operation("teamGapsByPost", posted, 408, 413, 415),
    }
    return {f"{ROOT}/{TEAM_GAPS.path}": {"get": by_get, "post": by_post}}


def _operation(name: str, told: list[Scenario], *statuses: int) -> Json:
    return {
        "operationId": name,
        "summary": TEAM_GAPS.documentation,
        "description": _DESCRIPTION,
        "tags": [contacts.TAG["name"]],
        "responses": responses({200: with_body("A page.", ref("Bundle"))}, statuses, told),
    }


def _told() -> list[Scenario]:
    unknown = invalid("team", "names CareTeam/nobody, which is not here.")
    return [
        Scenario("found", "An episode of the team", 200, query={"team": _TEAM}, answer=_page()),
        refused("absent", "No such team", unknown, query={"team": "CareTeam/nobody"}),
    ]


def _page() -> Json:
    chart, found = episodes.episode()
    links = [{"relation": each, "url": f"{samples.ROOT}/{TEAM_GAPS.path}"} for each in ("self", "first")]
    entry = [{"resource": told_of(chart)[found.entry.reference], "search": {"mode": "match"}}]
    return {"resourceType": "Bundle", "id": samples.PAGE, "type": "searchset", "link": links, "entry": entry}
