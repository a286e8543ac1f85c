"""Rules of this service for PractitionerRole beyond those of FHIR: https://hl7.org/fhir/R4/practitionerrole.html"""

from app.fhir.definition import Check, Rewrite

CHECKS: tuple[Check, ...] = ()
REWRITES: tuple[Rewrite, ...] = ()
