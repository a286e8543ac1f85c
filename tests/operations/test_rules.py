"""Tasks arise by rules: what supporters are owed and what has to be looked at again, once, and never by a check."""

import asyncio

import pytest

from app.config import Settings
from app.fhir.errors import Unavailable
from app.operations import apply_rules
from tests.callers import acting, granted
from tests.operations.worklists import ago, attempt, concept, concern, episode, listed, main_carer, meeting, yes
from tests.record.examples import create, name, nhs_number, organization, patient, practitioner, put, supporter, to
from tests.rules import rules_of

SYSTEM = "https://fhir.kith.example/Id/rule"
REVIEW = "https://fhir.kith.example/StructureDefinition/consent-next-review"
OWED = ["carers-assessment", "own-needs-meeting", "peer-support", "support-information"]


@pytest.fixture
def rules(module_database_url):
    return rules_of(module_database_url)


@pytest.fixture
async def sam(client):
    of, team = await create(client, patient(nhs_number())), await create(client, organization())
    return of, team, await create(client, episode(to(of), team))


async def tasks(client, of):
    found = (await client.get("/Task", params={"focus": name(of), "_count": "200"})).json()
    mine = [entry["resource"] for entry in found.get("entry", ()) if entry["resource"].get("focus") == to(of)]
    return sorted(mine, key=lambda task: task["code"]["coding"][0]["code"])


async def codes(client, of):
    return [task["code"]["coding"][0]["code"] for task in await tasks(client, of)]


async def test_a_carer_of_an_open_episode_is_owed_four_things_once(client, rules, sam):
    of, team, _ = sam
    mum = await create(client, main_carer(to(of)))
    async with rules() as apply:
        await apply()
        made = await tasks(client, of)
        assert [task["code"]["coding"][0]["code"] for task in made] == OWED
        assert {task["for"]["reference"] for task in made} == {name(mum)}
        assert {task["status"] for task in made} == {"requested"}
        await put(client, mum | {"gender": "female"})
        await client.delete(f"/{name(made[0])}")
        await apply()
    assert await codes(client, of) == OWED[1:]
    assert sorted((await listed(client, "owed-to-carers", team))[0]) == sorted(name(each) for each in made[1:])


@pytest.mark.parametrize(
    ("called", "root"),
    [("http://kith.test", "http://kith.test"), ("", "http://localhost:8000"), ("", "http://[::1]:8000")],
)
async def test_whoever_is_named_by_an_address_of_this_service_is_owed_the_same(client, rules, sam, called, root):
    of, _, _ = sam
    mum = await create(client, supporter(to(of)))
    by_address = {"reference": f"{root}/FHIR/R4/{name(mum)}"}
    await create(client, attempt(to(of), mum, "wrong-number") | {"recipient": [by_address]})
    told = await create(client, concern(to(of), mum) | {"sender": by_address})
    await create(client, concern(to(of), mum) | {"sender": by_address})
    done = {"resourceType": "Task", "status": "completed", "intent": "order", "for": to(of)}
    await create(client, done | {"focus": {"reference": f"{root}/FHIR/R4/{name(told)}"}})
    async with rules(base_url=called) as apply:
        await apply()
    assert await codes(client, of) == ["answer-concern", "mend-details"]


async def test_nothing_is_owed_without_an_open_episode(client, rules):
    of = await create(client, patient(nhs_number()))
    await create(client, main_carer(to(of)))
    closed = episode(to(of), await create(client, organization())) | {"status": "finished"}
    await create(client, closed)
    async with rules() as apply:
        await apply()
    assert await codes(client, of) == []


async def test_a_check_makes_no_task(client, rules, sam):
    of, _, _ = sam
    mum = await create(client, supporter(to(of)))
    async with rules() as apply:
        query = {"patient": name(of), "recipient": name(mum)}
        await client.get("/Consent/$check-sharing", params=query)
        await apply()
    assert await codes(client, of) == []


