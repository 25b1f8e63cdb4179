"""Reminders reach a chat on the strict Telegram server, and their keys work there."""

from dataclasses import replace
from datetime import timedelta

from bot.clock import real_clock
from bot.telegram.service import TelegramConfig
from bot.testing.telegram import FakeBot, FakeTelegram, Person
from dialogs.assistant import Assistant
from dialogs.case import Attention
from dialogs.message import Identity
from dialogs.ports import TurnRecord
from dialogs.reminding import ReminderStatus
from filing.event import Event, EventType
from scheduler.planning import CasePlanner
from scheduler.sweep import Sweep
from storage.memory import memory_stores
from storage.ports import Stores
from tests.bot.telegram.chat import TelegramChat
from tests.bot.telegram.running import TOKEN, running
from tests.scheduler.world import answers_of, shared_world


async def _approved(stores: Stores, assistant: Assistant, who: Identity) -> str:
    """A filing approved and opened two days ago, of somebody awake at any hour."""
    now = real_clock()
    before = await stores.cases.open(who, now, "zh-CN")
    happened: tuple[tuple[str, dict[str, str]], ...] = (
        ("submitted_for_first_review", {}),
        ("submitted_to_bureau", {}),
        ("sms_received", {}),
        ("sms_verified", {"person": "principal"}),
        ("sms_verified", {"person": "site_manager"}),
        ("bureau_approved", {"filing_number": "苏ICP备2026000001号-1"}),
        ("website_opened", {}),
    )
    events = tuple(
        Event(EventType(kind), now - timedelta(hours=60 - number), data)
        for number, (kind, data) in enumerate(happened)
    )
    filing = answers_of("f1", events)
    after = replace(
        before.with_filing(filing),
        version=before.version + 1,
        attention=Attention(quiet=(0, 0), seen_at=now),
    )
    assert assistant.planner is not None
    await stores.cases.commit(
        TurnRecord(before, after, None, at=now, reminders=assistant.planner(before, after, now))
    )
    return filing.id


async def test_a_reminder_arrives_and_its_key_settles_the_matter(
    telegram: FakeTelegram, bot: FakeBot
) -> None:
    stores = memory_stores(real_clock)
    world = shared_world()
    assistant = Assistant(
        world, stores.cases, stores.dead_letters, real_clock, planner=CasePlanner(world)
    )
    sweep = Sweep(assistant, stores.reminders, real_clock)
    person = Person(bot)
    config = TelegramConfig(TOKEN, telegram.base_url, long_poll=2)
    async with running(config, assistant, stores) as at_work:
        chat = TelegramChat(person, lambda: at_work.settle_with(bot))
        await chat.say("你好")
        who = Identity("telegram", str(person.number))
        filing = await _approved(stores, assistant, who)
        await sweep.run()
        told = "\n".join(message.text for message in await chat.replies())
        assert "页脚标备案号" in told
        assert "公安联网备案" in told
        await sweep.follow_up()
        sent = [
            one
            for one in await stores.reminders.of_filing(filing)
            if one.status is ReminderStatus.SENT and one.attempts[-1].way
        ]
        assert sent
        [reply, *_] = await chat.press("办好了：页脚标备案号")
        assert reply.text
    case = await stores.cases.open(who, real_clock(), "zh-CN")
    assert case.filings[filing].events[-1].type is EventType.FOOTER_DISPLAYED
