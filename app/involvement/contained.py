"""Whom a record holds within itself, named as from outside: by an identifier. https://hl7.org/fhir/R4/references.html#contained

Some systems write a supporter into each record in place of a reference; the identifier there says who it is.
"""

from typing import Any

from app.sharing.reading import Json, mapping, objects, text


def uncontained(content: Json) -> Json:
    """The same record; each reference to what it contains is by that one's identifier, where it has one."""
    held: dict[str, Json] = {}
    for one in objects(content.get("contained")):
        identifiers = [each for each in objects(one.get("identifier")) if each.get("system") and each.get("value")]
        if identifiers:
            held[f"#{text(one.get('id'))}"] = {"type": text(one.get("resourceType")), "identifier": identifiers[0]}
    return mapping(_named(content, held)) if held else content


def _named(value: Any, held: dict[str, Json]) -> Any:
    if isinstance(value, list):
        return [_named(each, held) for each in value]
    if not isinstance(value, dict):
        return value
    reference = value.get("reference")
    if isinstance(reference, str) and reference in held:
        return held[reference]
    return {name: _named(each, held) for name, each in value.items()}
