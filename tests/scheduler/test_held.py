"""Reminders while a colleague has the conversation: the urgent go out, the others wait."""

from datetime import timedelta

import pytest

from desk.claims import Claims
from dialogs.case import Colleague
from dialogs.message import Identity
from dialogs.reminding import HELD
from scheduler.giving import TRIES
from tests.scheduler.test_sweep import approved, at_bureau
from tests.scheduler.world import Simulation, china, counted, told

WHO = Identity("telegram", "7")
LI = Colleague("a1", "小李")
DAYS = timedelta(days=40)


@pytest.fixture
def simulation() -> Simulation:
    return Simulation(china("2026-11-23T09:00"))


def _claims(simulation: Simulation) -> Claims:
    return Claims(simulation.assistant, simulation.stores.claims, simulation.clock, lease=DAYS)


async def _conversation(simulation: Simulation) -> str:
    return (await simulation.case(WHO)).conversation_id


async def test_early_reminders_wait_and_the_last_hours_are_told_all_the_same(
    simulation: Simulation,
) -> None:
    await at_bureau(simulation)
    claims, scope = _claims(simulation), await _conversation(simulation)
    await claims.take(LI, scope)
    await simulation.pass_time(china("2026-11-23T20:59"))
    assert simulation.delivered == []
    await simulation.pass_time(china("2026-11-24T08:59"))
    times = [(at.day, at.hour) for at, _, _ in simulation.delivered]
    assert times == [(23, 21), (24, 8)]  # the night between them is kept quiet
    assert all("由助手自动发出" in text for _, _, text in simulation.delivered)
    assert all("小李" in text for _, _, text in simulation.delivered)


async def test_what_waited_is_told_as_soon_as_the_conversation_is_handed_back(
    simulation: Simulation,
) -> None:
    filing = await at_bureau(simulation)
    claims, scope = _claims(simulation), await _conversation(simulation)
    await claims.take(LI, scope)
    await simulation.pass_time(china("2026-11-23T16:30"))
    assert simulation.delivered == []
    waiting = [one for one in await simulation.records(filing) if one.reason == HELD]
    assert waiting
    await claims.hand_back(LI, scope)
    await simulation.work()
    [(_, _, text)] = simulation.delivered
    assert "还剩 16 小时" in text
    assert "由助手自动发出" not in text


async def test_what_waited_and_was_settled_meanwhile_is_not_told(simulation: Simulation) -> None:
    await at_bureau(simulation)
    claims, scope = _claims(simulation), await _conversation(simulation)
    await claims.take(LI, scope)
    await simulation.pass_time(china("2026-11-23T16:30"))
    for person in ("principal", "site_manager"):
        event = told("sms_verified", simulation.now, person=person)
        await claims.record(LI, scope, event)
    await claims.hand_back(LI, scope)
    await simulation.work()
    assert [text for _, _, text in simulation.delivered if "短信核验" in text] == []


async def test_waiting_long_for_a_colleague_is_no_fault_of_a_reminder(
    simulation: Simulation,
) -> None:
    filing = await approved(simulation)
    claims, scope = _claims(simulation), await _conversation(simulation)
    await claims.take(LI, scope)
    await simulation.pass_time(china("2026-11-27T12:00"), at_most=timedelta(hours=1))
    records = await simulation.records(filing)
    looks = [len(one.attempts) for one in records if one.reason == HELD]
    assert max(looks) > TRIES
    assert counted(records)["failed"] == 0
    await claims.hand_back(LI, scope)
    await simulation.work()
    assert any("公安联网备案" in text for _, _, text in simulation.delivered)


async def test_a_reminder_in_the_outbox_is_taken_back_and_given_later(
    simulation: Simulation,
) -> None:
    filing = await at_bureau(simulation)
    simulation.now = china("2026-11-23T11:00")
    await simulation.sweep.run()  # the first one, two hours later: handed to the outbox
    assert counted(await simulation.records(filing))["handed"] == 2
    claims, scope = _claims(simulation), await _conversation(simulation)
    await claims.take(LI, scope)
    await simulation.work()
    assert simulation.delivered == []
    await claims.hand_back(LI, scope)
    await simulation.work()
    [(_, way, _)] = simulation.delivered
    assert way == WHO  # it was not tried there, and is no reason for another way


async def test_staff_are_still_told_of_what_is_overdue(simulation: Simulation) -> None:
    await at_bureau(simulation)
    claims, scope = _claims(simulation), await _conversation(simulation)
    await claims.take(LI, scope)
    await simulation.pass_time(china("2026-11-24T12:00"))
    kinds = {task.kind for task in await simulation.stores.reminders.tasks()}
    assert "overdue" in kinds
