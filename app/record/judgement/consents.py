"""Consents: the evidence that only the rest of the record can give, and refusals that are taken away (section 4)."""

from typing import Final

from app.fhir import issues
from app.fhir.bases import ADVANCE, BEST_INTEREST, HOLDERS, OWN, basis
from app.fhir.checks.levels import denies, permits
from app.fhir.checks.safety_override import is_override
from app.fhir.checks.speaking import is_active_privacy, speaks
from app.fhir.definition import Rules
from app.fhir.errors import Issue
from app.fhir.own_extensions import text
from app.record.judgement import refusals, renewal
from app.record.judgement.judged import Judged, Judgement, Members
from app.sharing.case import Case
from app.sharing.layers.safety_override import is_evidenced, is_second_opinion
from app.sharing.legal_basis import why_void
from app.sharing.statement import Statement
from app.sharing.vocabulary import SCOPES

_PROFESSIONAL: Final = "Consent.performer must refer to a Practitioner or PractitionerRole that is stored here."
_NEVER_BINDING: Final = frozenset({"draft", "proposed", "entered-in-error"})


def needs_judgement(old: Members | None, new: Members, rules: Rules, *, enforced: bool) -> bool:
    """Whether the Consent alone does not tell whether it may be stored; `enforced`: what it refers to must exist."""
    if is_override(new) or _is_unsaid(old, new) or renewal.is_renewed(old, new, rules):
        return True
    if refusals.needs_judgement(new, rules, enforced=enforced):
        return True
    if not speaks(new, rules) or not permits(new):
        return False
    named = basis(new)
    return named in HOLDERS or named in (ADVANCE, BEST_INTEREST) or (named == OWN and not _is_plainly_the_patient(new))


def judge(judged: Judged) -> Judgement:
    """What the record says to it."""
    found = Judgement(overrides=is_override(judged.new))
    if _is_unsaid(judged.old, judged.new):
        found.ends = "A refusal is marked as entered in error"
    if speaks(judged.new, judged.rules):
        found.issues.extend((*renewal.not_renewed(judged), *refusals.unresolved(judged)))
    if speaks(judged.new, judged.rules) and permits(judged.new):
        statement = _current(judged)
        if statement is None:  # of no patient: nobody's record says anything to it
            return found
        if found.overrides:
            found.issues.extend(_override(statement, judged))
        elif judged.rules.vrs_leniency:
            found.warnings = [issues.warning(issue) for issue in _void(statement, judged)]
        else:
            found.issues.extend(_void(statement, judged))
    return found


def is_new_override(judged: Judged) -> bool:
    """Whether this version is the first by which it overrides."""
    return is_override(judged.new) and not (judged.old and is_override(judged.old))


def _is_unsaid(old: Members | None, new: Members) -> bool:
    if old is None or new.get("status") != "entered-in-error" or old.get("status") in _NEVER_BINDING:
        return False
    return is_active_privacy({**old, "status": "active"}) and denies(old)


def _is_plainly_the_patient(consent: Members) -> bool:
    """Whether who decided is named as the patient is."""
    patient = consent.get("patient", {})
    return all(
        performer.get("reference", "") == patient.get("reference", "")
        and (performer.get("identifier") or {}).get("value") == (patient.get("identifier") or {}).get("value")
        for performer in consent.get("performer", ())
    )


def _current(judged: Judged) -> Statement | None:
    records = {record.current.reference: record.current for record in judged.view.consents if record.current}
    return records.get(judged.reference)


def _void(statement: Statement, judged: Judged) -> list[Issue]:
    reason = why_void(statement, judged.view, judged.at)
    if reason == "not-the-patients-decision":
        text_ = "On this policyRule the patient decided, and Consent.performer names another Patient."
        return [issues.rule("Consent.performer", text_)]
    if reason == "given-without-capacity" and statement.basis == ADVANCE:
        text_ = "An advance statement is made with capacity: dateTime lies in a time in which the patient lacked it."
        return [issues.rule("Consent.dateTime", text_)]
    if reason == "basis-not-evidenced" and statement.basis == BEST_INTEREST:
        return [issues.rule("Consent.performer", _PROFESSIONAL)]
    if reason == "basis-not-evidenced" and statement.basis in HOLDERS:
        return [issues.rule("Consent.performer", _wanted(HOLDERS[statement.basis]))]
    return []


def _wanted(role: str) -> str:
    if role == "parental-responsibility":
        return (
            "Each performer must be a RelatedPerson of this patient with the role parental-responsibility in force, "
            "and the patient under 16."
        )
    return (
        f"Each performer must be a RelatedPerson of this patient with the role {role}: role-verified true, and a "
        "role-period that contains dateTime and now. Record that first."
    )


def _override(statement: Statement, judged: Judged) -> list[Issue]:
    """What is not evidence here; and risk-to-self against a refusal takes two people, unless capacity is lacking."""
    if not is_evidenced(statement, judged.rules.override_hours):
        return [issues.rule("Consent.performer", _PROFESSIONAL)]
    if text(judged.new, "override-reason") != "risk-to-self":
        return []
    cases = (
        Case(judged.circumstances, recipient, scope, None)
        for recipient in sorted(statement.references)
        if recipient.startswith("RelatedPerson/")
        for scope in SCOPES
        if statement.root and statement.root.scoping and scope in (statement.root.scoping.scopes or ())
    )
    if all(is_second_opinion(statement, case) for case in cases):
        return []
    text_ = "The patient refuses this: for risk-to-self two different people must decide. Add the second as performer."
    return [issues.rule("Consent.performer", text_)]
