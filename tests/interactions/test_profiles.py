"""The examples of docs/profiles.md hold by the profiles that they are of, and by the rules of this service."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.fhir.published.everything import published
from app.fhir.published.profiles import PROFILES
from tests.fhir.rules import issues

PAGE = (Path(__file__).parents[2] / "docs" / "profiles.md").read_text()
EXAMPLES = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, flags=re.DOTALL)]
OK = "All OK: nothing was found, and nothing was stored."


async def found(client: httpx.AsyncClient, resource: dict[str, Any]) -> list[dict[str, Any]]:
    """What $validate says of a resource by the profile of its type."""
    type_ = resource["resourceType"]
    answer = await client.post(f"/{type_}/$validate", params={"profile": PROFILES[type_]}, json=resource)
    assert answer.status_code == 200, answer.text
    said: list[dict[str, Any]] = answer.json()["issue"]
    return said


def _name(resource: dict[str, Any]) -> str:
    return str(resource["resourceType"])


def test_each_profile_of_the_work_has_an_example() -> None:
    elsewhere = {"Consent", "RelatedPerson", "Flag", "Measure"}
    assert {_name(each) for each in EXAMPLES} == set(PROFILES) - elsewhere


def test_the_published_measures_follow_their_profile() -> None:
    for element in published("StructureDefinition")["involvement-indicator"]["differential"]["element"]:
        _, *path = element["path"].split(".")
        for measure in published("Measure").values():
            if len(path) == 1:
                assert len(measure.get(path[0], ())) >= element.get("min", 0), (measure["id"], path)


@pytest.mark.parametrize("example", EXAMPLES, ids=_name)
async def test_an_example_holds_by_its_profile(client: httpx.AsyncClient, example: dict[str, Any]) -> None:
    assert issues(example) == ()
    assert [each["diagnostics"] for each in await found(client, example)] == [OK]


@pytest.mark.parametrize("example", EXAMPLES, ids=_name)
async def test_what_a_profile_demands_is_missed(client: httpx.AsyncClient, example: dict[str, Any]) -> None:
    type_ = _name(example)
    definition = published("StructureDefinition")[PROFILES[type_].rpartition("/")[2]]
    least = [each["path"] for each in definition["differential"]["element"] if each.get("min")]
    for path in [path for path in least if path.count(".") == 1]:
        bare = {name: value for name, value in example.items() if name != path.partition(".")[2]}
        if issues(bare):  # FHIR itself demands it
            continue
        assert path in [place for each in await found(client, bare) for place in each.get("expression", ())]
