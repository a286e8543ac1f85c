"""The requests of each operation, ready made, in a file that the load tool sends from."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Final

from bench import people
from bench.bodies import BODIES

MOST: Final = 8_000
# Creations are about patients that are neither read nor searched, so that a search has five matches to the end.
_SEARCHED: Final = 0.9
OPERATIONS: Final = {
    "read": "read",
    "search": "search, 5 matches",
    "RelatedPerson": "create RelatedPerson",
    "Consent": "create Consent",
    "CarePlan": "create CarePlan",
}


def write(folder: Path, patients: int, token: str = "") -> dict[str, Path]:
    """A file for each operation, by its name; each request with the token, if there is one."""
    random = Random(patients)
    searched = [random.randrange(int(patients * _SEARCHED)) for _ in range(MOST)]
    written = [random.randrange(int(patients * _SEARCHED), patients) for _ in range(MOST)]
    made = {
        "read": (_get(f"RelatedPerson/{people.ids(index)[1 + index % people.SUPPORTERS]}") for index in searched),
        "search": (_get(f"RelatedPerson?patient={people.ids(index)[0]}") for index in searched),
        **{type_: _posts(type_, written) for type_ in BODIES},
    }
    return {
        operation: _file(folder / f"{operation}.requests", (_with(token, each) for each in requests))
        for operation, requests in made.items()
    }


def _with(token: str, request: bytes) -> bytes:
    if not token:
        return request
    line, _, rest = request.partition(b"\r\n")
    return b"%b\r\nAuthorization: Bearer %b\r\n%b" % (line, token.encode(), rest)


def _get(path: str) -> bytes:
    return f"GET /FHIR/R4/{path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/fhir+json\r\n\r\n".encode()


def _posts(type_: str, patients: Iterable[int]) -> Iterator[bytes]:
    for serial, index in enumerate(patients):
        patient, supporter, *_ = people.ids(index)
        yield post(type_, BODIES[type_].with_values(patient, supporter, f"{serial:010d}"))


def post(type_: str, body: bytes) -> bytes:
    """The request that creates a resource."""
    head = f"POST /FHIR/R4/{type_} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/fhir+json\r\n"
    return f"{head}Accept: application/fhir+json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def _file(path: Path, requests: Iterable[bytes]) -> Path:
    path.write_bytes(b"".join(b"%08d%b" % (len(request), request) for request in requests))
    return path
