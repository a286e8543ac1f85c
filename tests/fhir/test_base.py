"""The addresses by which references may name what is here: https://hl7.org/fhir/R4/http.html#identity"""

from app.fhir.base import addresses
from app.fhir.references import Target, target


def test_an_address_by_http_and_by_https_names_the_same() -> None:
    bases = addresses(["https://kith.example.org", "http://127.0.0.1:8000"])
    assert bases[:2] == ("https://kith.example.org/FHIR/R4", "http://127.0.0.1:8000/FHIR/R4")
    for scheme in ("http", "https"):
        for host in ("kith.example.org", "127.0.0.1:8000"):
            assert target(f"{scheme}://{host}/FHIR/R4/Patient/1", bases) == Target("Patient", "1")


def test_another_port_or_protocol_is_another_server() -> None:
    bases = addresses(["http://kith.example.org"])
    for elsewhere in ("https://kith.example.org:8443", "ftp://kith.example.org", "https://kith.example.com"):
        assert target(f"{elsewhere}/FHIR/R4/Patient/1", bases) is None


def test_an_address_given_twice_is_one() -> None:
    assert addresses(["http://a.example", "https://a.example"]) == (
        "http://a.example/FHIR/R4",
        "https://a.example/FHIR/R4",
    )
