"""The conditions of which worklists are made.

Each is asked of one row at a time, by an index, while a list is gone through in its order: OFFSET 0 keeps PostgreSQL
from making joins of them, which would read the answers of all rows there ever were to find those of a page.
"""

from collections.abc import Iterable


def exists(found: str) -> str:
    """The condition that a SELECT finds something."""
    return f"EXISTS ({found} OFFSET 0)"


def token(row: str, parameter: str, *codes: str, system: str = "") -> str:
    """The condition that a row of resource has a token of a search parameter, one of these codes if there are any."""
    among = f" AND k.code IN ({listed(codes)})" if codes else ""
    of = f" AND k.system = '{system}'" if system else ""
    return exists(f"SELECT FROM search_token k WHERE k.resource = {row}.key AND k.parameter = '{parameter}'{among}{of}")


def refers(row: str, type_: str, *parameters: str) -> str:
    """The condition that a row of resource refers to something of a type, by one of these search parameters."""
    return exists(
        f"SELECT FROM search_reference w WHERE w.resource = {row}.key AND w.target_type = '{type_}' "
        f"AND w.parameter IN ({listed(parameters)})"
    )


def names(reference: str, person: str) -> str:
    """The condition that a row of search_reference is to a supporter: by reference, or by an identifier of theirs."""
    numbers = (
        f"SELECT i.system, i.code FROM search_token i WHERE i.resource = {person}.key "
        "AND i.parameter = 'RelatedPerson.identifier'"
    )
    return (
        f"({reference}.target_type = 'RelatedPerson' AND {reference}.target_id = {person}.id OR "
        f"{reference}.value <> '' AND ({reference}.system, {reference}.value) IN ({numbers}))"
    )


def record(name: str, type_: str, of: str) -> str:
    """The rows, called `name`, of a type in the record of the patient of the row `of`: what follows FROM."""
    patient = f"{name}.patient = {of}.patient AND {name}.patient <> ''"
    return f"resource {name} WHERE {patient} AND {name}.type = '{type_}' AND NOT {name}.deleted"


def listed(codes: Iterable[str]) -> str:
    """Codes of our own, as SQL."""
    return ", ".join(f"'{code}'" for code in codes)
