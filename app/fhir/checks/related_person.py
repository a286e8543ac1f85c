"""Rules of this service for RelatedPerson beyond those of FHIR: https://hl7.org/fhir/R4/relatedperson.html"""

from app.fhir.definition import Check, Rewrite

CHECKS: tuple[Check, ...] = ()
REWRITES: tuple[Rewrite, ...] = ()
