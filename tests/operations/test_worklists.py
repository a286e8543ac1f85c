"""The worklists: what is to be done is listed, and is gone when it is done."""

from app.involvement.worklists import WORKLISTS
from tests.operations.worklists import ago, attempt, concept, concern, episode, listed, main_carer, meeting, task, yes
from tests.record.examples import (
    by_number,
    consent,
    create,
    name,
    nhs_number,
    organization,
    patient,
    plan,
    put,
    supporter,
    to,
)


async def test_the_lists_are_listed_with_the_searches_that_are_nearest(client):
    root = str(client.base_url).removesuffix("/FHIR/R4/")
    told = (await client.get(f"{root}/worklists")).json()["worklists"]
    assert [each["name"] for each in told] == [each.name for each in WORKLISTS]
    for each in told:
        assert (await client.get(each["url"])).status_code == 200
        for search in (each["search"], *each["beside"]):
            found = await client.get(search, headers={"Prefer": "handling=strict"})
            assert found.status_code == 200, search


async def test_who_was_not_asked_is_listed_until_asked(client, team, sam):
    [found], along = await listed(client, "not-asked", team)
    assert found.startswith("EpisodeOfCare/")
    assert along == [name(sam)]
    await create(client, consent(to(sam), status="draft"))
    assert await listed(client, "not-asked", team) == ([], [])


async def test_a_talk_about_involvement_is_asking_too(client, team, sam):
    talk = {
        "resourceType": "Communication",
        "status": "completed",
        "category": [concept("communication-category", "discussion")],
        "topic": concept("information-topic", "involvement"),
        "subject": to(sam),
        "sent": ago(1),
    }
    await create(client, talk)
    assert (await listed(client, "not-asked", team))[0] == []


async def test_a_plan_of_crisis_home_treatment_is_an_episode_where_there_is_no_other(client, team, sam):
    other = await create(client, patient(nhs_number()))
    category = [concept("care-plan-category", "crisis-home-treatment")]
    for of in (sam, other):
        await create(client, plan(to(of), category=category, author=to(team), period={"start": ago(30)}))
    for which in ("not-asked", "not-contacted"):
        found = (await listed(client, which, team))[0]
        assert sorted(each.split("/")[0] for each in found) == ["CarePlan", "EpisodeOfCare"]


async def test_nobody_contacted_is_listed_after_a_day_until_an_attempt(client, team, sam):
    mum = await create(client, main_carer(to(sam)))
    fresh = await create(client, patient(nhs_number()))
    await create(client, episode(to(fresh), team, began=2))
    [found], _ = await listed(client, "not-contacted", team)
    await create(client, attempt(to(sam), mum, "not-tried-safeguarding"))
    await create(client, attempt(to(sam), mum, sent=100))
    assert (await listed(client, "not-contacted", team))[0] == [found]
    await create(client, attempt(to(sam), mum))
    assert (await listed(client, "not-contacted", team))[0] == []


async def test_who_has_nobody_is_not_to_be_contacted_through_anybody(client, team, sam):
    reason = "http://terminology.hl7.org/CodeSystem/list-empty-reason"
    nobody = {
        "resourceType": "List",
        "status": "current",
        "mode": "snapshot",
        "code": concept("list-code", "social-systems-map"),
        "subject": to(sam),
        "date": ago(40),
        "emptyReason": {"coding": [{"system": reason, "code": "notasked"}]},
    }
    asked = await create(client, nobody)
    assert len((await listed(client, "not-contacted", team))[0]) == 1
    await put(client, asked | {"emptyReason": {"coding": [{"system": reason, "code": "nilknown"}]}})
    assert (await listed(client, "not-contacted", team))[0] == []
    somebody = {"entry": [{"item": {"display": "His sister"}}], "emptyReason": None, "date": ago(30)}
    drawn = await create(client, {key: value for key, value in (nobody | somebody).items() if value})
    assert len((await listed(client, "not-contacted", team))[0]) == 1
    await put(client, drawn | {"date": ago(50)})
    assert (await listed(client, "not-contacted", team))[0] == []
    mum = await create(client, main_carer(to(sam)))
    assert len((await listed(client, "not-contacted", team))[0]) == 1
    await put(client, mum | {"active": False})
    assert (await listed(client, "not-contacted", team))[0] == []
    await put(client, asked | {"status": "retired"})
    assert len((await listed(client, "not-contacted", team))[0]) == 1


