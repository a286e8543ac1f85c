"""Mark, who can decide for himself, refuses that his wife is told anything; the team is seriously worried for him."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.conftest import running
from tests.stories.conftest import story_of
from tests.stories.epr import Epr
from tests.stories.records import (
    ALWAYS_ALLOWED,
    LEGAL_BASIS,
    Json,
    ago,
    ahead,
    coded,
    decided_for,
    own,
    patient,
    practitioner,
    refuses,
    supporter,
)


@pytest.fixture
async def wife(epr: Epr) -> str:
    await epr.records(patient(epr.patient, "Mark", "1972-10-05"))
    helen = await epr.records(supporter(epr.patient, "Helen"))
    await epr.records(refuses(epr.patient, helen))
    return helen


@pytest.fixture
async def clinicians(epr: Epr) -> list[str]:
    return [await epr.records(practitioner(name)) for name in ("Meera Raghavan", "Gareth Llewelyn-Pryce")]


@pytest.fixture
async def privileged(client: httpx.AsyncClient, module_database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """The same record, where callers may override."""
    async with running(module_database_url, development_privileges=True) as connected:
        yield connected


def override(epr: Epr, who: str, clinicians: list[str], **more: str) -> Json:
    """Doubt about his capacity, a senior consulted, two scopes, one day."""
    said = [
        own("override-reason", valueCode=more.get("reason", "risk-to-self")),
        own("override-justification", valueString="He said goodbye to his children this morning."),
        own("override-capacity-view", valueCode="in-doubt"),
    ]
    return decided_for(
        epr.patient,
        who,
        "risk-to-self",
        "safety-plan",
        basis=coded(LEGAL_BASIS, "safety-override"),
        by=clinicians,
        dateTime=ago(minutes=1),
        period={"start": ago(minutes=1), "end": ahead(hours=24)},
        extension=said,
    )


async def test_the_refusal_stands_and_the_answer_says_what_to_do(epr: Epr, wife: str) -> None:
    told = await epr.asks(wife, "risk-to-self")
    assert (told.word, told.basis, told.next_action) == ("deny", "patient-refusal", "confirm-with-patient")
    assert told.still_allowed == ALWAYS_ALLOWED
    assert told.overridable


async def test_no_machine_and_nobody_unknown_overrides(epr: Epr, wife: str, clinicians: list[str]) -> None:
    await epr.is_refused(override(epr, wife, clinicians), status=403)
    assert (await epr.asks(wife, "risk-to-self")).word == "deny"


async def test_a_recorded_override_permits_what_it_names_and_no_more(
    epr: Epr, wife: str, clinicians: list[str], privileged: httpx.AsyncClient, request: pytest.FixtureRequest
) -> None:
    known = Epr(privileged, story_of(request))
    known.number = epr.number
    alone = await known.is_refused(override(epr, wife, clinicians[:1]))
    assert "two different people" in alone
    recorded = await known.records(override(epr, wife, clinicians))
    for scope in ("risk-to-self", "safety-plan"):
        told = await epr.asks(wife, scope)
        assert (told.word, told.basis) == ("allow-by-override", "safety-override")
        assert told.based_on == (f"{recorded}/_history/1",)
        assert told.obligations == {"minimum-necessary", "high-audit", "retrospective-review"}
    assert await epr.words(wife, "medication", "whereabouts") == ["deny", "deny"]
    assert (await epr.asks(wife, "risk-to-self", at=ahead(hours=25))).word == "deny"
    [review] = await epr.finds(f"Task?patient={epr.number}")
    assert (await epr.reads(review))["focus"] == {"reference": recorded}
