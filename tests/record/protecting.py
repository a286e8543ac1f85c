"""What protects a patient, and what takes protection away, as tests write it."""

from datetime import UTC, datetime, timedelta

from app.fhir.canonical import BASE, FLAG_DETAIL
from tests.record.examples import (
    consent,
    issue,
    name,
    put,
    to,
)

NOW = datetime.now(UTC).replace(microsecond=0)
MARK = {"url": f"{BASE}/StructureDefinition/not-the-patients-decision", "valueBoolean": True}
PROXY = "https://fhir.nhs.uk/England/CodeSystem/England-NHSProxyLegalBasis"
ATTORNEY = "health-and-welfare-lasting-power-of-attorney"
LACKING = "lacks-capacity-information-sharing"


def days(count):
    return (NOW + timedelta(days=count)).isoformat()


def own(name_, **value):
    return {"url": f"{BASE}/StructureDefinition/{name_}", **value}


def coded(system, code):
    return {"coding": [{"system": system, "code": code}]}


REASON = own("end-reason", valueString="She says that he has moved away.")


def restriction(of, *people, code="no-contact-safeguarding", **more):
    return {
        "resourceType": "Flag",
        "extension": [{"url": FLAG_DETAIL, "valueReference": to(person)} for person in people],
        "status": "active",
        "category": [coded("http://terminology.hl7.org/CodeSystem/flag-category", "safety")],
        "code": coded(f"{BASE}/CodeSystem/contact-restriction", code),
        "subject": of,
        "period": {"start": days(-10)},
        **more,
    }


def lacking(of, author, *extensions, **more):
    body = restriction(of, code=LACKING, author=to(author), **more)
    rest = {key: value for key, value in body.items() if key not in ("extension", "category")}
    return rest | ({"extension": list(extensions)} if extensions else {})


def role(code, **extensions):
    concept = coded(f"{BASE}/CodeSystem/carer-role", code)
    found = [own(key.replace("_", "-"), **value) for key, value in extensions.items()]
    return concept | ({"extension": found} if found else {})


def attorney(**changed):
    complete = {"role_verified": {"valueBoolean": True}, "role_period": {"valuePeriod": {"start": "2020-01-01"}}}
    return role("lpa-health-welfare", **{key: value for key, value in (complete | changed).items() if value})


def decided_by(of, holder, code=ATTORNEY, **more):
    marked = {"performer": [to(holder)], "modifierExtension": [MARK], "policyRule": coded(PROXY, code)}
    return consent(of, name(holder), **marked, **more)


def override(of, person, *performers, reason="risk-to-others", **more):
    extension = [
        own("override-reason", valueCode=reason),
        own("override-justification", valueString="A threat was made today."),
        own("override-capacity-view", valueCode="in-doubt"),
    ]
    body = consent(
        of,
        name(person),
        dateTime=days(0),
        extension=extension,
        modifierExtension=[MARK],
        performer=[to(one) for one in performers],
        policyRule=coded(f"{BASE}/CodeSystem/legal-basis", "safety-override"),
        **more,
    )
    body["provision"]["period"] = {"start": days(0), "end": days(2)}
    body["provision"]["code"] = [coded(f"{BASE}/CodeSystem/sharing-scope", "risk-to-self")]
    return body


async def refused_then_done(client, privileged, resource):
    """403 without the privilege, 422 with it and without a reason, 200 with both."""
    response = await put(client, resource)
    assert response.status_code == 403, response.text
    assert "kith/restrictions" in issue(response)["diagnostics"]
    response = await put(privileged, resource)
    assert response.status_code == 422, response.text
    assert "end-reason" in issue(response)["diagnostics"]
    assert (await client.get(f"/{name(resource)}")).json()["meta"]["versionId"] == resource["meta"]["versionId"]
    response = await put(privileged, {**resource, "extension": [*resource.get("extension", ()), REASON]})
    assert response.status_code == 200, response.text