async def test_a_key_person_who_may_know_the_plan_and_has_no_part_is_listed(client, team, sam):
    mum, dad = [await create(client, main_carer(to(sam))) for _ in range(2)]
    await create(client, supporter(to(sam)))
    assert (await listed(client, "no-role", team))[0] == []
    for who in (mum, dad):
        await create(client, yes(to(sam), who, "care-plan"))
    assert (await listed(client, "no-role", team))[0] == [name(mum), name(dad)]
    assert (await listed(client, "no-role", team, _count="1"))[0] == [name(mum), name(dad)]
    part = {"status": "in-progress", "description": "Rings on Sundays.", "performer": [to(mum)]}
    await create(client, plan(to(sam), activity=[{"detail": part}]))
    assert (await listed(client, "no-role", team))[0] == [name(dad)]


async def test_somebody_in_two_open_episodes_is_listed_once(client, team, sam):
    mum = await create(client, main_carer(to(sam)))
    await create(client, yes(to(sam), mum, "care-plan"))
    await create(client, episode(to(sam), team))
    category = [concept("care-plan-category", "crisis-home-treatment")]
    other = await create(client, patient(nhs_number()))
    dad = await create(client, main_carer(to(other)))
    await create(client, yes(to(other), dad, "care-plan"))
    for _ in range(2):
        await create(client, plan(to(other), category=category, author=to(team)))
    for count in ("1", "50"):
        assert (await listed(client, "no-role", team, _count=count))[0] == [name(mum), name(dad)]


async def test_those_who_may_come_and_are_not_invited_are_listed_with_their_meeting(client, team, sam):
    mum, dad, aunt = [await create(client, main_carer(to(sam))) for _ in range(3)]
    for who in (mum, dad):
        await create(client, yes(to(sam), who, "meetings"))
    soon = await create(client, meeting(to(sam), to(dad)))
    await create(client, meeting(to(sam), days=20))
    await create(client, meeting(to(sam), kind="visit"))
    assert await listed(client, "not-invited", team) == ([name(soon)], [name(sam), name(mum)])
    assert aunt
    everybody = meeting(to(sam), to(dad), to(mum)) | {"id": soon["id"]}
    await put(client, everybody)
    assert await listed(client, "not-invited", team) == ([], [])


async def test_decisions_are_listed_when_their_review_is_due_or_their_time_is_over(client, team, sam):
    mum = await create(client, main_carer(to(sam)))
    review = {"url": "https://fhir.kith.example/StructureDefinition/consent-next-review"}
    due = await create(client, yes(to(sam), mum, "medication", extension=[review | {"valueDateTime": ago(5)}]))
    over = yes(to(sam), mum, "meetings", extension=[review | {"valueDateTime": ago(1)}])
    over["provision"]["period"] = {"start": ago(100), "end": ago(50)}
    ended = await create(client, over)
    later = [review | {"valueDateTime": ago(-50)}]
    await create(client, yes(to(sam), mum, "care-plan", extension=later))
    for count in ("1", "50"):
        assert (await listed(client, "consent-review", team, _count=count))[0] == [name(ended), name(due)]
    await put(client, due | {"status": "inactive"})
    assert (await listed(client, "consent-review", team))[0] == [name(ended)]


async def test_open_tasks_that_are_owed_are_listed_and_overrides_apart(client, team, sam):
    mum = await create(client, main_carer(to(sam)))
    owed = await create(client, task(to(sam), mum, "carers-assessment"))
    begun = await create(client, task(to(sam), mum, "peer-support", "in-progress"))
    await create(client, task(to(sam), mum, "debrief", "completed"))
    override = await create(client, task(to(sam), mum, "override-review"))
    assert (await listed(client, "owed-to-carers", team))[0] == [name(owed), name(begun)]
    assert (await listed(client, "override-review", team))[0] == [name(override)]
    await put(client, owed | {"status": "completed"})
    assert (await listed(client, "owed-to-carers", team))[0] == [name(begun)]


