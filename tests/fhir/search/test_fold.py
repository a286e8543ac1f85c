"""Folding: what a string search does not tell apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.fhir.search.length import LONGEST, short
from app.fhir.search.string import fold


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("O'Brien", "obrien"),
        ("O\u2019Brien", "obrien"),
        ("Siân  Llŷr", "sian llyr"),
        ("Łukasz Wałęsa", "lukasz walesa"),
        ("Søren Ærø", "soren aero"),
        ("Straße", "strasse"),
        ("Smith-Jones, Mary", "smith jones mary"),
        ("\uff33\uff2d\uff29\uff34\uff28", "smith"),
        ("\u0130zmir", "izmir"),
        ("Mary\u00adAnn", "maryann"),
        ("NP20 1AA", "np20 1aa"),
        ("Αθήνα", "αθηνα"),
        ("Нина", "нина"),
        ("李小龙", "李小龙"),
        ("100%_\\", "100"),
        ("...", ""),
    ],
)
def test_case_accents_apostrophes_and_punctuation_do_not_matter(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text(max_size=300))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert len(fold(text)) <= LONGEST


@given(st.text(max_size=300))
def test_case_does_not_matter_for_ascii(text: str) -> None:
    plain = text.encode("ascii", "ignore").decode()
    assert fold(plain.upper()) == fold(plain.lower())


def test_a_value_of_200_characters_is_kept_and_a_longer_one_is_shortened_to_something_of_its_own() -> None:
    assert short("a" * 200) == "a" * 200
    assert short("a" * 201)[:121] == "a" * 120 + "#"
    assert len(short("a" * 5000)) == 120 + 1 + 64
    assert short("a" * 201) != short("a" * 202)


@given(st.text())
def test_shortened_values_fit_an_index_row(text: str) -> None:
    assert len(short(text)) <= LONGEST
