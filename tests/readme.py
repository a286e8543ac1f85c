"""The calls of the README: what is asked, and what is said of the answer."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

README = Path(__file__).parents[1] / "README.md"
HERE = "http://127.0.0.1:8000"
_BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
_CALL = re.compile(r"(curl .*?)\n# (\d{3})([^\n]*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Call:
    """One call: its method, its address below the service's, headers and body, and what is said of its answer."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    status: int
    said: str


def section(title: str) -> str:
    """What stands under a heading."""
    _, _, after = README.read_text().partition(f"\n## {title}\n")
    return after.partition("\n## ")[0]


def calls(text: str, token: str = "") -> Iterator[Call]:
    """The calls of a text, with this token."""
    for block in _BLOCK.findall(text):
        for command, status, said in _CALL.findall(block):
            words = shlex.split(command.replace("$TOKEN", token))
            options = [(flag, words[place + 1]) for place, flag in enumerate(words) if flag in ("-X", "-H", "-d")]
            headers = dict(value.split(": ", 1) for flag, value in options if flag == "-H")
            url = next(word for word in words if word.startswith(HERE))
            given = dict(options)
            body = given.get("-d", "").encode()
            yield Call(given.get("-X", "GET"), url.removeprefix(HERE), headers, body, int(status), said)


def check(call: Call, answer: httpx.Response) -> None:
    """Asserts that an answer is what is said of it: status, basis, total, "n of m", words in italics or of an error."""
    assert answer.status_code == call.status, (call, answer.text)
    basis = re.search(r"basis ([a-z-]+)", call.said)
    if basis:
        assert f'"{basis[1]}"' in answer.text, call
    total = re.search(r"total (\d+)", call.said)
    if total:
        assert answer.json()["total"] == int(total[1]), call
    share = re.search(r"(\d+) of (\d+)", call.said)
    if share:
        counts = {
            each["code"]["coding"][0]["code"]: each.get("count") for each in answer.json()["group"][1]["population"]
        }
        assert (counts["numerator"], counts["denominator"]) == (int(share[1]), int(share[2])), counts
    for name in re.findall(r"\*(.*?)\*", call.said):
        assert name in answer.text, call
    quoted = re.search(r"OperationOutcome: (.*?) \.\.\.", call.said)
    if quoted:
        assert quoted[1] in answer.json()["issue"][0]["diagnostics"], call
