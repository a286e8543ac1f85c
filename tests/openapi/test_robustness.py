"""Some hundred requests, the same each time: none makes the service fail or answer what the document does not say.

What it says of every type alike is asked of each type in part; `make soak` asks all of it, with other requests, for
longer.
"""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings
from schemathesis import GenerationMode

from app.fhir.resources import DEFINITIONS
from tests.openapi.kept import DOCUMENT
from tests.openapi.random_requests import KINDS, Operations, send, serving, shallow, share

pytestmark = pytest.mark.long

# Whose content is made up to its full depth, which takes long: of the others in the soak.
DEEP = ("Patient", "RelatedPerson", "Consent", "CarePlan")
AS_IT_IS = Operations(DOCUMENT)
SHALLOW = Operations(DOCUMENT, shallow)
FEW = settings(
    max_examples=2,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def address(module_database_url: str) -> Iterator[str]:
    with serving(module_database_url) as served:
        yield served


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind[0])
def test_every_type_and_every_interaction_has_a_share(kind: tuple[str, ...]) -> None:
    asked = share(AS_IT_IS.names)
    for definition in DEFINITIONS:
        assert any(f"{interaction}{definition.type}" in asked for interaction in kind)
    for interaction in kind:
        assert any(f"{interaction}{definition.type}" in asked for definition in DEFINITIONS)


@pytest.mark.parametrize("name", share(AS_IT_IS.names))
def test_what_the_document_allows_is_answered_as_it_says(name: str, address: str) -> None:
    document = AS_IT_IS if name.endswith(DEEP) else SHALLOW
    send(document[name], GenerationMode.POSITIVE, address, FEW)


@pytest.mark.parametrize("name", share(SHALLOW.names))
def test_what_the_document_does_not_allow_is_answered_as_it_says(name: str, address: str) -> None:
    send(SHALLOW[name], GenerationMode.NEGATIVE, address, FEW)
