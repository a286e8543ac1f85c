"""What can be done with what the product defines: read and search. https://hl7.org/fhir/R4/http.html"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.fhir.errors import BadRequest, NotFound
from app.fhir.published.everything import PUBLISHED, published, version
from app.openapi import parameters, samples
from app.openapi.answers import with_body, without_body
from app.openapi.operations import ROOT, Operation, TypeOperations
from app.openapi.scenarios import Scenario, Scenarios, refused
from app.openapi.schemas import ref


@dataclass(frozen=True, slots=True)
class PublishedScenarios(Scenarios):
    """One resource of a type, found by its address and read."""

    def search(self) -> Iterator[Scenario]:
        name, value, matches = self._found()
        found = samples.searchset(f"{self.type}?{name}={value}", matches)
        yield Scenario("found", f"By {name}", 200, query={name: [value]}, answer=found)
        error = BadRequest("Search parameter '_count' must be a whole number.", spine="INVALID_SEARCH_DATA")
        yield refused("malformed", "A number that is none", error, query={"_count": ["few"]})

    def read(self) -> Iterator[Scenario]:
        id_, resource = next(iter(published(self.type).items()))
        etag = f'W/"{version(resource)}"'
        yield Scenario("found", str(resource["name"]), 200, {"id": id_}, answer=resource, etag=etag)
        error = NotFound(f"There is no {self.type}/nothing.")
        yield refused("absent", "Nothing of this id", error, path={"id": "nothing"})


@dataclass(frozen=True, slots=True)
class PublishedOperations(TypeOperations):
    """Read and search of one type."""

    def paths(self) -> Iterator[tuple[str, Operation]]:
        root = f"{ROOT}/{self.type}"
        yield f"{root}/_search", {"post": self.search_by_post()}
        yield root, {"get": self.search()}
        yield f"{root}/{{id}}", {"get": self.read()}

    def read(self) -> Operation:
        answers = {
            200: with_body("The resource of this release.", ref("Resource"), "etag", "last-modified"),
            304: without_body("The caller has it.", "etag", "last-modified"),
        }
        asked = [
            parameters.path("id", "The last part of its address."),
            *parameters.PART,
            parameters.IF_NONE_MATCH,
            parameters.IF_MODIFIED_SINCE,
        ]
        words = "One resource of this release."
        return self._operation("read", f"Read a {self.type}", words, asked, answers, (404,), self.scenarios.read())


def tags() -> list[dict[str, str]]:
    """The types, for the document."""
    return [{"name": each.type, "description": each.documentation} for each in PUBLISHED.values()]


def paths() -> dict[str, Any]:
    """The paths of every published type."""
    return {
        path: item
        for definition in PUBLISHED.values()
        for path, item in PublishedOperations(definition, PublishedScenarios(definition, 0)).paths()
    }
