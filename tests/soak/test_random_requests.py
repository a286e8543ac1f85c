"""Many requests, other ones each time, allowed by the OpenAPI document or not: see tests/openapi/test_robustness.py."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings
from schemathesis import GenerationMode

from tests.openapi.kept import DOCUMENT
from tests.openapi.random_requests import Operations, send, serving, shallow

pytestmark = pytest.mark.soak

AS_IT_IS = Operations(DOCUMENT)
SHALLOW = Operations(DOCUMENT, shallow)
MANY = settings(
    max_examples=100,
    deadline=None,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)


@pytest.fixture(scope="module")
def address(module_database_url: str) -> Iterator[str]:
    with serving(module_database_url) as served:
        yield served


@pytest.mark.parametrize("name", AS_IT_IS.names)
def test_what_the_document_allows_is_answered_as_it_says(name: str, address: str) -> None:
    send(AS_IT_IS[name], GenerationMode.POSITIVE, address, MANY)


@pytest.mark.parametrize("name", SHALLOW.names)
def test_what_the_document_does_not_allow_is_answered_as_it_says(name: str, address: str) -> None:
    send(SHALLOW[name], GenerationMode.NEGATIVE, address, MANY)
