"""Who and what is around Amina, as she drew it with the team: https://hl7.org/fhir/R4/list.html"""

from app.demo.anchor import day
from app.demo.codes import concept, extension, own
from app.demo.people import Resource, patient_reference, reference
from app.demo.stories.agreeing import two_carers

_WORDS = {"person": "Person", "place": "Place", "activity": "Activity"}


def social_maps() -> list[Resource]:
    """The map: her mother and her partner, between whom it is not easy, the allotment, and the choir."""
    amina, rukhsana, tom, *_ = two_carers()
    between = extension(
        "tie-between",
        extension=[
            {"url": "one", "valueReference": reference(rukhsana)},
            {"url": "other", "valueReference": reference(tom)},
            {"url": "effect", "valueCode": "mixed"},
            {"url": "strength", "valueCode": "moderate"},
        ],
    )
    drawn = social_map(amina, "Who and what is around Amina", day(-7))
    drawn["extension"] = [extension("crisis-group", valueString="home"), between]
    drawn["entry"] = [
        entry("person", reference(rukhsana), ("inner", "helps", "helps", "strong", "family")),
        entry("person", reference(tom), ("inner", "mixed", "helps", "strong", "home")),
        entry("place", {"display": "The allotment"}, ("middle", "helps", "", "moderate", "")),
        entry("activity", {"display": "The choir on Tuesdays"}, ("outer", "helps", "", "weak", "friends")),
    ]
    return [drawn]


def social_map(of: Resource, title: str, on: str) -> Resource:
    """A map with nothing on it yet."""
    return {
        "resourceType": "List",
        "id": f"social-map-{of['id']}",
        "status": "current",
        "mode": "snapshot",
        "title": title,
        "code": concept((own("list-code"), "social-systems-map", "Social systems map")),
        "subject": patient_reference(of),
        "date": on,
        "source": {"reference": "Practitioner/nurse-adaeze-nwosu"},
    }


def entry(kind: str, item: Resource, tie: tuple[str, str, str, str, str]) -> Resource:
    """One on the map: closeness, what it does to her and she to it, strength and group; '' is not said."""
    names = ("closeness", "effect-on-patient", "effect-of-patient", "strength", "group")
    parts = [
        {"url": name, "valueString" if name == "group" else "valueCode": value}
        for name, value in zip(names, tie, strict=True)
        if value
    ]
    return {
        "extension": [extension("tie", extension=parts)],
        "flag": concept((own("map-entry"), kind, _WORDS[kind])),
        "item": item,
    }
