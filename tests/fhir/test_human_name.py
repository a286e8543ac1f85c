"""Names of people as texts."""

import pytest

from app.fhir.human_name import written

NAMES = [
    ({"text": "Papa", "family": "Begum"}, "Papa"),
    ({"given": ["Rukhsana", "Ann"], "family": "Begum"}, "Rukhsana Ann Begum"),
    ({"family": "Begum"}, "Begum"),
    ({"given": [None, "Ann"], "_given": [{"extension": [{"url": "x", "valueCode": "y"}]}, None]}, "Ann"),
    ({"given": [None], "_given": [{"id": "a"}]}, ""),
    ({"use": "official"}, ""),
]


@pytest.mark.parametrize(("name", "text"), NAMES)
def test_a_name_is_its_text_or_its_parts_as_far_as_there_are_any(name, text):
    assert written(name) == text
