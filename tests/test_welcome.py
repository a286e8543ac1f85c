"""What `kith serve` says when it has started, however long that took."""

import io

import httpx
import pytest
from rich.console import Console

from app import welcome


@pytest.mark.parametrize("after", [0, 3])
def test_a_service_that_takes_long_to_start_is_waited_for_and_that_is_said_once(monkeypatch, after):
    asked = []

    def get(_, url):
        asked.append(url)
        if len(asked) <= after:
            raise httpx.ConnectError("not yet")

    monkeypatch.setattr(httpx.Client, "get", get)
    monkeypatch.setattr(welcome, "PATIENCE", 0.0)
    monkeypatch.setattr(welcome.time, "sleep", lambda _: None)
    said = io.StringIO()
    welcome.welcome("http://kith.test", Console(file=said), demo=False)
    assert len(asked) == after + 1
    assert said.getvalue().count("does not answer yet") == min(after, 1)
    assert "Kith serves FHIR R4 at http://kith.test/FHIR/R4" in said.getvalue()
