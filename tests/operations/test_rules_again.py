"""Tasks that could not be made are tried again, and many records are looked at together."""

from datetime import timedelta

import pytest

from app.fhir.errors import Conflict
from app.operations import apply_rules
from tests.operations.test_rules import OWED, codes
from tests.operations.worklists import episode, main_carer
from tests.record.examples import create, nhs_number, organization, patient, to
from tests.rules import rules_of


@pytest.fixture
def rules(module_database_url):
    return rules_of(module_database_url)


async def test_what_collides_with_another_writer_is_tried_again_though_nothing_changes(client, rules, monkeypatch):
    of, team = await create(client, patient(nhs_number())), await create(client, organization())
    await create(client, episode(to(of), team))
    await create(client, main_carer(to(of)))

    async def busy(*_):
        raise Conflict("Others are changing the same resource.")

    async with rules() as apply, rules() as other:
        with monkeypatch.context() as patched:
            patched.setattr(apply_rules, "write", busy)
            patched.setattr(apply_rules, "_LOOK_BACK", timedelta(0))
            await apply()
            assert await codes(client, of) == []
            await apply()
        with monkeypatch.context() as patched:
            patched.setattr(apply_rules, "_LOOK_BACK", timedelta(0))
            assert await other() == len(OWED)
            assert await codes(client, of) == OWED
            assert await apply() == 0


@pytest.fixture
async def owed_to(client):
    """A patient whose mother is owed something."""
    of, team = await create(client, patient(nhs_number())), await create(client, organization())
    await create(client, episode(to(of), team))
    await create(client, main_carer(to(of)))
    return of


@pytest.mark.parametrize("where", ["owed.owed", "write"])
async def test_what_failed_by_a_mistake_of_the_program_is_tried_again_later_and_not_at_once(
    client, rules, monkeypatch, owed_to, where
):
    tried = []

    def mistaken(*_):
        tried.append(where)
        raise KeyError(where)

    async with rules() as apply, rules() as other:
        with monkeypatch.context() as patched:
            patched.setattr(apply_rules, "_LOOK_BACK", timedelta(0))
            patched.setattr(f"app.operations.apply_rules.{where}", mistaken)
            await apply()
            times = len(tried)
            await other()
            assert len(tried) == times > 0
            patched.setattr(apply_rules, "_ODD_AGAIN", timedelta(0))
            await create(client, main_carer(to(owed_to)))
            await apply()
        assert await codes(client, owed_to) == []
        with monkeypatch.context() as patched:
            patched.setattr(apply_rules, "_LOOK_BACK", timedelta(0))
            assert await other() == len(OWED) * 2
            assert await apply() == 0


async def test_however_many_records_changed_they_are_read_together(client, rules, monkeypatch):
    team = await create(client, organization())
    people = [await create(client, patient(nhs_number())) for _ in range(3)]
    for of in people:
        await create(client, episode(to(of), team))
        await create(client, main_carer(to(of)))
    read = []
    for name_ in ("records", "made", "wait"):
        asked = getattr(apply_rules.storage, name_)

        async def counted(*given, asked=asked, name_=name_):
            read.append(name_)
            return await asked(*given)

        monkeypatch.setattr(apply_rules.storage, name_, counted)
    async with rules() as apply:
        await apply()
    assert [await codes(client, of) for of in people] == [OWED] * 3
    assert sorted(read) == ["made", "made", "records", "wait"]
