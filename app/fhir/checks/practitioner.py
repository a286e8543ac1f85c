"""Rules of this service for Practitioner beyond those of FHIR: https://hl7.org/fhir/R4/practitioner.html"""

from app.fhir.definition import Check, Rewrite

CHECKS: tuple[Check, ...] = ()
REWRITES: tuple[Rewrite, ...] = ()
