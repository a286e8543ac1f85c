"""Transactions to send: supporters, each with a consent and a plan that name them, of patients that are there."""

from collections.abc import Iterable, Iterator
from typing import Final
from uuid import UUID

from bench import people
from bench.bodies import BODIES

LOADED: Final = 100  # entries of a transaction by which data is loaded
_TRIPLE: Final = ("RelatedPerson", "Consent", "CarePlan")


def transactions(patients: Iterable[int], entries: int) -> Iterator[bytes]:
    """Bundles of so many entries, in threes of a supporter, a consent and a plan of one patient."""
    found: list[bytes] = []
    for serial, index in enumerate(patients):
        found += _entries(index, serial)
        while len(found) >= entries:
            yield b'{"resourceType":"Bundle","type":"transaction","entry":[%b]}' % b",".join(found[:entries])
            # What is left would refer to a supporter of the Bundle before.
            found = []


def _entries(index: int, serial: int) -> Iterator[bytes]:
    patient, supporter = people.ids(index)[0], str(UUID(int=serial, version=4))
    for type_ in _TRIPLE:
        body = BODIES[type_].with_values(patient, supporter, f"{serial:010d}")
        body = body.replace(b"RelatedPerson/" + supporter.encode(), b"urn:uuid:" + supporter.encode())
        name = b'"fullUrl":"urn:uuid:%b",' % supporter.encode() if type_ == _TRIPLE[0] else b""
        yield b'{%b"resource":%b,"request":{"method":"POST","url":"%b"}}' % (name, body, type_.encode())
