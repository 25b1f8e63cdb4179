"""Groups, strangers' keys, floods, blocks and unreadable updates: refused kindly, and counted."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from bot.clock import real_clock
from bot.pacing import Rate
from bot.telegram.core import TelegramCore
from bot.telegram.service import TelegramConfig, open_client
from bot.testing.telegram import FakeBot, FakeTelegram, Fault, Group, Person
from dialogs.message import Identity
from storage.memory import memory_stores
from tests.bot.telegram.chat import TelegramChat
from tests.bot.telegram.parrot import Parrot
from tests.bot.telegram.running import TOKEN, Running, running, until


@pytest.fixture
async def at_work(telegram: FakeTelegram, bot: FakeBot) -> AsyncIterator[Running]:
    async with running(TelegramConfig(TOKEN, telegram.base_url, long_poll=2)) as service:
        await until(lambda: service.service.ready)
        yield service


@pytest.fixture
def chat(at_work: Running, bot: FakeBot) -> TelegramChat[Any]:
    return TelegramChat(Person(bot), lambda: at_work.settle_with(bot))


async def test_a_group_is_shown_the_way_to_a_private_chat_once(
    at_work: Running, bot: FakeBot
) -> None:
    group, somebody = Group(bot, -100200300), Person(bot)
    for text in ("大家好", "我的域名是 example.cn"):
        await group.say(somebody, text)
    await at_work.settle_with(bot)
    [refusal] = await group.messages()
    assert "私聊" in refusal.text
    assert "example.cn" not in refusal.text
    assert [key.url for key in refusal.buttons] == [f"https://t.me/{bot.username}?start=group"]
    assert await somebody.messages() == ()
    assert at_work.refused == ["group", "group"]


async def test_a_group_reads_english_where_its_writer_does(at_work: Running, bot: FakeBot) -> None:
    group = Group(bot, -100200300, "group")
    await group.say(Person(bot, language="de"), "Hallo")
    await at_work.settle_with(bot)
    [refusal] = await group.messages()
    assert "private" in refusal.text


async def test_a_channel_a_business_chat_and_a_bot_get_no_word(
    at_work: Running, bot: FakeBot
) -> None:
    person = Person(bot)
    bot.updates.allowed = None
    message = person._message(text="你好")
    channel = {"id": -100999, "type": "channel", "title": "News"}
    for odd in (
        {**message, "chat": channel},
        {**message, "business_connection_id": "b"},
        {**message, "from": {**person.profile, "is_bot": True}},
    ):
        bot.tell("message", odd)
    bot.tell("channel_post", {**message, "chat": channel})
    await at_work.settle_with(bot)
    assert at_work.refused == ["channel", "business", "bot", "unknown_kind"]
    assert bot.called("sendMessage") == []


async def test_a_key_under_somebody_elses_message_does_nothing(
    at_work: Running, chat: TelegramChat[Any], bot: FakeBot
) -> None:
    [asked] = await chat.say("你好")
    stranger = Person(bot, 2002)
    await stranger.say("我也在")
    query = await stranger.press_data(asked, asked.button("好").data or "")
    await at_work.settle_with(bot)
    assert "失效" in (bot.queries[query] or "")
    assert [one.text for one in await stranger.messages()] == ["听到：我也在"]
    assert at_work.refused == ["stale_button"]


@pytest.mark.parametrize(
    "data", ["", "x", "yes", "AAAAAAAAAAAA.0", ".", "..", "a.-1", "a.99999", "答.１", "%s.0" * 20]
)
async def test_a_key_we_never_made_is_called_out_of_date(
    at_work: Running, chat: TelegramChat[Any], bot: FakeBot, data: str
) -> None:
    [asked] = await chat.say("你好")
    query = await chat.person.press_data(asked, data)
    assert await chat.replies() == []
    assert "失效" in (bot.queries[str(query)] or "")


async def test_a_button_the_message_does_not_have_is_out_of_date(
    at_work: Running, chat: TelegramChat[Any]
) -> None:
    [asked] = await chat.say("你好")
    outgoing_id = (asked.button("好").data or "").partition(".")[0]
    await chat.person.press_data(asked, f"{outgoing_id}.2")
    assert await chat.replies() == []
    assert at_work.refused == ["stale_button"]


async def test_a_key_pressed_twice_counts_once(
    at_work: Running, chat: TelegramChat[Any], bot: FakeBot
) -> None:
    [asked] = await chat.say("你好")
    data = asked.button("好").data or ""
    for _ in range(3):
        await chat.person.press_data(asked, data)
    assert [reply.text for reply in await chat.replies()] == ["听到：yes"]
    assert set(bot.queries.values()) == {""}  # every press was let rest


async def test_a_key_pressed_in_a_group_leads_to_private(at_work: Running, bot: FakeBot) -> None:
    person, group = Person(bot), Group(bot, -100200300)
    bot.queries["q"] = None
    message = {**person._message(text="?"), "chat": group.chat}
    query = {"id": "q", "from": person.profile, "message": message, "data": "a.0"}
    bot.tell("callback_query", {**query, "chat_instance": "1"})
    await at_work.settle_with(bot)
    assert "私聊" in (bot.queries["q"] or "")


async def test_edited_messages_stickers_and_the_like_are_told_apart(
    chat: TelegramChat[Any], bot: FakeBot
) -> None:
    person = chat.person
    assert isinstance(person, Person)
    number = await person.say("第一遍")
    await chat.replies()
    await person.edit(number, "第二遍")
    assert [reply.text for reply in await chat.replies()] == ["听到：edited"]
    for content, other in (
        ({"sticker": {"file_id": "s", "emoji": "👍"}}, "sticker"),
        ({"voice": {"file_id": "v", "duration": 3}}, "voice"),
        ({"video_note": {"file_id": "v", "duration": 3}}, "video"),
        ({"animation": {"file_id": "a"}, "document": {"file_id": "a"}}, "video"),
        ({"location": {"latitude": 1.0, "longitude": 2.0}}, "location"),
        ({"contact": {"phone_number": "1", "first_name": "T"}}, "contact"),
        ({"dice": {"emoji": "🎲", "value": 6}}, "unreadable"),
    ):
        await person.send(**content)
        assert [reply.text for reply in await chat.replies()] == [f"听到：{other}"]


async def test_service_messages_and_odd_updates_are_counted_and_confirmed(
    at_work: Running, chat: TelegramChat[Any], bot: FakeBot
) -> None:
    assert isinstance(chat.person, Person)
    await chat.person.send(pinned_message={"message_id": 1})
    odd_ones: list[dict[str, Any]] = [
        {"message": None},
        {"message": []},
        {"message": {"text": "?"}},
        {"message": {"chat": {"id": "7", "type": "private"}, "message_id": 1, "text": "?"}},
        {"message": {"chat": {"id": 10**40, "type": "private"}, "message_id": 1, "text": ""}},
        {"message": {"chat": {"id": 7, "type": "private"}, "message_id": True, "text": "?"}},
        {"message": {"chat": {"id": 7, "type": "private"}, "message_id": 1, "photo": []}},
        {"edited_message": {"chat": {"id": 7, "type": "private"}, "message_id": 1}},
        {"callback_query": {"id": "q"}},
        {"callback_query": {"id": 3, "from": {"id": 7}}},
        {"my_chat_member": {"chat": {"id": 7, "type": "private"}}},
        {"something_new": {"a": 1}},
        {},
    ]
    for number, odd in enumerate(odd_ones, start=500):
        bot.updates.put({"update_id": number, **odd})
    bot.updates.jump(600)
    [reply] = await chat.say("还在吗")
    assert reply.text == "听到：还在吗"
    assert at_work.refused.count("unreadable") == 11
    assert at_work.refused.count("unknown_kind") == 2
    assert at_work.refused.count("service") == 1


async def test_halves_of_characters_are_replaced_not_stored(chat: TelegramChat[Any]) -> None:
    [reply] = await chat.say("坏\ud83d字")
    assert reply.text == "听到：坏\ufffd字"


@dataclass
class Reachable:
    """Remembers who can be reached."""

    told: list[tuple[str, bool]] = field(default_factory=list)

    async def changed(self, identity: Identity, *, reachable: bool, at: datetime) -> None:
        self.told.append((identity.external_id, reachable))


async def test_who_blocks_the_bot_is_no_longer_written_to_until_they_come_back(
    telegram: FakeTelegram, bot: FakeBot
) -> None:
    stores = memory_stores(real_clock)
    parrot, known = Parrot(stores.cases), Reachable()
    client = open_client(TelegramConfig(TOKEN, telegram.base_url))
    core = TelegramCore(parrot, stores.outbox, client, real_clock, reachability=known)
    person = Person(bot)
    await person.block()
    await person.unblock()
    for update in bot.updates.waiting:
        await core.take(update)
    assert known.told == [("1001", False), ("1001", True)]
    await client.close()


async def test_a_blocked_person_costs_one_try_and_nobody_else(
    at_work: Running, bot: FakeBot
) -> None:
    gone, here = Person(bot, 1), Person(bot, 2)
    await gone.say("再见")
    bot.chats[1].blocked = True
    await here.say("你好")
    await at_work.settle_with(bot)
    assert len([call for call in bot.called("sendMessage") if call.status == 403]) == 1
    assert [one.text for one in await here.messages()] == ["听到：你好"]
    bot.chats[1].blocked = False
    await gone.say("又来了")
    await at_work.settle_with(bot)
    assert [one.text for one in await gone.messages()] == ["听到：又来了"]


async def test_a_flood_is_refused_with_one_word_and_others_do_not_notice(
    telegram: FakeTelegram, bot: FakeBot
) -> None:
    stores = memory_stores(real_clock)
    parrot = Parrot(stores.cases)
    client = open_client(TelegramConfig(TOKEN, telegram.base_url))
    refused: list[str] = []
    core = TelegramCore(
        parrot,
        stores.outbox,
        client,
        real_clock,
        count=refused.append,
        flood=Rate(burst=5, per_second=0.01),
    )
    loud, quiet = Person(bot, 1), Person(bot, 2)
    for number in range(50):
        await loud.say(f"{number}")
    await quiet.say("你好")
    for update in bot.updates.waiting:
        await core.take(update)
    await core.finish()
    assert [one.text for one in parrot.heard] == ["0", "1", "2", "3", "4", "你好"]
    assert refused == ["flood"] * 45
    [warning] = await loud.messages()
    assert "太快" in warning.text
    await client.close()


async def test_what_piled_up_while_we_were_away_is_no_flood(
    telegram: FakeTelegram, bot: FakeBot
) -> None:
    stores = memory_stores(real_clock)
    parrot = Parrot(stores.cases)
    client = open_client(TelegramConfig(TOKEN, telegram.base_url))
    slow = Rate(burst=3, per_second=0.1)
    core = TelegramCore(parrot, stores.outbox, client, real_clock, flood=slow)
    person = Person(bot)
    for number in range(20):
        sent = time.time() - 200 + 10 * number
        bot.now = partial(float, sent)
        await person.say(f"{number}")
    for update in bot.updates.waiting:
        await core.take(update)
    assert [one.text for one in parrot.heard] == [str(number) for number in range(20)]
    await client.close()


async def test_a_hint_telegram_does_not_take_is_no_trouble(
    at_work: Running, chat: TelegramChat[Any], bot: FakeBot
) -> None:
    await chat.say("你好")
    for method in ("answerCallbackQuery", "editMessageReplyMarkup"):
        bot.order(Fault(method=method, status=400, description="Bad Request: QUERY_ID_INVALID"))
    [reply] = await chat.press("好")
    assert reply.text == "听到：yes"
    await asyncio.sleep(0)
    assert not at_work.task.done()
