"""Which Consents are judged when they are written: those that speak now about what may be shared."""

from typing import Any

from app.fhir import terminology
from app.fhir.definition import Rules


def is_active_privacy(consent: dict[str, Any]) -> bool:
    """Whether a Consent permits or refuses that something is shared."""
    scope = consent.get("scope", {})
    return consent.get("status") == "active" and terminology.has(scope, terminology.CONSENT_SCOPE, "patient-privacy")


def speaks(consent: dict[str, Any], rules: Rules) -> bool:
    """Likewise, where such Consents have to be computable."""
    return rules.computable_consents and is_active_privacy(consent)
