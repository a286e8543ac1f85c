"""The organisations and staff of the demo, and the teams around a patient: https://hl7.org/fhir/R4/careteam.html"""

from collections.abc import Sequence

from app.demo.anchor import day
from app.demo.codes import CRISIS_TEAM, HOME_TREATMENT, SNOMED, Code, concept, identifier, own, profile
from app.demo.events import staff_group
from app.demo.numbers import landline
from app.demo.people import Resource, human_name, patient_reference, reference, slug

_NURSE = (SNOMED, "224535009", "Registered nurse")
_PSYCHIATRIST = (SNOMED, "80584001", "Psychiatrist")
_SOCIAL_WORKER = (SNOMED, "106328005", "Social worker")
_THERAPIST = (SNOMED, "80546007", "Occupational therapist")
_PSYCHOLOGIST = (SNOMED, "59944000", "Psychologist")

# id, name, ODS code, what it is, part of
_ORGANISATIONS: tuple[tuple[str, str, str, Code | str, str], ...] = (
    ("northbeck-trust", "Northbeck Mental Health NHS Trust", "ZZK01", "NHS trust", ""),
    ("northbeck-crisis-team", "Northbeck Crisis Resolution Team", "ZZK02", CRISIS_TEAM, "northbeck-trust"),
    ("northbeck-home-treatment", "Northbeck Home Treatment Team", "ZZK03", HOME_TREATMENT, "northbeck-trust"),
    ("elmfield-surgery", "Elmfield Surgery", "ZZK04", "General practice", ""),
    ("bridges-recovery", "Bridges Recovery, drug and alcohol support", "ZZK05", "Charity", ""),
    ("hafan-shared-lives", "Hafan Shared Lives, crisis host families", "ZZK06", "Shared Lives scheme", ""),
)
# title, name, what they do, team
_STAFF: tuple[tuple[str, str, Code | str, str], ...] = (
    ("nurse", "Adaeze Nwosu", _NURSE, "northbeck-crisis-team"),
    ("nurse", "Callum Reidpath", _NURSE, "northbeck-crisis-team"),
    ("dr", "Meera Raghavan", _PSYCHIATRIST, "northbeck-crisis-team"),
    ("amhp", "Gareth Llewelyn-Pryce", _SOCIAL_WORKER, "northbeck-crisis-team"),
    ("ot", "Zofia Wrzos", _THERAPIST, "northbeck-home-treatment"),
    ("psychologist", "Thandiwe Mokoena-Hale", _PSYCHOLOGIST, "northbeck-home-treatment"),
    ("peer", "Donna Ashgrove", "Peer support worker", "northbeck-crisis-team"),
    ("carer-lead", "Imran Qadeer", "Carer lead", "northbeck-crisis-team"),
    ("host-worker", "Catrin Beynon-Rees", "Shared Lives placement worker", "hafan-shared-lives"),
)


def staff() -> list[Resource]:
    """Organizations, Practitioners and the PractitionerRoles that tie them together."""
    organisations = [_organisation(index, *row) for index, row in enumerate(_ORGANISATIONS)]
    people = [_practitioner(index, title, name) for index, (title, name, _, _) in enumerate(_STAFF)]
    roles = [_role(index, *row) for index, row in enumerate(_STAFF)]
    night = staff_group("night-staff", "Night staff", ("nurse-callum-reidpath", "dr-meera-raghavan"))
    return [*organisations, *people, *roles, night]


def crisis_team(of: Resource, *supporters: Resource, members: Sequence[str] = ("nurse-adaeze-nwosu",)) -> Resource:
    """The CareTeam that looks after a patient: the team, named workers, and supporters with a part in the care."""
    participants = [{"member": {"reference": "Organization/northbeck-crisis-team"}}]
    participants += [{"member": {"reference": f"PractitionerRole/{member}-role"}} for member in members]
    participants += [{"member": reference(person)} for person in supporters]
    return _care_team(f"crisis-team-{of['id']}", "Crisis team", of, concept(CRISIS_TEAM), participants)


def support_network(of: Resource, *supporters: Resource) -> Resource:
    """The CareTeam of the people around a patient: a consent that names it reaches each of them."""
    participants = [{"member": reference(person), "period": {"start": day(-9)}} for person in supporters]
    category = concept((own("care-team-category"), "support-network", "Support network"))
    return _care_team(f"network-{of['id']}", "Support network", of, category, participants)


def _care_team(name: str, title: str, of: Resource, category: Resource, participants: list[Resource]) -> Resource:
    return {
        "resourceType": "CareTeam",
        "id": name,
        "meta": profile("CareTeam"),
        "status": "active",
        "category": [category],
        "name": f"{title} of {of['name'][0]['text']}",
        "subject": patient_reference(of),
        "period": {"start": day(-9)},
        "participant": participants,
        "managingOrganization": [{"reference": "Organization/northbeck-crisis-team"}],
    }


def _organisation(index: int, name: str, title: str, ods: str, kind: Code | str, part_of: str) -> Resource:
    body: Resource = {
        "resourceType": "Organization",
        "id": name,
        "meta": profile("Organization"),
        "identifier": [identifier("ods-organization-code", ods)],
        "active": True,
        "type": [_kind(kind)],
        "name": title,
        "telecom": [{"system": "phone", "value": landline(index), "use": "work"}],
    }
    return body | ({"partOf": {"reference": f"Organization/{part_of}"}} if part_of else {})


def _practitioner(index: int, title: str, name: str) -> Resource:
    return {
        "resourceType": "Practitioner",
        "id": f"{title}-{slug(name)}",
        "meta": profile("Practitioner"),
        "identifier": [identifier("sds-user-id", f"99900000{index + 11:04d}")],
        "active": True,
        "name": [human_name(name)],
    }


def _role(index: int, title: str, name: str, kind: Code | str, team: str) -> Resource:
    return {
        "resourceType": "PractitionerRole",
        "id": f"{title}-{slug(name)}-role",
        "meta": profile("PractitionerRole"),
        "identifier": [identifier("sds-role-profile-id", f"99900000{index + 111:04d}")],
        "active": True,
        "practitioner": {"reference": f"Practitioner/{title}-{slug(name)}", "display": name},
        "organization": {"reference": f"Organization/{team}"},
        "code": [_kind(kind)],
        "telecom": [{"system": "phone", "value": landline(100 + index), "use": "work"}],
    }


def _kind(kind: Code | str) -> Resource:
    return concept(text=kind) if isinstance(kind, str) else concept(kind)
