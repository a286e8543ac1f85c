"""Patients and their supporters: https://hl7.org/fhir/R4/patient.html, https://hl7.org/fhir/R4/relatedperson.html"""

from typing import Any

from app.demo.codes import CONTACT_ROLE, ROLE_CODE, UK_CORE_RELATIONSHIP, Code, concept, extension, profile
from app.demo.numbers import mobile, synthetic_nhs_number
from app.fhir import nhs_number
from app.fhir.vocabulary.people import CARER_ROLE

Resource = dict[str, Any]

_VERIFICATION = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus"
_VERIFIED: Code = (
    "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatus",
    "number-present-and-verified",
    "Number present and verified",
)
_PDS = "https://api.service.nhs.uk/personal-demographics/FHIR/R4/Patient/"
_TOWN = {"city": "Northbeck", "postalCode": "ZZ99 9ZZ", "country": "GBR"}
_KINSHIP = {
    "MTH": "mother", "FTH": "father", "WIFE": "wife", "HUSB": "husband", "DOMPART": "domestic partner",
    "FMRSPS": "former spouse", "SIS": "sister", "BRO": "brother", "DAUC": "daughter", "SONC": "son", "AUNT": "aunt",
    "UNCLE": "uncle", "COUSN": "cousin", "GRNDSON": "grandson", "GRMTH": "grandmother", "NBOR": "neighbor",
    "CHILD": "child", "FRND": "unrelated friend", "STPFTH": "stepfather", "SIGOTHR": "significant other",
}  # fmt: skip
# What UK Core and HL7 v2 call the same role; most of the product's roles have no such code.
_ALSO_KNOWN_AS: dict[str, Code] = {
    "main-carer": (UK_CORE_RELATIONSHIP, "Carer", "Carer of patient"),
    "carer": (UK_CORE_RELATIONSHIP, "Carer", "Carer of patient"),
    "next-of-kin": (CONTACT_ROLE, "N", "Next-of-Kin"),
    "emergency-contact": (CONTACT_ROLE, "C", "Emergency Contact"),
}


def patient(index: int, name: str, gender: str, born: str, *, address: str = "", **more: Any) -> Resource:
    """A Patient with the synthetic NHS number of that index; the id is the name in lower case."""
    number: Resource = {
        "extension": [{"url": _VERIFICATION, "valueCodeableConcept": concept(_VERIFIED)}],
        "system": nhs_number.SYSTEM,
        "value": synthetic_nhs_number(index),
    }
    body: Resource = {
        "resourceType": "Patient",
        "id": slug(name),
        "meta": profile("Patient"),
        "identifier": [number],
        "active": True,
        "name": [human_name(name)],
        "telecom": [{"system": "phone", "value": mobile(index), "use": "mobile"}],
        "gender": gender,
        "birthDate": born,
        "generalPractitioner": [{"reference": "Organization/elmfield-surgery"}],
        "managingOrganization": {"reference": "Organization/northbeck-crisis-team"},
    }
    if address:
        body["address"] = [{"use": "home", "line": [address], **_TOWN}]
    return body | more


def supporter(
    phone: int, name: str, of: Resource, kin: str, *roles: Resource, born: str = "", email: bool = False, **more: Any
) -> Resource:
    """A RelatedPerson of that patient: kinship, then one relationship for each role; a phone index of their own."""
    telecom = [{"system": "phone", "value": mobile(phone), "use": "mobile", "rank": 1}]
    if email:
        telecom.append({"system": "email", "value": f"{slug(name)}@example.org", "rank": 2})
    body: Resource = {
        "resourceType": "RelatedPerson",
        "id": f"{slug(name)}-for-{of['id']}"[:64],
        "meta": profile("RelatedPerson"),
        "active": True,
        "patient": patient_reference(of),
        "relationship": [concept((ROLE_CODE, kin, _KINSHIP[kin])), *roles],
        "name": [human_name(name)],
        "telecom": telecom,
    }
    if born:
        body["birthDate"] = born
    return body | more


def role(code: str, **extensions: Any) -> Resource:
    """A relationship that says what a supporter is; extensions as keywords: role_verified={"valueBoolean": True}."""
    codes = [(CARER_ROLE.url, code, CARER_ROLE.by_code[code].display)]
    if code in _ALSO_KNOWN_AS:
        codes.append(_ALSO_KNOWN_AS[code])
    body = concept(*codes)
    if extensions:
        body["extension"] = [extension(name.replace("_", "-"), **value) for name, value in extensions.items()]
    return body


def human_name(name: str) -> Resource:
    """A HumanName in official use: the last word is the family name."""
    *given, family = name.split(" ")
    return {"use": "official", "text": name, "family": family, "given": given}


def slug(name: str) -> str:
    """A name as a FHIR id: "Siân O'Neill" is "sian-oneill"."""
    plain = name.lower().translate(str.maketrans("âáéèíôóöúüñłşç", "aaeeiooouunlsc", "'"))
    return plain.replace(" ", "-")


def reference(to: Resource) -> Resource:
    """A literal reference to a resource, with the name of the person when it has one."""
    body = {"reference": f"{to['resourceType']}/{to['id']}"}
    return body | ({"display": to["name"][0]["text"]} if isinstance(to.get("name"), list) else {})


def patient_reference(to: Resource) -> Resource:
    """A reference to a patient in the way of the system that sent it: by NHS number, literally, or as PDS addresses it.

    The last digits of the NHS number decide, so that every way is met and one patient is always written one way.
    """
    number = to["identifier"][0]["value"]
    match int(number[-3]) + int(number[-2]):
        case even if even % 2 == 0:
            return {"type": "Patient", "identifier": {"system": nhs_number.SYSTEM, "value": number}}
        case 5:
            return {"reference": _PDS + number}
        case _:
            return {"reference": f"Patient/{to['id']}"}
