"""Active patient-privacy Consents must be computable: whoever reads one must come to the same answer.

What cannot be read never permits and a refusal that cannot be read refuses nothing for certain, so such a Consent is
turned away when it is written, with what to add. Provisions are the business of `computable`.
https://hl7.org/fhir/R4/consent.html
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from app.fhir import issues, terminology
from app.fhir.canonical import CONDITION, NOT_THE_PATIENTS_DECISION
from app.fhir.checks import consent_basis, safety_override
from app.fhir.checks.computable import provisions, unclear_refusals
from app.fhir.checks.london import lies_ahead
from app.fhir.checks.own_codes import own_codes_are_told
from app.fhir.checks.own_extensions import own_extensions_are_as_defined
from app.fhir.checks.speaking import speaks
from app.fhir.definition import Check, Rewrite, Rules
from app.fhir.errors import Issue

_PROVISION = re.compile(r"\.provision(\[[0-9]+\])?$")
# Nobody reads more, and the answer must not outgrow the question.
_MOST_ISSUES = 100


def computable(consent: dict[str, Any], rules: Rules) -> list[Issue]:
    """All that keeps an active patient-privacy Consent from being decided on."""
    if not speaks(consent, rules):
        return []
    found = [
        *_date_time(consent, rules),
        *_implicit_rules(consent),
        *islice(_modifiers(consent, "Consent"), _MOST_ISSUES),
    ]
    if "provision" not in consent:
        return [
            *found,
            issues.missing("Consent.provision", "is required: say with its type what is permitted or denied"),
        ]
    within = (*provisions(consent["provision"]), *unclear_refusals(consent))
    return [*found, *within[:_MOST_ISSUES]]


def add_missing_roles(consent: dict[str, Any], rules: Rules) -> list[Issue]:
    """The Validated Relationships Service leaves out the role of actors; its actors are who may be told (IRCP)."""
    if not rules.vrs_leniency:
        return []
    said = []
    for actor, path in _actors(consent.get("provision"), "Consent.provision"):
        if "role" not in actor and "_role" not in actor:
            actor["role"] = {"coding": [{"system": terminology.PARTICIPATION_TYPE, "code": "IRCP"}]}
            diagnostics = f"{path}.role was missing; the role IRCP (information recipient) was added."
            said.append(Issue("required", diagnostics, f"{path}.role", "warning", "MISSING_VALUE"))
    return said[:_MOST_ISSUES]


def _date_time(consent: dict[str, Any], rules: Rules) -> Iterator[Issue]:
    decided = consent.get("dateTime")
    if decided is None:
        yield issues.missing("Consent.dateTime", "is required: the time of the decision")
    elif lies_ahead(decided, rules.now):
        yield issues.value("Consent.dateTime", "Consent.dateTime, the time of the decision, lies in the future.")


def _implicit_rules(consent: dict[str, Any]) -> Iterator[Issue]:
    if "implicitRules" in consent:
        text = "These rules are not known here, so what the Consent means is not either; leave them out."
        yield issues.rule("Consent.implicitRules", text)


def _modifiers(element: Any, path: str) -> Iterator[Issue]:
    """Modifier extensions that this service does not know, anywhere but in contained resources."""
    if isinstance(element, list):
        for index, item in enumerate(element):
            yield from _modifiers(item, f"{path}[{index}]")
    elif isinstance(element, dict):
        for index, extension in enumerate(element.get("modifierExtension", ())):
            if not _is_known(extension, path):
                yield issues.rule(
                    f"{path}.modifierExtension[{index}]",
                    "This modifier extension is not known here, so what the Consent means is not either; leave it out.",
                )
        for name, value in element.items():
            if type(value) in (dict, list) and name not in ("contained", "modifierExtension"):
                yield from _modifiers(value, f"{path}.{name}")


def _is_known(extension: dict[str, Any], path: str) -> bool:
    if path == "Consent":
        return extension.get("url") == NOT_THE_PATIENTS_DECISION
    of_provision = _PROVISION.search(path) is not None
    is_condition = extension.get("url") == CONDITION and extension.get("valueCode") in terminology.CONSENT_CONDITIONS
    return of_provision and is_condition


def _actors(provision: Any, path: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Every actor at every level, of a Consent that may not be sound yet."""
    if not isinstance(provision, dict):
        return
    for name in ("actor", "provision"):
        items = provision.get(name)
        for index, item in enumerate(items if isinstance(items, list) else ()):
            at = f"{path}.{name}[{index}]"
            if name == "provision":
                yield from _actors(item, at)
            elif isinstance(item, dict):
                yield item, at


CHECKS: tuple[Check, ...] = (
    computable,
    *consent_basis.CHECKS,
    *safety_override.CHECKS,
    own_extensions_are_as_defined,
    own_codes_are_told,
)
REWRITES: tuple[Rewrite, ...] = (add_missing_roles,)
