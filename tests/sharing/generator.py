"""Random cases for the sharing decision: valid records in interesting company, the same for the same seed."""

from dataclasses import replace
from datetime import datetime

from app.sharing.facts import Facts, Policy
from app.sharing.question import Question
from tests.sharing.generated.consents import SCOPES, consents
from tests.sharing.generated.draw import Draw
from tests.sharing.generated.flags import flags, resources
from tests.sharing.generated.people import BASE, JOINED, PATIENT, patients, professionals, supporters, teams

_PURPOSES = ("",) * 8 + ("TREAT", "ETREAT", "SUPNWK", "HRESCH", "BTG")


def case(seed: int) -> tuple[Facts, Question, datetime]:
    """The facts, the question and the time of one case; the same seed makes the same case."""
    draw = Draw(seed)
    named = resources(draw) if draw.chance(4, "records", 100) else []
    owners = {one.reference: "other" if draw.chance(6) else PATIENT for one in named}
    facts = Facts(
        patient_key=PATIENT,
        patients=patients(draw),
        supporters=tuple(supporters(draw)),
        consents=tuple(consents(draw)),
        flags=tuple(flags(draw)),
        teams=tuple(teams(draw)),
        professionals=tuple(professionals(draw)),
        resources=tuple(named),
        resource_patients=owners,
        bases=(BASE,),
        policy=_policy(draw),
    )
    return facts, _question(draw, [one.reference for one in named]), draw.now


def _policy(draw: Draw) -> Policy:
    """The defaults, mostly, and now and then what a service may set instead."""
    policy = Policy(unknown_patient_age="child" if draw.chance(20) else "adult")
    if draw.chance(90):
        return policy
    return replace(
        policy,
        capacity_days=draw.one((1, 28, 60)),
        best_interest_days=draw.one((1, 28, 366)),
        override_hours=draw.one((1, 24, 720)),
        same_person_systems=draw.one((frozenset(), policy.same_person_systems)),
        ordinary_labels=draw.one((frozenset(), policy.ordinary_labels | {"SDV"})),
    )


def _question(draw: Draw, named: list[str]) -> Question:
    wanted = []
    if named:
        wanted = [draw.one((*named[:2], *named[:2], named[0], *named[2:], "CarePlan/unknown"))]
        wanted = [*wanted, draw.one(named[:2])] if draw.chance(15) else wanted
        wanted = [] if draw.chance(25) else wanted
    scopes = tuple(draw.some(SCOPES, 2)) if not draw.chance(1.5) else ()
    if draw.theme == "statutory" and draw.chance(60):
        scopes = ("legal-status",)
    if draw.theme == "young" and draw.chance(60):
        scopes = ("risk-to-self", "substance-use")
    if wanted and draw.chance(60):
        scopes = ()
    return Question(
        at=draw.at,
        recipients=_recipients(draw),
        scopes=scopes,
        resources=tuple(dict.fromkeys(wanted)),
        action="listen" if draw.chance(3, "restricted", 12) else "disclose",
        content="general" if draw.chance(2) else "specific",
        purpose=draw.one(_PURPOSES),
        team=draw.one(("", "", "Organization/ward", "CareTeam/t")),
    )


def _recipients(draw: Draw) -> tuple[str, ...]:
    if draw.straight:
        return ("RelatedPerson/a",)
    if draw.chance(3):
        return ()
    if draw.chance(3, "professional", 80):
        others = ("Practitioner/dr", "PractitionerRole/drr", "Organization/ward", "Organization/trust", "CareTeam/t")
        return (draw.one((*others, "CareTeam/t", "PractitionerRole/drr")),)
    if draw.chance(2, "records", 20):
        return (draw.one((*[f"Patient/{PATIENT}"] * 4, f"Patient/{JOINED}", "Patient/q", "RelatedPerson/nobody")),)
    if draw.theme == "team" and draw.chance(25):
        return ("CareTeam/t",)
    return (
        tuple(f"RelatedPerson/{id_}" for id_ in draw.some(draw.ids[:2], 2)) if draw.chance(25) else ("RelatedPerson/a",)
    )
