"""Rules of this service for CarePlan beyond those of FHIR: https://hl7.org/fhir/R4/careplan.html"""

from app.fhir.checks import involvement
from app.fhir.definition import Check, Rewrite

CHECKS: tuple[Check, ...] = involvement.CHECKS
REWRITES: tuple[Rewrite, ...] = ()
