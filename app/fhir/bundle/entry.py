"""One entry of a transaction or batch, as it was asked for. https://hl7.org/fhir/R4/bundle.html#transaction"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from app.fhir import issues
from app.fhir.bundle.address import Address, Pairs, address, unless
from app.fhir.bundle.doors import READS, door
from app.fhir.bundle.names import FullUrl, full_url
from app.fhir.bundle.place import about, place
from app.fhir.errors import FhirError, Issue
from app.fhir.parse import check_chosen_id
from app.fhir.search.part import NAMES, Part, part
from app.fhir.search.query import REPRESENTATION

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
Members = dict[str, Any]

WRITES: Final = ("POST", "PUT", "PATCH", "DELETE")
_WITH_RESOURCE: Final = ("POST", "PUT", "PATCH")
_PATCHES: Final = ("Binary", "Parameters")
# The preconditions that each method knows; to ignore another would do what was not asked.
_KNOWN: Final = {
    "GET": {"ifNoneMatch", "ifModifiedSince"},
    "HEAD": {"ifNoneMatch", "ifModifiedSince"},
    "POST": {"ifNoneExist"},
    "PUT": {"ifMatch", "ifNoneMatch"},
    "PATCH": {"ifMatch"},
    "DELETE": {"ifMatch"},
}
_PRECONDITIONS: Final = ("ifNoneMatch", "ifModifiedSince", "ifMatch", "ifNoneExist")


@dataclass(slots=True)
class Entry:
    """What one entry asks. `id` is that of the resource; for a new one it is made up, and may yet become another.

    `resource` is as it was sent until it has been validated; the preconditions are as they were sent, '' when absent.
    """

    index: int
    method: Method
    address: Address
    full_url: str = ""
    resource: Any = None
    id: str = ""
    if_match: str = ""
    if_none_match: str = ""
    if_modified_since: str = ""
    if_none_exist: Pairs | None = None
    part: Part | None = None
    warnings: tuple[Issue, ...] = ()

    @property
    def place(self) -> str:
        return place(self.index)

    @property
    def type(self) -> str:
        return self.address.type

    @property
    def criteria(self) -> Pairs | None:
        """The search criteria that decide which resource is meant, None when it is named or new."""
        if self.method == "POST":
            return self.if_none_exist
        return None if self.address.id or self.method in READS else self.address.criteria

    @property
    def says_criteria(self) -> str:
        """The expression of the element that holds the criteria."""
        return f"{self.place}.request.{'ifNoneExist' if self.method == 'POST' else 'url'}"

    @property
    def root(self) -> FullUrl | None:
        return full_url(self.full_url)


def read(index: int, entry: Members, bases: tuple[str, ...]) -> tuple[Entry | None, list[Issue]]:
    """The entry at `index`, whose structure is sound, and all that is wrong with what it asks."""
    at, request = place(index), entry["request"]
    method = request["method"]
    if method not in get_args(Method):
        return None, [
            issues.value(f"{at}.request.method", f"{at}.request.method is none of {_listed(get_args(Method))}.")
        ]
    try:
        found = Entry(
            index,
            method,
            address(request["url"], bases),
            entry.get("fullUrl", ""),
            entry.get("resource"),
            if_match=request.get("ifMatch", ""),
            if_none_match=request.get("ifNoneMatch", ""),
            if_modified_since=request.get("ifModifiedSince", ""),
        )
    except FhirError as refusal:
        return None, list(about(refusal.issues, f"{at}.request.url"))
    found.id = found.address.id
    return found, list(_faults(found, request, bases))


def _faults(entry: Entry, request: Members, bases: tuple[str, ...]) -> Iterator[Issue]:
    asks = entry.address.asks
    for name in _PRECONDITIONS:
        if name in request and (asks or name not in _KNOWN[entry.method]):
            yield issues.value(f"{entry.place}.request.{name}", f"{name} has no meaning for {asks or entry.method}.")
    if asks:
        yield from _asking(entry)
        return
    yield from _if_none_exist(entry, request, bases)
    yield from _address(entry)
    if entry.method in _WITH_RESOURCE:
        yield from _resource(entry)
    elif entry.resource is not None:
        yield issues.value(f"{entry.place}.resource", f"A {entry.method} takes no resource.")


def _asking(entry: Entry) -> Iterator[Issue]:
    """Whether the method and the resource are those with which something beside resources is asked for."""
    asks, methods = entry.address.asks, door(entry.address.asks).methods
    if entry.method not in methods:
        yield issues.value(f"{entry.place}.request.method", f"An entry asks for {asks} by {_listed(methods, 'or')}.")
    elif entry.method in READS and entry.resource is not None:
        yield issues.value(f"{entry.place}.resource", f"A {entry.method} takes no resource.")
    elif entry.method == "POST" and entry.resource is None and not entry.address.id:
        yield issues.missing(f"{entry.place}.resource", f"is required for {asks}")
    elif entry.resource is not None and not isinstance(entry.resource, dict):
        yield issues.shape(f"{entry.place}.resource", f"{entry.place}.resource must be a JSON object.")


def _if_none_exist(entry: Entry, request: Members, bases: tuple[str, ...]) -> Iterator[Issue]:
    if "ifNoneExist" not in request or entry.method != "POST":
        return
    try:
        entry.if_none_exist = unless(request["ifNoneExist"], entry.type, bases)
    except FhirError as refusal:
        yield from about(refusal.issues, f"{entry.place}.request.ifNoneExist")


def _address(entry: Entry) -> Iterator[Issue]:
    """Whether the URL is one that the method can be about."""
    asked, at = entry.address, f"{entry.place}.request.url"
    reads = entry.method in READS
    if asked.version and not reads:
        yield issues.value(at, f"A version stays as it is: {entry.method} is about [type]/[id].")
    elif entry.method == "POST" and (asked.id or asked.criteria is not None):
        yield issues.value(at, "A POST is about a [type] alone; criteria go in ifNoneExist, an id takes PUT.")
    elif asked.id and asked.criteria and reads:
        yield from _part(entry, asked.criteria)
    elif asked.id and asked.criteria:
        yield issues.value(at, "Parameters have no meaning where an id names the resource.")
    elif not reads and entry.method != "POST" and not asked.id and not asked.criteria:
        yield issues.value(at, f"A {entry.method} needs an id, or criteria that find the resource.")


def _part(entry: Entry, pairs: Pairs) -> Iterator[Issue]:
    """Finds how much of a resource is to be read, and what else is asked that has no meaning."""
    at = f"{entry.place}.request.url"
    if any(name not in NAMES | REPRESENTATION for name, _ in pairs):
        yield issues.value(at, "Only _summary and _elements have a meaning where an id names the resource.")
        return
    try:
        entry.part = part(pairs, entry.address.definition)
    except FhirError as refusal:
        yield from about(refusal.issues, at)


def _resource(entry: Entry) -> Iterator[Issue]:
    """Whether the resource is one for this address; what it says is judged later."""
    at, resource = f"{entry.place}.resource", entry.resource
    if resource is None:
        yield issues.missing(at, f"is required for {entry.method}")
        return
    if not isinstance(resource, dict):
        yield issues.shape(at, f"{at} must be a JSON object.")
        return
    expected = _PATCHES if entry.method == "PATCH" else (entry.type,)
    if resource.get("resourceType") not in expected:
        yield issues.value(f"{at}.resourceType", f"{entry.place}.request.url asks for {_listed(expected, 'or')} here.")
        return
    root = entry.root
    told = resource.get("id")
    if (
        root
        and isinstance(told, str)
        and entry.method in ("POST", "PUT")
        and (root.type, root.id) != (entry.type, told)
    ):
        yield issues.value(
            f"{entry.place}.fullUrl", "The fullUrl names another resource than this one, by type and id."
        )
    if entry.method == "PUT":
        yield from _chosen_id(entry, told, at)


def _chosen_id(entry: Entry, told: Any, at: str) -> Iterator[Issue]:
    if entry.address.id and told is None:
        yield issues.missing(f"{at}.id", f"must be {entry.address.id}, as in request.url")
    elif entry.address.id and told != entry.address.id:
        yield issues.value(f"{at}.id", f"The id is not {entry.address.id}, the one in request.url.")
    elif isinstance(told, str):
        try:
            check_chosen_id(entry.address.definition, told)
        except FhirError as refusal:
            yield from about(refusal.issues, f"{at}.id")


def _listed(words: tuple[str, ...], conjunction: str = "and") -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {conjunction} {words[-1]}"
