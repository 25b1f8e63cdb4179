"""Polling: confirmed after the turn, never lost, given way to another reader."""

import asyncio
from typing import Any

import pytest

from bot.clock import real_clock
from bot.sending import ChannelClosed
from bot.telegram.service import Library, TelegramConfig, open_telegram
from bot.testing.telegram import FakeBot, FakeTelegram, Fault, Person
from dialogs.message import Inbound
from storage.errors import UnreadableRecord
from storage.memory import memory_stores
from tests.bot.telegram.chat import TelegramChat
from tests.bot.telegram.parrot import Parrot
from tests.bot.telegram.running import TOKEN, running, until


@pytest.fixture
def config(telegram: FakeTelegram, bot: FakeBot, library: Library) -> TelegramConfig:
    return TelegramConfig(TOKEN, telegram.base_url, library, long_poll=2)


async def test_an_update_is_confirmed_only_after_its_turn(
    config: TelegramConfig, bot: FakeBot
) -> None:
    stores = memory_stores(real_clock)
    thinking, done = asyncio.Event(), asyncio.Event()

    async def think(inbound: Inbound) -> None:
        thinking.set()
        await done.wait()

    await Person(bot).say("你好")
    async with running(config, Parrot(stores.cases, think=think), stores):
        await thinking.wait()
        await asyncio.sleep(0.1)
        assert len(bot.updates.waiting) == 1
        done.set()
        await bot.updates.emptied(30)


async def test_what_a_dead_process_had_in_hand_comes_again_and_counts_once(
    config: TelegramConfig, bot: FakeBot
) -> None:
    stores = memory_stores(real_clock)
    person = Person(bot)
    parrot = Parrot(stores.cases)
    for text in "一二三":
        await person.say(text)
    first = [dict(update) for update in bot.updates.waiting]
    async with running(config, parrot, stores) as at_work:
        await at_work.settle_with(bot)
        for update in first:  # as if none had been confirmed
            bot.updates.put(update)
        await at_work.settle_with(bot)
    assert [inbound.text for inbound in parrot.heard] == ["一", "二", "三"]
    assert len(await person.messages()) == 3


async def test_ids_that_jump_down_are_read_all_the_same(
    config: TelegramConfig, bot: FakeBot
) -> None:
    bot.updates.jump(900_000)
    async with running(config) as at_work:
        chat: TelegramChat[Any] = TelegramChat(Person(bot), lambda: at_work.settle_with(bot))
        await chat.say("一")
        bot.updates.jump(17)
        [reply] = await chat.say("二")
        assert reply.text == "听到：二"


async def test_a_store_that_is_away_holds_an_update_back_and_loses_nothing(
    config: TelegramConfig, bot: FakeBot
) -> None:
    stores = memory_stores(real_clock)
    tries: dict[str, int] = {}

    async def think(inbound: Inbound) -> None:
        text = inbound.text or ""
        tries[text] = tries.get(text, 0) + 1
        if text == "二" and tries[text] == 1:
            raise OSError("the database is away")

    person = Person(bot)
    for text in "一二三":
        await person.say(text)
    async with running(config, Parrot(stores.cases, think=think), stores) as at_work:
        await at_work.settle_with(bot)
    assert [one.text for one in await person.messages()] == ["听到：一", "听到：二", "听到：三"]
    assert tries == {"一": 1, "二": 2, "三": 1}


async def test_one_persons_broken_record_stops_nobody_else(
    config: TelegramConfig, bot: FakeBot
) -> None:
    stores = memory_stores(real_clock)

    async def think(inbound: Inbound) -> None:
        if inbound.identity.external_id == "1":
            raise UnreadableRecord("answer 3")

    broken, well = Person(bot, 1), Person(bot, 2)
    await broken.say("你好")
    await well.say("你好")
    async with running(config, Parrot(stores.cases, think=think), stores) as at_work:
        await at_work.settle_with(bot)
        assert at_work.refused == ["failed"]
    assert [one.text for one in await well.messages()] == ["听到：你好"]
    [apology] = await broken.messages()
    assert "没能处理" in apology.text


async def test_stopping_while_the_store_is_away_leaves_the_update_to_the_next_process(
    config: TelegramConfig, bot: FakeBot
) -> None:
    stores = memory_stores(real_clock)

    async def think(inbound: Inbound) -> None:
        raise OSError("the database is away")

    person = Person(bot)
    await person.say("一")
    async with running(config, Parrot(stores.cases, think=think), stores):
        await until(lambda: bot.updates.handed_out.total() > 0)
    assert len(bot.updates.waiting) == 1
    async with running(config, stores=stores) as at_work:
        await at_work.settle_with(bot)
    assert [one.text for one in await person.messages()] == ["听到：一"]


