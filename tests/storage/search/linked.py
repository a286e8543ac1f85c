"""Resources of three patients that refer to one another, for tests of chains, includes and compartments."""

from tests.storage.search.conftest import Shelf

NHS = "https://fhir.nhs.uk/Id/nhs-number"


def to(name: str) -> dict[str, str]:
    return {"reference": name}


def by_number(number: str) -> dict[str, object]:
    return {"type": "Patient", "identifier": {"system": NHS, "value": number}}


def resource(literal: str, /, **elements: object) -> dict[str, object]:
    type_, id_ = literal.split("/")
    return {"resourceType": type_, "id": id_, **elements}


RECORD = [
    # (organisation, patient key, resource)
    ("A", "", resource("Organization/o", name="Surgery")),
    ("A", "", resource("Organization/hidden", name="Hidden")),
    ("A", "", resource("Practitioner/gp", name=[{"family": "Doctor"}])),
    ("A", "p1", resource("Patient/p1", name=[{"family": "Smith"}], gender="female",
                         generalPractitioner=[to("Practitioner/gp"), to("Organization/o")],
                         identifier=[{"system": NHS, "value": "9990000018"}])),
    ("A", "p1", resource("Patient/p0", name=[{"family": "Smyth"}], link=[{"other": to("Patient/p1"),
                                                                           "type": "replaced-by"}])),
    ("B", "p2", resource("Patient/p2", name=[{"family": "Jones"}], gender="male",
                         generalPractitioner=[to("Organization/hidden")])),
    ("A", "p1", resource("RelatedPerson/s1", patient=to("Patient/p1"), name=[{"family": "Friend"}])),
    ("A", "p1", resource("RelatedPerson/s2", patient=to("Patient/p0"))),
    ("B", "p2", resource("RelatedPerson/s3", patient=to("Patient/p2"), name=[{"family": "Friend"}])),
    ("A", "p1", resource("Consent/c1", patient=by_number("9990000018"), status="active",
                         provision={"actor": [{"reference": to("RelatedPerson/s1")},
                                              {"reference": to("Organization/o")}]})),
    ("A", "p1", resource("Consent/c2", patient=to("Patient/p1"), status="draft",
                         provision={"actor": [{"reference": to("RelatedPerson/s2")}]})),
    ("B", "p2", resource("Consent/c3", patient=to("Patient/p2"), status="active",
                         provision={"actor": [{"reference": to("RelatedPerson/s3")}]})),
    ("A", "p1", resource("CarePlan/a", subject=to("Patient/p1"), partOf=[to("CarePlan/b")], status="active")),
    ("A", "p1", resource("CarePlan/b", subject=to("Patient/p1"), partOf=[to("CarePlan/a")], status="draft")),
    ("A", "", resource("CarePlan/g", subject=to("Group/g"), status="active")),
    ("A", "", resource("Group/g", type="person", actual=True, member=[{"entity": by_number("9990000026")},
                                                                     {"entity": to("Patient/p1")}])),
    ("A", "p1", resource("Encounter/e", subject=to("Patient/p1"), status="finished", partOf=to("Encounter/e0"))),
    ("A", "p1", resource("Communication/said", subject=to("Patient/p1"), status="completed",
                         encounter=to("Encounter/e"))),
    # Arrived after the group that names her by number
    ("A", "p3", resource("Patient/p3", name=[{"family": "Late"}],
                         identifier=[{"system": NHS, "value": "9990000026"}])),
]  # fmt: skip


async def fill(shelf: Shelf) -> None:
    """Puts them on the shelf, with one that is deleted and one that refers to it."""
    for organisation, patient, content in RECORD:
        await shelf.put(content, patient=patient, organisation=organisation)
    gone = await shelf.put(
        resource("RelatedPerson/gone", patient=to("Patient/p1"), name=[{"family": "Gone"}]), patient="p1"
    )
    await shelf.put(
        resource("Consent/c4", status="inactive", provision={"actor": [{"reference": to("RelatedPerson/gone")}]}),
        organisation="A",
    )
    await shelf.delete(gone)
