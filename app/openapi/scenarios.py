"""Scenarios: one request each, and what the service answers to it on the demo's data.

A scenario becomes an example of each parameter it sends, of the request body, and of the answer, all by its name, so
that an example can be tried: send what bears the name, and compare with what bears the name.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.fhir.definition import ResourceDefinition
from app.fhir.errors import (
    BadRequest,
    Conflict,
    FhirError,
    Gone,
    Invalid,
    MethodNotAllowed,
    NotAcceptable,
    NotFound,
    PreconditionFailed,
)
from app.fhir.outcome import operation_outcome
from app.openapi import samples


@dataclass(frozen=True, slots=True)
class Scenario:
    """`answer` is the body (None: there is none), `etag` the ETag of the answer."""

    name: str
    summary: str
    status: int
    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    answer: Any = None
    etag: str = ""


def refused(name: str, summary: str, error: FhirError, **request: Any) -> Scenario:
    """A scenario that ends in this error."""
    return Scenario(name, summary, error.status, answer=operation_outcome(error.issues), **request)


@dataclass(frozen=True, slots=True)
class Scenarios:
    """The scenarios of one resource type; `number` tells its NHS numbers from those of other types."""

    definition: ResourceDefinition
    number: int

    @property
    def type(self) -> str:
        return self.definition.type

    @property
    def id(self) -> str:
        """The id of a resource of the demo."""
        return str(samples.sample(self.type)["id"])

    @property
    def chosen_id(self) -> str:
        """The id that these scenarios choose for a resource that they delete again."""
        return f"example-{self.type.lower()}"

    def search(self) -> Iterator[Scenario]:
        name, value, matches = self._found()
        found = samples.searchset(f"{self.type}?{name}={value}", matches)
        yield Scenario("found", f"By {name}", 200, query={name: [value]}, answer=found)
        error = BadRequest("Search parameter '_lastUpdated' must be a date.", spine="INVALID_SEARCH_DATA")
        query = {"_lastUpdated": ["yesterday"]}
        yield refused("malformed", "A date that is none", error, query=query)

    def search_by_post(self) -> Iterator[Scenario]:
        for scenario in self.search():
            form = {name: values[0] for name, values in scenario.query.items()}
            yield Scenario(scenario.name, scenario.summary, scenario.status, body=form, answer=scenario.answer)

    def create(self) -> Iterator[Scenario]:
        body = samples.spare(self.type, 3 * self.number)
        made = samples.stored(body, "0f8e1c4a-58a5-4c0e-9d0b-7d1f0f6a2b31", 1)
        yield Scenario("created", "A new record", 201, body=body, answer=made, etag='W/"1"')
        body = samples.spare(self.type, 3 * self.number + 1)
        quietly = {"Prefer": "return=minimal", "X-Provenance": samples.sent_along()}
        words = "Answered without a body; who had a part in it comes along"
        yield Scenario("quiet", words, 201, headers=quietly, body=body, etag='W/"1"')
        yield from self._invalid({})
        another = {"resourceType": "Basic"}
        error = BadRequest(f"This address takes a {self.type}, and the body is a Basic.")
        yield refused("another-type", "A record of another type", error, body=another)

    def update(self) -> Iterator[Scenario]:
        path, body = {"id": self.chosen_id}, self.chosen()
        made, changed = (samples.stored(body, self.chosen_id, version) for version in (1, 2))
        yield Scenario(
            "created", "A new record under an id of the client's choosing", 201, path, {}, {}, body, made, 'W/"1"'
        )
        match = {"If-Match": 'W/"1"'}
        yield Scenario("updated", "The next version", 200, path, {}, match, body, changed, 'W/"2"')
        yield refused("stale", "Somebody else changed it", self._stale(), path=path, headers=match, body=body)
        yield from self._invalid(path)
        other = BadRequest(
            f"The id in the body is not {self.chosen_id}, the one in the URL.", expression=f"{self.type}.id"
        )
        yield refused("another-id", "A body that belongs elsewhere", other, path=path, body=body | {"id": "another"})

    def delete(self) -> Iterator[Scenario]:
        path = {"id": self.chosen_id}
        yield refused("stale", "Somebody else changed it", self._stale(), path=path, headers={"If-Match": 'W/"1"'})
        yield Scenario("deleted", "Gone from searches, its history kept", 204, path, etag='W/"5"')
        if self.definition.makes:
            own = MethodNotAllowed(f"{self.type}/Consent.1 tells of a write.")
            yield refused("own", "What the service makes itself", own, path={"id": "Consent.1"})
        if samples.is_kept(self.definition, samples.sample(self.type)):
            kept = Conflict(f"{self.type}/{self.id} is kept.", expression=self._kept_at())
            yield refused("kept", "A record that must be kept", kept, path={"id": self.id})

    def read(self) -> Iterator[Scenario]:
        path, resource = {"id": self.id}, samples.stored(samples.sample(self.type), self.id, 1)
        yield Scenario("found", "The current version", 200, path, answer=resource, etag='W/"1"')
        yield Scenario("unchanged", "The caller has it", 304, path, {}, {"If-None-Match": 'W/"1"'}, etag='W/"1"')
        yield self._absent()
        gone = Gone(
            f"{self.type}/{self.chosen_id} was deleted; its history is at {self.type}/{self.chosen_id}/_history."
        )
        yield refused("deleted", "It was deleted", gone, path={"id": self.chosen_id})
        xml = NotAcceptable("_format xml is not to be had; json is.")
        yield refused("unacceptable", "Another format", xml, path=path, query={"_format": "xml"})

    def vread(self) -> Iterator[Scenario]:
        resource = samples.stored(samples.sample(self.type), self.id, 1)
        path, known = {"id": self.id, "vid": "1"}, {"If-None-Match": 'W/"1"'}
        yield Scenario("found", "The first version", 200, path, answer=resource, etag='W/"1"')
        yield Scenario("unchanged", "The caller has it", 304, path, {}, known, etag='W/"1"')
        absent = NotFound(f"There is no {self.type}/{self.id} with a version 99.")
        yield refused("absent", "No such version", absent, path={"id": self.id, "vid": "99"})
        gone = Gone(f"Version 5 of {self.type}/{self.chosen_id} is its deletion.")
        yield refused("deleted", "The deletion", gone, path={"id": self.chosen_id, "vid": "5"})

    def history(self) -> Iterator[Scenario]:
        page = samples.history(f"{self.type}/{self.id}/_history", 1, self._first_version())
        yield Scenario("found", "Every version of one record", 200, {"id": self.id}, answer=page)
        yield self._absent()

    def type_history(self) -> Iterator[Scenario]:
        page = samples.history(f"{self.type}/_history?_count=1", 40, self._deletion(), "WyJuZXh0Il0.c2lnbmVk")
        yield Scenario("found", "The last thing that happened", 200, query={"_count": 1}, answer=page)

    def _found(self) -> tuple[str, str, list[dict[str, Any]]]:
        """A search parameter, a value, and what it finds: by patient where there is one, else by identifier.

        By agent where the service makes resources of the type itself, whose number and ids are not known here.
        """
        parameters = self.definition.by_name
        names = ("agent",) if self.definition.makes else ("patient", "identifier", "url")
        name = next(name for name in names if name in parameters)
        value = samples.search_value(self.definition, parameters[name])
        return name, value, samples.found(self.definition, parameters[name], value)

    def chosen(self) -> dict[str, Any]:
        """The resource that is stored under the chosen id."""
        body = samples.spare(self.type, 3 * self.number + 2)
        return {"resourceType": self.type, "id": self.chosen_id} | body

    def _invalid(self, path: dict[str, str]) -> Iterator[Scenario]:
        body = self.chosen() | {"language": ""}
        where = f"{self.type}.language"
        text = f"{where} is an empty string; leave the element out instead."
        error = Invalid(text, expression=where, code="value", spine="INVALID_VALUE")
        yield refused("invalid", "Against the rules of FHIR", error, path=path, body=body)

    def _stale(self) -> FhirError:
        text = f'{self.type}/{self.chosen_id} is at version 2 (ETag W/"2"), not the one in If-Match. '
        return PreconditionFailed(text + "Read it again before you change it.", spine="RESOURCE_VERSION_MISMATCH")

    def _absent(self) -> Scenario:
        error = NotFound(f"There is no {self.type}/nobody.")
        return refused("absent", "No such record", error, path={"id": "nobody"})

    def _kept_at(self) -> str:
        kept = self.definition.kept_once
        return f"{self.type}.{kept.element}" if kept and kept.element in samples.sample(self.type) else ""

    def _first_version(self) -> dict[str, Any]:
        resource = samples.stored(samples.sample(self.type), self.id, 1)
        return _entry(f"{self.type}/{self.id}", "PUT", "201", 1, resource=resource)

    def _deletion(self) -> dict[str, Any]:
        return _entry(f"{self.type}/{self.chosen_id}", "DELETE", "204", 5)


def _entry(name: str, method: str, status: str, version: int, **resource: Any) -> dict[str, Any]:
    return {
        "fullUrl": f"{samples.ROOT}/{name}",
        **resource,
        "request": {"method": method, "url": name},
        "response": {"status": status, "etag": f'W/"{version}"', "lastModified": samples.STORED},
    }
