"""Rules of this service for Patient beyond those of FHIR: https://hl7.org/fhir/R4/patient.html"""

from app.fhir.definition import Check, Rewrite

CHECKS: tuple[Check, ...] = ()
REWRITES: tuple[Rewrite, ...] = ()
