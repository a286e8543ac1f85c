"""The calls of the README answer what it says they answer."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

README = Path(__file__).parents[1] / "README.md"
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
CALL = re.compile(r"(curl .*?)\n# (\d{3})([^\n]*)", re.DOTALL)


def calls() -> Iterator[tuple[str, int, str]]:
    for block in BLOCK.findall(README.read_text()):
        for command, status, said in CALL.findall(block):
            yield command, int(status), said


def request(command: str) -> dict[str, object]:
    words = shlex.split(command)
    url = next(word for word in words if word.startswith("http://127.0.0.1:8000"))
    options = {flag: words[place + 1] for place, flag in enumerate(words) if flag in ("-X", "-H", "-d")}
    name, _, value = options.get("-H", "Accept: */*").partition(": ")
    return {
        "method": options.get("-X", "GET"),
        "url": url.replace("http://127.0.0.1:8000", "http://kith.test"),
        "headers": {name: value},
        "content": options.get("-d", "").encode(),
    }


async def test_every_call_of_the_readme_answers_what_it_says(client: httpx.AsyncClient) -> None:
    asked = list(calls())
    assert len(asked) >= 8
    for command, status, said in asked:
        answer = await client.request(**request(command))
        assert answer.status_code == status, (command, answer.text)
        basis = re.search(r"basis ([a-z-]+)", said)
        if basis:
            assert f'"{basis[1]}"' in answer.text, command
        total = re.search(r"total (\d+)", said)
        if total:
            assert answer.json()["total"] == int(total[1]), command
        quoted = re.search(r"OperationOutcome: (.*?) \.\.\.", said)
        if quoted:
            assert quoted[1] in answer.json()["issue"][0]["diagnostics"], command


def test_every_page_that_the_readme_names_is_there() -> None:
    for page in re.findall(r"\]\((docs/[^)]*)\)", README.read_text()):
        if not (README.parent / page).exists():
            pytest.fail(f"{page} does not exist")
