"""The questions about one episode: $first-contacts, $involvement and $gaps. https://hl7.org/fhir/R4/operations.html"""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from app.fhir.errors import NotFound
from app.fhir.operations import FIRST_CONTACTS, GAPS, INVOLVEMENT, Operation
from app.involvement.first_contacts import first_contacts
from app.involvement.gaps.all import gaps
from app.involvement.indicators.chart import Chart
from app.involvement.indicators.entry import Entry
from app.involvement.indicators.episodes import Episode, episodes
from app.involvement.indicators.local import Local
from app.involvement.phases import grid
from app.openapi import contacts, decisions, parameters
from app.openapi import told as told_of
from app.openapi.answers import responses, with_body
from app.openapi.operations import ROOT, with_examples
from app.openapi.scenarios import Scenario, refused
from app.openapi.schemas import ref
from app.operations import first_contacts as contacted
from app.operations import gaps as missing
from app.operations import involvement
from app.sharing.times import moment

PATIENT: Final = "amina-hussain"
_PLAN: Final = "relapse-prevention-amina-hussain"
_ID = parameters.path("id", "The id of the EpisodeOfCare or CarePlan.")
_WORDS: Final = {
    FIRST_CONTACTS: "Three contacts with the patient's network around the first assessment tell more than one voice: "
    "with different people, if there are as many. Attempts count, whether or not somebody answered. Who is left is "
    "told with the decision of `make-contact` as things are now; who must not be contacted stands apart.",
    INVOLVEMENT: "A family that was met once and then dropped shows as a row with one phase. To have been invited is "
    "not to have been involved.",
    GAPS: "For somebody to look at: nothing is counted, and nothing is changed. Who is not to be contacted is not on "
    "it. What each supporter may know is judged as at the end of the episode, or now.",
}


def paths() -> dict[str, Any]:
    """The paths of all three, of both types, by GET and by POST."""
    return {
        f"{ROOT}/{operation.path_of(type_)}": {
            "get": _operation(operation, type_),
            "post": _operation(operation, type_, by_post="ByPost"),
        }
        for operation in _WORDS
        for type_ in operation.types
    }


def _operation(operation: Operation, type_: str, *, by_post: str = "") -> dict[str, Any]:
    told = list(_told(operation, type_))
    first, second = operation.name.split("-") if "-" in operation.name else (operation.name, "")
    return {
        "operationId": f"{first}{second.capitalize()}Of{type_}{by_post}",
        "summary": operation.documentation,
        "description": f"{_WORDS[operation]}\n\n{told_of.outputs(operation)}",
        "tags": [contacts.TAG["name"]],
        "parameters": [with_examples(each, told) for each in (_ID, *parameters.common())],
        "responses": responses(
            {200: with_body("The answer, as Parameters.", ref("Parameters"))},
            (404, 410, 422, *((408, 413, 415) if by_post else ())),
            told,
        ),
    }


def _told(operation: Operation, type_: str) -> Iterator[Scenario]:
    chart, found = episode()
    if operation == FIRST_CONTACTS:
        answer = contacted.to_parameters(found, first_contacts(chart, found))
    elif operation == GAPS:
        answer = missing.to_parameters(found, gaps(chart, found))
    else:
        answer = involvement.to_parameters(found, involvement.people_of(chart, found), grid(chart, found))
    id_, words = (_PLAN, "A plan within an episode") if type_ == "CarePlan" else (found.entry.id, "An episode")
    yield Scenario("found", words, 200, {"id": id_}, answer=answer)
    absent = NotFound(f"There is no {type_}/nobody.")
    yield refused("absent", "No such record", absent, path={"id": "nobody"})


@cache
def episode() -> tuple[Chart, Episode]:
    """An episode of the demo, as it was read the day after."""
    entries = [
        Entry(each["resourceType"], each["id"], 1, moment(decisions.RECORDED), each)
        for each in decisions.records_of(PATIENT)
    ]
    chart = Chart(decisions.facts_of(PATIENT), entries, Local(), moment(decisions.NOW))
    [found] = [one for one in episodes(chart)[0] if one.entry.type == "EpisodeOfCare"]
    return chart, found
