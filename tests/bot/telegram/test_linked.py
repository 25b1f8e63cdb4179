"""Reminders to a chat that somebody of another channel connected."""

from datetime import UTC, datetime, timedelta

from bot.sending import Delivered, Undeliverable
from bot.telegram.linked import LinkedSender
from bot.telegram.sender import TelegramSender
from bot.telegram.service import Library, TelegramConfig, open_client
from bot.testing.telegram import FakeBot, FakeTelegram, Person
from dialogs.message import Button, Identity, Reply, ReplyKind
from dialogs.ports import Outgoing
from scheduler.ports import TELEGRAM_LINK
from storage.memory import memory_stores
from tests.bot.telegram.running import TOKEN
from tests.storage.making import turn

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
WHO = Identity("web", "tea")
REPLY = Reply(ReplyKind.REMINDER, "短信核验还剩 2 小时", (Button("办好了", "due:done:f:x"),))


async def test_a_connected_chat_reads_the_reminder_and_where_to_answer(
    telegram: FakeTelegram, bot: FakeBot, library: Library
) -> None:
    person = Person(bot)
    await person.say("/start")
    stores = memory_stores(lambda: NOW)
    await stores.cases.commit(turn(await stores.cases.open(WHO, NOW, "zh-CN")))
    await stores.contacts.add(WHO, TELEGRAM_LINK, "", "code", NOW + timedelta(minutes=10), NOW)
    assert await stores.contacts.link("code", str(person.number), NOW) == WHO
    [contact] = await stores.contacts.of_person(WHO)
    client = open_client(TelegramConfig(TOKEN, telegram.base_url, library))
    sender = LinkedSender(TelegramSender(client), stores.contacts)
    assert isinstance(await sender.send(Outgoing("o1", contact.way, REPLY)), Delivered)
    message = (await person.messages())[-1]
    assert message.text.startswith("短信核验还剩 2 小时")
    assert "聊天里说" in message.text
    assert message.buttons == ()
    await stores.contacts.stop(contact.id, NOW)
    assert await sender.send(Outgoing("o2", contact.way, REPLY)) == Undeliverable("gone")
    await client.close()
