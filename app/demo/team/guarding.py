"""What staff must know: restrictions, lack of capacity, thoughts of suicide as the record marks them, overrides."""

from collections.abc import Iterator

from app.demo.anchor import instant
from app.demo.codes import SUICIDAL, concept, extension, own
from app.demo.consents import permit
from app.demo.events import flag, incapacity, restriction
from app.demo.people import Resource
from app.demo.team.care import Care
from app.demo.team.circle import ESTRANGED

_DOCTOR = {"reference": "Practitioner/dr-meera-raghavan"}
_RESTRICTIONS = (
    ("no-contact-safeguarding", "No contact (safeguarding)"),
    ("no-contact-patient-wish", "No contact (the patient's wish)"),
    ("listen-only", "Listen only"),
)


def warnings(care: Care) -> Iterator[Resource]:
    """The Flags of one patient."""
    if care.index % ESTRANGED == 4:
        code, words = _RESTRICTIONS[care.index // ESTRANGED % 3]
        yield restriction(care.of, code, words, care.people[-1], start=care.start)
    if care.index % 43 == 6:
        yield incapacity(care.of, start=care.start)
    if care.index % 4 == 0:
        yield flag(care.of, f"suicidal-thoughts-{care.id}", concept(SUICIDAL), care.start)


def overrides(care: Care) -> Iterator[Resource]:
    """Against a refusal, for two days: what a doctor decided alone, with the reason, for somebody to look at again."""
    if care.asked != "refused" or not care.is_open or not care.has_come(1):
        return
    body = permit(
        care.of,
        care.people[0],
        ["risk-to-self", "safety-plan"],
        instant(-1, "03:00"),
        until=instant(1, "03:00"),
        name=f"override-{care.id}"[:64],
        recorder="dr-meera-raghavan",
    )
    words = "Did not come home, and people are searching; was asked twice on the telephone, and could not follow."
    body["extension"] += [
        extension("override-reason", valueCode="risk-to-self"),
        extension("override-justification", valueString=words),
        extension("override-capacity-view", valueCode="in-doubt"),
    ]
    body["modifierExtension"] = [extension("not-the-patients-decision", valueBoolean=True)]
    body["policyRule"] = concept((own("legal-basis"), "safety-override", "Safety override"))
    body["performer"] = [_DOCTOR, {"reference": "Practitioner/nurse-callum-reidpath"}]
    yield body