async def test_stopping_finishes_and_confirms_what_is_in_hand(
    config: TelegramConfig, bot: FakeBot
) -> None:
    stores = memory_stores(real_clock)
    in_hand = asyncio.Event()

    async def think(inbound: Inbound) -> None:
        in_hand.set()
        await asyncio.sleep(0.02)

    people = [Person(bot, number) for number in range(1, 6)]
    for person in people:
        for text in "一二三四":
            await person.say(text)
    async with running(config, Parrot(stores.cases, think=think), stores):
        await until(in_hand.is_set)
    assert bot.updates.waiting == []
    async with running(config, stores=stores) as again:
        await again.settle_with(bot)
    for person in people:
        assert [one.text for one in await person.messages()] == [
            f"听到：{text}" for text in "一二三四"
        ]


async def test_a_silent_telegram_does_not_keep_a_stopping_process(
    config: TelegramConfig, bot: FakeBot
) -> None:
    stores = memory_stores(real_clock)
    person = Person(bot)
    async with running(config, stores=stores) as at_work:
        bot.order(Fault(method="sendMessage", delay=3600, times=100))
        await person.say("一")
        await until(lambda: at_work.service.delivery.in_hand == 1)
        bot.order(Fault(delay=3600, times=100))  # only now: the update had to be read first
        bot.order(Fault(method="getUpdates", delay=3600, times=100))
        at_work.stop.set()
        async with asyncio.timeout(60):  # long before Telegram answers
            await asyncio.wait({at_work.task})
    bot.faults.clear()
    assert bot.called("sendMessage") == []


async def test_another_reader_ends_the_service_with_advice(
    config: TelegramConfig, bot: FakeBot
) -> None:
    conflict = Fault(
        method="getUpdates", status=409, description="Conflict: terminated by other", times=9
    )
    bot.order(conflict)
    stores = memory_stores(real_clock)
    async with open_telegram(config, Parrot(stores.cases), stores.outbox, real_clock) as service:
        async with asyncio.timeout(30):
            with pytest.raises(ChannelClosed, match="another program"):
                await service.run(asyncio.Event())
    assert len([call for call in bot.called("getUpdates") if call.status == 409]) == 3


async def test_a_short_overlap_at_a_restart_is_forgiven(
    config: TelegramConfig, bot: FakeBot
) -> None:
    bot.order(Fault(method="getUpdates", status=409, description="Conflict", times=2))
    async with running(config) as at_work:
        chat: TelegramChat[Any] = TelegramChat(Person(bot), lambda: at_work.settle_with(bot))
        [reply] = await chat.say("你好")
        assert reply.text == "听到：你好"


async def test_a_refused_token_ends_the_service_with_advice(
    telegram: FakeTelegram, library: Library
) -> None:
    config = TelegramConfig("1:UNKNOWN-TOKEN-OF-NO-BOT", telegram.base_url, library)
    stores = memory_stores(real_clock)
    async with open_telegram(config, Parrot(stores.cases), stores.outbox, real_clock) as service:
        with pytest.raises(ChannelClosed, match="BEIAN_TELEGRAM_TOKEN"):
            await service.run(asyncio.Event())


async def test_trouble_at_telegram_is_waited_out(config: TelegramConfig, bot: FakeBot) -> None:
    bot.order(Fault(method="getUpdates", status=502, description="Bad Gateway"))
    bot.order(Fault(method="getUpdates", cut=True))
    bot.order(Fault(method="getUpdates", status=429, retry_after=1, description="Too Many"))
    bot.order(Fault(method="setMyCommands", status=500, times=2))
    async with running(config) as at_work:
        chat: TelegramChat[Any] = TelegramChat(Person(bot), lambda: at_work.settle_with(bot))
        [reply] = await chat.say("你好")
        assert reply.text == "听到：你好"


async def test_at_its_start_it_takes_the_webhook_away_and_sets_the_menus(
    config: TelegramConfig, bot: FakeBot
) -> None:
    async with running(config) as at_work:
        await until(lambda: at_work.service.ready)
    assert bot.called("deleteWebhook")
    assert [one["command"] for one in bot.commands["zh"]] == [
        one["command"] for one in bot.commands[""]
    ]
    assert bot.commands["zh"][0] == {"command": "start", "description": "开始，或接着上次继续"}


async def test_of_two_processes_one_reads_and_the_other_takes_over(
    config: TelegramConfig, bot: FakeBot
) -> None:
    stores = memory_stores(real_clock)
    parrots = Parrot(stores.cases), Parrot(stores.cases)
    person = Person(bot)
    async with running(config, parrots[0], stores, leases=stores.leases) as first:
        await person.say("一")
        await first.settle_with(bot)
        async with running(config, parrots[1], stores, leases=stores.leases) as second:
            await until(lambda: second.service.ready)
            await person.say("二")
            await first.settle_with(bot)
            first.stop.set()
            await first.task
            await person.say("三")
            await second.settle_with(bot)
            # Only the poll that was cut at the change was taken away.
            lost = [call for call in bot.called("getUpdates") if call.status == 409]
            assert len(lost) <= 1
    assert [[one.text for one in parrot.heard] for parrot in parrots] == [["一", "二"], ["三"]]
