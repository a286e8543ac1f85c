"""What each type of criterion finds in the database."""

import pytest

from app.storage.visibility import Visibility

NHS = "https://fhir.nhs.uk/Id/nhs-number"
PDS = "https://api.service.nhs.uk/personal-demographics/FHIR/R4/Patient/9990000018"
LOINC = "http://loinc.org"


def patient(id_: str, **elements: object) -> dict[str, object]:
    return {"resourceType": "Patient", "id": id_, **elements}


def consent(id_: str, **elements: object) -> dict[str, object]:
    return {"resourceType": "Consent", "id": id_, **elements}


def coded(*codings: tuple[str | None, str | None]) -> list[dict[str, object]]:
    members = [{"system": system, "code": code} for system, code in codings]
    return [{"coding": [{name: value for name, value in coding.items() if value} for coding in members]}]


@pytest.fixture(scope="module")
async def filled(module_shelf):
    put = module_shelf.put
    await put(patient("p1", identifier=[{"system": NHS, "value": "9990000018"}],
                      name=[{"family": "O'Brien", "given": ["Siân", "Mary Jane"]}], active=True,
                      telecom=[{"system": "phone", "value": "07700 900123", "use": "mobile"},
                               {"system": "email", "value": "Sian@Example.org"}]), patient="p1")  # fmt: skip
    await put(patient("p2", name=[{"text": "Smith, John"}], deceasedDateTime="2020-05-01", active=False), patient="p2")
    await put(patient("p3", deceasedBoolean=False, gender="female", name=[{"family": "Smyth"}]), patient="p3")
    # p4 was replaced by p1: its record is kept under p1
    await put(patient("p4", link=[{"other": {"reference": "Patient/p1"}, "type": "replaced-by"}]), patient="p1")
    by_number = {"type": "Patient", "identifier": {"system": NHS, "value": "9990000018"}}
    await put(
        consent("c1", patient={"reference": "Patient/p1"}, status="active", category=coded((LOINC, "59284-0"))),
        patient="p1",
    )
    await put(
        consent("c2", patient=by_number, status="draft", category=coded((None, "59284-0"), (LOINC, "x"))), patient="p1"
    )
    await put(consent("c3", patient={"reference": "Patient/p2"}, status="active", category=[{"text": "words"}],
                      performer=[{"reference": "Practitioner/d1"}, {"identifier": {"system": "http://s",
                      "value": "1"}}]),
              patient="p2")  # fmt: skip
    await put(consent("c4", status="inactive",
    performer=[by_number], organization=[{"reference": "https://x.example/Organization/o"}],
                      meta={"profile": ["http://p/q|2"], "tag": [{"system": "http://t",
                      "code": "unverified"}]}))  # fmt: skip
    plan = {"resourceType": "CarePlan", "status": "active", "intent": "plan"}
    await put({**plan, "id": "g", "subject": {"reference": "Group/p1"}})
    await put(
        {
            **plan,
            "id": "n",
            "subject": {"reference": "Patient/p1"},
            "instantiatesCanonical": ["http://d/PlanDefinition/a|2"],
        },
        patient="p1",
    )
    await module_shelf.delete(await put(consent("gone", status="active")))
    return module_shelf