@pytest.mark.parametrize(
    ("jurisdiction", "words"),
    [("GB-ENG", "Care Act 2014"), ("GB-WLS", "Wales) Act 2014"), ("GB-SCT", "find out which law"), ("", "England")],
)
async def test_the_right_to_an_assessment_is_told_as_it_is_where_the_carer_is(client, rules, sam, jurisdiction, words):
    of, _, _ = sam
    carer = main_carer(to(of))
    url = "https://fhir.kith.example/StructureDefinition/role-jurisdiction"
    if jurisdiction:
        carer["relationship"][0]["extension"] = [{"url": url, "valueCode": jurisdiction}]
    await create(client, carer)
    async with rules() as apply:
        await apply()
    assert words in (await tasks(client, of))[0]["description"]


async def test_a_young_carer_is_referred_with_or_without_an_episode(client, rules):
    of = await create(client, patient(nhs_number()))
    jade = supporter(to(of), relationship=[concept("carer-role", "young-carer")], birthDate="2012-05-01")
    child = supporter(to(of), relationship=[concept("carer-role", "carer")], birthDate=ago(24 * 365 * 12)[:10])
    grown = supporter(to(of), relationship=[concept("carer-role", "carer")], birthDate="1970-01-01")
    made = [await create(client, one) for one in (jade, child, grown)]
    async with rules() as apply:
        await apply()
    found = await tasks(client, of)
    assert [task["code"]["coding"][0]["code"] for task in found] == ["young-carer-referral"] * 2
    assert {task["for"]["reference"] for task in found} == {name(made[0]), name(made[1])}


async def test_after_an_incident_each_supporter_whom_it_affected_is_offered_a_debrief_in_time(client, rules, sam):
    of, _, _ = sam
    mags = await create(client, supporter(to(of), relationship=[concept("carer-role", "shared-lives-carer")]))
    nurse = await create(client, practitioner())
    began = ago(3)
    incident = {
        "resourceType": "Encounter",
        "status": "finished",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "HH"},
        "type": [concept("encounter-type", "incident")],
        "subject": to(of),
        "participant": [{"individual": to(mags)}, {"individual": to(nurse)}],
        "period": {"start": began},
    }
    stored = await create(client, incident)
    async with rules(rule_hours="debrief=2") as apply:
        await apply()
    [debrief] = [task for task in await tasks(client, of) if task["code"]["coding"][0]["code"] == "debrief"]
    assert debrief["for"] == {"reference": name(mags)}
    assert debrief["reasonReference"] == {"reference": name(stored)}
    assert debrief["restriction"]["period"]["end"] < ago(0)
    assert "host-input" in await codes(client, of)


async def test_a_review_that_is_due_makes_a_task_and_a_later_one_another(client, rules):
    of = await create(client, patient(nhs_number()))
    mum = await create(client, supporter(to(of)))
    said = yes(to(of), mum, "medication", extension=[{"url": REVIEW, "valueDateTime": ago(5)}])
    stored = await create(client, said)
    await create(client, meeting(to(of)))
    async with rules() as apply:
        await apply()
        await apply()
        assert await codes(client, of) == ["consent-review"]
        await put(client, stored | {"extension": [{"url": REVIEW, "valueDateTime": ago(1)}]})
        await apply()
    assert await codes(client, of) == ["consent-review"] * 2


async def test_a_withdrawal_flags_the_invitation_to_come_and_cancels_nothing(client, rules):
    of = await create(client, patient(nhs_number()))
    mum = await create(client, supporter(to(of)))
    said = await create(client, yes(to(of), mum, "meetings"))
    invitation = await create(client, meeting(to(of), to(mum)))
    async with rules() as apply:
        await apply()
        assert await codes(client, of) == []
        await client.post(f"/{name(said)}/$withdraw", json={"resourceType": "Parameters"})
        await apply()
    [task] = await tasks(client, of)
    assert task["code"]["coding"][0]["code"] == "invitation-review"
    assert task["reasonReference"] == {"reference": name(invitation)}
    assert (await client.get(f"/{name(invitation)}")).json()["status"] == "booked"


