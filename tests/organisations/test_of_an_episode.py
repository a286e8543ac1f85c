"""What the questions about an episode and its patient tell of those whom the caller may not read of: nothing."""

import re
from contextlib import AsyncExitStack
from typing import Any

import pytest

from app.fhir.canonical import BASE
from tests.callers import acting, granted
from tests.involvement.test_social_map import entry
from tests.operations.test_social_map import the_map
from tests.organisations.matrix import CONFIDENTIALITY, SECRET, labelled
from tests.record.examples import NHS_NUMBER, consent, create, name, nhs_number, patient, plan, supporter, to
from tests.record.test_contacts import contact

INDICATORS = "Measure/$evaluate-measure?periodStart=2026-01-01&periodEnd=2026-12-31&subject=Patient/{patient}"
WHEN = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+Z")
SCOPES = "system/*.cruds kith/check"
TRUSTED = f"{SCOPES} kith/restrictions"
ASKED = (
    "EpisodeOfCare/{episode}/$first-contacts",
    "EpisodeOfCare/{episode}/$involvement",
    "EpisodeOfCare/{episode}/$gaps",
    "EpisodeOfCare/$team-gaps",
    "Patient/{patient}/$social-map",
    "Patient/{patient}/$everything",
    "Consent/$check-sharing?patient=Patient/{patient}",
)
# Whoever wrote it of whom the others do not read: in confidence, or for another organisation.
HIDDEN_BY = {
    "a label": granted(TRUSTED, organisation="RX1"),
    "its organisation": granted(TRUSTED, organisation="RX2", sees=("RX1",)),
}


@pytest.mark.parametrize("by", HIDDEN_BY)
async def test_nobody_is_told_of_whom_one_may_not_read(client, by):
    async with AsyncExitStack() as stack:
        ours = await stack.enter_async_context(acting(client, granted(SCOPES, organisation="RX1")))
        writer = await stack.enter_async_context(acting(client, HIDDEN_BY[by]))

        async def hidden(resource: Any) -> Any:
            return await create(writer, labelled(resource, CONFIDENTIALITY, "V") if by == "a label" else resource)

        of = await create(ours, patient(nhs_number()))
        key_person = {"coding": [{"system": f"{BASE}/CodeSystem/carer-role", "code": "key-supporter"}]}
        friend = await create(ours, supporter(to(of), relationship=[key_person]))
        began = {"status": "active", "patient": to(of), "period": {"start": "2026-03-01"}}
        care = await create(ours, {"resourceType": "EpisodeOfCare", **began})
        person = await hidden(supporter(to(of), relationship=[key_person]))
        await hidden(contact(of, person))
        await hidden(plan(to(of), activity=[{"detail": {"status": "in-progress", "performer": [to(person)]}}]))
        await hidden(consent(to(of), name(person)))
        await hidden(the_map(to(of), entry(display=SECRET, kind="place")))
        for path in ASKED:
            url = f"/{path.format(episode=care['id'], patient=of['id'])}"
            whole, part = (await writer.get(url)).text, (await ours.get(url)).text
            assert person["id"] in whole, url
            assert person["id"] not in part, url
            assert SECRET not in part, url
            assert SECRET in whole or "$social-map" not in url, url
            assert friend["id"] in part or "gaps" in url, url


@pytest.mark.parametrize("by", HIDDEN_BY)
async def test_an_identifier_does_not_tell_whom_one_may_not_read(client, by):
    async with AsyncExitStack() as stack:
        ours = await stack.enter_async_context(acting(client, granted(SCOPES, organisation="RX1")))
        writer = await stack.enter_async_context(acting(client, HIDDEN_BY[by]))
        told = []
        for is_there in (True, False):
            of, number = await create(ours, patient(nhs_number())), nhs_number()
            began = {"status": "active", "patient": to(of), "period": {"start": "2026-03-01"}}
            care = await create(ours, {"resourceType": "EpisodeOfCare", **began})
            person = supporter(to(of), identifier=[{"system": NHS_NUMBER, "value": number}])
            if is_there:
                await create(writer, labelled(person, CONFIDENTIALITY, "V") if by == "a label" else person)
            who = {"type": "RelatedPerson", "identifier": {"system": NHS_NUMBER, "value": number}}
            called = await create(ours, contact(of) | {"recipient": [who]})
            plans = await create(
                ours, plan(to(of), activity=[{"detail": {"status": "in-progress", "performer": [who]}}])
            )
            for path in (*ASKED[:3], INDICATORS):
                answer = await ours.get(f"/{path.format(episode=care['id'], patient=of['id'])}")
                assert answer.status_code == 200, answer.text
                text = answer.text
                for name_, id_ in (("of", of), ("care", care), ("called", called), ("plans", plans)):
                    text = text.replace(id_["id"], name_)
                told.append(WHEN.sub("then", text))
        assert told[:4] == told[4:]
