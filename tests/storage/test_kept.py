"""What a process keeps of patients: as much as it is told to, and nothing that is older than what was written last."""

from datetime import UTC, datetime, timedelta

from app.sharing.facts import Facts, Policy
from app.storage.kept import Kept, Question

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def row(patient="p", id_="p", version=1, content=b"{}", **more):
    at = START + timedelta(minutes=version)
    known = {"key": patient, "patient": patient, "type": "Patient", "id": id_, "organisation": "RX1", "known": True}
    return {**known, "version": version, "updated": at, "content": content, "seen": True, **more}


def question(*asked):
    return Question("p", frozenset(asked), (), Policy())


class Asked:
    """Asks for the facts of rows, and counts how often they were made."""

    def __init__(self, patients):
        self.kept = Kept(patients)
        self.made = 0

    def __call__(self, *rows, about=()):
        return self.kept.facts(question(*about), rows, self._make)

    def _make(self):
        self.made += 1
        return Facts("p", ())


def test_the_same_rows_are_of_the_same_facts_and_others_of_others():
    asked = Asked(1)
    assert asked(row()) is asked(row())
    assert asked.made == 1
    for other in (row(content=b'{"active":false}'), row(seen=False), row(known=False), row(organisation="RX2")):
        assert asked(other) is not asked(row()), other


def test_callers_who_may_see_different_things_do_not_push_each_other_out():
    asked = Asked(1)
    for _ in range(3):
        asked(row(seen=True)), asked(row(seen=False)), asked(row(), about=["CarePlan/a"])
    assert asked.made == 3


def test_a_process_keeps_as_many_patients_as_it_is_told_to():
    asked = Asked(2)
    for key in "abab":
        asked(row(patient=key))
    assert asked.made == 2
    for key in "cab":
        asked(row(patient=key))
    assert asked.made == 5


def test_none_are_kept_where_none_are_wanted():
    asked = Asked(2)
    asked.kept.keep(0)
    first, rows = asked(row()), (row(),)
    assert asked(row()) is not first
    assert asked.kept.record(rows) is not asked.kept.record(rows)


def test_what_was_made_before_something_was_written_is_let_go():
    asked = Asked(1)
    for about in "ab":
        asked(row(), about=[about])
    asked(row(), row(version=2))
    asked(row(), about=["a"])
    assert asked.made == 4


def test_that_there_is_nothing_under_a_key_is_kept_like_anything_else():
    asked = Asked(1)
    for _ in range(2):
        asked(row(type=None, id=None, updated=None, content=None))
    asked(row())
    assert asked.made == 2


def test_questions_about_ever_new_references_take_no_more_room():
    asked = Asked(1)
    asked(row(), about=["first"])
    for number in range(4):
        asked(row(), about=[str(number)])
    asked(row(), about=["first"])
    assert asked.made == 6


def test_a_record_is_read_once_of_the_same_rows_and_never_of_others():
    kept = Kept(1)
    once = kept.record((row(),))
    assert kept.record((row(),)) is once
    later = kept.record((row(), row(version=2, content=None)))
    assert [version.number for version in later.versions] == [1, 2]
    assert later.versions[-1].content is None
    large = (row(content=b'"' + b"x" * 9_000 + b'"'),)
    assert kept.record(large) is not kept.record(large)
