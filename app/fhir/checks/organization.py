"""Rules of this service for Organization beyond those of FHIR: https://hl7.org/fhir/R4/organization.html"""

from app.fhir.definition import Check, Rewrite

CHECKS: tuple[Check, ...] = ()
REWRITES: tuple[Rewrite, ...] = ()
