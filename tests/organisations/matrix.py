"""The table of who sees what: records of every kind, and callers of every kind."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final

import httpx

from tests.callers import acting, granted
from tests.conftest import running
from tests.organisations.pathway import pathway
from tests.organisations.test_refusals_count import restriction
from tests.record.examples import consent, create, name, nhs_number, patient, plan, supporter, team, to

Resource = dict[str, Any]

CONFIDENTIALITY: Final = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
IN_CONFIDENCE: Final = ("https://fhir.kith.example/CodeSystem/sharing-label", "given-in-confidence")
# Stands in every record where only those see it who see the record whole.
SECRET: Final = "Quillfeather"
SCOPES: Final = "system/*.cruds kith/check"

CALLERS: Final = {
    "staff": {},
    "trusted": {"scope": f"{SCOPES} kith/restrictions"},
    "patient": {"facing": "patient"},
    "carer": {"facing": "carer"},
    "nobody": {"facing": "patient", "patient": ""},
    "stranger": {"facing": "patient", "patient": "another"},
    "theirs": {"organisation": "RX2", "scope": f"{SCOPES} kith/restrictions"},
    "sharing": {"organisation": "RX2", "sees": ("RX1",)},
}
# + sees it whole, o sees it masked, - does not see it
SEES: Final = """
                     staff trusted patient carer nobody stranger theirs sharing
patient                  +       +       o     o      -        -      -       +
plan                     +       +       +     +      -        -      -       +
plan-with-supporter      +       +       +     -      -        -      -       +
plan-restricted          -       +       -     -      -        -      -       -
plan-very-restricted     -       +       -     -      -        -      -       -
plan-in-confidence       -       +       -     -      -        -      -       -
plan-normal-label        +       +       +     +      -        -      -       +
supporter                +       +       -     -      -        -      -       +
restricted-supporter     o       +       -     -      -        -      -       o
restriction              o       +       -     -      -        -      -       o
labelled-restriction     o       +       -     -      -        -      -       o
other-flag               +       +       -     -      -        -      -       +
labelled-flag            -       +       -     -      -        -      -       -
communication            +       +       -     -      -        -      -       +
in-confidence            -       +       -     -      -        -      -       -
consent                  +       +       +     -      -        -      -       +
team                     +       +       +     -      -        -      -       +
another-patients-plan    +       +       -     -      -        +      -       +
goal                     +       +       +     -      -        -      -       +
goal-in-confidence       -       +       -     -      -        -      -       -
episode                  +       +       -     -      -        -      -       +
encounter                +       +       -     -      -        -      -       +
risk-assessment          +       +       -     -      -        -      -       +
risk-very-restricted     -       +       -     -      -        -      -       -
request                  +       +       -     -      -        -      -       +
ring                     +       +       -     -      -        -      -       +
figure                   +       +       -     -      -        -      -       +
handover                 +       +       -     -      -        -      -       +
answer                   +       +       -     -      -        -      -       +
provenance               +       +       -     -      -        -      -       +
restricted-provenance    -       +       -     -      -        -      -       -
"""


def labelled(resource: Resource, system: str, code: str) -> Resource:
    return {**resource, "meta": {"security": [{"system": system, "code": code}]}}


def communication(of: Resource, **more: Any) -> Resource:
    return {
        "resourceType": "Communication",
        "status": "completed",
        "subject": of,
        "payload": [{"contentString": SECRET}],
        **more,
    }


def _flag(of: Resource) -> Resource:
    return {"resourceType": "Flag", "status": "active", "code": {"text": SECRET}, "subject": of}


def _provenance(about: Resource, who: Resource) -> Resource:
    why = {"reason": [{"text": SECRET}], "recorded": "2026-03-03T10:00:00Z", "agent": [{"who": to(who)}]}
    return {"resourceType": "Provenance", "target": [to(about), about["subject"]], **why}


async def _records(client: httpx.AsyncClient) -> dict[str, Resource]:
    """The records of the table, all of RX1; each holds the secret."""
    contact = [{"name": {"family": SECRET}, "telecom": [{"system": "phone", "value": "0123"}]}]
    one = await create(client, patient(nhs_number(), contact=contact))
    other = await create(client, patient(nhs_number()))
    own = to(one)
    reached = {
        "telecom": [{"system": "phone", "value": "07700 900123"}, {"system": "email", "value": f"{SECRET}@x.example"}],
        "address": [{"line": [SECRET], "city": SECRET}],
    }
    friend = await create(client, supporter(own, name=[{"family": "Friend"}], **reached))
    kept_away = await create(client, supporter(own, name=[{"family": "Marsh", "given": ["Rob"]}], **reached))
    why = restriction(own, name(kept_away))
    why["code"]["text"] = SECRET
    secret = plan(own, title=SECRET)
    with_supporter = plan(own, title=SECRET, contributor=[to(friend)])
    wanted = {
        "plan": secret,
        "plan-with-supporter": with_supporter,
        "plan-restricted": labelled(secret, CONFIDENTIALITY, "R"),
        "plan-very-restricted": labelled(secret, CONFIDENTIALITY.replace("http:", "https:"), "V"),
        "plan-in-confidence": labelled(secret, *IN_CONFIDENCE),
        "plan-normal-label": labelled(secret, CONFIDENTIALITY, "N"),
        "restriction": why,
        "labelled-restriction": labelled(why, CONFIDENTIALITY, "V"),
        "other-flag": _flag(own),
        "labelled-flag": labelled(_flag(own), CONFIDENTIALITY, "R"),
        "communication": communication(own),
        "in-confidence": labelled(communication(own, sender=to(friend)), *IN_CONFIDENCE),
        "consent": consent(own, name(friend), identifier=[{"value": SECRET}]),
        "team": team(own, name(friend), name=SECRET),
        "another-patients-plan": plan(to(other), title=SECRET),
    }
    way = pathway(own, to(friend), SECRET)
    wanted |= way | {
        "goal-in-confidence": labelled(way["goal"], *IN_CONFIDENCE),
        "risk-very-restricted": labelled(way["risk-assessment"], CONFIDENTIALITY, "V"),
    }
    made = {key: await create(client, resource) for key, resource in wanted.items()}
    for key, about in (("provenance", "plan"), ("restricted-provenance", "plan-restricted")):
        made[key] = await create(client, _provenance(made[about], friend))
    return made | {"patient": one, "supporter": friend, "restricted-supporter": kept_away, "other": other}


@asynccontextmanager
async def records_and_callers(url: str) -> AsyncIterator[tuple[dict[str, Resource], dict[str, httpx.AsyncClient]]]:
    """The records, and a client of each kind of caller."""
    async with running(url) as client, AsyncExitStack() as stack:
        writer = granted(f"{SCOPES} kith/restrictions", organisation="RX1")
        records = await _records(await stack.enter_async_context(acting(client, writer)))
        ids = {None: records["patient"]["id"], "another": records["other"]["id"], "": ""}
        clients = {}
        for key, is_ in CALLERS.items():
            of = ids[is_.get("patient")] if "facing" in is_ else ""
            given = granted(**{"organisation": "RX1", "scope": SCOPES, **is_, "patient": of})
            clients[key] = await stack.enter_async_context(acting(client, given))
        yield records, clients


def expected() -> dict[str, dict[str, str]]:
    head, *lines = [line.split() for line in SEES.strip().splitlines()]
    return {record: dict(zip(head, signs, strict=True)) for record, *signs in lines}
