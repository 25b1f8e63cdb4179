"""A conversation over Telegram, with both libraries, on both servers."""

from collections.abc import AsyncIterator
from typing import Any, TypeAlias

import pytest

from bot.telegram.service import Library, TelegramConfig
from bot.testing.telegram import FakeBot, FakeTelegram, Person
from tests.bot.telegram.chat import TelegramChat
from tests.bot.telegram.running import TOKEN, Running, running
from tests.parts.telegram import TelegramTestApi

Chatting: TypeAlias = tuple[TelegramChat[Any], Running]


@pytest.fixture
async def on_strict(
    telegram: FakeTelegram, bot: FakeBot, library: Library
) -> AsyncIterator[Chatting]:
    config = TelegramConfig(TOKEN, telegram.base_url, library, long_poll=2)
    async with running(config) as at_work:
        yield TelegramChat(Person(bot), lambda: at_work.settle_with(bot)), at_work


@pytest.fixture
async def on_npm(telegram_test_api: TelegramTestApi, library: Library) -> AsyncIterator[Chatting]:
    api = telegram_test_api
    config = TelegramConfig(api.token, api.base_url, library, long_poll=2)
    async with running(config) as at_work:
        yield TelegramChat(api.user(), lambda: at_work.settle_with_npm(api)), at_work


@pytest.fixture(params=["on_strict", "on_npm"])
def chatting(request: pytest.FixtureRequest, library: Library) -> Chatting:
    found: Chatting = request.getfixturevalue(request.param)
    return found


async def test_what_is_said_is_answered_once_and_in_order(chatting: Chatting) -> None:
    chat, _ = chatting
    for number in range(3):
        [reply] = await chat.say(f"第 {number} 句")
        assert reply.text == f"听到：第 {number} 句"


async def test_a_pressed_key_answers_and_shows_the_choice(chatting: Chatting) -> None:
    chat, at_work = chatting
    [asked] = await chat.say("你好")
    assert [key.label for key in asked.buttons] == ["好", "不好"]
    [reply] = await chat.press("不好")
    assert reply.text == "听到：no"
    await at_work.service.core.finish()
    [first, _] = await chat.person.messages()
    assert [key.label for key in first.buttons] == ["✓ 不好"]


async def test_commands_of_the_menu_press_the_assistants_buttons(chatting: Chatting) -> None:
    chat, _ = chatting
    for command, value in (
        ("/start abc", "cmd:resume"),
        ("/review", "cmd:review"),
        ("/human", "cmd:handover"),
        ("/language", "locale:en"),
    ):
        [reply] = await chat.say(command)
        assert reply.text == f"听到：{value}"
    [reply] = await chat.say("/unknown")
    assert reply.text == "听到：/unknown"


async def test_files_reach_the_assistant_by_name_and_size(chatting: Chatting) -> None:
    chat, _ = chatting
    [reply] = await chat.send_file("执照.pdf", b"x" * 20)
    assert reply.text == "听到：执照.pdf application/pdf 20"
    [reply] = await chat.send_file("照片.jpg", b"x" * 30, photo=True)
    assert reply.text == "听到：photo.jpg image/jpeg 30"


async def test_whoever_comes_by_a_link_of_theirs_is_connected_and_begins_nothing(
    chatting: Chatting,
) -> None:
    chat, _ = chatting
    [connected] = await chat.say("/start remind-known")
    assert "接通了" in connected.text
    [over] = await chat.say("/start remind-unknown")
    assert "已经用过" in over.text
    [reply] = await chat.say("你好")
    assert reply.text == "听到：你好"