CASES = [
    # tokens
    ("Consent", "category", "59284-0", "c1 c2"), ("Consent", "category", f"{LOINC}|59284-0", "c1"),
    ("Consent", "category", "|59284-0", "c2"), ("Consent", "category", f"{LOINC}|", "c1 c2"),
    ("Consent", "category", "59284-0,x", "c1 c2"), ("Consent", "category", f"x,{LOINC}|59284-0", "c1 c2"),
    ("Consent", "category", "59284", ""), ("Consent", "category", "words", ""),
    ("Consent", "category:not", "x", "c1 c3 c4"), ("Consent", "category:not", "59284-0,x", "c3 c4"),
    ("Consent", "category:missing", "true", "c4"), ("Consent", "category:missing", "false", "c1 c2 c3"),
    ("Consent", "status", "active", "c1 c3"),
    ("Consent", "status", "http://hl7.org/fhir/consent-state-codes|active", "c1 c3"),
    ("Consent", "status", "|active", "c1 c3"), ("Consent", "status", "http://other|active", ""),
    ("Consent", "status:not", "active", "c2 c4"), ("Consent", "status", "Active", ""),
    ("Consent", "_id", "c1,c4,nobody", "c1 c4"), ("Consent", "_id:not", "c1", "c2 c3 c4"),
    ("Consent", "_id", "gone", ""),
    ("Consent", "_id:missing", "true", ""), ("Consent", "_id:missing", "false", "c1 c2 c3 c4"),
    ("Consent", "_tag", "http://t|unverified", "c4"), ("Consent", "_tag:not", "unverified", "c1 c2 c3"),
    ("Consent", "_profile", "http://p/q", "c4"), ("Consent", "_profile", "http://p/q|2", "c4"),
    ("Consent", "_profile", "http://p", ""),
    ("Consent", "_profile:missing", "true", "c1 c2 c3"),
    ("Patient", "active", "true", "p1"), ("Patient", "active", "false", "p2"),
    ("Patient", "active:missing", "true", "p3 p4"),
    ("Patient", "deceased", "true", "p2"), ("Patient", "deceased", "false", "p1 p3 p4"),
    ("Patient", "death-date", "2020", "p2"),
    ("Patient", "death-date:missing", "true", "p1 p3 p4"),
    ("Patient", "identifier", f"{NHS}|9990000018", "p1"), ("Patient", "identifier", f"{NHS}|999 000 0018", "p1"),
    ("Patient", "identifier", "999 000 0018", "p1"), ("Patient", "identifier", f"{NHS}|", "p1"),
    ("Patient", "phone", "07700900123", "p1"), ("Patient", "phone", "(07700) 900-123", "p1"),
    ("Patient", "email", "sian@EXAMPLE.org", "p1"),
    ("Patient", "telecom", "mobile|07700900123", "p1"), ("Patient", "phone", "sian@example.org", ""),
    ("Patient", "gender", "female", "p3"), ("Patient", "gender:not", "female", "p1 p2 p4"),
    # strings
    ("Patient", "name", "obrien", "p1"), ("Patient", "name", "O'BRIEN", "p1"), ("Patient", "name", "sian", "p1"),
    ("Patient", "name", "S", "p1 p2 p3"),
    ("Patient", "name", "smith john", "p2"), ("Patient", "name", "john", "p2"),
    ("Patient", "name:contains", "JOHN", "p2"),
    ("Patient", "given", "mary", "p1"), ("Patient", "given", "jane", "p1"), ("Patient", "given:contains", "jane", "p1"),
    ("Patient", "given:exact", "Siân", "p1"), ("Patient", "given:exact", "Sian", ""),
    ("Patient", "given:exact", "Siâ", ""),
    ("Patient", "family", "smi,obr", "p1"), ("Patient", "name", "smi,obr", "p1 p2"),
    ("Patient", "name", "s_", "p1 p2 p3"),
    ("Patient", "phonetic", "Smith", "p2 p3"), ("Patient", "phonetic", "Smythe", "p2 p3"),
    ("Patient", "phonetic", "Jon", "p1 p2"),
    ("Patient", "family:missing", "true", "p2 p4"),
    # references to the patient of the record, however they are written
    ("Consent", "patient", "p1", "c1 c2"), ("Consent", "patient", "Patient/p1", "c1 c2"),
    ("Consent", "patient", "9990000018", "c1 c2"),
    ("Consent", "patient", "Patient/p4", "c1 c2"), ("Consent", "patient", PDS, "c1 c2"),
    ("Consent", "patient", f"{NHS}|9990000018", "c1 c2"),
    ("Consent", "patient:identifier", f"{NHS}|999 000 0018", "c1 c2"),
    ("Consent", "patient", "https://kith.example.org/FHIR/R4/Patient/p1", "c1 c2"),
    ("Consent", "patient:Patient", "p2", "c3"), ("Consent", "patient", "p2,9990000018", "c1 c2 c3"),
    ("Consent", "patient", "9990000026", ""),
    ("Consent", "patient", "nobody", ""), ("Consent", "patient:missing", "true", "c4"),
    ("Consent", "patient", "https://x.example/Patient/p1", ""),
    ("CarePlan", "subject", "p1", "g n"), ("CarePlan", "subject", "Patient/p1", "n"),
    ("CarePlan", "subject:Group", "p1", "g"),
    ("CarePlan", "subject", "9990000018", "n"), ("CarePlan", "patient", "p1", "n"),
    ("CarePlan", "patient:missing", "true", "g"),
    # other references
    ("Consent", "consentor", "Practitioner/d1", "c3"), ("Consent", "consentor", "d1", "c3"),
    ("Consent", "consentor:Practitioner", "d1", "c3"),
    ("Consent", "consentor:Patient", "d1", ""), ("Consent", "consentor", "9990000018", "c4"),
    ("Consent", "consentor", "Patient/p1", "c4"),
    ("Consent", "consentor", "Patient/p4", "c4"), ("Consent", "consentor", PDS, "c4"),
    ("Consent", "consentor:identifier", f"{NHS}|9990000018", "c4"),
    ("Consent", "consentor:identifier", "http://s|1", "c3"), ("Consent", "consentor:identifier", "http://s|", "c3"),
    ("Consent", "consentor:identifier", "1", "c3"),
    ("Consent", "consentor:identifier", "|1", ""),
    ("Consent", "organization", "https://x.example/Organization/o", "c4"), ("Consent", "organization", "o", ""),
    ("CarePlan", "instantiates-canonical", "http://d/PlanDefinition/a", "n"),
    ("CarePlan", "instantiates-canonical", "http://d/PlanDefinition/a|2", "n"),
    ("CarePlan", "instantiates-canonical", "http://d/PlanDefinition/a|1", ""),
    ("CarePlan", "instantiates-canonical:missing", "true", "g"),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "name", "value", "expected"), CASES)
