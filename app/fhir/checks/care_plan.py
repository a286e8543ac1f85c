"""Rules of this service for CarePlan beyond those of FHIR: https://hl7.org/fhir/R4/careplan.html"""

from app.fhir.definition import Check, Rewrite

CHECKS: tuple[Check, ...] = ()
REWRITES: tuple[Rewrite, ...] = ()
