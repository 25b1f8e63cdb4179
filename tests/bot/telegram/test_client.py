"""Both libraries' clients keep the same contract, fault by fault."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.pictures import draw
from bot.telegram.client import Client, Command, Key, Keyboard
from bot.telegram.errors import (
    AnotherReader,
    Blocked,
    NotModified,
    Refused,
    TelegramFault,
    TokenRefused,
    TooFast,
    Unreachable,
)
from bot.telegram.service import Library, TelegramConfig, open_client
from bot.testing.telegram import FakeBot, FakeTelegram, Fault, Person
from dialogs.pictures import FooterPicture
from tests.bot.telegram.running import TOKEN

KEYS = Keyboard(((Key("是", data="a.0"), Key("网页", url="https://form.example.cn/form/x")),))


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


async def test_it_knows_who_it_is(client: Client, bot: FakeBot) -> None:
    me = await client.me()
    assert (me.id, me.username) == (bot.id, bot.username)


async def test_updates_come_raw_and_again_until_confirmed(
    client: Client, bot: FakeBot, visitor: Person
) -> None:
    bot.updates.put({"update_id": 50, "message": {"odd": True}})
    first, odd = await client.updates(None, 0)
    assert first["message"]["text"] == "你好"
    assert odd == {"update_id": 50, "message": {"odd": True}}
    assert len(await client.updates(None, 0)) == 2
    assert await client.updates(51, 0) == []
    assert bot.updates.waiting == []


async def test_text_goes_plain_with_keys_and_without_previews(
    client: Client, bot: FakeBot, visitor: Person
) -> None:
    number = await client.send_text(visitor.number, "<b>*粗*</b> example.cn", KEYS)
    [shown] = await visitor.messages()
    assert (shown.id, shown.text) == (number, "<b>*粗*</b> example.cn")
    assert [(key.label, key.data, key.url) for key in shown.buttons] == [
        ("是", "a.0", None),
        ("网页", None, "https://form.example.cn/form/x"),
    ]
    [call] = bot.called("sendMessage")
    assert not call.params.get("parse_mode")
    assert call.params["link_preview_options"]["is_disabled"] is True


async def test_a_file_goes_as_a_document(client: Client, bot: FakeBot, visitor: Person) -> None:
    await client.send_file(visitor.number, "备案表.html", "备案表".encode())
    [shown] = await visitor.messages()
    assert shown.raw["document"]["file_name"] == "备案表.html"
    assert bot.files["file-1"] == "备案表".encode()


async def test_a_picture_is_shown_in_the_chat(
    client: Client, bot: FakeBot, visitor: Person
) -> None:
    drawn = draw(FooterPicture("example.cn", "示例", ("苏ICP备2026000001号-1",)))
    await client.send_picture(visitor.number, "页脚.png", drawn)
    [shown] = await visitor.messages()
    assert len(shown.raw["photo"]) == 1
    assert bot.files["file-1"] == drawn


async def test_a_file_somebody_sent_is_fetched(
    client: Client, bot: FakeBot, visitor: Person
) -> None:
    await visitor.send_file("执照.pdf", b"content")
    assert await client.download("file-1") == b"content"
    with pytest.raises(Refused):
        await client.download("file-of-nobody")


async def test_keys_are_replaced_and_messages_deleted(
    client: Client, bot: FakeBot, visitor: Person
) -> None:
    number = await client.send_text(visitor.number, "选吧", KEYS)
    chosen = Keyboard(((Key("✓ 是", data="a.0"),),))
    await client.set_keyboard(visitor.number, number, chosen)
    with pytest.raises(NotModified):
        await client.set_keyboard(visitor.number, number, chosen)
    await client.delete(visitor.number, number)
    assert await visitor.messages() == ()
    with pytest.raises(Refused, match="not found"):
        await client.delete(visitor.number, number)


async def test_a_pressed_key_is_let_rest(client: Client, bot: FakeBot, visitor: Person) -> None:
    await client.send_text(visitor.number, "选吧", KEYS)
    [shown] = await visitor.messages()
    query = await visitor.press(shown, "是")
    await client.answer_press(query, "好的")
    assert bot.queries[query] == "好的"
    with pytest.raises(Refused):
        await client.answer_press("query-of-nobody", None)


async def test_the_menu_is_set_by_language(client: Client, bot: FakeBot) -> None:
    await client.set_commands([Command("start", "开始")], "zh")
    await client.set_commands([Command("start", "Begin")], None)
    assert bot.commands["zh"] == [{"command": "start", "description": "开始"}]
    assert bot.commands[""] == [{"command": "start", "description": "Begin"}]


async def test_a_webhook_takes_the_place_of_polling_and_back(client: Client, bot: FakeBot) -> None:
    await client.set_webhook("https://bot.example.cn/telegram/webhook", "s" * 256)
    assert bot.webhook and bot.webhook.secret == "s" * 256
    with pytest.raises(AnotherReader):
        await client.updates(None, 0)
    await client.delete_webhook()
    assert await client.updates(None, 0) == []


@pytest.mark.parametrize(
    "fault, expected",
    [
        (Fault(status=429, description="Too Many Requests", retry_after=7), TooFast),
        (Fault(status=403, description="Forbidden: bot was blocked by the user"), Blocked),
        (Fault(status=403, description="Forbidden: user is deactivated"), Blocked),
        (Fault(status=400, description="Bad Request: chat not found"), Refused),
        (Fault(status=409, description="Conflict"), AnotherReader),
        (Fault(status=401, description="Unauthorized"), TokenRefused),
        (Fault(status=404, description="Not Found"), TokenRefused),
        (Fault(status=500, description="Internal Server Error"), Unreachable),
        (Fault(status=502, description="Bad Gateway"), Unreachable),
        (Fault(cut=True), Unreachable),
        (Fault(cut=True, effect=True), Unreachable),
    ],
)
async def test_a_fault_has_the_same_name_in_both_libraries(
    client: Client, bot: FakeBot, visitor: Person, fault: Fault, expected: type[TelegramFault]
) -> None:
    bot.order(fault)
    with pytest.raises(expected) as caught:
        await client.send_text(visitor.number, "您好", None)
    assert TOKEN not in f"{caught.value}{caught.value!r}"
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    if isinstance(caught.value, TooFast):
        assert caught.value.retry_after == 7
    if isinstance(caught.value, Unreachable):
        assert caught.value.maybe_done


async def test_a_connection_never_made_surely_did_nothing(library: Library) -> None:
    nowhere = open_client(TelegramConfig(TOKEN, "http://127.0.0.1:9", library))
    with pytest.raises(Unreachable) as caught:
        await nowhere.send_text(7, "您好", None)
    assert not caught.value.maybe_done
    await nowhere.close()


async def test_a_wrong_token_is_said_to_be_wrong(telegram: FakeTelegram, library: Library) -> None:
    stranger = open_client(TelegramConfig("1:AAAA", telegram.base_url, library))
    with pytest.raises(TokenRefused, match="BEIAN_TELEGRAM_TOKEN"):
        await stranger.me()
    with pytest.raises(TokenRefused):
        await stranger.updates(None, 0)
    await stranger.close()


async def test_of_two_readers_the_first_is_told(
    client: Client, telegram: FakeTelegram, bot: FakeBot, library: Library
) -> None:
    other = open_client(TelegramConfig(TOKEN, telegram.base_url, library))
    waiting = asyncio.create_task(client.updates(None, 5))
    await asyncio.sleep(0.2)
    assert await other.updates(None, 0) == []
    with pytest.raises(AnotherReader):
        await waiting
    await other.close()
