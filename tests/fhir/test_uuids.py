"""UUIDs that are drawn many at a time are random ones of version 4, and each is given once."""

from uuid import RFC_4122, UUID

from app.fhir.uuids import new_uuid


def test_each_is_a_random_uuid_as_python_writes_it() -> None:
    for text in [new_uuid() for _ in range(600)]:
        read = UUID(text)
        assert str(read) == text
        assert (read.version, read.variant) == (4, RFC_4122)


def test_none_is_given_twice() -> None:
    assert len({new_uuid() for _ in range(2_000)}) == 2_000


def test_every_bit_that_may_vary_does() -> None:
    numbers = [UUID(new_uuid()).int for _ in range(600)]
    always, ever = ~0, 0
    for number in numbers:
        always &= number
        ever |= number
    fixed = UUID(int=(1 << 128) - 1, version=4).int ^ ((1 << 128) - 1)  # the bits that are 0 in each of version 4
    assert always == 0x4000 << 64 | 0x8000 << 48
    assert ever == ((1 << 128) - 1) ^ fixed
