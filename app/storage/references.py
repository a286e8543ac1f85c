"""The rows of search_reference that a resource brings, before the patients they name are looked up."""

from app.fhir import nhs_number
from app.fhir.links import Links
from app.fhir.search.keys import Keys
from app.fhir.search.token import normal_code


def rows_of_references(
    type_: str, keys: Keys, links: Links, patient_parameters: frozenset[str]
) -> list[tuple[str, ...]]:
    """The reference keys, each with the NHS number to resolve; and one for each name that no parameter covers."""
    rows = [_resolvable(row, patient_parameters) for row in keys.references]
    covered = {(row[1], row[2]) for row in rows}
    rows += [(type_, *found, "", "", "", "") for found in (*links.wanted, *links.later) if found not in covered]
    known = {(row[4], row[5]) for row in rows}
    named = ((system, normal_code(system, value)) for system, value in links.named)
    rows += [(type_, "", "", "", *name, "") for name in named if name not in known]
    return rows


def _resolvable(row: tuple[str, str, str, str, str, str], patient_parameters: frozenset[str]) -> tuple[str, ...]:
    """The row with the NHS number by which it names a patient, '' when it does not."""
    parameter, type_, id_, url, system, value = row
    if system == nhs_number.SYSTEM and (type_ == "Patient" or parameter in patient_parameters):
        return parameter, "Patient", id_, url, system, value, nhs_number.normal(value)
    by_number = type_ == "Patient" and nhs_number.has_ten_digits(id_)
    return (*row, id_ if by_number else "")
