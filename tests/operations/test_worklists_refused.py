"""The worklists: what cannot be asked of them, and that nobody writes them."""

import pytest

from tests.record.examples import (
    issue,
)


@pytest.mark.parametrize(
    ("which", "query", "status", "words"),
    [
        ("nothing", {}, 404, "there are not-asked"),
        ("not-asked", {"team": "Organization/nowhere"}, 400, "names Organization/nowhere, which is not here"),
        ("not-asked", {"team": "Patient/1"}, 400, "must be Organization/ID or CareTeam/ID"),
        ("not-asked", {"team": "\u0000"}, 400, "team"),
        ("not-asked", {"_count": "0"}, 400, "1 or more"),
        ("not-asked", {"_count": "many"}, 400, "whole number"),
        ("not-asked", {"_cursor": "forged"}, 400, "_cursor"),
        ("not-asked", {"status": "active"}, 400, "no parameter status"),
        ("not-asked", [("team", "Organization/1"), ("team", "Organization/2")], 400, "once"),
    ],
)
async def test_what_cannot_be_asked_is_refused_with_a_word_on_why(client, which, query, status, words):
    root = str(client.base_url).removesuffix("/FHIR/R4/")
    answer = await client.get(f"{root}/worklists/{which}", params=query)
    assert answer.status_code == status, answer.text
    assert words in issue(answer)["diagnostics"]


async def test_lists_are_read_and_never_written(client):
    root = str(client.base_url).removesuffix("/FHIR/R4/")
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = await client.request(method, f"{root}/worklists/not-asked")
        assert answer.status_code == 405
        assert "GET" in answer.headers["Allow"]
