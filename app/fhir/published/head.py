"""What every published resource says of itself. https://hl7.org/fhir/R4/canonicalresource.html"""

from typing import Any

from app import RELEASED, __version__
from app.fhir.canonical import BASE

Resource = dict[str, Any]


def head(type_: str, id_: str, title: str, description: str) -> Resource:
    """Address, name and release of a published resource; `title` is for people, its name made from the id."""
    return {
        "resourceType": type_,
        "id": id_,
        "url": f"{BASE}/{type_}/{id_}",
        "version": __version__,
        "name": name(id_),
        "title": title,
        "status": "active",
        "experimental": False,
        "date": RELEASED,
        "publisher": "Kith",
        "description": description,
    }


def without(resource: Resource, *names: str) -> Resource:
    """The resource without elements that its type has not."""
    return {name: value for name, value in resource.items() if name not in names}


def name(id_: str) -> str:
    """A name that programs can use: "care-team-category" is "CareTeamCategory"."""
    return "".join(word[0].upper() + word[1:] for word in id_.split("-"))
