"""Every search that docs/search.md shows is understood by the service."""

import re
from pathlib import Path

import pytest

from app.fhir.resources import BY_TYPE

PAGE = Path(__file__).parents[2] / "docs" / "search.md"
# `Consent?status=active`, `GET [base]/Consent?...`, `GET [base]?_type=...`, `GET [base]/Patient/[id]/*`
SHOWN = re.compile(r"`(?:(GET|POST) \[base\](/?[^`]*)|([A-Z][A-Za-z]+\?[^`]+[^`=]))`")


def _searches() -> list[tuple[str, str]]:
    found = []
    for method, path, alone in SHOWN.findall(PAGE.read_text()):
        address = path if method else f"/{alone}"
        for shown, sent in (("[id]", "unknown"), ("...", "unknown"), (r"\|", "|")):
            address = address.replace(shown, sent)
        found.append((method or "GET", address))
    return found


@pytest.mark.parametrize(("method", "address"), _searches())
async def test_what_the_page_shows_can_be_searched(client, method: str, address: str) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if method == "POST" else {}
    response = await client.request(method, address, headers=headers)
    assert response.status_code == 200, response.text
    assert response.json()["type"] == "searchset"


def test_the_page_shows_searches_of_every_kind() -> None:
    assert len(_searches()) > 15


PARTS = re.compile(r"`([a-z_][a-z_\-]*(?::[A-Za-z\-]+)?=[^`]+)`")


@pytest.mark.parametrize("parameter", sorted(set(PARTS.findall(PAGE.read_text()))))
async def test_a_parameter_that_the_page_shows_is_one_of_some_type(client, parameter: str) -> None:
    sent = parameter.replace(r"\|", "|").replace("[system]", "http://hl7.org/fhir/consent-state-codes")
    answers = [(await client.get(f"/{type_}?{sent}")).status_code for type_ in BY_TYPE]
    assert 200 in answers
