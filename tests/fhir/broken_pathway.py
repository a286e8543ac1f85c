"""Resources of the way through a team, its forms and figures, each with the invariant that it breaks, and where."""

from typing import Any

Resource = dict[str, Any]


def _list(**members: Any) -> Resource:
    return {"resourceType": "List", "status": "current", "mode": "snapshot", **members}


def _form(*items: Resource) -> Resource:
    return {"resourceType": "Questionnaire", "status": "draft", "item": list(items)}


def _item(type_: str, **members: Any) -> Resource:
    return _form({"linkId": "a", "type": type_, **members})


def _figure(**members: Any) -> Resource:
    required = {"status": "complete", "type": "summary", "measure": "urn:m", "period": {"start": "2026"}}
    return {"resourceType": "MeasureReport", **required, **members}


_ENTRY = {"item": {"display": "x"}}
_WHEN = {"question": "b", "operator": "=", "answerString": "x"}
_OPTIONS = [{"valueString": "x"}]
_NESTED = [{"linkId": "b", "type": "display"}]


PATHWAY: list[tuple[str, str, Resource]] = [
    (
        "apr-1",
        "AppointmentResponse",
        {"resourceType": "AppointmentResponse", "appointment": {"display": "x"}, "participantStatus": "accepted"},
    ),
    (
        "gol-1",
        "Goal.target[0]",
        {
            "resourceType": "Goal",
            "lifecycleStatus": "active",
            "description": {"text": "x"},
            "subject": {"reference": "Patient/1"},
            "target": [{"detailString": "x"}],
        },
    ),
    ("lst-1", "List", _list(entry=[_ENTRY], emptyReason={"text": "x"})),
    ("lst-2", "List", _list(entry=[_ENTRY, {**_ENTRY, "deleted": True}])),
    ("lst-3", "List", _list(entry=[{**_ENTRY, "date": "2026"}])),
    ("mrp-1", "MeasureReport", _figure(type="data-collection", group=[{"code": {"text": "x"}}])),
    (
        "mrp-2",
        "MeasureReport.group[0].stratifier[0].stratum[0]",
        _figure(group=[{"stratifier": [{"stratum": [{"measureScore": {"value": 1}}]}]}]),
    ),
    (
        "prr-1",
        "ServiceRequest",
        {
            "resourceType": "ServiceRequest",
            "status": "active",
            "intent": "order",
            "subject": {"reference": "Patient/1"},
            "orderDetail": [{"text": "x"}],
        },
    ),
    ("que-1", "Questionnaire.item[0]", _item("group")),
    ("que-1", "Questionnaire.item[0]", _item("display", item=_NESTED)),
    ("que-2", "Questionnaire", _item("group", item=[{"linkId": "a", "type": "display"}])),
    ("que-3", "Questionnaire.item[0]", _item("display", code=[{"code": "x"}])),
    ("que-4", "Questionnaire.item[0]", _item("choice", answerOption=_OPTIONS, answerValueSet="urn:x")),
    ("que-5", "Questionnaire.item[0]", _item("boolean", answerOption=_OPTIONS)),
    ("que-6", "Questionnaire.item[0]", _item("display", required=False)),
    ("que-7", "Questionnaire.item[0].enableWhen[0]", _item("text", enableWhen=[{**_WHEN, "operator": "exists"}])),
    ("que-8", "Questionnaire.item[0]", _item("group", initial=_OPTIONS, item=_NESTED)),
    ("que-9", "Questionnaire.item[0]", _item("display", readOnly=True)),
    ("que-10", "Questionnaire.item[0]", _item("choice", maxLength=5)),
    ("que-11", "Questionnaire.item[0]", _item("string", answerOption=_OPTIONS, initial=_OPTIONS)),
    ("que-12", "Questionnaire.item[0]", _item("text", enableWhen=[_WHEN, _WHEN, _WHEN])),
    ("que-13", "Questionnaire.item[0]", _item("text", initial=[*_OPTIONS, *_OPTIONS])),
]
