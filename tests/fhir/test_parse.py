from decimal import Decimal

import pytest

from app.fhir import json
from app.fhir.errors import BadRequest, Invalid
from app.fhir.parse import check_chosen_id, parse
from app.fhir.resources import BY_TYPE
from tests.fhir.rules import STRICT

PATIENT = BY_TYPE["Patient"]


def test_what_is_parsed_is_what_was_written() -> None:
    body = (
        b'{"resourceType":"Patient","extension":[{"url":"urn:a","valueDecimal":1.50},{"url":"urn:b","valueDecimal":1E3}],'
        b'"name":[{"given":["a",null],"_given":[null,{"extension":[{"url":"urn:c","valueUrl":"mllp://x"}]}]}]}'
    )
    parsed = parse(body, PATIENT, STRICT)
    assert json.dumps(parsed.resource) == body
    assert parsed.resource["extension"][0]["valueDecimal"] == Decimal("1.5")
    assert parsed.warnings == ()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"[]", "object"),
        (b"null", "object"),
        (b'"Patient"', "object"),
        (b"{}", "resourceType is missing; here it must be Patient"),
        (b'{"resourceType": null}', "must be Patient"),
        (b'{"resourceType": "Consent"}', "takes a Patient, and the body is a Consent"),
        (b'{"resourceType": "patient"}', "takes a Patient"),
        (b'{"resourceType": ["Patient"]}', "takes a Patient"),
        (b'{"resourceType": "<script>"}', "something else"),
        (b"{", "not JSON"),
    ],
)
def test_a_body_that_is_no_resource_of_this_type_is_a_bad_request(body: bytes, says: str) -> None:
    with pytest.raises(BadRequest) as caught:
        parse(body, PATIENT, STRICT)
    assert says in caught.value.issues[0].diagnostics


def test_an_invalid_resource_is_refused_with_all_its_issues() -> None:
    with pytest.raises(Invalid) as caught:
        parse(b'{"resourceType": "Patient", "active": 1, "gender": 2}', PATIENT, STRICT)
    assert [issue.expression for issue in caught.value.issues] == ["Patient.active", "Patient.gender"]


def _nested(levels: int) -> bytes:
    inner = b'"valueCode":"x"'
    for _ in range(levels):
        inner = b'"extension":[{"url":"a",' + inner + b"}]"
    return b'{"resourceType":"Patient",' + inner + b"}"


def test_a_resource_nested_as_deep_as_json_may_be_is_judged() -> None:
    assert parse(_nested(49), PATIENT, STRICT).resource["resourceType"] == "Patient"


@pytest.mark.parametrize("levels", [50, 500, 5_000])
def test_a_resource_nested_deeper_is_refused(levels: int) -> None:
    with pytest.raises(BadRequest):
        parse(_nested(levels), PATIENT, STRICT)


@pytest.mark.parametrize(("type_", "id_"), [("Patient", "a"), ("Patient", "123456789"), ("Consent", "9990000018")])
def test_a_client_may_choose_an_id(type_: str, id_: str) -> None:
    check_chosen_id(BY_TYPE[type_], id_)


def test_ten_digits_are_no_id_of_a_patient() -> None:
    with pytest.raises(Invalid) as caught:
        check_chosen_id(BY_TYPE["Patient"], "9990000018")
    assert caught.value.issues[0].spine == "INVALID_RESOURCE_ID"


@pytest.mark.parametrize("id_", ["", "a_b", "a b", "x" * 65, "../x", "é"])
def test_what_is_no_id_cannot_be_chosen(id_: str) -> None:
    with pytest.raises(BadRequest):
        check_chosen_id(BY_TYPE["Consent"], id_)


@pytest.mark.parametrize("meta", [{"versionId": "not an id!"}, {"lastUpdated": "never"}, {"versionId": 7}])
def test_what_the_service_assigns_is_not_judged(meta):
    parsed = parse(json.dumps({"resourceType": "Patient", "meta": meta}), BY_TYPE["Patient"], STRICT)
    assert parsed.resource == {"resourceType": "Patient"}
