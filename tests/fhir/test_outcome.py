"""An OperationOutcome tells all that is wrong, and of thousands as much as anybody reads."""

import pytest

from app.fhir.errors import Issue
from app.fhir.outcome import MOST, operation_outcome


@pytest.mark.parametrize(("many", "told"), [(1, 1), (MOST, MOST), (MOST + 1, MOST + 1), (30_000, MOST + 1)])
def test_so_many_issues_are_told_and_how_many_more_there_are(many: int, told: int) -> None:
    issues = [Issue("value", f"{number} is wrong", f"List.entry[{number}]") for number in range(many)]
    found = operation_outcome(issues)["issue"]
    assert len(found) == told
    assert [each["diagnostics"] for each in found[:MOST]] == [each.diagnostics for each in issues[:MOST]]
    if many > MOST:
        more = f"{many - MOST} more are not told: mend these first."
        assert found[-1] == {"severity": "error", "code": "incomplete", "diagnostics": more}
