"""What a Provenance is about must be the record of one patient. https://hl7.org/fhir/R4/provenance.html"""

from typing import Any, Final

from app.fhir import issues
from app.fhir.definition import Check, Rules
from app.fhir.errors import Issue
from app.fhir.references import target


def is_about_one_patient(provenance: dict[str, Any], _: Rules) -> list[Issue]:
    """A second Patient among the targets: it could be told in the name of one about the other."""
    patients: dict[str, None] = {}
    for index, about in enumerate(provenance["target"]):
        named = target(about.get("reference", ""), ())
        if named and named.type == "Patient":
            patients[named.id] = None
            if len(patients) > 1:
                where = f"Provenance.target[{index}]"
                return [issues.rule(where, "This is another patient: a Provenance is about the record of one.")]
    return []


CHECKS: Final[tuple[Check, ...]] = (is_about_one_patient,)
