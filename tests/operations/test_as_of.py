"""A check about another time: of the records as they stood at that millisecond, and of days as London has them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.operations.asking import answers
from tests.record.examples import consent, create, name, nhs_number, patient, supporter, to

MILLISECOND = timedelta(milliseconds=1)
Json = dict[str, Any]


async def a_patient(client: httpx.AsyncClient) -> tuple[Json, Json]:
    """A patient with a supporter of whom nothing was said yet."""
    of = await create(client, patient(nhs_number(), birthDate="1980-02-01"))
    return of, await create(client, supporter(to(of)))


async def basis(client: httpx.AsyncClient, of: Json, person: Json, at: datetime) -> str:
    query = {"patient": name(of), "recipient": name(person), "scope": "medication", "at": at.isoformat()}
    answer = await client.get("/Consent/$check-sharing", params=query)
    assert answer.status_code == 200, answer.text
    [found] = answers(answer.json())
    return str(found["basis"])


def written(resource: Json) -> datetime:
    return datetime.fromisoformat(resource["meta"]["lastUpdated"])


def later(than: Json) -> None:
    """Returns once the clock is past the millisecond in which something was written."""
    while datetime.now(UTC) < written(than) + 2 * MILLISECOND:
        pass


async def changed(client: httpx.AsyncClient, resource: Json, **members: Any) -> Json:
    later(than=resource)
    answer = await client.put(f"/{name(resource)}", json=resource | members)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def test_a_permit_holds_from_the_millisecond_it_is_written_to_the_one_it_is_withdrawn(
    client: httpx.AsyncClient,
) -> None:
    of, person = await a_patient(client)
    later(than=person)
    given = await create(client, consent(to(of), name(person)))
    taken_back = await changed(client, given, status="inactive")
    said = [
        await basis(client, of, person, at)
        for at in (
            written(given) - MILLISECOND, written(given), written(taken_back) - MILLISECOND, written(taken_back),
        )
    ]  # fmt: skip
    assert said == ["no-consent-recorded", "patient-consent", "patient-consent", "consent-withdrawn"]


async def test_somebody_who_was_ended_since_is_on_the_record_of_then(client: httpx.AsyncClient) -> None:
    of, person = await a_patient(client)
    given = await create(client, consent(to(of), name(person)))
    ended = await changed(client, person, active=False)
    assert await basis(client, of, person, written(person) - MILLISECOND) == "recipient-not-linked"
    assert await basis(client, of, person, written(given)) == "patient-consent"
    assert await basis(client, of, person, written(ended)) == "recipient-not-linked"


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("2060-03-28", "2060-03-28T00:00:00+00:00", "2060-03-28T22:59:59+00:00"),
        ("2060-10-31", "2060-10-30T23:00:00+00:00", "2060-10-31T23:59:59+00:00"),
    ],
)
async def test_a_day_on_which_the_clocks_change_begins_and_ends_in_london(
    client: httpx.AsyncClient, day: str, first: str, last: str
) -> None:
    of, person = await a_patient(client)
    body = consent(to(of), name(person))
    await create(client, body | {"provision": body["provision"] | {"period": {"start": day, "end": day}}})
    begins, ends = datetime.fromisoformat(first), datetime.fromisoformat(last)
    for at, permits in (
        (begins - MILLISECOND, False),
        (begins, True),
        (ends, True),
        (ends + 1000 * MILLISECOND, False),
    ):
        assert (await basis(client, of, person, at) == "patient-consent") is permits, at
