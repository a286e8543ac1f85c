"""$first-contacts and $involvement over HTTP: of an EpisodeOfCare, of a CarePlan, and of what is no episode."""

from typing import Any

import httpx
import pytest

from app.fhir.own_codes import concept
from app.fhir.published.everything import published
from app.fhir.vocabulary.plans import CARE_PLAN_CATEGORY
from tests.callers import acting, granted
from tests.involvement.charting import contact, episode, own, person
from tests.record.examples import Resource, create, name, patient, plan, supporter, to

QUESTIONS = ("first-contacts", "involvement", "gaps")


def of(resource: Resource, whose: Resource, **more: Any) -> Resource:
    """One of the resources of the pure tests, as it is written for a stored patient."""
    named = {"subject", "patient"} & resource.keys()
    rest = {key: value for key, value in resource.items() if key not in ("id", "managingOrganization")}
    return rest | dict.fromkeys(named, to(whose)) | more


@pytest.fixture(scope="module")
async def care(client: httpx.AsyncClient) -> dict[str, Resource]:
    """An episode with a mother who was called twice and a friend who was not."""
    whose = await create(client, patient(birthDate="1980-01-01"))
    mother, friend = await create(client, of(person(), whose)), await create(client, supporter(to(whose)))
    for hour, outcome, said in (("09", "no-answer", []), ("10", "spoke", [own("phase", valueCode="assessment")])):
        sent = f"2026-03-03T{hour}:00:00+00:00"
        told = {"status": "completed" if outcome == "spoke" else "not-done"} | ({"extension": said} if said else {})
        await create(client, of(contact(outcome, sent), whose, recipient=[to(mother)], **told))
    cared = await create(client, of(episode(end=""), whose))
    return {"patient": whose, "mother": mother, "friend": friend, "episode": cared}


