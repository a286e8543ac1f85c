"""What the service logs."""

import io
import logging.config
from collections.abc import Iterator

import pytest

from app import logs


@pytest.fixture
def log_format() -> str:
    """KITH_LOG_FORMAT of `written`, for a test to choose another."""
    return "plain"


@pytest.fixture
def written(log_format: str) -> Iterator[io.StringIO]:
    """All that is logged at the lowest level, as it would be written."""
    stream = io.StringIO()
    configuration = logs.configuration("DEBUG", log_format)
    configuration["handlers"]["stderr"]["stream"] = configuration["handlers"]["access"]["stream"] = stream
    configuration["root"]["level"] = "DEBUG"
    root, kith, access = logging.getLogger(), logging.getLogger("kith"), logging.getLogger("kith.access")
    before = (root.level, root.handlers[:], kith.level)
    handlers = root.handlers[:]
    # The tests' own client logs what it sends; it is no part of the service.
    configuration["loggers"]["httpx"] = {"level": "WARNING"}
    logging.config.dictConfig(configuration)
    root.handlers += handlers
    yield stream
    root.handlers[:] = before[1]
    root.setLevel(before[0])
    kith.setLevel(before[2])
    access.handlers[:], access.propagate = [], True
