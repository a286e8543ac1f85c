"""Which resource types hold what a scope is about: published as a ConceptMap (sections 4 and 6.2).

No types: nothing but the scope's code says that a record is about it.
"""

from typing import Final

from app.fhir.words import words

SCOPE_TYPES: Final[dict[str, frozenset[str]]] = {
    "service-contact": words("EpisodeOfCare"),
    "make-contact": frozenset(),
    "condition-information": words("Condition ClinicalImpression"),
    "medication": words("MedicationRequest MedicationStatement MedicationAdministration MedicationDispense"),
    "care-plan": words("CarePlan Goal"),
    "safety-plan": words("CarePlan"),
    "relapse-signature": words("CarePlan"),
    "risk-to-self": words("RiskAssessment"),
    "risk-to-others": words("RiskAssessment"),
    "appointments": words("Appointment"),
    "meetings": words("Appointment"),
    "whereabouts": words("Encounter Location"),
    "legal-status": frozenset(),
    "substance-use": frozenset(),
    "sensitive-history": frozenset(),
}
