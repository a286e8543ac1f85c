"""What is written to a connection at one time is sent together and in order; nothing of it is lost or kept back."""

import asyncio
from typing import Any

from app.joined import MOST_BYTES, Joined


class Recorded:
    """A transport that notes what it is asked for."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.closed = False

    def write(self, data: bytes) -> None:
        self.sent.append(data)

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def get_write_buffer_size(self) -> int:
        return 7

    def get_extra_info(self, name: str) -> str:
        return f"the {name}"


def _joined() -> tuple[Joined, Recorded]:
    transport = Recorded()
    return Joined(transport, asyncio.get_running_loop()), transport


async def test_a_head_and_its_body_are_sent_as_one() -> None:
    joined, transport = _joined()
    joined.write(b"head ")
    joined.write(b"body")
    assert joined.get_write_buffer_size() == 9 + 7
    await asyncio.sleep(0)
    assert transport.sent == [b"head body"]
    assert joined.get_write_buffer_size() == 7


async def test_what_is_written_later_is_sent_later() -> None:
    joined, transport = _joined()
    joined.write(b"one")
    await asyncio.sleep(0)
    joined.write(b"two")
    await asyncio.sleep(0)
    assert transport.sent == [b"one", b"two"]


async def test_much_is_sent_at_once_so_that_its_writer_can_be_told_to_wait() -> None:
    joined, transport = _joined()
    joined.write(b"head")
    joined.write(b" " * MOST_BYTES)
    assert transport.sent == [b"head" + b" " * MOST_BYTES]
    await asyncio.sleep(0)
    assert len(transport.sent) == 1


async def test_closing_sends_what_waits_first() -> None:
    joined, transport = _joined()
    joined.write(b"last words")
    joined.close()
    assert (transport.sent, transport.closed) == ([b"last words"], True)


async def test_nothing_is_sent_to_whoever_has_gone() -> None:
    joined, transport = _joined()
    joined.write(b"lost")
    transport.closed = True
    await asyncio.sleep(0)
    assert transport.sent == []


async def test_everything_else_is_the_transport_s_own() -> None:
    joined, _ = _joined()
    assert joined.get_extra_info("peername") == "the peername"
