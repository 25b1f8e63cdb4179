"""Pings in a real group on the Telegram test server, and by mail on a real mail server."""

import asyncio
from collections.abc import AsyncIterator
from time import monotonic

import pytest

from bot.alerting.mail import StaffMail
from bot.alerting.telegram import TelegramGroup
from bot.clock import SimulatedClock
from bot.reminding.mail import MailServer
from bot.testing.telegram import FakeBot, FakeTelegram
from bot.testing.telegram.bots import Fault
from bot.testing.telegram.people import Group
from desk.alerts.alert import TEAM, AlertKind, Choice
from desk.alerts.ports import Told
from desk.staff import Role
from storage.memory import memory_stores
from tests.bot.reminding.mailbox import Mailbox, mailbox
from tests.storage.making import NOW

TOKEN = "4242:staff-group"
CHAT = -1001234567890
TEXT = "等人工 1\n• 等人工：备案 0123abcd…，0 分钟"


@pytest.fixture
async def bot() -> AsyncIterator[tuple[FakeTelegram, FakeBot]]:
    """A server with one bot."""
    async with FakeTelegram() as server:
        yield server, server.add_bot(TOKEN)


def group_of(server: FakeTelegram, token: str = TOKEN) -> TelegramGroup:
    return TelegramGroup(token, CHAT, server.base_url)


async def test_a_ping_stands_in_the_group_as_it_was_written(
    bot: tuple[FakeTelegram, FakeBot],
) -> None:
    server, fake = bot
    group = Group(fake, CHAT)
    async with group_of(server) as pinger:
        assert await pinger.ping(TEAM, "等人工 1", TEXT, "k") is Told.SENT
    assert [shown.text for shown in await group.messages()] == [TEXT]


@pytest.mark.parametrize(
    "fault, told",
    [
        (Fault("sendMessage", 429, "Too Many Requests", retry_after=1), Told.LATER),
        (Fault("sendMessage", 502, "Bad Gateway"), Told.LATER),
        (Fault("sendMessage", cut=True), Told.LATER),
        (Fault("sendMessage", 403, "Forbidden: bot was kicked"), Told.NEVER),
        (Fault("sendMessage", 400, "Bad Request: chat not found"), Told.NEVER),
    ],
)
async def test_what_telegram_answers_decides_whether_it_is_tried_again(
    bot: tuple[FakeTelegram, FakeBot], fault: Fault, told: Told
) -> None:
    server, fake = bot
    Group(fake, CHAT)
    fake.order(fault)
    async with group_of(server) as pinger:
        assert await pinger.ping(TEAM, "x", TEXT, "k") is told


async def test_a_wrong_token_is_no_reason_to_stop(bot: tuple[FakeTelegram, FakeBot]) -> None:
    server, _ = bot
    async with group_of(server, "1:wrong") as pinger:
        assert await pinger.ping(TEAM, "x", TEXT, "k") is Told.NEVER


async def test_the_group_never_gets_more_than_telegram_takes(
    bot: tuple[FakeTelegram, FakeBot],
) -> None:
    server, fake = bot
    group = Group(fake, CHAT)
    async with group_of(server) as pinger:
        begun = monotonic()
        sending = [asyncio.create_task(pinger.ping(TEAM, "x", TEXT, "k")) for _ in range(40)]
        async with asyncio.timeout(30):
            while sum(one.done() for one in sending) < 20:
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.5)  # enough for the others, if nothing held them back
        for one in sending:
            one.cancel()
        await asyncio.gather(*sending, return_exceptions=True)
        since = monotonic() - begun
    assert 20 <= len(await group.messages()) <= 20 + since // 3  # twenty a minute, and one each 3 s


@pytest.fixture
async def box() -> AsyncIterator[Mailbox]:
    """A mail server."""
    async with mailbox() as box:
        yield box


async def test_mail_goes_to_the_team_and_to_who_chose_it(box: Mailbox) -> None:
    stores = memory_stores(SimulatedClock(NOW))
    agent = await stores.agents.add("li", Role.AGENT, "hash", NOW)
    await stores.alerts.choose(Choice(agent.id, "li@example.cn", frozenset({AlertKind.WAITING})))
    server = MailServer.of(f"smtp://127.0.0.1:{box.port}", "备案助手 <beian@example.cn>")
    mail = StaffMail(server, stores.alerts, "team@example.cn")
    assert await mail.ping(TEAM, "等人工 1", TEXT, "alert-1") is Told.SENT
    assert await mail.ping(agent.id, "等人工 1", TEXT, "alert-2") is Told.SENT
    assert await mail.ping("nobody", "等人工 1", TEXT, "alert-3") is Told.NEVER
    assert [one["To"] for one in box.messages] == ["team@example.cn", "li@example.cn"]
    assert box.messages[0]["Subject"] == "等人工 1"
    assert box.messages[0].get_content().splitlines() == TEXT.splitlines()
    assert box.messages[0]["Message-ID"] == "<alert-1@example.cn>"
    box.refuse = 451
    assert await mail.ping(TEAM, "x", TEXT, "k") is Told.LATER
    box.refuse = 550
    assert await mail.ping(TEAM, "x", TEXT, "k") is Told.NEVER
