"""Alerts to staff: what raises one, when it is told and to whom, and what ends it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from desk.alerts.alert import TEAM, Alert, AlertKind, Choice
from desk.alerts.pinging import SPACING, Pings, ping_text
from desk.alerts.ports import LEASE, Told
from desk.alerts.watching import GATHER, Silence, Watch, Ways
from desk.claims import LEASE as CLAIM
from desk.staff import Role
from desk.wording import load_texts
from dialogs.message import Identity
from dialogs.ports import DeadLetter
from dialogs.reminding import StaffTask
from dialogs.world import SHANGHAI, World
from storage.memory import memory_stores
from tests.desk.office import LI, Office
from tests.storage.making import turn, unique

TEXTS = load_texts()
MORNING = datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI)
EVENING = datetime(2026, 11, 24, 20, 0, tzinfo=SHANGHAI)
MINUTE = timedelta(minutes=1)


@dataclass
class Collecting:
    """A way to staff that keeps what it is told."""

    channel: str = "telegram"
    outcome: Told = Told.SENT
    told: list[tuple[str, str, str]] = field(default_factory=list)

    async def ping(self, recipient: str, subject: str, text: str, key: str) -> Told:
        """Keep it."""
        self.told.append((recipient, text, key))
        return self.outcome


class Alarmed(Office):
    """An office whose staff are told what to see to."""

    def __init__(self, world: World) -> None:
        super().__init__(world, memory_stores(self.clock))
        self.now = MORNING
        self.group = Collecting()
        self.mail = Collecting("email")
        self.watch = Watch(
            self.stores.line,
            self.stores.tasks,
            self.stores.dead_letters,
            self.stores.alerts,
            world.provider.service_hours,
            Ways(telegram=True),
            self.clock,
        )
        self.silence = Silence(self.claims, self.stores.claims, self.watch, self.clock)
        self.pings = self.sender(self.group, self.mail)

    def sender(self, *pingers: Collecting) -> Pings:
        """Another process that sends."""
        link = "https://desk.example.cn/desk/"
        return Pings(self.stores.alerts, pingers, TEXTS, self.clock, link=link)

    async def later(self, by: timedelta = timedelta()) -> list[str]:
        """Time passes; what the group has read since."""
        seen = len(self.group.told)
        self.now += by
        await self.silence.run()
        await self.watch.run()
        self.now += GATHER
        await self.pings.run()
        return [text for _, text, _ in self.group.told[seen:]]

    async def open_kinds(self) -> list[AlertKind]:
        """Kinds of the alerts that are open."""
        found = await self.stores.alerts.latest(self.now)
        return sorted(one.kind for one in found if one.ended_at is None)

    async def waits(self) -> tuple[Identity, str]:
        """Somebody asks for a person."""
        identity, conversation = await self.begin()
        await self.say(identity, "转人工")
        return identity, conversation


@pytest.fixture
def office(world: World) -> Alarmed:
    """A quiet morning."""
    return Alarmed(world)


async def test_the_group_reads_who_waits_once_and_nothing_about_them(office: Alarmed) -> None:
    identity, conversation = await office.waits()
    case = await office.assistant.case(identity)
    [text] = await office.later()
    assert text.splitlines() == [
        "等人工 1",
        f"• 等人工：备案 {(case.active or '')[:8]}…，0 分钟",
        "打开工作台：https://desk.example.cn/desk/",
    ]
    assert identity.external_id not in text
    assert conversation not in text
    assert await office.later() == []


async def test_many_at_once_make_one_message(office: Alarmed) -> None:
    for _ in range(12):
        await office.waits()
    [text] = await office.later()
    assert text.startswith("等人工 12\n")
    assert text.count("•") == 8
    assert "还有 4 条" in text


async def test_what_comes_soon_after_is_gathered_until_the_group_had_some_peace(
    office: Alarmed,
) -> None:
    await office.waits()
    await office.later()
    await office.waits()
    assert await office.later() == []
    await office.waits()
    [text] = await office.later(SPACING["telegram"])
    assert text.startswith("等人工 2\n")


async def test_whoever_waits_past_the_target_is_for_supervisors(office: Alarmed) -> None:
    await office.waits()
    await office.later()
    assert await office.later(20 * MINUTE) == []
    [text] = await office.later(15 * MINUTE)
    assert text.startswith("超过响应时限 1\n")
    assert await office.open_kinds() == [AlertKind.LATE, AlertKind.WAITING]


async def test_an_alert_ends_when_somebody_comes_and_is_told_no_more(office: Alarmed) -> None:
    _, conversation = await office.waits()
    await office.watch.run()
    await office.claims.take(LI, conversation)
    assert await office.later() == []
    assert await office.open_kinds() == []


async def test_outside_the_hours_the_group_sleeps_until_they_begin(office: Alarmed) -> None:
    office.now = EVENING
    await office.waits()
    assert await office.later() == []
    assert await office.later(timedelta(hours=11)) == []
    [text] = await office.later(timedelta(hours=2))
    assert text.startswith("等人工 1\n")


async def test_a_legal_clock_is_told_at_any_hour(office: Alarmed) -> None:
    office.now = EVENING
    identity, _ = await office.begin()
    case = await office.assistant.case(identity)
    tasks = tuple(
        StaffTask(unique(kind), case.active or "", kind, "sms:-:x", office.now)
        for kind in ("overdue", "unanswered", "to_confirm")
    )
    record = turn(case, after=case)
    await office.stores.cases.commit(
        type(record)(record.before, record.after, None, at=office.now, tasks=tasks)
    )
    [text] = await office.later()
    assert text.splitlines()[0] == "已超法定时限 1 · 时限有风险 1"
    await office.stores.tasks.finish(tasks[0].key, "甲", office.now)
    await office.later()
    assert await office.open_kinds() == [AlertKind.AT_RISK]


async def test_a_silent_holder_loses_the_conversation_and_supervisors_hear(
    office: Alarmed,
) -> None:
    identity, conversation = await office.waits()
    await office.claims.take(LI, conversation)
    assert await office.later(CLAIM - MINUTE) == []
    [text] = await office.later(2 * MINUTE)
    assert text.splitlines()[0] == "接待人没有动静 1 · 等人工 1"
    case = await office.assistant.case(identity)
    assert case.hold is None
    assert case.attention.handover_reason == "lapsed"
    said = [one.said.text for one in await office.stores.transcript.since(identity, 0) if one.said]
    assert sum("可能临时走开了" in line for line in said) == 1


async def test_whoever_is_still_there_is_left_alone(office: Alarmed) -> None:
    _, conversation = await office.waits()
    await office.claims.take(LI, conversation)
    office.now += CLAIM - MINUTE
    await office.claims.renew(LI, conversation)
    assert await office.later(2 * MINUTE) == []
    assert await office.open_kinds() == []


async def test_two_sweeps_end_a_claim_once(office: Alarmed) -> None:
    identity, conversation = await office.waits()
    await office.claims.take(LI, conversation)
    office.now += 2 * CLAIM
    assert await office.silence.run() == 1
    assert await office.silence.run() == 0
    assert (await office.assistant.case(identity)).epoch == 1


async def test_a_failed_message_is_told_without_whose_it_was(office: Alarmed) -> None:
    identity, _ = await office.begin()
    letter = DeadLetter(identity, "m1", office.now, "ValueError at turn.py:7")
    await office.stores.dead_letters.put(letter)
    [text] = await office.later()
    assert text.splitlines()[:2] == ["消息处理失败 1", "• 消息处理失败，0 分钟"]
    alerts = await office.stores.alerts.latest(office.now)
    assert identity.external_id not in repr(alerts)


async def test_a_process_that_died_while_sending_is_followed_by_another(office: Alarmed) -> None:
    await office.waits()
    await office.watch.run()
    office.now += GATHER
    assert await office.stores.alerts.claim("telegram", office.now, 10)  # and dies
    await office.pings.run()
    assert office.group.told == []
    office.now += LEASE
    await office.sender(office.group).run()
    assert len(office.group.told) == 1


async def test_a_group_that_is_not_reached_is_tried_again_and_a_repeat_has_the_same_key(
    office: Alarmed,
) -> None:
    await office.waits()
    office.group.outcome = Told.LATER
    assert len(await office.later()) == 1
    assert await office.later(timedelta(seconds=10)) == []
    office.group.outcome = Told.SENT
    assert len(await office.later(MINUTE)) == 1
    assert len({key for _, _, key in office.group.told}) == 1
    assert await office.later(MINUTE) == []


async def test_a_group_that_refuses_for_good_is_not_bothered(office: Alarmed) -> None:
    await office.waits()
    office.group.outcome = Told.NEVER
    assert len(await office.later()) == 1
    assert await office.later(timedelta(minutes=10)) == []


async def test_colleagues_get_by_mail_what_they_chose(office: Alarmed) -> None:
    agent = await office.stores.agents.add("li", Role.AGENT, "hash", office.now)
    chosen = Choice(agent.id, "li@example.cn", frozenset({AlertKind.WAITING}))
    await office.stores.alerts.choose(chosen)
    await office.waits()
    await office.later()
    await office.later(40 * MINUTE)
    assert [recipient for recipient, _, _ in office.mail.told] == [agent.id]


async def test_the_whole_team_has_a_mailbox(world: World) -> None:
    office = Alarmed(world)
    office.watch.ways = Ways(team_mail=True)
    await office.waits()
    await office.later()
    assert [recipient for recipient, _, _ in office.mail.told] == [TEAM]
    assert office.group.told == []


@pytest.mark.parametrize(
    "age, told",
    [
        (timedelta(seconds=-3), "0 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=5), "5 h"),
        (timedelta(days=3), "3 d"),
    ],
)
def test_the_most_pressing_comes_first_and_says_its_age(age: timedelta, told: str) -> None:
    alerts = [
        Alert("a", AlertKind.WAITING, MORNING - age, "f1f1f1f1f1f1"),
        Alert("b", AlertKind.OVERDUE, MORNING - age, "f2f2f2f2f2f2"),
    ]
    subject, text = ping_text(alerts, MORNING, TEXTS, "en", None)
    assert subject == "deadline passed: 1 · waits for a person: 1"
    assert text.splitlines()[1:] == [
        f"• deadline passed: filing f2f2f2f2…, {told}",
        f"• waits for a person: filing f1f1f1f1…, {told}",
    ]
