"""The strict server refuses what Telegram refuses, in Telegram's words."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from bot.pacing import Rate
from bot.testing.telegram import FakeBot, FakeTelegram, Limits, Person
from tests.bot.telegram.running import TOKEN


class Api:
    """Plain calls, as a bot without a library would make them."""

    def __init__(self, http: httpx.AsyncClient, token: str = TOKEN) -> None:
        self.http = http
        self.token = token

    async def __call__(self, method: str, **params: Any) -> Any:
        """The result of a call, or (status, description) of its refusal."""
        response = await self.http.post(f"/bot{self.token}/{method}", json=params)
        answer = response.json()
        if answer["ok"]:
            assert response.status_code == 200
            return answer["result"]
        assert response.status_code == answer["error_code"]
        return answer["error_code"], answer["description"]


@pytest.fixture
async def api(telegram: FakeTelegram, bot: FakeBot) -> AsyncIterator[Api]:
    async with httpx.AsyncClient(base_url=telegram.base_url) as http:
        yield Api(http)


@pytest.fixture
async def visitor(bot: FakeBot) -> Person:
    person = Person(bot)
    await person.say("你好")
    return person


def keys(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


def refused(answer: Any, status: int, words: str) -> bool:
    return bool(answer[0] == status and words in answer[1])


@pytest.mark.parametrize(
    "params, words",
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n"}, "message text is empty"),
        ({"text": "字" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "?", "parse_mode": "HTML"}, "plain text only"),
        ({"text": "?", "reply_markup": "no keyboard"}, "can't parse inline keyboard"),
        ({"text": "?", "reply_markup": keys([{"text": "好"}])}, "exactly one action"),
        (
            {"text": "?", "reply_markup": keys([{"text": "", "callback_data": "x"}])},
            "text must be non-empty",
        ),
        (
            {"text": "?", "reply_markup": keys([{"text": "好", "callback_data": "x" * 65}])},
            "BUTTON_DATA_INVALID",
        ),
        (
            {"text": "?", "reply_markup": keys([{"text": "好", "callback_data": "字" * 22}])},
            "BUTTON_DATA_INVALID",
        ),
        (
            {"text": "?", "reply_markup": keys([{"text": "好", "url": "https://localhost/a"}])},
            "Wrong HTTP URL",
        ),
        (
            {"text": "?", "reply_markup": keys([{"text": "好", "callback_data": "x"}] * 9)},
            "reply markup is too long",
        ),
        ({"text": "?", "chat_id": 404}, "chat not found"),
        ({"text": "?", "chat_id": "me"}, "chat_id must be an integer"),
        ({"text": "?", "chat_id": ""}, "chat_id is empty"),
    ],
)
async def test_a_message_out_of_bounds_is_refused(
    api: Api, visitor: Person, params: dict[str, Any], words: str
) -> None:
    assert refused(await api("sendMessage", **{"chat_id": visitor.number, **params}), 400, words)
    assert await visitor.messages() == ()


async def test_the_largest_message_that_fits_is_taken(api: Api, visitor: Person) -> None:
    rows = [[{"text": "好", "callback_data": "x" * 64}] * 8] * 12
    sent = await api(
        "sendMessage", chat_id=visitor.number, text="😀" * 2048, reply_markup=keys(*rows)
    )
    assert sent["message_id"] > 0


async def test_nobody_is_written_to_who_did_not_write_first(api: Api, bot: FakeBot) -> None:
    stranger = Person(bot, 9)
    answer = await api("sendMessage", chat_id=9, text="您好")
    assert refused(answer, 403, "can't initiate conversation")
    await stranger.say("你好")
    assert (await api("sendMessage", chat_id=9, text="您好"))["text"] == "您好"
    await stranger.block()
    assert refused(await api("sendMessage", chat_id=9, text="您好"), 403, "blocked by the user")


async def test_tokens_and_methods_nobody_knows_are_refused(api: Api) -> None:
    stranger = Api(api.http, "1:NOBODY")
    assert refused(await stranger("getMe"), 401, "Unauthorized")
    assert refused(await api("sendMoney"), 404, "method not found")
    assert (await api("GETME"))["is_bot"] is True


async def test_updates_wait_until_confirmed_and_only_wanted_kinds_are_kept(
    api: Api, bot: FakeBot, visitor: Person
) -> None:
    [first] = await api("getUpdates", allowed_updates=json.dumps(["message"]))
    assert await api("getUpdates") == [first]
    await visitor.block()  # nobody asked for this kind
    await visitor.unblock()
    bot.updates.jump(70_000)
    await visitor.say("一")
    await visitor.say("二")
    assert [one["update_id"] for one in await api("getUpdates")] == [1, 70_000, 70_001]
    assert len(await api("getUpdates", limit=2)) == 2
    assert [one["update_id"] for one in await api("getUpdates", offset=-1)] == [70_001]
    assert await api("getUpdates", offset=70_002) == []
    assert bot.updates.handed_out[70_001] == 2


async def test_a_long_poll_ends_with_the_first_update_or_in_time(
    api: Api, bot: FakeBot, visitor: Person
) -> None:
    await api("getUpdates", offset=2)
    began = time.monotonic()
    async with asyncio.timeout(30):
        assert await api("getUpdates", timeout=1) == []
    assert time.monotonic() - began > 0.9
    waiting = asyncio.create_task(api("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    await visitor.say("醒醒")
    [update] = await waiting
    assert update["message"]["text"] == "醒醒"


async def test_under_a_webhook_there_is_no_polling(api: Api) -> None:
    assert refused(await api("setWebhook", url="ftp://x"), 400, "HTTPS URL")
    bad = await api("setWebhook", url="https://bot.example.cn/", secret_token="with space")
    assert refused(bad, 400, "illegal characters")
    assert await api("setWebhook", url="https://bot.example.cn/") is True
    assert refused(await api("getUpdates"), 409, "webhook is active")
    assert (await api("getWebhookInfo"))["url"] == "https://bot.example.cn/"
    assert await api("setWebhook", url="") is True
    assert await api("getUpdates") == []


async def test_too_many_messages_are_refused_until_the_pause_is_over(
    telegram: FakeTelegram, api: Api
) -> None:
    limits = Limits(chat=Rate(burst=2, per_second=1))
    bot = telegram.add_bot("5:LIMITED", limits)
    person, other = Person(bot, 1), Person(bot, 2)
    await person.say("你好")
    await other.say("你好")
    limited = Api(api.http, "5:LIMITED")
    for text in "一二":
        assert (await limited("sendMessage", chat_id=1, text=text))["text"] == text
    response = await api.http.post("/bot5:LIMITED/sendMessage", data={"chat_id": "1", "text": "三"})
    assert response.status_code == 429
    assert response.json()["parameters"] == {"retry_after": 1}
    assert (await limited("sendMessage", chat_id=2, text="别人"))["text"] == "别人"
    assert bot.too_early == 0
    assert refused(await limited("sendMessage", chat_id=1, text="四"), 429, "retry after")
    assert bot.too_early == 1
    await asyncio.sleep(1.05)
    assert (await limited("sendMessage", chat_id=1, text="五"))["text"] == "五"


async def test_messages_are_edited_and_deleted_within_telegrams_bounds(
    api: Api, bot: FakeBot, visitor: Person
) -> None:
    sent = await api("sendMessage", chat_id=visitor.number, text="一")
    place = {"chat_id": visitor.number, "message_id": sent["message_id"]}
    assert (await api("editMessageText", **place, text="二"))["text"] == "二"
    assert refused(await api("editMessageText", **place, text="二"), 400, "not modified")
    theirs = await visitor.say("别人的")
    answer = await api("editMessageText", chat_id=visitor.number, message_id=theirs, text="?")
    assert refused(answer, 400, "can't be edited")
    bot.now = lambda: time.time() + 48 * 3600 + 60
    assert refused(await api("deleteMessage", **place), 400, "can't be deleted")
    bot.now = time.time
    assert await api("deleteMessage", **place) is True
    assert refused(await api("deleteMessage", **place), 400, "not found")


async def test_menus_and_answers_to_keys_have_their_bounds(api: Api, bot: FakeBot) -> None:
    bad = await api("setMyCommands", commands=[{"command": "Start", "description": "x"}])
    assert refused(bad, 400, "BOT_COMMAND_INVALID")
    bad = await api("setMyCommands", commands=[{"command": "start", "description": ""}])
    assert refused(bad, 400, "DESCRIPTION_INVALID")
    bot.queries["q"] = None
    bad = await api("answerCallbackQuery", callback_query_id="q", text="长" * 201)
    assert refused(bad, 400, "MESSAGE_TOO_LONG")
    assert await api("answerCallbackQuery", callback_query_id="q") is True
