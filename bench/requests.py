"""The requests of each operation, ready made, in a file that the load tool sends from."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Final

from bench import people, questions
from bench.bodies import BODIES
from bench.bundles import LOADED, transactions

MOST: Final = 8_000
# Creations are about patients that are neither read nor searched, so that a search has five matches to the end: half of
# them each service's own, so that neither works on records that the other, which may be much faster, has filled.
_SEARCHED: Final = 0.9
_OURS: Final = 0.95
OPERATIONS: Final = {
    "read": "read",
    "search": "search, 5 matches",
    "RelatedPerson": "create RelatedPerson",
    "Consent": "create Consent",
    "CarePlan": "create CarePlan",
    "transaction": "transaction of the three",
    "load": f"transaction of {LOADED} entries",
    "check": "check, 1 recipient, 1 scope",
    "matrix": "check, 3 recipients, 15 scopes",
    "evaluation": "AuthZEN, 1 evaluation",
    "evaluations": f"AuthZEN, {questions.AT_ONCE} evaluations",
}
# What of the bare service an operation that it does not have is measured against.
AGAINST: Final = dict.fromkeys(("check", "matrix", "evaluation", "evaluations"), "RelatedPerson")


Files = dict[str, Path]


def write(folder: Path, patients: int, token: str) -> tuple[Files, Files]:
    """A file for each operation, by its name, of Kith and of what it is measured against; every request carries the
    access token.
    """
    random = Random(patients)
    searched = [random.randrange(int(patients * _SEARCHED)) for _ in range(MOST)]
    asked = [index - index % people.ASKED_ABOUT for index in searched]
    made = {
        "read": (_get(f"RelatedPerson/{people.ids(index)[1 + index % people.SUPPORTERS]}") for index in searched),
        "search": (_get(f"RelatedPerson?patient={people.ids(index)[0]}") for index in searched),
        **{name: _questions(path, form, question, asked) for name, path, form, question in questions.ALL},
    }
    both = _files(folder, made, token)
    ours = [random.randrange(int(patients * _SEARCHED), int(patients * _OURS)) for _ in range(MOST)]
    limits = [random.randrange(int(patients * _OURS), patients) for _ in range(MOST)]
    kith = both | _files(folder, _writes(ours), token)
    return {name: kith[name] for name in OPERATIONS}, both | _files(folder / "limit", _writes(limits), token)


def _writes(patients: list[int]) -> dict[str, Iterable[bytes]]:
    return {
        **{type_: _posts(type_, patients) for type_ in BODIES},
        "transaction": (post("/FHIR/R4", body) for body in transactions(patients[:2_000], len(BODIES))),
        "load": (post("/FHIR/R4", body) for body in transactions(patients, LOADED)),
    }


def _with(token: str, request: bytes) -> bytes:
    first, rest = request.split(b"\r\n", 1)
    return b"%b\r\nAuthorization: Bearer %b\r\n%b" % (first, token.encode(), rest)


def _get(path: str) -> bytes:
    return f"GET /FHIR/R4/{path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/fhir+json\r\n\r\n".encode()


def _posts(type_: str, patients: Iterable[int]) -> Iterator[bytes]:
    for serial, index in enumerate(patients):
        patient, supporter, *_ = people.ids(index)
        yield post(f"/FHIR/R4/{type_}", BODIES[type_].with_values(patient, supporter, f"{serial:010d}"))


def _questions(path: str, form: str, question: Callable[[int], bytes], patients: Iterable[int]) -> Iterator[bytes]:
    for index in patients:
        yield post(path, question(index), form)


def post(path: str, body: bytes, form: str = "application/fhir+json") -> bytes:
    """A POST of a body of this form."""
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {form}\r\n"
    return f"{head}Accept: {form}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def _files(folder: Path, made: dict[str, Iterable[bytes]], token: str) -> Files:
    folder.mkdir(exist_ok=True)
    return {
        operation: _file(folder / f"{operation}.requests", (_with(token, request) for request in requests))
        for operation, requests in made.items()
    }


def _file(path: Path, requests: Iterable[bytes]) -> Path:
    path.write_bytes(b"".join(b"%08d%b" % (len(request), request) for request in requests))
    return path
