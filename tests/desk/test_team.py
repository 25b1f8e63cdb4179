"""The supervisors' pages: who is here, giving conversations to others, service, deadlines."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.clock import SimulatedClock
from desk.audit import Wanted
from desk.docket import Docket, Holder, Running, Talked
from desk.limits import load_limits
from desk.parts import Parts
from desk.sessions import Session
from desk.staff import Agent, Role
from desk.statistics.ports import Help
from desk.supervising.risks import reminded
from desk.supervising.service import Miss, Targets, breaches, judged, level_of
from desk.supervising.team import team_now
from dialogs.message import Identity, Inbound
from dialogs.reminding import Purpose, Reminder, ReminderStatus
from dialogs.world import SHANGHAI, World
from scheduler.ports import ReminderRecord
from tests.bot.web.real import START
from tests.desk.demo_numbers import DemoNumbers
from tests.desk.dockets import listing_of
from tests.desk.people import Person, open_account

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def docket(conversation: str, **changes: Any) -> Docket:
    return replace(Docket(conversation, 1, START, "web", "zh-CN"), **changes)


def held(conversation: str, agent: Agent, since: datetime = START, **changes: Any) -> Docket:
    holder = Holder(agent.id, agent.shown_as, since, since + HOUR)
    return docket(conversation, holder=holder, **changes)


def colleague(name: str, role: Role = Role.AGENT, *, disabled: bool = False) -> Agent:
    return Agent(f"id-{name}", name, role, disabled, START)


def seen(agent: Agent, at: datetime) -> Session:
    return Session(f"s-{agent.id}", agent.id, at, at, at, "", "")


def test_the_team_shows_who_is_here_first_and_what_they_hold() -> None:
    li, wang, zhao = colleague("li"), colleague("wang"), colleague("zhao", Role.ADMIN)
    gone = colleague("gone", disabled=True)
    owed = held("c2", li, START - HOUR, talked=Talked(unanswered_since=START))
    dockets = [held("c1", li), owed, docket("c3", waiting_since=START)]
    sessions = [seen(li, START - MINUTE), seen(wang, START - HOUR)]
    team = team_now([wang, li, zhao, gone], sessions, dockets, 6, START)
    assert [one.agent.name for one in team.members] == ["li", "wang"]
    first, second = team.members
    assert (first.is_online, second.is_online) == (True, False)
    assert [one.conversation for one in first.held] == ["c2", "c1"]
    assert (first.owes, team.online, team.free) == (1, 1, 4)
    assert [one.conversation for one in team.waiting] == ["c3"]


def test_somebody_whose_account_is_gone_is_shown_while_they_hold_something() -> None:
    gone = colleague("gone", disabled=True)
    assert team_now([gone], [], [held("c1", gone)], 6, START).members[0].agent is gone


@pytest.fixture
def targets(world: World) -> Targets:
    return Targets(world.provider.service_hours.first_answer, 8 * HOUR)


def test_what_is_promised_counts_in_service_time_and_until_now(
    world: World, targets: Targets
) -> None:
    hours = world.provider.service_hours
    opens = hours.next_opening(datetime(2026, 11, 25, 23, tzinfo=SHANGHAI))
    night = opens - 9 * HOUR
    kept = Help("c1", night, opens, "a1", opens + MINUTE, opens + HOUR, 5)
    late = Help("c2", opens, opens, "a1", opens + targets.first_answer + MINUTE)
    open_still = Help("c3", night)
    left = Help("c4", opens, closed_at=opens + MINUTE)
    now = opens + targets.first_answer + 2 * MINUTE
    times = judged([kept, late, open_still, left], hours, targets, now)
    assert [one.misses for one in times] == [
        (),
        (Miss.FIRST_ANSWER,),
        (Miss.FIRST_ANSWER,),
        (),
    ]
    level = level_of(times)
    assert (level.count, level.answered_in_time, level.closed_in_time) == (4, 2, 4)
    assert (level.answered_share, level.rating) == (0.5, 5.0)
    assert [one.help.conversation for one in breaches(times, 10)] == ["c2", "c3"]


def test_nothing_is_no_breach() -> None:
    level = level_of([])
    assert (level.answered_share, level.median_answer, level.rating) == (1.0, None, None)


DUE = START + 20 * HOUR
SMS = Running("sms_verification", DUE, "principal", "f1")


def record(
    offset: int, status: ReminderStatus, who: str = "principal", reason: str | None = None
) -> ReminderRecord:
    at = START + offset * HOUR
    reminder = Reminder(
        f"k{offset}", "f1", f"sms_verification:{who}:x", "sms_verification", f"PT{offset}H",
        Purpose.REMIND, at, DUE,
    )  # fmt: skip
    return ReminderRecord(reminder, status, reason, at if status.is_final else None, ())


def test_what_was_sent_about_a_deadline_is_told_apart_from_what_did_not_arrive() -> None:
    told = reminded(
        SMS,
        [
            record(1, ReminderStatus.SENT),
            record(2, ReminderStatus.FAILED, reason="blocked"),
            record(3, ReminderStatus.SENT, who="site_manager"),
            record(9, ReminderStatus.PLANNED),
        ],
    )
    assert (told.sent, told.sent_at) == (1, START + HOUR)
    assert (told.failed_at, told.reason) == (START + 2 * HOUR, "blocked")
    assert told.next_at == START + 9 * HOUR


def test_what_arrived_later_makes_up_for_what_did_not() -> None:
    told = reminded(
        SMS, [record(1, ReminderStatus.FAILED, reason="blocked"), record(2, ReminderStatus.SENT)]
    )
    assert (told.sent, told.failed_at, told.reason) == (1, None, None)


# --- pages ----------------------------------------------------------------------------------


@pytest.fixture
def shown() -> list[Docket]:
    """What the desk lists; tests put conversations in."""
    return []


@pytest.fixture
def parts(parts: Parts, shown: list[Docket]) -> Parts:
    return replace(
        parts,
        supervision=replace(
            parts.supervision, listing=listing_of(lambda: shown, parts.clock(), load_limits())
        ),
    )


async def waiting_conversation(parts: Parts) -> str:
    """Somebody who asked for a person."""
    identity = Identity("web", "somebody")
    for number, text in enumerate(("你好", "同意", "转人工")):
        inbound = Inbound(identity, f"m{number}", parts.clock(), text=text)
        await parts.assistant.handle(inbound)
    return (await parts.assistant.case(identity)).conversation_id


async def test_a_supervisor_gives_a_conversation_to_a_colleague_and_says_why(
    supervisor: Person, parts: Parts, shown: list[Docket]
) -> None:
    conversation = await waiting_conversation(parts)
    li = await open_account(parts, "li", Role.AGENT)
    shown.append(docket(conversation, waiting_since=START))
    sent = await supervisor.send(
        "/team/reassign", of="/team", conversation=conversation, to=li.id, reason="晚班接手"
    )
    assert sent.status_code == 303
    case = await parts.assistant.case(Identity("web", "somebody"))
    assert case.hold is not None
    assert case.hold.agent == li.id
    [entry] = await parts.audit.entries(Wanted(action="reassigned"))
    assert entry.draft.object == f"conversation:{conversation}"
    assert entry.draft.detail == {"to": "li", "reason": "晚班接手"}


@pytest.mark.parametrize(
    "fields, status",
    [({"reason": "  "}, 422), ({"to": "nobody"}, 422), ({"conversation": "unknown"}, 404)],
)
async def test_a_conversation_is_not_given_without_reason_to_nobody_or_if_there_is_none(
    supervisor: Person, parts: Parts, shown: list[Docket], fields: dict[str, str], status: int
) -> None:
    conversation = await waiting_conversation(parts)
    li = await open_account(parts, "li", Role.AGENT)
    shown.append(docket(conversation))
    usual = {"conversation": conversation, "to": li.id, "reason": "晚班接手"}
    sent = await supervisor.send("/team/reassign", of="/team", **(usual | fields))
    assert sent.status_code == status
    assert (await parts.assistant.case(Identity("web", "somebody"))).hold is None
    assert await parts.audit.entries(Wanted(action="reassigned")) == []


async def test_the_team_page_shows_load_and_offers_to_reassign(
    supervisor: Person, parts: Parts, shown: list[Docket]
) -> None:
    li = await open_account(parts, "li", Role.AGENT)
    shown += [
        held("c1", li, domain="example.cn", talked=Talked(unanswered_since=START)),
        docket("c2", waiting_since=START, name="<b>样例</b>"),
    ]
    page = (await supervisor.page("/team")).text
    assert "1 / 6 个对话" in page
    assert "example.cn" in page
    assert 'name="conversation" value="c1"' in page
    assert "&lt;b&gt;样例&lt;/b&gt;" in page


async def test_deadlines_at_risk_come_nearest_first_with_owner_and_reminders(
    supervisor: Person, parts: Parts, shown: list[Docket], clock: SimulatedClock
) -> None:
    li = await open_account(parts, "li", Role.AGENT)
    overdue = load_limits().overdue
    far = Running("bureau_review", START + 100 * HOUR, None, "f2")
    old = Running("bureau_review", START - overdue - HOUR, None, "f3")
    missed = Running("footer_number", START - HOUR, None, "f4")
    shown += [
        docket("c1", domain="far.example", deadlines=(far,), stage="bureau_review"),
        held("c2", li, domain="sms.example", deadlines=(SMS,), stage="sms_verification"),
        docket("c3", domain="old.example", deadlines=(old,)),
        docket("c4", domain="missed.example", deadlines=(missed,)),
    ]
    page = (await supervisor.page("/team/deadlines?within=72")).text
    assert page.index("missed.example") < page.index("sms.example")
    assert "far.example" not in page
    assert "old.example" not in page
    assert "短信核验" in page
    assert "20 小时" in page
    assert "还没有发过提醒" in page
    assert "far.example" in (await supervisor.page("/team/deadlines?within=168")).text
    assert (await supervisor.page("/team/deadlines?within=1e9")).status_code == 200


async def test_service_levels_show_who_was_late(
    supervisor: Person, parts: Parts, clock: SimulatedClock
) -> None:
    assert "这段时间没有人要求人工" in (await supervisor.page("/team/service")).text
    conversation = await waiting_conversation(parts)
    clock.advance(timedelta(days=4))
    await supervisor.log_in("wang")
    page = (await supervisor.page("/team/service?days=30")).text
    assert f"/desk/conversations/{conversation}" in page
    assert "还在等" in page


@pytest.mark.parametrize("path", ["/team", "/team/service", "/team/deadlines"])
async def test_other_staff_do_not_see_the_supervisors_pages(agent: Person, path: str) -> None:
    assert (await agent.page(path)).status_code == 403


async def test_service_levels_are_drawn_and_told_by_colleague(
    supervisor: Person, parts: Parts, world: World, clock: SimulatedClock
) -> None:
    demo = DemoNumbers(world.flows["first_filing"], world.provider.service_hours)
    parts.numbers.statistics = demo
    page = (await supervisor.page("/team/service?days=90")).text
    assert 'id="first_answer"' in page
    assert "420" in page
    assert "已删除的账号" in page  # nobody here has the ids of the demonstration
    assert "超时" in page
