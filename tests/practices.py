"""An example of each practice that nothing in the stories of the demo records: all of them about Amina of the demo."""

from typing import Any

from app.fhir.own_codes import coding, concept
from app.fhir.vocabulary import CodeSystem
from app.fhir.vocabulary.contacts import COMMUNICATION_CATEGORY, INFORMATION_TOPIC
from app.fhir.vocabulary.episodes import ENCOUNTER_TYPE, TASK_CODE
from app.fhir.vocabulary.plans import CARE_PLAN_CATEGORY, PLAN_ACTIVITY

Resource = dict[str, Any]

AMINA = {"reference": "Patient/amina-hussain"}
MOTHER = {"reference": "RelatedPerson/rukhsana-hussain-for-amina-hussain"}
NURSE = {"reference": "Practitioner/nurse-adaeze-nwosu"}
TEAM = {"reference": "Organization/northbeck-crisis-team"}
CHARITY = {"reference": "Organization/bridges-recovery"}
LONG_AGO = {"start": "2026-02-20", "end": "2026-02-27"}


def _plan(category: str, *activities: Resource, **more: Any) -> Resource:
    kind = [concept(CARE_PLAN_CATEGORY, category)]
    body = {"resourceType": "CarePlan", "status": "active", "intent": "plan", "category": kind, "subject": AMINA}
    return body | {"activity": [{"detail": each} for each in activities]} | more


def _activity(system: CodeSystem, code: str, words: str, **more: Any) -> Resource:
    return {"status": "in-progress", "code": concept(system, code), "description": words, "performer": [TEAM]} | more


def _told(category: str, *topics: str, **more: Any) -> Resource:
    body = {
        "resourceType": "Communication",
        "status": "completed",
        "category": [concept(COMMUNICATION_CATEGORY, category)],
        "subject": AMINA,
        "sent": "2026-03-01T10:00:00Z",
        "recipient": [MOTHER],
        "sender": NURSE,
    }
    return body | ({"topic": {"coding": [coding(INFORMATION_TOPIC, one) for one in topics]}} if topics else {}) | more


def _answers(words: str, **more: Any) -> Resource:
    item = [{"linkId": "1", "answer": [{"valueString": words}]}]
    return {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "item": item,
        "authored": "2026-03-01",
    } | more


def _task(code: str, **more: Any) -> Resource:
    body = {"resourceType": "Task", "status": "requested", "intent": "order", "code": concept(TASK_CODE, code)}
    return body | {"focus": AMINA, "restriction": {"period": {"end": "2026-03-10"}}} | more


EXAMPLES: dict[int, Resource] = {
    5: _answers("The team rang when it said it would.", subject=AMINA, source=MOTHER, author=NURSE),
    9: _answers("The allotment helps; the pub does not.", subject=AMINA, source=AMINA, author=NURSE),
    10: _plan(
        "crisis-home-treatment",
        _activity(PLAN_ACTIVITY, "environment-action", "A new lock for her door.", scheduledPeriod=LONG_AGO),
        period={"start": "2026-02-20"},
    ),
    11: _told("carer-view", sender=MOTHER, recipient=[NURSE], payload=[{"contentString": "It is about the house."}]),
    12: _told("plan-copy", about=[{"reference": "CarePlan/relapse-prevention-amina-hussain"}]),
    14: _told("advice-to-carer", "how-to-respond"),
    18: _told("information-given", "how-to-help"),
    20: _told("information-given", "condition-and-treatment", "local-support-groups", "carers-assessment-right"),
    24: _plan(
        "childcare", _activity(PLAN_ACTIVITY, "childcare-arrangement", "Her cousin takes the children on visits.")
    ),
    27: _told("advice-to-carer", "what-to-watch", "how-to-respond"),
    28: _told("information-given", "local-support-groups", payload=[{"contentString": "The pack for new carers."}]),
    30: _plan(
        "relapse-prevention", _activity(PLAN_ACTIVITY, "positive-risk", "She takes the bus alone; she agreed to it.")
    ),
    32: _task("co-production", description="Make the safety plan together: it was written in a hurry."),
    34: _plan(
        "safety-plan", _activity(PLAN_ACTIVITY, "child-safety", "Tablets are locked away when the cousins visit.")
    ),
    36: {
        "resourceType": "ServiceRequest",
        "status": "active",
        "intent": "order",
        "code": {"text": "Support with alcohol"},
        "subject": AMINA,
        "performer": [CHARITY],
    },
    37: _answers("As the form has it, in whatever form a service uses.", subject=AMINA, author=NURSE),
    38: _task("peer-support", **{"for": MOTHER}, status="accepted"),
    39: {
        "resourceType": "Encounter",
        "status": "finished",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "EMER"},
        "type": [concept(ENCOUNTER_TYPE, "incident")],
        "subject": AMINA,
        "participant": [{"individual": MOTHER}],
        "period": {"start": "2026-03-01T02:00:00Z"},
    },
    40: _plan(
        "escalation-pathway",
        _activity(PLAN_ACTIVITY, "escalation-step", "First the crisis line, at any hour; then 999."),
        contributor=[AMINA, MOTHER],
    ),
    41: _answers("I sleep badly since.", subject=MOTHER, source=MOTHER, author=NURSE),
    42: _plan(
        "crisis-home-treatment",
        _activity(PLAN_ACTIVITY, "visits", "The charity and the team visit in turn."),
        contributor=[AMINA, TEAM, CHARITY],
        period={"start": "2026-02-22"},
    ),
}
