"""The operations of one resource type: https://hl7.org/fhir/R4/http.html"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from app.fhir import base
from app.fhir.definition import ResourceDefinition
from app.openapi import conditional, parameters, patches
from app.openapi.answers import MEDIA_TYPES, responses, with_body, without_body
from app.openapi.scenarios import Scenario, Scenarios
from app.openapi.schemas import ref

Operation = dict[str, Any]

ROOT = base.PATH
_FORM = "application/x-www-form-urlencoded"
_BODY = (408, 413, 415)
_ID = parameters.path("id", "The id of the record.")
# Headers of a version that was found, replaced another, or is new.
_STANDING = ("etag", "last-modified", "content-location")
_CHANGED = (*_STANDING, "warning")
_MADE = ("etag", "last-modified", "location", "warning")
_VERSION = parameters.path("vid", "The version: meta.versionId, and the number in the ETag.")


@dataclass(frozen=True, slots=True)
class TypeOperations:
    """What can be done with one resource type."""

    definition: ResourceDefinition
    scenarios: Scenarios

    @property
    def type(self) -> str:
        return self.definition.type

    @property
    def criteria(self) -> list[parameters.Parameter]:
        """The parameters of a search."""
        return parameters.search(self.definition)

    def paths(self) -> Iterator[tuple[str, Operation]]:
        """The paths of the type. Within a path the order of the operations is one in which their examples can run."""
        root = f"{ROOT}/{self.type}"
        yield f"{root}/_search", {"post": self.search_by_post()}
        found = {
            "put": self.conditional_update(),
            "patch": self.conditional_patch(),
            "delete": self.conditional_delete(),
        }
        yield root, {"get": self.search(), "post": self.create(), **found}
        one = {"put": self.update(), "patch": self.patch(), "delete": self.delete(), "get": self.read()}
        yield f"{root}/{{id}}", one
        yield f"{root}/{{id}}/_history", {"get": self.history()}
        yield f"{root}/{{id}}/_history/{{vid}}", {"get": self.vread()}
        yield f"{root}/_history", {"get": self.type_history()}

    def search(self) -> Operation:
        found = {200: with_body("A page of matches; links lead to the next.", ref("Bundle"))}
        words = (
            "Finds records. A parameter that is not known is refused with 400, so that a slip never shows everything."
        )
        asked = [*self.criteria, parameters.PREFER_HANDLING]
        return self._operation("search", f"Find {self.type} records", words, asked, found, (), self.scenarios.search())

    def search_by_post(self) -> Operation:
        found = {200: with_body("A page of matches; links lead to the next.", ref("Bundle"))}
        words = "As the search by GET, with the parameters in the body, so that they stand in no log on the way."
        told = list(self.scenarios.search_by_post())
        operation = self._operation(
            "searchByPost",
            f"Find {self.type} records by a form",
            words,
            [parameters.PREFER_HANDLING],
            found,
            _BODY,
            told,
        )
        form = {each["name"]: each["schema"] for each in self.criteria}
        schema = {"type": "object", "properties": form}
        examples = {each.name: {"summary": each.summary, "value": each.body} for each in told}
        operation["requestBody"] = {"content": {_FORM: {"schema": schema, "examples": examples}}}
        return operation

    def create(self) -> Operation:
        made = with_body(
            "Stored. Without a body when the caller prefers `return=minimal`.",
            self._written(),
            *_MADE,
        )
        there = with_body("One that meets If-None-Exist is there already.", self._written(), *_STANDING)
        words = "Stores a new record under an id that the service chooses; an id in the body is ignored."
        told = [*self.scenarios.create(), *conditional.create(self.scenarios)]
        operation = self._operation(
            "create",
            f"Store a new {self.type}",
            words,
            [parameters.IF_NONE_EXIST, parameters.X_PROVENANCE, parameters.PREFER_RETURN],
            {200: there, 201: made},
            (409, 412, 422, *_BODY),
            told,
        )
        return operation | {"requestBody": self._body(told)}

    def conditional_update(self) -> Operation:
        answers = {
            200: with_body("Stored as the next version of the one that was found.", self._written(), *_CHANGED),
            201: with_body("None was found, and this one is new.", self._written(), *_MADE),
        }
        words = "Replaces the one record that meets the criteria, or stores a new one. Several are refused with 412."
        told = list(conditional.update(self.scenarios))
        asked = [
            *conditional.criteria(self.scenarios),
            *(parameters.IF_MATCH, parameters.ONLY_NEW, parameters.X_PROVENANCE, parameters.PREFER_RETURN),
        ]
        summary, statuses = f"Replace or store a {self.type} by criteria", (409, 412, 422, *_BODY)
        operation = self._operation("updateByCriteria", summary, words, asked, answers, statuses, told)
        return operation | {"requestBody": self._body(told)}

    def conditional_patch(self) -> Operation:
        words = "Changes a part of the one record that meets the criteria. Several are refused with 412, none with 404."
        made = with_body("Stored as the next version.", self._written(), *_CHANGED)
        told = list(conditional.patch(self.scenarios))
        headers = (parameters.IF_MATCH, parameters.X_PROVENANCE, parameters.PREFER_RETURN)
        asked = [*conditional.criteria(self.scenarios), *headers]
        summary, statuses = f"Change a part of a {self.type} by criteria", (404, 409, 410, 412, 422, *_BODY)
        operation = self._operation("patchByCriteria", summary, words, asked, {200: made}, statuses, told)
        return operation | {"requestBody": patches.body(told)}

    def conditional_delete(self) -> Operation:
        words = "Deletes the one record that meets the criteria. Several are refused with 412."
        answers = {204: without_body("Deleted, or none was found.", "etag")}
        asked = [*conditional.criteria(self.scenarios), parameters.IF_MATCH, parameters.X_PROVENANCE]
        told = conditional.delete(self.scenarios)
        summary = f"Delete a {self.type} by criteria"
        return self._operation("deleteByCriteria", summary, words, asked, answers, (409, 412), told)

    def update(self) -> Operation:
        answers = {
            200: with_body(
                "Stored as the next version. Without a body for `return=minimal`.", self._written(), *_CHANGED
            ),
            201: with_body("Stored under this id. Without a body for `return=minimal`.", self._written(), *_MADE),
        }
        words = "Replaces the record, or stores a new one under an id that the client chooses (never ten digits)."
        told = list(self.scenarios.update())
        asked = [_ID, parameters.IF_MATCH, parameters.ONLY_NEW, parameters.X_PROVENANCE, parameters.PREFER_RETURN]
        statuses = (*self._own(), 409, 412, 422, *_BODY)
        operation = self._operation("update", f"Replace or store a {self.type}", words, asked, answers, statuses, told)
        return operation | {"requestBody": self._body(told)}

    def patch(self) -> Operation:
        made = with_body(
            "Stored as the next version. Without a body for `return=minimal`.",
            self._written(),
            *_CHANGED,
        )
        words = "Changes a part of the record by JSON Patch or FHIRPath Patch; the result is judged like an update."
        told = list(patches.scenarios(self.definition, self.scenarios.chosen_id, self.scenarios.chosen()))
        asked = [_ID, parameters.IF_MATCH, parameters.X_PROVENANCE, parameters.PREFER_RETURN]
        statuses = (404, *self._own(), 409, 410, 412, 422, *_BODY)
        operation = self._operation(
            "patch", f"Change a part of a {self.type}", words, asked, {200: made}, statuses, told
        )
        return operation | {"requestBody": patches.body(told)}

    def delete(self) -> Operation:
        words = "Deletes the record: no search finds it any more, and its history is kept."
        answers = {204: without_body("Deleted, or not there.", "etag")}
        asked = [_ID, parameters.IF_MATCH, parameters.X_PROVENANCE]
        told = self.scenarios.delete()
        statuses = (*self._own(), 409, 412)
        return self._operation("delete", f"Delete a {self.type}", words, asked, answers, statuses, told)

    def read(self) -> Operation:
        answers = {
            200: with_body("The current version.", ref(self.type), "etag", "last-modified"),
            304: without_body("The caller has the current version.", "etag", "last-modified"),
        }
        asked = [_ID, *parameters.PART, parameters.IF_NONE_MATCH, parameters.IF_MODIFIED_SINCE]
        words = "The current version of a record."
        told = self.scenarios.read()
        return self._operation("read", f"Read a {self.type}", words, asked, answers, (404, 410), told)

    def vread(self) -> Operation:
        answers = {
            200: with_body("The version.", ref(self.type), "etag", "last-modified"),
            304: without_body("The caller has this version.", "etag", "last-modified"),
        }
        words = "One version of a record, also of one that was deleted later."
        told = self.scenarios.vread()
        asked = [_ID, _VERSION, *parameters.PART, parameters.IF_NONE_MATCH, parameters.IF_MODIFIED_SINCE]
        return self._operation("vread", f"Read a version of a {self.type}", words, asked, answers, (404, 410), told)

    def history(self) -> Operation:
        answers = {200: with_body("A page of versions, the newest first.", ref("Bundle"))}
        asked = [_ID, *parameters.HISTORY]
        words = "Every version of a record, deletions included."
        told = self.scenarios.history()
        return self._operation("history", f"The history of a {self.type}", words, asked, answers, (404,), told)

    def type_history(self) -> Operation:
        answers = {200: with_body("A page of versions, the newest first.", ref("Bundle"))}
        asked = [*parameters.HISTORY]
        words = "Every version of every record of the type, deletions included."
        told = self.scenarios.type_history()
        return self._operation("typeHistory", f"The history of every {self.type}", words, asked, answers, (), told)

    def _operation(
        self,
        name: str,
        summary: str,
        description: str,
        asked: list[dict[str, Any]],
        answers: dict[int, Any],
        statuses: tuple[int, ...],
        scenarios: Iterable[Scenario],
    ) -> Operation:
        told = list(scenarios)
        return {
            "operationId": f"{name}{self.type}",
            "summary": summary,
            "description": description,
            "tags": [self.type],
            "parameters": [with_examples(each, told) for each in (*asked, *parameters.common())],
            "responses": responses(answers, statuses, told),
        }

    def _body(self, scenarios: list[Scenario]) -> dict[str, Any]:
        examples = {each.name: {"summary": each.summary, "value": each.body} for each in scenarios}
        first, second = MEDIA_TYPES
        content = {first: {"schema": ref(self.type), "examples": examples}, second: {"schema": ref(self.type)}}
        return {"required": True, "content": content}

    def _own(self) -> tuple[int, ...]:
        """How a write is refused to what the service makes."""
        return (405,) if self.definition.makes else ()

    def _written(self) -> dict[str, Any]:
        """What a write answers with, by the header Prefer."""
        return {"oneOf": [ref(self.type), ref("OperationOutcome")]}


def with_examples(parameter: dict[str, Any], scenarios: list[Scenario]) -> dict[str, Any]:
    """The parameter with what the scenarios send as its examples."""
    if "$ref" in parameter:
        return parameter
    sent = {"path": "path", "query": "query", "header": "headers"}[parameter["in"]]
    name = parameter["name"]
    examples = {
        each.name: {"summary": each.summary, "value": getattr(each, sent)[name]}
        for each in scenarios
        if name in getattr(each, sent)
    }
    return (
        {key: value for key, value in parameter.items() if key != "example"} | {"examples": examples}
        if examples
        else parameter
    )
