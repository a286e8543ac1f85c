"""The many households of the benchmark are copies of those that Kith wrote: it answers about each in the same way."""

import re
from typing import Any

import httpx
import orjson

from bench import inside, load, people, sizes
from bench.multiplied import multiply, other
from bench.sizes import Size

HOUSEHOLDS, TIMES = 11, 3
_AUDITED = re.compile(r"AuditEvent/\d+")
# Identifiers, and when it was asked.
ITS_OWN = {"value", "url", "timestamp", "id", "valueDateTime", "valueInstant"}


async def test_a_copy_is_answered_about_as_the_first_is(module_database_url: str) -> None:
    await load.copy(module_database_url, 0, HOUSEHOLDS)
    await multiply(module_database_url, HOUSEHOLDS, TIMES)
    size = Size(module_database_url, HOUSEHOLDS, TIMES)
    async with sizes.connected(size.url) as pool, inside.kith(size.url) as client:
        for index in (0, HOUSEHOLDS - 1):
            first, *copies = [await told(client, pool, size, index, copy) for copy in range(TIMES)]
            assert copies == [first] * (TIMES - 1)


async def told(client: httpx.AsyncClient, pool: Any, size: Size, index: int, copy: int) -> dict[str, Any]:
    """What is answered to each request, with the names of the first household."""
    found = {}
    for name, request in (await sizes.requests(pool, size, index, copy)).items():
        text = orjson.dumps(await sizes.answer(client, request)).decode()
        for id_ in people.ids(index):
            text = text.replace(other(id_, copy), id_)
        found[name] = common(orjson.loads(_AUDITED.sub("AuditEvent", text)))
    return found


def common(found: Any) -> Any:
    if isinstance(found, dict):
        return {key: common(value) for key, value in found.items() if key not in ITS_OWN}
    return [common(each) for each in found] if isinstance(found, list) else found
