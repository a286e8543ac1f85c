"""The engine and the slow literal reference agree, field by field, on 20,000 random cases; more in the soak.

`validUntil` by trying every boundary is what makes the reference slow, so it is compared in one case of a hundred
here and in one of twenty in the soak. Two processes share each chunk.
"""

import gc
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from tests.conftest import SELDOM
from tests.sharing.compare import all_differences

pytestmark = pytest.mark.long

_CHUNK = 2_000
_PIECE = 250


@pytest.fixture(scope="module")
def workers() -> Iterator[ProcessPoolExecutor]:
    context = get_context("spawn")
    with ProcessPoolExecutor(2, context, initializer=gc.set_threshold, initargs=SELDOM) as pool:
        yield pool


@pytest.mark.parametrize("chunk", range(10))
def test_the_engine_and_the_reference_agree(chunk: int, workers: ProcessPoolExecutor) -> None:
    starts = range(chunk * _CHUNK, (chunk + 1) * _CHUNK, _PIECE)
    pieces = [range(start, start + _PIECE) for start in starts]
    found = [text for texts in workers.map(all_differences, pieces) for text in texts]
    assert not found, f"{len(found)} differences; the first:\n" + "\n".join(found[:10])
