"""Kith as a process of its own would run it: uvicorn with its protocol, on a free port of loopback."""

import threading
from collections.abc import Iterator

import pytest
import uvicorn

from app import serve
from app.config import Settings
from app.main import create_app
from tests.conftest import IN_TESTS


@pytest.fixture(scope="module")
def service(module_database_url) -> Iterator[str]:
    """[base] of a running service."""
    with serve.listening("127.0.0.1", 0) as listening:
        app = create_app(Settings(database_url=module_database_url, **IN_TESTS))
        server = uvicorn.Server(
            uvicorn.Config(app, http="app.protocol:BoundedProtocol", ws="none", lifespan="on", log_config=None)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/FHIR/R4"
        server.should_exit = True
        thread.join()
