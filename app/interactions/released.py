"""What comes with the release and is named by its canonical URL: it is no row, and an include brings it all the same.

https://hl7.org/fhir/R4/search.html#include
"""

from collections.abc import Iterator, Sequence
from itertools import chain

from app.fhir import json
from app.fhir.published.everything import published
from app.fhir.resources import BY_TYPE
from app.fhir.search.include import Include
from app.fhir.search.keys import elements
from app.storage.includes import Included
from app.storage.search import Match


def with_released(includes: Sequence[Include], matches: Sequence[Match], along: Included, most: int) -> Included:
    """What comes along, and what of the release it or the matches name; at most so many in all."""
    named = {(each.type, each.id): each for include in includes for each in _named(include, matches, along)}
    found = (*along.resources, *named.values())
    return Included(found[:most], along.truncated or len(found) > most)


def _named(include: Include, matches: Sequence[Match], along: Included) -> Iterator[Match]:
    for key, type_ in include.released:
        source, _, parameter = key.partition(".")
        for match in chain(matches, along.resources if include.iterate else ()):
            if match.type == source:
                for url in elements(json.loads(match.content), BY_TYPE[source].by_name[parameter]):
                    yield from _of(type_, url)


def _of(type_: str, url: str) -> Iterator[Match]:
    """The published resources of a type that a canonical URL is of."""
    for id_, resource in published(type_).items():
        if url in (resource["url"], f"{resource['url']}|{resource.get('version')}"):
            yield Match(0, type_, id_, "", json.dumps(resource))
