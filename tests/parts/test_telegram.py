"""Both Telegram libraries accept the test server's answers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

import pytest
import telegram
import telegram.error
import telegram.request
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest, TelegramConflictError
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup

from tests.parts.telegram import TelegramTestApi

KEYBOARD = [[("是", "yes"), ("否", "no")]]


def aiogram_bot(api: TelegramTestApi) -> Bot:
    session = AiohttpSession(api=TelegramAPIServer.from_base(api.base_url))
    return Bot(api.token, session=session)


def ptb_bot(api: TelegramTestApi) -> telegram.Bot:
    return telegram.Bot(
        api.token, base_url=f"{api.base_url}/bot", base_file_url=f"{api.base_url}/file/bot"
    )


def aiogram_keyboard() -> InlineKeyboardMarkup:
    rows = [[InlineKeyboardButton(text=t, callback_data=d) for t, d in row] for row in KEYBOARD]
    return InlineKeyboardMarkup(inline_keyboard=rows)


def ptb_keyboard() -> telegram.InlineKeyboardMarkup:
    return telegram.InlineKeyboardMarkup(
        [[telegram.InlineKeyboardButton(t, callback_data=d) for t, d in row] for row in KEYBOARD]
    )


async def test_aiogram_asks_and_hears_the_button(telegram_test_api: TelegramTestApi) -> None:
    user = telegram_test_api.user()
    async with aiogram_bot(telegram_test_api) as bot:
        assert (await bot.me()).is_bot
        await user.say("你好")
        [first] = await bot.get_updates(timeout=5)
        assert first.message and first.message.text == "你好"
        assert first.message.from_user and first.message.from_user.language_code == "zh-hans"

        sent = await bot.send_message(user.number, "继续吗?", reply_markup=aiogram_keyboard())
        assert sent.date == first.message.date or sent.date > first.message.date
        shown = await user.wait_for_text("继续吗")
        await user.press(shown, "是")
        [second] = await bot.get_updates(offset=first.update_id + 1, timeout=5)
        query = second.callback_query
        assert query and query.data == "yes" and query.message
        assert query.message.message_id == sent.message_id
        assert await bot.answer_callback_query(query.id)

        await bot.edit_message_text("好的", chat_id=user.number, message_id=sent.message_id)
        [edited] = await user.messages()
        assert (edited.text, edited.buttons) == ("好的", ())
        assert await bot.delete_message(user.number, sent.message_id)
        assert await user.messages() == ()
        assert await bot.send_chat_action(user.number, "typing")
        called = [call["method"] for call in await telegram_test_api.calls()]
        assert called[:2] == ["getMe", "getUpdates"]


async def test_python_telegram_bot_asks_and_hears_the_button(
    telegram_test_api: TelegramTestApi,
) -> None:
    user = telegram_test_api.user()
    async with ptb_bot(telegram_test_api) as bot:
        await user.say("/start abc")
        [first] = await bot.get_updates(timeout=5)
        assert first.message and first.message.entities[0].type == "bot_command"

        sent = await bot.send_message(user.number, "继续吗?", reply_markup=ptb_keyboard())
        await user.press(await user.wait_for_text("继续吗"), "no")
        [second] = await bot.get_updates(offset=first.update_id + 1, timeout=5)
        query = second.callback_query
        assert query and query.data == "no"
        assert await query.answer()

        await bot.edit_message_text("好的", user.number, sent.message_id)
        [edited] = await user.messages()
        assert (edited.text, edited.buttons) == ("好的", ())
        assert await bot.delete_message(user.number, sent.message_id)
        assert await bot.set_my_commands([("start", "开始")])


async def test_an_update_comes_again_until_an_offset_confirms_it(
    telegram_test_api: TelegramTestApi,
) -> None:
    await telegram_test_api.user().say("一")
    async with aiogram_bot(telegram_test_api) as bot:
        [first] = await bot.get_updates()
        [again] = await bot.get_updates()
        assert again.update_id == first.update_id
        assert await bot.get_updates(offset=first.update_id + 1) == []
        assert await telegram_test_api.pending() == []


async def test_a_long_poll_ends_when_a_message_arrives(telegram_test_api: TelegramTestApi) -> None:
    async with aiogram_bot(telegram_test_api) as bot:
        polling = asyncio.create_task(bot.get_updates(timeout=60))
        while not await telegram_test_api.calls("getUpdates"):
            await asyncio.sleep(0.01)
        await telegram_test_api.user().say("醒醒")
        [update] = await asyncio.wait_for(polling, 5)
        assert update.message and update.message.text == "醒醒"


async def test_files_travel_both_ways(telegram_test_api: TelegramTestApi) -> None:
    user = telegram_test_api.user()
    content = bytes(range(256))
    await user.send_file("执照.pdf", content)
    await user.send_file("执照.jpg", content, "image/jpeg", photo=True)
    async with aiogram_bot(telegram_test_api) as bot:
        document, photo = await bot.get_updates()
        assert document.message and document.message.document
        assert document.message.document.file_name == "执照.pdf"
        received = await bot.download(document.message.document)
        assert received and received.read() == content
        assert photo.message and photo.message.photo and photo.message.photo[-1].width > 0

        sent = await bot.send_document(user.number, BufferedInputFile(b"sheet", "备案表.html"))
        assert sent.document and sent.document.file_name == "备案表.html"
    async with ptb_bot(telegram_test_api) as other:
        file = await other.get_file(document.message.document.file_id)
        assert bytes(await file.download_as_bytearray()) == content


async def test_refusals_reach_the_libraries_as_their_own_errors(
    telegram_test_api: TelegramTestApi,
) -> None:
    user = telegram_test_api.user()
    async with aiogram_bot(telegram_test_api) as bot:
        sent = await bot.send_message(user.number, "一")
        with pytest.raises(TelegramBadRequest, match="not modified"):
            await bot.edit_message_text("一", chat_id=user.number, message_id=sent.message_id)
    async with ptb_bot(telegram_test_api) as other:
        with pytest.raises(telegram.error.BadRequest, match="not found"):
            await other.edit_message_text("二", user.number, 999_999)


@asynccontextmanager
async def listener(statuses: list[int], seen: list[str]) -> AsyncIterator[str]:
    """A webhook that answers with the given statuses in turn and notes head and body."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        size = next(
            int(line.split(":")[1])
            for line in head.splitlines()
            if line.lower().startswith("content-length")
        )
        seen.append(head + (await reader.readexactly(size)).decode())
        status = HTTPStatus(statuses.pop(0))
        writer.write(
            f"HTTP/1.1 {status.value} {status.phrase}\r\n"
            "Content-Length: 0\r\nConnection: close\r\n\r\n".encode()
        )
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/telegram/webhook"


async def test_a_webhook_gets_the_secret_and_gets_refused_updates_again(
    telegram_test_api: TelegramTestApi,
) -> None:
    seen: list[str] = []
    async with listener([500, 200], seen) as url, aiogram_bot(telegram_test_api) as bot:
        assert await bot.set_webhook(url, secret_token="not-a-real-secret")
        assert (await bot.get_webhook_info()).url == url
        with pytest.raises(TelegramConflictError):
            await bot.get_updates()
        await telegram_test_api.user().say("你好")
        while await telegram_test_api.pending():
            await asyncio.sleep(0.02)
        assert await bot.delete_webhook()
    assert len(seen) == 2
    assert all("secret-token: not-a-real-secret" in request.lower() for request in seen)
    assert all("你好" in request for request in seen)


async def test_any_update_can_be_handed_to_the_bot(telegram_test_api: TelegramTestApi) -> None:
    user = telegram_test_api.user()
    message = {"message_id": 7, "date": 1, "edit_date": 2, "text": "改了", "chat": user.chat}
    await telegram_test_api.send_update({"edited_message": {**message, "from": user.profile}})
    async with ptb_bot(telegram_test_api) as bot:
        [update] = await bot.get_updates()
    assert update.edited_message and update.edited_message.text == "改了"
