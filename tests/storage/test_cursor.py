"""Where a page ended, as text: read by the service that wrote it, for the caller that it was written for."""

from base64 import urlsafe_b64decode

import pytest

from app.fhir.errors import BadRequest
from app.storage.cursor import Cursor, dumps, loads

KEY = b"secret of the service, client of RX1"
PLACE = Cursor("CarePlan?subject=Patient/quill", 1_700_000_000_000_000, ("Quillfeather", None, 7), 123_456_789, 42)


def test_it_is_read_as_it_was_written() -> None:
    assert loads(dumps(PLACE, KEY), KEY) == PLACE


def test_it_says_nothing_to_whoever_has_it() -> None:
    written = dumps(PLACE, KEY)
    read = b"".join(urlsafe_b64decode(f"{part}===") for part in written.split("."))
    for told in ("Quill", "123456789", "CarePlan"):
        assert told not in written
        assert told.encode() not in read


@pytest.mark.parametrize("key", [b"", b"secret of the service, client of RX2", KEY + b" "])
def test_it_is_nothing_under_another_key(key: bytes) -> None:
    with pytest.raises(BadRequest):
        loads(dumps(PLACE, KEY), key)


@pytest.mark.parametrize("made_up", ["", ".", "..", "a.b.c", "e30..a.b.c", "\u00e9", "\0", "x" * 9_000])
def test_what_was_made_up_is_refused(made_up: str) -> None:
    with pytest.raises(BadRequest):
        loads(made_up, KEY)


def test_no_letter_of_it_can_be_another() -> None:
    written = dumps(PLACE, KEY)
    for place in range(0, len(written) - 1, 3):
        other = "A" if written[place] != "A" else "B"
        with pytest.raises(BadRequest):
            loads(written[:place] + other + written[place + 1 :], KEY)
