"""What a team has to do, made up: episodes, supporters, contacts, meetings and concerns; and the worklists of it."""

from datetime import UTC, datetime, timedelta

from tests.record.examples import consent, name, supporter, to

CODES = "https://fhir.kith.example/CodeSystem"
SCOPES = f"{CODES}/sharing-scope"


def ago(hours):
    return (datetime.now(UTC) - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def concept(system, code):
    return {"coding": [{"system": f"{CODES}/{system}", "code": code}]}


def episode(of, team, began=48, **more):
    return {
        "resourceType": "EpisodeOfCare",
        "status": "active",
        "patient": of,
        "managingOrganization": to(team),
        "period": {"start": ago(began)},
    } | more


def main_carer(of, **more):
    return supporter(of, relationship=[concept("carer-role", "main-carer")], **more)


def attempt(of, who, outcome="no-answer", sent=1, **more):
    return {
        "resourceType": "Communication",
        "status": "not-done",
        "statusReason": concept("contact-outcome", outcome),
        "subject": of,
        "recipient": [to(who)],
        "sent": ago(sent),
    } | more


def yes(of, who, *scopes, **more):
    said = consent(of, name(who), **more)
    said["provision"]["code"] = [{"coding": [{"system": SCOPES, "code": scope}]} for scope in scopes]
    return said


def meeting(of, *people, days=3, kind="review-meeting"):
    return {
        "resourceType": "Appointment",
        "status": "booked",
        "serviceType": [concept("meeting-type", kind)],
        "start": ago(-24 * days),
        "end": ago(-24 * days - 1),
        "participant": [{"actor": each, "status": "accepted"} for each in (of, *people)],
    }


def task(of, who, code, status="requested", **more):
    body = {"resourceType": "Task", "status": status, "intent": "order", "code": concept("task-code", code)}
    return body | {"for": of, "focus": to(who), "restriction": {"period": {"end": ago(-24)}}} | more


def concern(of, who, told=30, **more):
    return {
        "resourceType": "Communication",
        "status": "completed",
        "category": [concept("communication-category", "concern")],
        "subject": of,
        "sender": to(who),
        "received": ago(told),
        "payload": [{"contentString": "She says fine, and she is not."}],
    } | more


async def listed(client, which, team=None, **more):
    """The names of the matches, and of those who come along, over all pages."""
    root = str(client.base_url).removesuffix("/FHIR/R4/")
    query = more | ({"team": name(team)} if team else {})
    answer = await client.get(f"{root}/worklists/{which}", params=query)
    matches, along = [], []
    while True:
        assert answer.status_code == 200, answer.text
        bundle = answer.json()
        for entry in bundle.get("entry", ()):
            (matches if entry["search"]["mode"] == "match" else along).append(name(entry["resource"]))
        links = {link["relation"]: link["url"] for link in bundle["link"]}
        if "next" not in links:
            return matches, along
        answer = await client.get(links["next"])
