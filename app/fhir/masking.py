"""What of a resource those see who may know of it, and not of all that it holds.

https://hl7.org/fhir/R4/security-labels.html#hcs (REDACTED), http://hl7.org/fhir/StructureDefinition/data-absent-reason
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from app.fhir.canonical import FLAG_DETAIL, extension
from app.fhir.checks.flag import restricts
from app.fhir.levels import CONFIDENTIAL, STAFF
from app.fhir.search.subset import SUBSETTED

Resource = dict[str, Any]

REDACTED: Final = {"system": SUBSETTED["system"], "code": "REDACTED", "display": "redacted"}
MASKED: Final = {
    "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "masked"}]
}
# Where a supporter is found; the search parameters that would find them by it.
_REACHED: Final = ("telecom", "address")
SEARCHED: Final = tuple(
    f"RelatedPerson.{name}"
    for name in (
        "address",
        "address-city",
        "address-country",
        "address-postalcode",
        "address-state",
        "address-use",
        "email",
        "phone",
        "telecom",
    )
)
# Whose copies other resources may contain.
_PEOPLE: Final = ("RelatedPerson", "Person")
_SECRET: Final = (*_REACHED, "photo", "text")
# What tells who a copy is: by how to reach them, too.
_TELLING: Final = ("name", "birthDate", "identifier", *_REACHED)
# Of a contact restriction all staff see that it is there, about whom, and for how long.
_FLAG: Final = ("resourceType", "id", "implicitRules", "language", "status", "category", "code", "subject", "period")
# Those of its references that they do not see; it is still found by its identifiers, so that none is made twice.
_FLAG_UNSOUGHT: Final = ("author", "encounter")
_FLAG_EXTENSIONS: Final = frozenset({FLAG_DETAIL, extension("capacity-confirmed")})


class Mask(NamedTuple):
    """What is shown in the place of a resource to those below a level."""

    shown: Resource
    below: int


def mask(resource: Resource) -> Mask | None:
    """The mask that a resource has for what it is; None for most, which whoever may read them reads whole."""
    if resource["resourceType"] == "Flag" and restricts(resource):
        return Mask(_flag(resource), CONFIDENTIAL)
    if resource["resourceType"] == "Patient" and "contact" in resource:
        # Whom to call about a patient is a supporter by another name.
        kept = {name: value for name, value in resource.items() if name not in ("contact", "text")}
        return Mask(_marked(kept), STAFF)
    return None


def sought(resource: Resource) -> Resource:
    """What of a resource searches may go by, whoever asks."""
    if resource["resourceType"] == "Flag" and restricts(resource):
        return {name: value for name, value in resource.items() if name not in _FLAG_UNSOUGHT}
    return resource


def supporter(resource: Resource) -> Mask:
    """A supporter who is under a contact restriction: who it is, and not where to find them."""
    return Mask(_marked(_unreachable(resource)), CONFIDENTIAL)


def copies(resource: Mapping[str, Any]) -> list[Resource]:
    """The supporters of whom a resource holds a copy that says where to find them: what it tells of who each is."""
    contained = resource.get("contained", ())
    people = [each for each in contained if each.get("resourceType") in _PEOPLE]
    for one in (resource, *contained):
        if one.get("resourceType") == "Patient":
            people += (_listed(each) for each in one.get("contact", ()))
    found = [each for each in people if any(name in each for name in _SECRET)]
    return [{name: each[name] for name in _TELLING if name in each} for each in found]


def contains_people(resource: Mapping[str, Any]) -> bool:
    """Whether it contains somebody who may be a supporter: a RelatedPerson, a Person, or a contact of a Patient."""
    contained = resource.get("contained", ())
    return any(
        one.get("resourceType") in _PEOPLE or (one.get("resourceType") == "Patient" and "contact" in one)
        for one in contained
    )


def _listed(contact: Resource) -> Resource:
    """A contact of a patient as if it were a supporter, who may have several names and addresses."""
    return {**contact, **{name: [contact[name]] for name in ("name", "address") if name in contact}}


def holder(resource: Resource) -> Mask:
    """A resource with copies of supporters who are under a contact restriction, without where to find anybody."""
    kept = {name: value for name, value in resource.items() if name not in ("text", "contained")}
    if resource["resourceType"] == "Patient":
        kept.pop("contact", None)
    contained = [_without_people(one) for one in resource.get("contained", ())]
    return Mask(_marked({**kept, **({"contained": contained} if contained else {})}), CONFIDENTIAL)


def _without_people(contained: Resource) -> Resource:
    if contained["resourceType"] == "Patient":
        return {name: value for name, value in contained.items() if name not in ("contact", "text")}
    return _unreachable(contained) if contained["resourceType"] in _PEOPLE else contained


def _unreachable(person: Resource) -> Resource:
    kept = {name: value for name, value in person.items() if name not in ("text", "photo", "contained")}
    return {**kept, **{name: [MASKED] for name in _REACHED if name in person}}


def _marked(resource: Resource) -> Resource:
    """With the label that something was taken out, and the tag that keeps it from being stored back."""
    meta = resource.get("meta", {})
    said = {"security": [*meta.get("security", ()), REDACTED], "tag": [*meta.get("tag", ()), SUBSETTED]}
    return {**resource, "meta": {**meta, **said}}


def _flag(resource: Resource) -> Resource:
    kept: Resource = {name: resource[name] for name in ("resourceType", "id", "meta", *_FLAG[2:]) if name in resource}
    kept["category"] = [_coded(concept) for concept in resource.get("category", ())]
    kept["code"] = _coded(resource["code"])
    found = [one for one in resource.get("extension", ()) if one["url"] in _FLAG_EXTENSIONS]
    if found:
        kept["extension"] = [_without_display(one) for one in found]
    return _marked(kept)


def _coded(concept: dict[str, Any]) -> dict[str, Any]:
    """The codes of a concept, without what was written beside them."""
    members = ("system", "version", "code")
    return {"coding": [{name: one[name] for name in members if name in one} for one in concept.get("coding", ())]}


def _without_display(one: dict[str, Any]) -> dict[str, Any]:
    value = one.get("valueReference")
    if not isinstance(value, dict):
        return one
    return {**one, "valueReference": {name: each for name, each in value.items() if name != "display"}}
