"""Rules of this service for CareTeam beyond those of FHIR: https://hl7.org/fhir/R4/careteam.html

A permit to the circle of a patient holds for a team of category support-network: misspelt, it would be for nobody.
"""

from typing import Final

from app.fhir.checks import involvement
from app.fhir.definition import Check, Rewrite

CHECKS: Final[tuple[Check, ...]] = involvement.CHECKS
REWRITES: Final[tuple[Rewrite, ...]] = ()
