"""Chains and `_has` as SQL: from resources `r` at the far end to what refers to them, and to what they refer to.

https://hl7.org/fhir/R4/search.html#chaining, https://hl7.org/fhir/R4/search.html#versions
"""

from typing import Final

from app.fhir.search.criterion import Link
from app.storage.bound import Bound

PATIENT: Final = "Patient"
# A reference `h` by canonical URL is to whatever has this URL `u`; one with a version to what has that one too.
SAME_VERSION: Final = """(h.system = '' OR EXISTS (
    SELECT FROM search_token v WHERE v.resource = u.resource AND v.code = h.system
    AND v.parameter = split_part(u.parameter, '.', 1) || '.version'))"""


def referring(link: Link, far: str, bind: Bound) -> str:
    """The keys of resources that refer to a resource `r` of the far type of which the SQL `far` is true."""
    if link.canonical:
        return f"SELECT h.resource FROM {_by_address(link, link.definition.type, 'u', bind)} AND {far}"
    key = "r.patient = h.target_id AND r.patient <> ''" if link.definition.type == PATIENT else "r.id = h.target_id"
    type_ = bind(link.definition.type)
    return (
        f"SELECT h.resource FROM search_reference h JOIN resource r ON r.type = {type_} AND {key}"
        f" WHERE h.parameter = {bind(link.keys)} AND h.target_type = {type_} AND {far}"
    )


def referred(link: Link, type_: str, far: str, bind: Bound) -> tuple[str, str]:
    """What of a resource `r` of this type others refer to, and what those refer to of which the SQL `far` is true."""
    if link.canonical:
        return "r.key", f"SELECT u.resource FROM {_by_address(link, type_, 'h', bind)} AND {far}"
    found = (
        f"SELECT h.target_id FROM search_reference h JOIN resource r ON r.key = h.resource"
        f" WHERE h.parameter = {bind(link.keys)} AND h.target_type = {bind(type_)} AND {far}"
    )
    return "r.patient <> '' AND r.patient" if type_ == PATIENT else "r.id", found


def _by_address(link: Link, type_: str, end: str, bind: Bound) -> str:
    """References `h` to canonical URLs `u` of resources of a type; `r` is the resource at the `end`, one of the two."""
    return (
        f"search_reference h JOIN search_uri u ON u.parameter = {bind(f'{type_}.url')} AND u.value = h.url"
        f" JOIN resource r ON r.key = {end}.resource"
        f" WHERE h.parameter = {bind(link.keys)} AND h.url <> '' AND {SAME_VERSION}"
    )
