"""Rules of this service for CareTeam beyond those of FHIR: https://hl7.org/fhir/R4/careteam.html"""

from app.fhir.definition import Check, Rewrite

CHECKS: tuple[Check, ...] = ()
REWRITES: tuple[Rewrite, ...] = ()
