"""From a Bundle's JSON to its entries, or all that is wrong with it. https://hl7.org/fhir/R4/http.html#transaction"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from app.fhir import issues, structure
from app.fhir.bundle.doors import door
from app.fhir.bundle.entry import Entry, Members, read
from app.fhir.bundle.place import place
from app.fhir.definition import Rules
from app.fhir.errors import BadRequest, Invalid, Issue, PayloadTooLarge

Kind = Literal["transaction", "batch"]
_KINDS: Final[tuple[Kind, ...]] = ("transaction", "batch")
# What belongs to answers, by the invariants bdl-1, bdl-2 and bdl-4.
_OF_ANSWERS: Final = ("search", "response")


@dataclass(frozen=True, slots=True)
class Asked:
    """A Bundle's entries. Of a batch, `refused` are the issues of entries that cannot be understood, by index."""

    kind: Kind
    entries: tuple[Entry, ...]
    refused: dict[int, tuple[Issue, ...]]
    size: int


def asked(value: Any, bases: tuple[str, ...], rules: Rules, most: int) -> Asked:
    """The entries of a Bundle as JSON; their resources are not validated yet, apart from their types.

    Raises BadRequest when it is no transaction or batch, PayloadTooLarge for more than `most` entries, Invalid with all
    that is wrong; a batch is refused for what is wrong with the Bundle itself.
    """
    kind = _kind(value)
    entries = value.get("entry", [])
    if isinstance(entries, list) and len(entries) > most:
        raise PayloadTooLarge(f"The Bundle has more than {most} entries.", expression="Bundle.entry")
    found = [issue for issue in _shell(value, rules) if issue.severity in ("fatal", "error")]
    if found:
        raise Invalid(issues=tuple(found))
    given = [read(index, entry, bases) for index, entry in enumerate(entries)]
    wrong = {index: tuple(said) for index, (_, said) in enumerate(given) if said}
    for index, said in _same_full_url(entries):
        wrong[index] = (*wrong.get(index, ()), said)
    for index, said in _alone(given) if kind == "transaction" else ():
        wrong[index] = (*wrong.get(index, ()), said)
    if kind == "transaction" and wrong:
        raise BadRequest(
            issues=tuple(issue for index in sorted(wrong) for issue in wrong[index])[: structure.MAX_ISSUES]
        )
    sound = tuple(entry for entry, _ in given if entry and entry.index not in wrong)
    return Asked(kind, sound, wrong, len(entries))


def _kind(value: Any) -> Kind:
    if not isinstance(value, dict) or value.get("resourceType") != "Bundle":
        raise BadRequest("This address takes a Bundle of type transaction or batch.", code="invalid")
    for kind in _KINDS:
        if value.get("type") == kind:
            return kind
    raise BadRequest(
        "A Bundle sent here is a transaction or a batch; other Bundles are not stored.", expression="Bundle.type"
    )


def _shell(bundle: Members, rules: Rules) -> list[Issue]:
    """What is wrong with the Bundle, whatever its resources are."""
    entries = bundle.get("entry")
    if isinstance(entries, list):
        bare = [_without_resource(entry) for entry in entries]
        bundle = {**bundle, "entry": bare}
    found = structure.check(bundle, rules)
    said = list(found.issues)
    if found.sound:
        said += [
            issues.missing(f"{place(index)}.request")
            for index, entry in enumerate(bundle.get("entry", ()))
            if "request" not in entry
        ]
        said += [
            issues.broken(
                f"{place(index)}.{name}", "bdl-2" if name == "search" else "bdl-4", f"{name} belongs to answers"
            )
            for index, entry in enumerate(bundle.get("entry", ()))
            for name in _OF_ANSWERS
            if name in entry
        ]
        if "total" in bundle:
            said.append(issues.broken("Bundle.total", "bdl-1", "total belongs to search results and histories"))
    return said[: structure.MAX_ISSUES]


def _without_resource(entry: Any) -> Any:
    if not isinstance(entry, dict) or "resource" not in entry:
        return entry
    # An entry that holds nothing but a resource is no empty one.
    return {"fullUrl": "urn:uuid:0", **{name: value for name, value in entry.items() if name != "resource"}}


def _alone(given: Sequence[tuple[Entry | None, list[Issue]]]) -> Iterator[tuple[int, Issue]]:
    """What is no part of a transaction."""
    for entry in (entry for entry, _ in given if entry):
        if entry.address.asks and door(entry.address.asks).alone:
            text = f"{entry.address.asks} is no part of a transaction: ask in a batch, or alone."
            yield entry.index, issues.value(f"{entry.place}.request.url", text)


def _same_full_url(entries: Sequence[Members]) -> Iterator[tuple[int, Issue]]:
    times = Counter(entry["fullUrl"] for entry in entries if "fullUrl" in entry)
    for index, entry in enumerate(entries):
        if times.get(entry.get("fullUrl", ""), 0) > 1:
            text = "Another entry has this fullUrl too, so nobody can tell which is meant."
            yield index, issues.broken(f"{place(index)}.fullUrl", "bdl-7", text)
