"""From event to delivered reminder, on a virtual clock with the stores in memory."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.message import Identity
from dialogs.ports import TurnRecord
from filing.event import Event, EventType
from scheduler.ladder import Reach
from scheduler.ports import TELEGRAM_LINK
from scheduler.sweep import PATIENCE, Sweep
from tests.scheduler.world import REACH, Simulation, china, counted, shared_world, told

WHO = Identity("telegram", "7")
NUMBER = "苏ICP备2026000001号-1"


@pytest.fixture
def simulation() -> Simulation:
    return Simulation(china("2026-11-23T09:00"))


async def at_bureau(simulation: Simulation, who: Identity = WHO) -> str:
    filing = await simulation.begin(who)
    now = simulation.now
    await simulation.happen(who, told("submitted_for_first_review", now - timedelta(days=3)))
    await simulation.happen(who, told("submitted_to_bureau", now))
    await simulation.happen(who, told("sms_received", now))
    return filing


async def approved(simulation: Simulation, who: Identity = WHO) -> str:
    filing = await at_bureau(simulation, who)
    for person in ("principal", "site_manager"):
        await simulation.happen(who, told("sms_verified", simulation.now, person=person))
    await simulation.happen(who, told("bureau_approved", simulation.now, filing_number=NUMBER))
    await simulation.happen(who, told("website_opened", simulation.now))
    return filing


async def test_the_sms_day_is_told_in_time_and_stops_when_it_is_done(
    simulation: Simulation,
) -> None:
    await at_bureau(simulation)
    await simulation.pass_time(china("2026-11-23T15:30"))
    texts = [text for _, _, text in simulation.delivered]
    assert [text.splitlines()[0] for text in texts] == [
        "第 1/4 次提醒：短信核验（主体负责人、网站负责人）",
        "第 2/4 次提醒：短信核验（主体负责人、网站负责人）",
    ]
    assert "还剩 18 小时" in texts[-1]
    for person in ("principal", "site_manager"):
        await simulation.happen(WHO, told("sms_verified", simulation.now, person=person))
    await simulation.pass_time(china("2026-11-24T12:00"))
    assert len(simulation.delivered) == 2


async def test_a_reminder_does_not_repeat_the_news_of_the_same_moment(
    simulation: Simulation,
) -> None:
    filing = await at_bureau(simulation)
    await simulation.pass_time(china("2026-11-23T10:30"))
    assert simulation.delivered == []
    first = [one for one in await simulation.records(filing) if one.reminder.offset == "PT0H"]
    assert {(one.status.value, one.reason) for one in first} == {("passed_over", "told")}


async def test_nobody_is_woken_at_night_unless_the_deadline_is(simulation: Simulation) -> None:
    await at_bureau(simulation)
    await simulation.pass_time(china("2026-11-24T09:00"))
    hours = [f"{at:%d %H:%M}" for at, _, _ in simulation.delivered]
    # Twelve hours after 9:00 is 21:00; 5:00 waits for 8:00, when the last one is due too.
    assert hours == ["23 11:00", "23 15:00", "23 21:00", "24 08:00"]


async def test_a_deadline_that_ends_at_night_rings_at_night(simulation: Simulation) -> None:
    simulation.now = china("2026-11-23T04:30")
    await at_bureau(simulation)
    await simulation.pass_time(china("2026-11-24T05:00"))
    assert f"{simulation.delivered[-1][0]:%H:%M}" == "03:30"


async def test_quiet_hours_of_their_own_move_what_is_planned(simulation: Simulation) -> None:
    await at_bureau(simulation)
    before = await simulation.case(WHO)
    after = replace(
        before,
        version=before.version + 1,
        attention=replace(before.attention, quiet=(10, 14)),
    )
    planned = simulation.assistant.planner
    assert planned is not None
    await simulation.stores.cases.commit(
        TurnRecord(
            before,
            after,
            None,
            at=simulation.now,
            reminders=planned(before, after, simulation.now),
        )
    )
    await simulation.pass_time(china("2026-11-23T15:30"))
    assert [f"{at:%H:%M}" for at, _, _ in simulation.delivered] == ["14:00", "15:00"]


async def test_an_unanswered_last_reminder_and_a_missed_deadline_go_to_staff(
    simulation: Simulation,
) -> None:
    await at_bureau(simulation)
    await simulation.pass_time(china("2026-11-24T10:00"))
    kinds = [task.kind for task in await simulation.stores.reminders.tasks()]
    assert kinds.count("unanswered") == 2
    assert kinds.count("overdue") == 2


async def test_somebody_who_answered_is_not_reported_as_silent(simulation: Simulation) -> None:
    await at_bureau(simulation)
    await simulation.pass_time(china("2026-11-24T08:05"))
    case = await simulation.case(WHO)
    seen = replace(
        case,
        version=case.version + 1,
        attention=replace(case.attention, seen_at=simulation.now),
    )
    await simulation.stores.cases.commit(TurnRecord(case, seen, None, at=simulation.now))
    await simulation.pass_time(china("2026-11-24T10:00"))
    kinds = {task.kind for task in await simulation.stores.reminders.tasks()}
    assert kinds == {"overdue"}


async def test_a_blocked_chat_goes_on_to_e_mail_and_then_to_staff(simulation: Simulation) -> None:
    filing = await at_bureau(simulation)
    until = simulation.now + timedelta(hours=1)
    added = await simulation.stores.contacts.add(
        WHO, "email", "tea@example.cn", "c", until, simulation.now
    )
    await simulation.stores.contacts.prove(WHO, "c", simulation.now)
    assert added is not None
    simulation.blocked.add(WHO)
    await simulation.pass_time(china("2026-11-23T11:10"), at_most=timedelta(minutes=2))
    assert [to.channel for _, to, _ in simulation.delivered] == ["email"]
    simulation.blocked.add(Identity("email", added.id))
    await simulation.pass_time(china("2026-11-23T15:10"), at_most=timedelta(minutes=2))
    assert len(simulation.delivered) == 1
    assert counted(await simulation.records(filing))["failed"] == 2
    assert "unreachable" in {task.kind for task in await simulation.stores.reminders.tasks()}


async def _waits_for_a_channel_that_is_down(simulation: Simulation) -> None:
    """A reminder lies in the outbox of a chat that nobody serves."""
    await at_bureau(simulation)
    await simulation.deliver()
    while not await simulation.stores.reminders.stuck(simulation.now, "", 1):
        due = await simulation.stores.reminders.next_due()
        assert due is not None
        simulation.now = max(simulation.now, due)
        await simulation.sweep.run()


async def test_a_channel_that_is_down_is_gone_round_where_another_way_is(
    simulation: Simulation,
) -> None:
    await _waits_for_a_channel_that_is_down(simulation)
    until = simulation.now + timedelta(days=1)
    await simulation.stores.contacts.add(WHO, "email", "tea@example.cn", "c", until, simulation.now)
    await simulation.stores.contacts.prove(WHO, "c", simulation.now)
    assert await simulation.sweep.reroute() == 0  # it may be back in a moment
    simulation.now += PATIENCE
    assert await simulation.sweep.reroute() == 1
    await simulation.work()
    assert {to.channel for _, to, _ in simulation.delivered} == {"email"}


async def test_a_reminder_without_another_way_waits_for_its_channel(
    simulation: Simulation,
) -> None:
    await _waits_for_a_channel_that_is_down(simulation)
    simulation.now += 2 * PATIENCE
    assert await simulation.sweep.reroute() == 0
    await simulation.deliver()
    assert {to for _, to, _ in simulation.delivered} == {WHO}


async def test_nothing_is_sent_twice_on_one_way(simulation: Simulation) -> None:
    filing = await at_bureau(simulation)
    simulation.blocked.add(WHO)
    await simulation.pass_time(china("2026-11-24T12:00"), at_most=timedelta(minutes=30))
    for record in await simulation.records(filing):
        ways = [attempt.way for attempt in record.attempts if attempt.way]
        assert len(ways) == len(set(ways))


async def test_after_a_long_stop_one_message_sums_up(simulation: Simulation) -> None:
    await approved(simulation)
    simulation.now = china("2026-12-08T10:00")
    await simulation.work()
    [(_, _, text)] = simulation.delivered
    assert "有一段时间没能提醒" in text
    assert "页脚" in text
    assert "公安联网备案" in text
    await simulation.work()
    assert len(simulation.delivered) == 1


async def test_somebody_only_on_a_page_is_asked_for_another_way(simulation: Simulation) -> None:
    who = Identity("web", "page")
    await at_bureau(simulation, who)
    await simulation.work()
    lines = await simulation.stores.transcript.since(who, 0)
    said = [line.said.text for line in lines if line.said is not None]
    assert any("请留一个收得到提醒的办法" in text for text in said)
    assert any(text.startswith("提醒：短信核验") for text in said)
    assert "unreachable" in {task.kind for task in await simulation.stores.reminders.tasks()}


async def test_what_this_deployment_can_send_on_is_offered(simulation: Simulation) -> None:
    reach = Reach(frozenset({"telegram", TELEGRAM_LINK, "sms"}))
    simulation.sweep = Sweep(
        simulation.assistant, simulation.stores.reminders, simulation.clock, reach
    )
    who = Identity("web", "page")
    await at_bureau(simulation, who)
    await simulation.sweep.run()
    lines = await simulation.stores.transcript.since(who, 0)
    said = [one.said for one in lines if one.said is not None and "办法" in one.said.text]
    [asked] = [one for one in said if "收得到" in one.text]
    assert [button.value for button in asked.buttons] == ["wish:link"]
    assert "短信提醒" in asked.text
    assert "邮箱" not in asked.text


async def test_a_snoozed_reminder_comes_at_its_time_and_the_ones_between_do_not(
    simulation: Simulation,
) -> None:
    filing = await approved(simulation)
    deadline = "public_security_filing:-:2026-11-23"
    until = china("2026-12-10T09:00")
    await simulation.happen(
        WHO,
        Event(
            EventType.REMINDER_SNOOZED,
            simulation.now,
            {"what": deadline, "until": until.isoformat()},
        ),
    )
    await simulation.pass_time(china("2026-12-11T09:00"))
    days = [at.date().day for at, _, text in simulation.delivered if "公安联网备案" in text]
    assert days == [10]
    assert filing


async def test_a_repair_plans_what_was_never_planned(simulation: Simulation) -> None:
    simulation.assistant.planner = None
    filing = await approved(simulation)
    assert await simulation.records(filing) == []
    assert await simulation.sweep.repair() == 1
    assert await simulation.sweep.repair() == 0
    await simulation.pass_time(simulation.now + timedelta(days=2))
    assert simulation.delivered


async def test_a_fault_of_ours_ends_with_staff_and_does_not_go_on_for_ever(
    simulation: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    filing = await at_bureau(simulation)
    commit = simulation.stores.cases.commit

    async def fails(turn: TurnRecord) -> object:
        if any(one.outgoing_id for one in turn.settled):
            raise RuntimeError("broken")
        return await commit(turn)

    monkeypatch.setattr(simulation.stores.cases, "commit", fails)
    await simulation.pass_time(china("2026-11-23T12:30"), at_most=timedelta(minutes=1))
    assert counted(await simulation.records(filing))["failed"] == 2
    assert "fault" in {task.kind for task in await simulation.stores.reminders.tasks()}


async def test_a_withdrawn_filing_is_left_in_peace(simulation: Simulation) -> None:
    filing = await at_bureau(simulation)
    await simulation.work()
    await simulation.happen(WHO, told("withdrawn", simulation.now))
    before = len(simulation.delivered)
    await simulation.pass_time(simulation.now + timedelta(days=400), at_most=timedelta(days=20))
    assert len(simulation.delivered) == before
    assert counted(await simulation.records(filing))["planned"] == 0


async def test_a_return_ends_what_ran_and_reminds_of_mending(simulation: Simulation) -> None:
    await at_bureau(simulation)
    await simulation.happen(WHO, told("returned", simulation.now, code="R32"))
    await simulation.pass_time(simulation.now + timedelta(days=8))
    texts = [text for _, _, text in simulation.delivered]
    assert texts
    assert all("短信核验" not in text for text in texts)
    assert any("修改被退回的订单" in text for text in texts)


async def test_a_year_without_a_calendar_is_told_to_staff_once() -> None:
    simulation = Simulation(china("2041-03-01T09:00"))
    for number in range(3):
        who = Identity("telegram", str(number))
        await simulation.begin(who)
        await simulation.happen(who, told("submitted_for_first_review", simulation.now))
    await simulation.sweep.repair()
    await simulation.sweep.repair()
    tasks = await simulation.stores.reminders.tasks()
    assert [(task.kind, task.note) for task in tasks] == [("no_calendar", "2041")]


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
@pytest.mark.parametrize("key", ["one", "line"])
def test_what_counts_as_no_reminder_has_no_number(locale: str, key: str) -> None:
    said = {"title": "t", "who": "", "about": "", "due": "d", "left": "l", "days": 3, "n": 1}
    said |= {"is_over": False, "waits": False, "note": "", "next_step": "s", "consequence": "c"}
    wording = shared_world().wording
    none = wording.say(f"reminder.{key}", locale, **said, number=0, total=2)
    second = wording.say(f"reminder.{key}", locale, **said, number=2, total=2)
    assert "0" not in none
    assert "2" in second


async def test_what_channels_cannot_keep_up_with_stays_a_reminder(simulation: Simulation) -> None:
    people = [Identity("telegram", f"{number}") for number in range(100, 105)]
    for who in people:
        await at_bureau(simulation, who)
    await simulation.deliver()  # what was said of those events
    stores = simulation.stores
    simulation.now = now = china("2026-11-23T15:30")
    simulation.sweep.room = 2
    waiting = []
    for _ in people:
        await simulation.sweep.run()
        waiting.append(await stores.reminders.backlog(REACH.pushing, china("2026-11-01"), now))
        await simulation.sweep.run()  # there is no more room
        claimed = await stores.outbox.claim("telegram", simulation.now, 1)
        await stores.outbox.delivered(claimed[0], None, now)
    assert waiting == [2, 2, 2, 2, 1]