async def test_what_is_owed_is_listed_as_it_is_due_and_last_what_is_due_at_no_time(client, team, sam):
    mum = await create(client, main_carer(to(sam)))
    undated = await create(client, task(to(sam), mum, "debrief", restriction={"period": {"start": ago(99)}}))
    tomorrow, yesterday, next_year = [
        await create(client, task(to(sam), mum, "debrief", restriction={"period": {"end": end}}))
        for end in (ago(-24), ago(24), "2999")
    ]
    in_order = [name(each) for each in (yesterday, tomorrow, next_year, undated)]
    for count in ("1", "50"):
        assert (await listed(client, "owed-to-carers", team, _count=count))[0] == in_order
    await put(client, next_year | {"restriction": {"period": {"end": ago(48)}}})
    assert (await listed(client, "owed-to-carers", team))[0] == [in_order[2], *in_order[:2], in_order[3]]


async def test_tasks_are_found_and_sorted_by_when_they_are_due(client, sam):
    mum = await create(client, main_carer(to(sam)))
    late, early = [
        await create(client, task(to(sam), mum, "debrief", restriction={"period": {"end": end}}))
        for end in ("2026-04-02T10:00:00Z", "2026-03-31")
    ]
    await create(client, task(to(sam), mum, "debrief", restriction={"period": {"start": "2026-03-01"}}))
    of = {"subject": name(sam), "code": "debrief"}
    for due, found in (("lt2026-04-01", [early]), ("ge2026-04-01", [late]), ("ge2026", [early, late])):
        answer = await client.get("/Task", params=of | {"due": due, "_sort": "due"})
        assert [name(each["resource"]) for each in answer.json()["entry"]] == [name(each) for each in found]


async def test_a_concern_is_listed_until_it_is_answered_or_its_use_is_told(client, team, sam):
    mum = await create(client, main_carer(to(sam)))
    first, second = [await create(client, concern(to(sam), mum)) for _ in range(2)]
    await create(client, concern(to(sam), mum, told=2))
    await create(client, concern(to(sam), mum, status="entered-in-error"))
    assert (await listed(client, "concerns", team))[0] == [name(first), name(second)]
    answer = {"resourceType": "Communication", "status": "completed", "subject": to(sam), "inResponseTo": [to(first)]}
    await create(client, answer)
    used = {
        "url": "https://fhir.kith.example/StructureDefinition/knowledge-used",
        "extension": [{"url": "used", "valueBoolean": False}, {"url": "why", "valueString": "Sam was there too."}],
    }
    assert (await listed(client, "concerns", team))[0] == [name(second)]
    await put(client, second | {"extension": [used]})
    assert (await listed(client, "concerns", team))[0] == []


async def test_a_patient_known_by_number_alone_is_listed_until_there_is_more(client, team):
    number = nhs_number()
    told = await create(client, episode(by_number(number), team))
    [found], _ = await listed(client, "unverified-patients", team)
    assert told["patient"]["identifier"]["value"] == number
    await put(client, patient(number) | {"id": found.split("/")[1]})
    assert (await listed(client, "unverified-patients", team))[0] == []


async def test_a_team_sees_its_own_and_all_teams_together_see_all(client, team, sam):
    other = await create(client, organization())
    of = await create(client, patient(nhs_number()))
    circle = await create(
        client, {"resourceType": "CareTeam", "status": "active", "subject": to(of), "managingOrganization": [to(other)]}
    )
    theirs = await create(client, episode(to(of), team) | {"team": [to(circle)]})
    assert name(theirs) in (await listed(client, "not-asked", team))[0]
    assert (await listed(client, "not-asked", other))[0] == [name(theirs)]
    assert (await listed(client, "not-asked", circle))[0] == [name(theirs)]
    everything = (await listed(client, "not-asked", _count="2"))[0]
    assert name(theirs) in everything
    assert len(everything) == len(set(everything))
    assert sam


async def test_a_cursor_of_one_list_is_none_of_another(client, team):
    root = str(client.base_url).removesuffix("/FHIR/R4/")
    for _ in range(2):
        of = await create(client, patient(nhs_number()))
        await create(client, episode(to(of), team))
    page = (await client.get(f"{root}/worklists/not-asked", params={"team": name(team), "_count": "1"})).json()
    [link] = [each["url"] for each in page["link"] if each["relation"] == "next"]
    assert (await client.get(link)).status_code == 200
    assert (await client.get(link.replace("not-asked", "not-contacted"))).status_code == 400
    assert (await client.get(link.replace(name(team), name(await create(client, organization()))))).status_code == 400