async def asked(client: httpx.AsyncClient, about: Resource, question: str) -> list[Resource]:
    """The parameters of an answer, the same by GET and by POST."""
    answer = await client.get(f"/{name(about)}/${question}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert (await client.post(f"/{name(about)}/${question}")).json() == answer.json()
    empty = {"resourceType": "Parameters"}
    assert (await client.post(f"/{name(about)}/${question}", json=empty)).json() == answer.json()
    found: list[Resource] = answer.json()["parameter"]
    return found


def parts(parameter: Resource) -> dict[str, list[Any]]:
    """The values of the parts of a parameter, by name."""
    found: dict[str, list[Any]] = {}
    for part in parameter["part"]:
        value = part if "part" in part else next(value for key, value in part.items() if key != "name")
        found.setdefault(part["name"], []).append(value)
    return found


async def test_the_first_contacts_of_an_episode_are_told(client: httpx.AsyncClient, care: dict[str, Resource]) -> None:
    found = await asked(client, care["episode"], "first-contacts")
    counts = {each["name"]: each["valueInteger"] for each in found if "valueInteger" in each}
    assert counts == {"done": 2, "attempts": 2, "people": 1}
    contacts = [parts(each) for each in found if each["name"] == "contact"]
    assert [each["outcome"] for each in contacts] == [["no-answer"], ["spoke"]]
    assert contacts[0]["when"] == ["2026-03-03T09:00:00+00:00"]
    [left] = [parts(each) for each in found if each["name"] == "leftToTry"]
    assert left["supporter"] == [to(care["friend"])]
    assert (left["decision"], left["basis"]) == (["deny"], ["no-consent-recorded"])


async def test_what_is_missing_is_told_with_whom(client: httpx.AsyncClient, care: dict[str, Resource]) -> None:
    found = [parts(each) for each in await asked(client, care["episode"], "gaps") if each["name"] == "gap"]
    assert {(each["code"][0], each["what"][0]) for each in found if "what" in each} >= {
        ("information-missing", "local-support-groups, told"),
        ("information-missing", "carers-assessment-right, in writing"),
    }


async def test_the_grid_has_a_row_for_each_supporter_and_four_phases(
    client: httpx.AsyncClient, care: dict[str, Resource]
) -> None:
    rows = [parts(each) for each in await asked(client, care["episode"], "involvement") if each["name"] == "supporter"]
    by_person = {row["reference"][0]["reference"]: [parts(phase) for phase in row["phase"]] for row in rows}
    assert set(by_person) == {name(care["mother"]), name(care["friend"])}
    phases = {each["code"][0]: each["involved"][0] for each in by_person[name(care["mother"])]}
    assert phases == {"assessment": True, "planning": False, "intervention": False, "ending": False}
    assert not any(each["involved"][0] for each in by_person[name(care["friend"])])


@pytest.mark.parametrize("question", QUESTIONS)
async def test_answers_hold_what_the_definition_says(
    client: httpx.AsyncClient, care: dict[str, Resource], question: str
) -> None:
    defined = {each["name"]: each for each in published("OperationDefinition")[question]["parameter"]}
    for parameter in await asked(client, care["episode"], question):
        known = defined[parameter["name"]]
        if "part" in parameter:
            assert {each["name"] for each in parameter["part"]} <= {each["name"] for each in known["part"]}
        else:
            assert f"value{known['type'][0].upper()}{known['type'][1:]}" in parameter


@pytest.mark.parametrize("question", QUESTIONS)
async def test_a_plan_within_an_episode_is_a_part_of_it(
    client: httpx.AsyncClient, care: dict[str, Resource], question: str
) -> None:
    within = await create(client, plan(to(care["patient"]), period={"start": "2026-03-05"}))
    assert await asked(client, within, question) == await asked(client, care["episode"], question)


async def test_a_plan_of_home_treatment_is_an_episode_where_there_is_no_other(client: httpx.AsyncClient) -> None:
    whose = await create(client, patient())
    kind = [concept(CARE_PLAN_CATEGORY, "crisis-home-treatment")]
    cared = await create(client, plan(to(whose), category=kind, period={"start": "2026-03-05"}))
    [first, *_] = await asked(client, cared, "first-contacts")
    assert first["valueReference"] == {"reference": name(cared)}
    other = await create(client, plan(to(whose), period={"start": "2026-03-05"}))
    assert (await client.get(f"/{name(other)}/$involvement")).status_code == 422


@pytest.mark.parametrize(
    "more",
    [
        {"status": "planned"},
        {"type": [{"coding": [{"system": "http://snomed.info/sct", "code": "1"}]}]},
        {"period": {"end": "2026-03-05"}},
        {"period": {"start": "2026-03-05", "end": "2026-03-01"}},
    ],
    ids=["planned", "of another kind", "without a start", "reversed"],
)
async def test_what_is_no_episode_or_has_no_time_is_refused_with_the_reason(
    client: httpx.AsyncClient, care: dict[str, Resource], more: Resource
) -> None:
    body = of(episode(end=""), care["patient"]) | more
    answer = await client.post("/EpisodeOfCare", json=body)
    if answer.status_code == 422:  # FHIR itself refuses it
        return
    answer = await client.get(f"/{name(answer.json())}/$first-contacts")
    assert answer.status_code == 422, answer.text
    assert "episode" in answer.json()["issue"][0]["diagnostics"].lower()


async def test_what_is_not_there_or_takes_no_parameters_is_said(
    client: httpx.AsyncClient, care: dict[str, Resource]
) -> None:
    for type_ in ("EpisodeOfCare", "CarePlan"):
        for question in QUESTIONS:
            assert (await client.get(f"/{type_}/nobody/${question}")).status_code == 404
    gone = await create(client, of(episode(end=""), care["patient"], status="cancelled"))
    await client.delete(f"/{name(gone)}")
    assert (await client.get(f"/{name(gone)}/$first-contacts")).status_code == 410
    url = f"/{name(care['episode'])}/$first-contacts"
    assert (await client.get(url, params={"team": "x"})).status_code == 400
    one = {"resourceType": "Parameters", "parameter": [{"name": "x", "valueString": "y"}]}
    assert (await client.post(url, json=one)).status_code == 400


async def test_it_takes_the_scopes_to_check_and_to_read_and_is_for_staff(
    client: httpx.AsyncClient, care: dict[str, Resource]
) -> None:
    url = f"/{name(care['episode'])}/$first-contacts"
    for scope in ("system/*.cruds", "kith/check system/EpisodeOfCare.rs"):
        assert (await acting(client, granted(scope)).get(url)).status_code == 403
    facing = granted("kith/check system/*.rs", facing="patient", patient=care["patient"]["id"])
    assert (await acting(client, facing).get(url)).status_code == 403


async def test_each_organisation_sees_its_own(client: httpx.AsyncClient) -> None:
    ours = acting(client, granted("system/*.cruds kith/check", organisation="RX1"))
    theirs = acting(client, granted("system/*.cruds kith/check", organisation="RX2", sees=("RX1",)))
    stranger = acting(client, granted("system/*.cruds kith/check", organisation="RX3"))
    whose = await create(ours, patient())
    mother = await create(ours, of(person(), whose))
    cared = await create(ours, of(episode(end=""), whose))
    call = await create(theirs, of(contact(), whose, recipient=[to(mother)]))
    for question in QUESTIONS:
        assert (await stranger.get(f"/{name(cared)}/${question}")).status_code == 404
    mine = {each["name"]: each for each in await asked(ours, cared, "first-contacts")}
    assert mine["attempts"]["valueInteger"] == 0
    seen = {each["name"]: each for each in await asked(theirs, cared, "first-contacts")}
    assert seen["attempts"]["valueInteger"] == 1
    assert call["id"] in str(seen["contact"])
