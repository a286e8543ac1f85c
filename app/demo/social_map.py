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
    return [
        {
            "resourceType": "List",
            "id": f"social-map-{amina['id']}",
            "extension": [extension("crisis-group", valueString="home"), between],
            "status": "current",
            "mode": "snapshot",
            "title": "Who and what is around Amina",
            "code": concept((own("list-code"), "social-systems-map", "Social systems map")),
            "subject": patient_reference(amina),
            "date": day(-7),
            "source": {"reference": "Practitioner/nurse-adaeze-nwosu"},
            "entry": [
                _entry("person", reference(rukhsana), ("inner", "helps", "helps", "strong", "family")),
                _entry("person", reference(tom), ("inner", "mixed", "helps", "strong", "home")),
                _entry("place", {"display": "The allotment"}, ("middle", "helps", "", "moderate", "")),
                _entry("activity", {"display": "The choir on Tuesdays"}, ("outer", "helps", "", "weak", "friends")),
            ],
        }
    ]


def _entry(kind: str, item: Resource, tie: tuple[str, str, str, str, str]) -> Resource:
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
