"""docs/security.md and docs/data-protection.md: what they name is there, and no threat stands without its proof."""

import re

import pytest

from app.config import Settings
from tests.pages import DOCS, broken_links, functions_of, named_tests

PAGES = ("security.md", "data-protection.md", "running.md", "organisations.md", "audit.md")
STRIDE = (
    "Spoofing",
    "Tampering",
    "Repudiation",
    "Information disclosure",
    "Denial of service",
    "Elevation of privilege",
)
TABLE = (DOCS / "security.md").read_text().partition("### Threats")[2]
ROWS = [row.strip("| ").split(" | ") for row in TABLE.splitlines() if row.startswith("| ")][2:]


@pytest.mark.parametrize(("file", "test"), named_tests("security.md"))
def test_every_test_that_the_threat_model_names_exists(file, test):
    assert test in functions_of(file)


def test_every_kind_of_threat_has_threats_each_with_a_control_and_a_test():
    kinds = [row[0] for row in ROWS if row[0].startswith("**")]
    assert [kind.partition("**")[2].partition("**")[0] for kind in kinds] == list(STRIDE)
    threats = [row for row in ROWS if not row[0].startswith("**")]
    assert len(threats) > 30
    assert [row[0] for row in threats if len(row) < 3 or not row[1] or "::test_" not in row[2]] == []


@pytest.mark.parametrize("page", PAGES)
def test_its_links_lead_somewhere(page):
    assert broken_links(page) == []


@pytest.mark.parametrize("page", PAGES)
def test_the_settings_that_a_page_names_exist(page):
    named = set(re.findall(r"KITH_[A-Z_]+[A-Z]", (DOCS / page).read_text()))
    assert named - {f"KITH_{name.upper()}" for name in Settings.model_fields} == set()


def test_what_is_left_to_local_agreement_says_so():
    text = (DOCS / "data-protection.md").read_text()
    for subject in ("On what basis", "How long", "Access", "Rectification", "Erasure and the clinical record"):
        section = text.partition(f"# {subject}\n")[2].partition("\n#")[0]
        assert "**to be agreed locally**" in section.lower(), subject
