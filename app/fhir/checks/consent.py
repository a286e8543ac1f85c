"""Rules of this service for Consent beyond those of FHIR: https://hl7.org/fhir/R4/consent.html"""

from app.fhir.definition import Check, Rewrite

CHECKS: tuple[Check, ...] = ()
REWRITES: tuple[Rewrite, ...] = ()
