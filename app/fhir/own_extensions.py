"""Reads the product's own extensions, which are listed in `extensions`. https://hl7.org/fhir/R4/extensibility.html"""

from typing import Any

from app.fhir.canonical import extension


def own(element: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The extensions of an element with one of the product's own names."""
    url = extension(name)
    return [item for item in element.get("extension", ()) if item.get("url") == url]


def value(element: dict[str, Any], name: str) -> Any:
    """The value of the first such extension, of whatever type; None when there is none."""
    found = own(element, name)
    if not found:
        return None
    return next((member for key, member in found[0].items() if key.startswith("value")), None)


def text(element: dict[str, Any], name: str) -> str:
    """Likewise, when it is a text with something in it; else ''."""
    found = value(element, name)
    return found.strip() if isinstance(found, str) else ""
