"""Group: several people or things that are dealt with alike. https://hl7.org/fhir/R4/group.html"""

from typing import Final

from app.fhir.definition import ResourceDefinition, SearchParameter
from app.fhir.resources.common import COMMON, IDENTIFIER

GROUP: Final = ResourceDefinition(
    type="Group",
    documentation=(
        "Patients, staff or things that are dealt with alike. A Group belongs to no patient's record and cannot hold "
        "supporters: those of a patient who agreed to share with a circle of people are a CareTeam of category "
        "support-network."
    ),
    search_parameters=(
        *COMMON,
        SearchParameter("actual", "token", ("actual",), documentation="Whether it lists members, or describes them."),
        SearchParameter("characteristic", "token", ("characteristic.code",), documentation="A trait it goes by."),
        SearchParameter(
            "characteristic-value",
            "token",
            ("characteristic",),
            form="composite",
            parts=(("code",), ("valueCodeableConcept", "valueBoolean")),
            documentation="A trait and its value together: code$value, each a code or system|code.",
        ),
        SearchParameter("code", "token", ("code",), documentation="The kind of members."),
        SearchParameter(
            "exclude", "token", ("characteristic.exclude",), documentation="Whether a trait is one not to have."
        ),
        IDENTIFIER,
        SearchParameter(
            "managing-entity",
            "reference",
            ("managingEntity",),
            targets=("Organization", "Practitioner", "PractitionerRole", "RelatedPerson"),
            documentation="Who keeps it up.",
        ),
        SearchParameter(
            "member",
            "reference",
            ("member.entity",),
            targets=("Device", "Group", "Medication", "Patient", "Practitioner", "PractitionerRole", "Substance"),
            documentation="Who or what is in it.",
        ),
        SearchParameter(
            "type",
            "token",
            ("type",),
            system="http://hl7.org/fhir/group-type",
            documentation="person, animal, practitioner, device, medication or substance.",
        ),
        SearchParameter(
            "value",
            "token",
            ("characteristic.valueCodeableConcept", "characteristic.valueBoolean"),
            documentation="The value of a trait, where it is a code or a boolean.",
        ),
    ),
    mandatory=("type", "actual"),
    summary=("identifier", "active", "type", "actual", "code", "name", "quantity", "managingEntity"),
)