@pytest.mark.parametrize(
    ("outcome", "wanted"),
    [
        ("wrong-number", ["mend-details"]),
        ("unobtainable", ["mend-details"]),
        ("needs-interpreter", ["interpreter"]),
        ("no-answer", []),
    ],
)
async def test_an_attempt_leaves_to_be_done_what_stood_in_its_way(client, rules, outcome, wanted):
    of = await create(client, patient(nhs_number()))
    mum = await create(client, supporter(to(of)))
    await create(client, attempt(to(of), mum, outcome))
    async with rules() as apply:
        await apply()
    assert await codes(client, of) == wanted


async def test_a_concern_without_an_answer_becomes_a_task_when_its_time_has_come(client, rules):
    of = await create(client, patient(nhs_number()))
    mum = await create(client, supporter(to(of)))
    late, fresh = [await create(client, concern(to(of), mum, told=hours)) for hours in (30, 2)]
    async with rules() as apply:
        await apply()
    [task] = await tasks(client, of)
    assert task["reasonReference"] == {"reference": name(late)}
    assert fresh


async def test_rules_that_are_not_wanted_make_nothing(client, rules, sam):
    of, _, _ = sam
    await create(client, main_carer(to(of)))
    async with rules(rules="peer-support debrief") as apply:
        await apply()
    assert await codes(client, of) == ["peer-support"]


async def test_a_record_that_cannot_be_worked_out_stands_in_nobody_elses_way(client, rules, sam, monkeypatch):
    of, _, _ = sam
    odd = await create(client, patient(nhs_number()))
    await create(client, episode(to(odd), await create(client, organization())))
    for who in (odd, of):
        await create(client, main_carer(to(who)))

    def owed(record, *more):
        if any(entry.content.get("patient") == to(odd) for entry in record):
            raise ValueError(record)
        return worked_out(record, *more)

    worked_out = apply_rules.owed.owed
    monkeypatch.setattr(apply_rules.owed, "owed", owed)
    async with rules() as apply:
        await apply()
    assert (await codes(client, odd), await codes(client, of)) == ([], OWED)


async def test_what_cannot_be_stored_while_the_database_is_away_is_made_afterwards(client, rules, sam, monkeypatch):
    of, _, _ = sam
    await create(client, main_carer(to(of)))

    async def away(*_):
        raise Unavailable("The database cannot be reached.")

    async with rules() as apply:
        with monkeypatch.context() as patched:
            patched.setattr(apply_rules, "write", away)
            with pytest.raises(Unavailable):
                await apply()
        assert await codes(client, of) == []
        await apply()
    assert await codes(client, of) == OWED


async def test_workers_at_once_make_each_task_once(client, rules, sam):
    of, _, _ = sam
    await create(client, main_carer(to(of)))
    async with rules() as one, rules() as other:
        await asyncio.gather(one(), other(), one(), other())
        await one()
    assert await codes(client, of) == OWED


async def test_a_task_belongs_to_the_organisation_of_the_supporter_and_is_on_record(client, rules):
    async with acting(client, granted("system/*.cruds", organisation="RX1")) as ours:
        of, team = await create(ours, patient(nhs_number())), await create(ours, organization())
        await create(ours, episode(to(of), team))
        await create(ours, main_carer(to(of)))
        async with rules() as apply:
            await apply()
        found = await tasks(ours, of)
        assert [task["code"]["coding"][0]["code"] for task in found] == OWED
    async with acting(client, granted("system/*.cruds", organisation="RX2")) as theirs:
        assert await codes(theirs, of) == []
    trail = (await client.get("/AuditEvent", params={"entity": name(found[0]), "action": "C"})).json()
    assert "kith rules" in str(trail["entry"][0]["resource"]["agent"])


@pytest.mark.parametrize(
    "setting",
    [
        {"rules": "debreif"},
        *({"rule_hours": hours} for hours in ("debrief", "debrief=soon", "debrief=2 debrief=3")),
    ],
)
def test_settings_that_name_no_rule_or_no_hours_stop_the_start(setting):
    with pytest.raises(ValueError, match="KITH_RULE"):
        Settings(**setting)
