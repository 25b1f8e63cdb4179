"""Reminders behave the same on every kind of storage: planned with turns, claimed under leases."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from dialogs.case import Case
from dialogs.message import Identity
from dialogs.ports import LostClaim, Outgoing, StaleCase
from dialogs.reminding import Claimed, Purpose, Reminder, ReminderStatus, Settled, StaffTask
from filing.event import Event, EventType
from storage.ports import Stores
from tests.storage.conftest import Place
from tests.storage.making import NOW, person, say, turn, with_answers, with_event

HOUR = timedelta(hours=1)


def wanted(case: Case, *hours: float, name: str = "footer") -> tuple[Reminder, ...]:
    """Reminders of one deadline at so many hours from now."""
    assert case.active
    return tuple(
        Reminder(
            key=f"{case.active}/{name}:-:2026-11-24/-/{number}",
            filing_id=case.active,
            deadline=f"{name}:-:2026-11-24",
            kind=name,
            offset=str(number),
            purpose=Purpose.REMIND,
            at=NOW + timedelta(hours=after),
            deadline_at=NOW + timedelta(hours=100),
            number=number,
            total=len(hours),
        )
        for number, after in enumerate(hours, start=1)
    )


async def begun(stores: Stores, who: Identity, *hours: float) -> Case:
    """A filing with something planned."""
    fresh = await stores.cases.open(who, NOW, "zh-CN")
    case = with_event(
        with_answers(fresh, domain="example.cn"),
        Event(EventType.SUBMITTED_FOR_FIRST_REVIEW, NOW),
    )
    await plan(stores, fresh, case, wanted(case, *hours))
    return await stores.cases.open(who, NOW, "zh-CN")


async def plan(
    stores: Stores, before: Case, after: Case, reminders: tuple[Reminder, ...], at: datetime = NOW
) -> None:
    assert after.active
    await stores.cases.commit(
        replace(turn(before, after=after, at=at), reminders={after.active: reminders})
    )


async def give(
    stores: Stores,
    case: Case,
    claimed: Claimed,
    status: ReminderStatus,
    *outgoing: Outgoing,
    at: datetime = NOW,
    again_at: datetime | None = None,
    tasks: tuple[StaffTask, ...] = (),
) -> None:
    out = outgoing[0] if outgoing else None
    settled = Settled(
        claimed.reminder.key,
        claimed.fence,
        status,
        out.identity if out else None,
        out.id if out else None,
        None,
        again_at,
    )
    await stores.cases.commit(
        replace(turn(case, *outgoing, heard=None, at=at), settled=(settled,), tasks=tasks)
    )


async def statuses(stores: Stores, case: Case) -> list[str]:
    assert case.active
    return [record.status.value for record in await stores.reminders.of_filing(case.active)]


async def test_what_is_planned_with_a_turn_waits_for_its_time(stores: Stores) -> None:
    who = person()
    case = await begun(stores, who, 1, 2, 30)
    assert await stores.reminders.next_due() == NOW + HOUR
    assert await stores.reminders.claim(NOW, 10) == []
    [first] = await stores.reminders.claim(NOW + HOUR, 10)
    assert first.reminder == wanted(case, 1, 2, 30)[0]
    assert (first.identity, first.ways, first.attempt) == (who, (who,), 1)
    assert await stores.reminders.claim(NOW + HOUR, 10) == []


async def test_a_refused_turn_plans_nothing(stores: Stores) -> None:
    case = await begun(stores, person(), 1)
    older = replace(case, version=case.version + 5)
    with pytest.raises(StaleCase):
        await plan(stores, older, replace(older, version=older.version + 1), wanted(case, 7))
    [record] = await stores.reminders.of_filing(case.active or "")
    assert record.reminder.at == NOW + HOUR


async def test_planning_again_moves_adds_and_cancels_by_the_difference(stores: Stores) -> None:
    who = person()
    case = await begun(stores, who, 1, 2, 3)
    moved = wanted(case, 5, 6)
    await plan(stores, case, case, moved)
    records = await stores.reminders.of_filing(case.active or "")
    assert {record.reminder.offset: record.status.value for record in records} == {
        "1": "planned",
        "2": "planned",
        "3": "cancelled",
    }
    assert [one.reminder.at for one in records if one.status == "planned"] == [
        NOW + 5 * HOUR,
        NOW + 6 * HOUR,
    ]
    assert await stores.reminders.claim(NOW + 4 * HOUR, 10) == []
    again = await stores.cases.open(who, NOW, "zh-CN")
    await plan(stores, again, again, wanted(case, 5, 6, 7))
    assert await statuses(stores, case) == ["planned"] * 3


async def test_of_many_moments_already_past_one_is_given(stores: Stores) -> None:
    case = await begun(stores, person(), -30, -20, -1, 2)
    assert await statuses(stores, case) == ["passed_over", "passed_over", "planned", "planned"]


async def test_a_reminder_and_its_message_are_stored_together_or_not_at_all(
    stores: Stores,
) -> None:
    who = person()
    case = await begun(stores, who, 1)
    [claimed] = await stores.reminders.claim(NOW + HOUR, 10)
    out = say(who, "还剩一天")
    await give(stores, case, claimed, ReminderStatus.HANDED, out, at=NOW + HOUR)
    [due] = await stores.outbox.claim(who.channel, NOW + HOUR, 5)
    assert due.outgoing == out
    assert await statuses(stores, case) == ["handed"]
    newer = await stores.cases.open(who, NOW, "zh-CN")
    with pytest.raises(LostClaim):
        await give(stores, newer, claimed, ReminderStatus.HANDED, say(who, "还剩一天"))
    await stores.outbox.delivered(due, "77", NOW + HOUR)
    assert await stores.outbox.claim(who.channel, NOW + 2 * HOUR, 5) == []


async def test_whoever_lost_the_lease_cannot_settle(stores: Stores) -> None:
    who = person()
    case = await begun(stores, who, 1)
    [slow] = await stores.reminders.claim(NOW + HOUR, 10)
    [quick] = await stores.reminders.claim(NOW + 2 * HOUR, 10)
    assert quick.fence > slow.fence
    assert quick.attempt == 2
    with pytest.raises(LostClaim):
        await give(stores, case, slow, ReminderStatus.HANDED, say(who, "一"))
    await give(stores, case, quick, ReminderStatus.HANDED, say(who, "二"))
    assert await statuses(stores, case) == ["handed"]


async def test_what_was_cancelled_while_claimed_cannot_be_given(stores: Stores) -> None:
    who = person()
    case = await begun(stores, who, 1)
    [claimed] = await stores.reminders.claim(NOW + HOUR, 10)
    await plan(stores, case, case, ())
    newer = await stores.cases.open(who, NOW, "zh-CN")
    with pytest.raises(LostClaim):
        await give(stores, newer, claimed, ReminderStatus.HANDED, say(who, "一"))
    assert await statuses(stores, case) == ["cancelled"]


async def test_what_waits_in_the_outbox_is_withdrawn_when_its_matter_is_settled(
    stores: Stores,
) -> None:
    who = person()
    case = await begun(stores, who, 1)
    [claimed] = await stores.reminders.claim(NOW + HOUR, 10)
    await give(stores, case, claimed, ReminderStatus.HANDED, say(who, "一"), at=NOW + HOUR)
    newer = await stores.cases.open(who, NOW, "zh-CN")
    await plan(stores, newer, newer, (), at=NOW + HOUR)
    assert await stores.outbox.claim(who.channel, NOW + 2 * HOUR, 5) == []
    assert await statuses(stores, case) == ["cancelled"]


async def test_a_delivered_reminder_is_noted_with_the_time_it_took(stores: Stores) -> None:
    who = person()
    case = await begun(stores, who, 1)
    [claimed] = await stores.reminders.claim(NOW + HOUR, 10)
    await give(stores, case, claimed, ReminderStatus.HANDED, say(who, "一"), at=NOW + HOUR)
    assert await stores.reminders.follow_up(NOW + HOUR, 10) == []
    [due] = await stores.outbox.claim(who.channel, NOW + HOUR, 5)
    await stores.outbox.delivered(due, "77", NOW + 2 * HOUR)
    [outcome] = await stores.reminders.follow_up(NOW + 2 * HOUR, 10)
    assert (outcome.sent, outcome.late) == (True, HOUR)
    [record] = await stores.reminders.of_filing(case.active or "")
    assert (record.status, record.settled_at) == (ReminderStatus.SENT, NOW + 2 * HOUR)
    [attempt] = record.attempts
    assert (attempt.status, attempt.way) == ("sent", f"telegram/{who.external_id}")
    figures = await stores.reminders.figures(NOW + 2 * HOUR)
    assert figures.sent >= 1
    assert figures.late_p99 >= HOUR


async def test_a_delivery_that_may_have_happened_twice_is_noted_as_such(stores: Stores) -> None:
    who = person()
    case = await begun(stores, who, 1)
    [claimed] = await stores.reminders.claim(NOW + HOUR, 10)
    await give(stores, case, claimed, ReminderStatus.HANDED, say(who, "一"), at=NOW + HOUR)
    [due] = await stores.outbox.claim(who.channel, NOW + HOUR, 5)
    await stores.outbox.retry(due, NOW + HOUR, "unknown")
    [again] = await stores.outbox.claim(who.channel, NOW + HOUR, 5)
    await stores.outbox.delivered(again, "78", NOW + HOUR)
    [outcome] = await stores.reminders.follow_up(NOW + HOUR, 10)
    assert (outcome.sent, outcome.reason) == (True, "unknown")


async def test_a_refused_reminder_is_due_again_with_the_way_it_was_tried_on(
    stores: Stores,
) -> None:
    who = person()
    case = await begun(stores, who, 1)
    [claimed] = await stores.reminders.claim(NOW + HOUR, 10)
    await give(stores, case, claimed, ReminderStatus.HANDED, say(who, "一"), at=NOW + HOUR)
    [due] = await stores.outbox.claim(who.channel, NOW + HOUR, 5)
    await stores.outbox.undeliverable(due, "blocked", NOW + HOUR)
    [outcome] = await stores.reminders.follow_up(NOW + HOUR, 10)
    assert (outcome.sent, outcome.reason) == (False, "blocked")
    [again] = await stores.reminders.claim(NOW + HOUR, 10)
    assert again.tried == {who}
    task = StaffTask("unreachable/1", case.active or "", "unreachable", None, NOW)
    newer = await stores.cases.open(who, NOW, "zh-CN")
    await give(stores, newer, again, ReminderStatus.FAILED, tasks=(task,))
    assert await statuses(stores, case) == ["failed"]
    assert task in await stores.reminders.tasks()
    assert await stores.reminders.finish_task(task.key, NOW)
    assert not await stores.reminders.finish_task(task.key, NOW)


async def _taken(stores: Stores, who: Identity, name: str) -> tuple[Case, Identity]:
    """A reminder that WeChat took as a template message, a moment ago."""
    case = await begun(stores, who, 1)
    way = Identity("wechat_template", who.external_id)
    [claimed] = await stores.reminders.claim(NOW + HOUR, 10)
    await give(stores, case, claimed, ReminderStatus.HANDED, say(way, "一"), at=NOW + HOUR)
    [due] = await stores.outbox.claim(way.channel, NOW + HOUR, 5)
    await stores.outbox.delivered(due, name, NOW + HOUR)
    await stores.reminders.follow_up(NOW + HOUR, 10)
    assert await statuses(stores, case) == ["sent"]
    return case, way


async def test_a_notice_that_did_not_arrive_after_all_takes_the_next_way(stores: Stores) -> None:
    who = Identity("wechat", person().external_id)
    case, way = await _taken(stores, who, "msg-1")
    store, later = stores.reminders, NOW + 2 * HOUR
    assert not await store.told(way, "another", later, arrived=False)
    assert not await store.told(Identity(way.channel, "x"), "msg-1", later, arrived=False)
    assert await store.told(way, "msg-1", later, arrived=False)
    assert await store.told(way, "msg-1", later, arrived=True)  # too late
    [outcome] = await store.follow_up(later, 10)
    assert (outcome.sent, outcome.reason) == (False, "refused")
    [again] = await store.claim(later, 10)
    assert way in again.tried
    assert case.active


async def test_a_notice_nothing_was_heard_of_is_doubted_one_that_arrived_is_not(
    stores: Stores,
) -> None:
    quiet, _ = await _taken(stores, Identity("wechat", person().external_id), "msg-2")
    heard, its_way = await _taken(stores, Identity("wechat", person().external_id), "msg-3")
    store, channels = stores.reminders, ["wechat_template"]
    assert await store.told(its_way, None, NOW + HOUR, arrived=True)  # the one sent last
    assert await store.doubt(channels, NOW, NOW + HOUR - timedelta(seconds=1)) == 0
    assert await store.doubt(["wechat_notice"], NOW, NOW + HOUR) == 0
    assert await store.doubt(channels, NOW, NOW + HOUR) == 1
    assert await store.doubt(channels, NOW, NOW + HOUR) == 0
    [outcome] = await store.follow_up(NOW + 7 * HOUR, 10)
    assert (outcome.sent, outcome.reason) == (False, "unknown")
    assert await statuses(stores, heard) == ["sent"]
    assert await statuses(stores, quiet) == ["planned"]


async def test_a_reminder_put_back_waits_for_its_new_time(stores: Stores) -> None:
    case = await begun(stores, person(), 1)
    [claimed] = await stores.reminders.claim(NOW + HOUR, 10)
    await give(stores, case, claimed, ReminderStatus.PLANNED, again_at=NOW + 8 * HOUR)
    assert await stores.reminders.claim(NOW + 7 * HOUR, 10) == []
    [again] = await stores.reminders.claim(NOW + 8 * HOUR, 10)
    assert again.tried == frozenset()


async def test_a_full_batch_brings_all_that_is_due_of_its_filings(stores: Stores) -> None:
    one = await begun(stores, person(), 1, 2, 3)
    await begun(stores, person(), 4, 5)
    claimed = await stores.reminders.claim(NOW + 9 * HOUR, 1)
    assert {found.reminder.filing_id for found in claimed} == {one.active}
    assert sorted(found.reminder.offset for found in claimed) == ["1", "2", "3"]


async def test_a_filing_erased_takes_its_reminders_and_tasks_along(stores: Stores) -> None:
    who = person()
    case = await begun(stores, who, 1)
    [claimed] = await stores.reminders.claim(NOW + HOUR, 10)
    task = StaffTask("overdue/9", case.active or "", "overdue", None, NOW)
    await give(stores, case, claimed, ReminderStatus.SENT, tasks=(task,))
    await stores.filings.erase(case.applicant_id)
    assert await stores.reminders.of_filing(case.active or "") == []
    assert task not in await stores.reminders.tasks()


async def test_filings_are_gone_through_in_order_with_whom_they_belong_to(stores: Stores) -> None:
    people = [person() for _ in range(3)]
    cases = [await begun(stores, who, 1) for who in people]
    found: list[tuple[str, Identity]] = []
    last = ""
    while page := await stores.reminders.filings_after(last, 2):
        found += page
        last = page[-1][0]
    assert dict(found) == {case.active: who for case, who in zip(cases, people, strict=True)}


async def test_sweepers_at_once_never_hold_the_same_reminder(place: Place) -> None:
    async with place.opened() as one, place.opened() as two, place.opened() as three:
        for _ in range(20):
            await begun(one, person(), 1, 2)
        batches = await asyncio.gather(
            *(
                sweeper.reminders.claim(NOW + 9 * HOUR, 7)
                for sweeper in (one, two, three)
                for _ in range(4)
            )
        )
        held = [claimed.reminder.key for batch in batches for claimed in batch]
        assert len(held) == len(set(held))
        rest = await one.reminders.claim(NOW + 9 * HOUR, 100)
        assert len(held) + len(rest) == 40


async def test_what_waits_for_a_channel_that_is_down_can_be_taken_back(stores: Stores) -> None:
    who = person()
    case = await begun(stores, who, 1)
    [claimed] = await stores.reminders.claim(NOW + HOUR, 10)
    out = say(who, "一")
    await give(stores, case, claimed, ReminderStatus.HANDED, out, at=NOW + HOUR)
    key = claimed.reminder.key
    before = key[:-1]
    assert await stores.reminders.stuck(NOW, before, 1) == []
    [found] = await stores.reminders.stuck(NOW + HOUR, before, 1)
    assert (found.reminder_key, found.outgoing_id) == (key, out.id)
    assert found.ways == (who,)
    assert found.tried == {who}
    assert key not in {one.reminder_key for one in await stores.reminders.stuck(NOW, key, 9)}
    assert await stores.reminders.take_back([out.id], NOW + 2 * HOUR) == 1
    assert await stores.reminders.take_back([out.id], NOW + 2 * HOUR) == 0
    assert await stores.outbox.claim(who.channel, NOW + 9 * HOUR, 5) == []
    [outcome] = await stores.reminders.follow_up(NOW + 2 * HOUR, 10)
    assert (outcome.sent, outcome.reason) == (False, "channel_down")
    [again] = await stores.reminders.claim(NOW + 2 * HOUR, 10)
    assert again.tried == {who}


async def test_what_is_being_sent_is_not_taken_back(stores: Stores) -> None:
    who = person()
    case = await begun(stores, who, 1)
    [claimed] = await stores.reminders.claim(NOW + HOUR, 10)
    out = say(who, "一")
    await give(stores, case, claimed, ReminderStatus.HANDED, out, at=NOW + HOUR)
    [due] = await stores.outbox.claim(who.channel, NOW + HOUR, 5)
    assert await stores.reminders.stuck(NOW + HOUR, claimed.reminder.key[:-1], 1) == []
    assert await stores.reminders.take_back([out.id], NOW + HOUR) == 0
    await stores.outbox.delivered(due, "77", NOW + HOUR)


async def test_what_waits_for_a_channel_that_works_is_counted(stores: Stores) -> None:
    identity, minute = person(), timedelta(minutes=1)
    fresh = await stores.cases.open(identity, NOW, "zh-CN")
    await stores.cases.commit(turn(fresh, say(identity, "一"), say(identity, "二")))
    channels = {"telegram"}
    assert await stores.reminders.backlog(channels, NOW - minute, NOW) == 2
    assert await stores.reminders.backlog({"wechat"}, NOW - minute, NOW) == 0
    assert await stores.reminders.backlog(channels, NOW, NOW + minute) == 0  # waited for long
    await stores.outbox.claim("telegram", NOW, 1)
    assert await stores.reminders.backlog(channels, NOW - minute, NOW) == 1