async def test_a_criterion_finds_what_it_should_and_nothing_else(
    filled, type_: str, name: str, value: str, expected: str
) -> None:
    assert await filled.ids(type_, (name, value)) == expected.split()


async def test_repetition_is_and_on_the_resource(filled) -> None:
    assert await filled.ids("Consent", ("category", "59284-0"), ("category", "x")) == ["c2"]
    assert await filled.ids("Consent", ("patient", "p1"), ("status", "active")) == ["c1"]
    assert await filled.ids("Consent", ("patient", "p1"), ("patient", "p2")) == []
    assert await filled.ids("Consent", ("patient", "p1"), ("status:not", "active"), ("category", "x")) == ["c2"]


async def test_nothing_is_found_that_the_caller_may_not_see(shelf) -> None:
    for id_, organisation in (("a", "RX1"), ("b", "RX2"), ("c", "")):
        await shelf.put(consent(id_, status="active"), organisation=organisation)
    for codes, expected in (({"RX1"}, ["a"]), ({"RX1", "RX2"}, ["a", "b"]), (set(), []), ({"RX9"}, [])):
        page = await shelf.page("Consent", ("status", "active"), visibility=Visibility(frozenset(codes)))
        assert [match.id for match in page.matches] == expected
        assert page.total == len(expected)
        counted = await shelf.page("Consent", ("_summary", "count"), visibility=Visibility(frozenset(codes)))
        assert counted.total == len(expected)
    assert (await shelf.page("Consent")).total == 3


async def test_long_values_are_told_apart_although_index_rows_are_short(shelf) -> None:
    one, other = "x" * 5000, "x" * 4999 + "y"
    await shelf.put(consent("a", category=[{"coding": [{"code": one}]}], meta={"profile": [f"http://{one}"]}))
    assert await shelf.ids("Consent", ("category", one), ("_profile", f"http://{one}")) == ["a"]
    assert await shelf.ids("Consent", ("category", other)) == []
    await shelf.put(patient("p", name=[{"family": "ż" * 5000}]))
    assert await shelf.ids("Patient", ("family", "z" * 5000)) == ["p"]
    assert await shelf.ids("Patient", ("family:exact", "ż" * 5000)) == ["p"]
    assert await shelf.ids("Patient", ("family:exact", "ż" * 4999)) == []
