"""What Telegram refuses, delays or leaves unanswered: nothing lost, nobody pestered."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import real_clock
from bot.pacing import Rate
from bot.sending import Ambiguous, ChannelClosed, Delivered, RetryLater, Undeliverable
from bot.telegram.client import Client
from bot.telegram.sender import TelegramSender
from bot.telegram.service import Library, TelegramConfig, open_client
from bot.testing.telegram import FakeBot, FakeTelegram, Fault, Limits, Person
from dialogs.message import Button, Identity, Inbound, OutgoingFile, Reply, ReplyKind
from dialogs.pictures import FooterPicture
from dialogs.ports import Outgoing
from storage.memory import memory_stores
from tests.bot.telegram.parrot import Parrot
from tests.bot.telegram.running import TOKEN, running, until


@pytest.fixture
async def client(telegram: FakeTelegram, bot: FakeBot, library: Library) -> AsyncIterator[Client]:
    opened = open_client(TelegramConfig(TOKEN, telegram.base_url, library))
    yield opened
    await opened.close()


@pytest.fixture
async def visitor(bot: FakeBot) -> Person:
    person = Person(bot)
    await person.say("你好")
    return person


def saying(text: str, *buttons: Button, to: str = "1001") -> Outgoing:
    reply = Reply(ReplyKind.NOTICE, text, buttons)
    return Outgoing(secrets.token_urlsafe(9), Identity("telegram", to), reply)


def deleting(message: str) -> Outgoing:
    return Outgoing(secrets.token_urlsafe(9), Identity("telegram", "1001"), delete=message)


async def test_a_delivery_tells_what_telegram_calls_the_message(
    client: Client, visitor: Person
) -> None:
    outcome = await TelegramSender(client).send(saying("您好"))
    [shown] = await visitor.messages()
    assert outcome == Delivered(str(shown.id))


@pytest.mark.parametrize("chat", ["-1001", "-100200300", "@somewhere", "", "٣", "1e3"])
async def test_nothing_ever_goes_to_what_is_no_private_chat(
    client: Client, bot: FakeBot, chat: str
) -> None:
    outcome = await TelegramSender(client).send(saying("您好", to=chat))
    assert outcome == Undeliverable("not_private")
    assert bot.called("sendMessage") == []


@pytest.mark.parametrize(
    "fault, outcome",
    [
        (Fault(status=429, description="Too Many Requests", retry_after=3), RetryLater(3)),
        (Fault(status=403, description="Forbidden: bot was blocked"), Undeliverable("blocked")),
        (
            Fault(status=400, description="Bad Request: chat not found"),
            Undeliverable("chat_not_found"),
        ),
        (Fault(status=400, description="Bad Request: nonsense"), Undeliverable("refused")),
        (Fault(status=400, description="Bad Request: message is not modified"), Delivered()),
        (Fault(status=500), Ambiguous()),
        (Fault(cut=True, effect=True), Ambiguous()),
    ],
)
async def test_every_fault_has_its_outcome(
    client: Client, bot: FakeBot, visitor: Person, fault: Fault, outcome: object
) -> None:
    bot.order(fault)
    assert await TelegramSender(client).send(saying("您好")) == outcome


async def test_a_refused_token_closes_the_channel(
    client: Client, bot: FakeBot, visitor: Person
) -> None:
    bot.order(Fault(status=401, description="Unauthorized"))
    with pytest.raises(ChannelClosed, match="BEIAN_TELEGRAM_TOKEN"):
        await TelegramSender(client).send(saying("您好"))


async def test_a_message_with_a_sensitive_value_vanishes(
    client: Client, bot: FakeBot, visitor: Person
) -> None:
    number = await visitor.say("我的证件号是……")
    assert await TelegramSender(client).send(deleting(str(number))) == Delivered(str(number))
    assert number not in bot.messages[visitor.number]


async def test_what_is_gone_is_deleted_and_what_is_too_old_is_not(
    client: Client, bot: FakeBot, visitor: Person
) -> None:
    sender = TelegramSender(client)
    assert await sender.send(deleting("999999")) == Delivered()
    number = await visitor.say("很久以前")
    bot.now = lambda: time.time() + 49 * 3600
    assert await sender.send(deleting(str(number))) == Undeliverable("not_deletable")
    assert await sender.send(deleting("press:abc.0")) == Undeliverable("nothing_to_delete")


async def test_another_try_of_a_long_reply_goes_on_where_the_last_one_stopped(
    client: Client, bot: FakeBot, visitor: Person, tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.html"
    sheet.write_text("备案表")
    files = (OutgoingFile("备案表.html", str(sheet)),)
    long = saying("一" * 4096 + "\n" + "二" * 100)
    assert long.reply
    long = Outgoing(long.id, long.identity, Reply(ReplyKind.NOTICE, long.reply.text, files=files))
    bot.order(Fault(method="sendDocument", status=429, retry_after=1, description="Too Many"))
    sender = TelegramSender(client)
    assert await sender.send(long) == RetryLater(1)
    await asyncio.sleep(1.1)
    assert isinstance(await sender.send(long), Delivered)
    assert [one.text[:1] for one in await visitor.messages()] == ["一", "备", "二"]


async def test_a_picture_is_drawn_and_shown_before_the_words(
    client: Client, bot: FakeBot, visitor: Person
) -> None:
    drawn = OutgoingFile("页脚.png", picture=FooterPicture("example.cn", "示例", ("苏ICP备1号",)))
    handed = (drawn, OutgoingFile("footer.html", text="<footer>"))
    reply = Reply(ReplyKind.ANSWER, "放好以后是这样。", files=handed)
    identity = saying("x").identity
    assert isinstance(await TelegramSender(client).send(Outgoing("o1", identity, reply)), Delivered)
    picture, page, words = await visitor.messages()
    assert picture.raw["photo"]
    assert page.raw["document"]["file_name"] == "footer.html"
    assert words.text == "放好以后是这样。"
    assert bot.files["file-2"] == b"<footer>"


async def test_an_address_telegram_will_not_open_is_written_out(
    client: Client, visitor: Person
) -> None:
    form = Button("打开", "form", url="http://localhost:8000/form/t")
    outcome = await TelegramSender(client).send(saying("请填写。", form, Button("不", "no")))
    assert isinstance(outcome, Delivered)
    [shown] = await visitor.messages()
    assert shown.text == "请填写。\n打开: http://localhost:8000/form/t"
    assert [key.label for key in shown.buttons] == ["不"]


async def test_a_message_typed_where_it_must_not_be_is_deleted_before_the_reply(
    telegram: FakeTelegram, bot: FakeBot, library: Library
) -> None:
    stores, person = memory_stores(real_clock), Person(bot)
    parrot = Parrot(stores.cases, delete_if=lambda inbound: inbound.text == "秘密")
    config = TelegramConfig(TOKEN, telegram.base_url, library, long_poll=2)
    async with running(config, parrot, stores):
        bot.order(Fault(method="deleteMessage", status=500))
        await person.say("秘密")
        await until(lambda: len(bot.called("sendMessage")) == 1)
    methods = [one.method for one in bot.calls if one.method in ("deleteMessage", "sendMessage")]
    assert methods == ["deleteMessage", "deleteMessage", "sendMessage"]
    assert [one for one in bot.messages[person.number].values() if one.get("text") == "秘密"] == []


async def test_a_pause_for_one_chat_is_kept_and_others_go_on(
    telegram: FakeTelegram, bot: FakeBot, library: Library
) -> None:
    config = TelegramConfig(TOKEN, telegram.base_url, library, long_poll=2)
    slow, others = Person(bot, 1), [Person(bot, number) for number in range(2, 8)]
    bot.order(Fault(status=429, description="Too Many", retry_after=2, chat=1))
    async with running(config):
        for person in (slow, *others):
            await person.say("你好")
        began = time.monotonic()
        await slow.wait_for_text("听到：你好")
        assert time.monotonic() - began >= 2
        bot.order(Fault(status=429, description="Too Many", retry_after=3600, chat=1))
        for person in (slow, *others):
            await person.say("还在吗")
        for person in others:
            await person.wait_for_text("听到：还在吗")
        assert [one.text for one in await slow.messages()] == ["听到：你好"]
    assert bot.too_early == 0


async def test_under_strict_limits_everything_arrives_in_order(
    telegram: FakeTelegram, library: Library
) -> None:
    limits = Limits(chat=Rate(burst=3, per_second=4), together=Rate(burst=8, per_second=20))
    bot = telegram.add_bot("77:LIMITED-TOKEN-OF-NO-BOT", limits)
    config = TelegramConfig(bot.token, telegram.base_url, library, long_poll=2)
    people = [Person(bot, number) for number in range(1, 4)]
    async with running(config):
        for number in range(5):
            for person in people:
                await person.say(f"{number}")
        for person in people:
            await person.wait_for(lambda shown: len(shown) == 5, patience=30)
            texts = [one.text for one in await person.messages()]
            assert texts == [f"听到：{number}" for number in range(5)]
    assert bot.too_early == 0


async def test_chats_are_answered_in_order_whatever_the_others_do(
    telegram: FakeTelegram, bot: FakeBot, library: Library
) -> None:
    stores = memory_stores(real_clock)
    delays = iter([0.02, 0.0, 0.01, 0.03, 0.005] * 200)

    async def think(inbound: Inbound) -> None:
        await asyncio.sleep(next(delays))

    config = TelegramConfig(TOKEN, telegram.base_url, library, long_poll=2)
    people = [Person(bot, number) for number in range(1, 21)]
    async with running(config, Parrot(stores.cases, think=think), stores) as at_work:
        for number in range(10):
            for person in people:
                await person.say(f"{number}")
        await at_work.settle_with(bot)
        for person in people:
            texts = [one.text for one in await person.messages()]
            assert texts == [f"听到：{number}" for number in range(10)]
