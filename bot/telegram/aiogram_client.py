"""The channel's calls made by aiogram."""

from collections.abc import Awaitable, Sequence
from io import BytesIO
from typing import Any, TypeVar

import aiohttp
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    AiogramError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import Response, TelegramMethod
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BufferedInputFile,
    InlineKeyboardMarkup,
    Message,
)
from aiogram.utils.token import TokenValidationError

from bot.telegram.client import MAX_DOWNLOAD, TIMEOUT, WANTED, Command, Key, Keyboard, Me
from bot.telegram.errors import (
    AnotherReader,
    Blocked,
    Refused,
    TelegramFault,
    TokenRefused,
    TooFast,
    Unreachable,
    refusal,
)

T = TypeVar("T")

# aiogram asks pydantic for these with every answer it reads; pydantic forgets what nobody holds,
# and takes milliseconds to make it anew.
_HELD = (
    Response[dict[str, Any]],
    Response[list[Any]],
    Response[Message],
    Response[bool],
    Response[Message | bool],
)


class GetRawUpdates(TelegramMethod[list[Any]]):
    """getUpdates without validation: aiogram's own fails as a whole on one odd update."""

    __returning__ = list[Any]
    __api_method__ = "getUpdates"

    offset: int | None = None
    timeout: int | None = None
    allowed_updates: list[str] | None = None


class SendText(TelegramMethod[dict[str, Any]]):
    """sendMessage with nothing but what we use: aiogram's own takes three times as long."""

    __returning__ = dict[str, Any]
    __api_method__ = "sendMessage"

    chat_id: int
    text: str
    reply_markup: dict[str, Any] | None = None
    link_preview_options: dict[str, bool]


def open_aiogram(token: str, api_base: str) -> "AiogramClient":
    """A client with a session of its own. Raises ``TokenRefused`` for what is no token at all."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(api_base), timeout=TIMEOUT)
    try:
        return AiogramClient(Bot(token, session=session))
    except TokenValidationError:
        raise TokenRefused from None


class AiogramClient:
    """``Client`` on an aiogram ``Bot``, our own or one of an operator's application."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def me(self) -> Me:
        """See ``Client``."""
        user = await _faults(self._bot.get_me())
        return Me(user.id, user.username or "")

    async def updates(self, offset: int | None, wait: int) -> Sequence[Any]:
        """See ``Client``."""
        ask = GetRawUpdates(offset=offset, timeout=wait, allowed_updates=list(WANTED))
        return await _faults(self._bot(ask, request_timeout=int(TIMEOUT) + wait))

    async def send_text(self, chat: int, text: str, keyboard: Keyboard | None) -> int:
        """See ``Client``."""
        message = SendText(
            chat_id=chat,
            text=text,
            reply_markup=None if keyboard is None else _markup(keyboard),
            link_preview_options={"is_disabled": True},
        )
        return int((await _faults(self._bot(message)))["message_id"])

    async def send_file(self, chat: int, name: str, content: bytes) -> int:
        """See ``Client``."""
        file = BufferedInputFile(content, filename=name)
        sent = await _faults(self._bot.send_document(chat, file))
        return sent.message_id

    async def send_picture(self, chat: int, name: str, content: bytes) -> int:
        """See ``Client``."""
        file = BufferedInputFile(content, filename=name)
        sent = await _faults(self._bot.send_photo(chat, file))
        return sent.message_id

    async def set_keyboard(self, chat: int, message: int, keyboard: Keyboard | None) -> None:
        """See ``Client``."""
        markup = (
            None if keyboard is None else InlineKeyboardMarkup.model_validate(_markup(keyboard))
        )
        await _faults(
            self._bot.edit_message_reply_markup(
                chat_id=chat,
                message_id=message,
                reply_markup=markup,
            )
        )

    async def delete(self, chat: int, message: int) -> None:
        """See ``Client``."""
        await _faults(self._bot.delete_message(chat, message))

    async def answer_press(self, query: str, text: str | None) -> None:
        """See ``Client``."""
        await _faults(self._bot.answer_callback_query(query, text=text))

    async def set_commands(self, commands: Sequence[Command], language: str | None) -> None:
        """See ``Client``."""
        await _faults(
            self._bot.set_my_commands(
                [BotCommand(command=one.name, description=one.description) for one in commands],
                scope=BotCommandScopeAllPrivateChats(),
                language_code=language,
            )
        )

    async def set_webhook(self, url: str, secret: str) -> None:
        """See ``Client``."""
        await _faults(self._bot.set_webhook(url, secret_token=secret, allowed_updates=list(WANTED)))

    async def delete_webhook(self) -> None:
        """See ``Client``."""
        await _faults(self._bot.delete_webhook(drop_pending_updates=False))

    async def download(self, file_id: str) -> bytes:
        """See ``Client``."""
        file = await _faults(self._bot.get_file(file_id))
        if file.file_path is None or (file.file_size or 0) > MAX_DOWNLOAD:
            raise Refused("Bad Request: file is too big")
        content = BytesIO()
        await _faults(self._bot.download_file(file.file_path, content, timeout=int(TIMEOUT)))
        return content.getvalue()

    async def close(self) -> None:
        """See ``Client``."""
        await self._bot.session.close()


def _markup(keyboard: Keyboard) -> dict[str, Any]:
    """The keyboard as the Bot API has it."""
    return {"inline_keyboard": [[_key(key) for key in row] for row in keyboard.rows]}


def _key(key: Key) -> dict[str, str]:
    given = {"text": key.label, "callback_data": key.data, "url": key.url}
    return {name: value for name, value in given.items() if value is not None}


async def _faults(call: Awaitable[T]) -> T:
    """The call's result; aiogram's errors as ours, without causes: those may quote a message."""
    fault: TelegramFault
    try:
        return await call
    except (AiogramError, aiohttp.ClientError, TimeoutError) as error:
        fault = _fault(error)
    raise fault


def _fault(error: Exception) -> TelegramFault:
    match error:
        case TelegramRetryAfter():
            return TooFast(error.retry_after)
        case TelegramForbiddenError():
            return Blocked()
        case TelegramConflictError():
            return AnotherReader()
        case TelegramUnauthorizedError() | TelegramNotFound():
            return TokenRefused()
        case TelegramMigrateToChat():
            return Refused("Bad Request: group chat was upgraded to a supergroup chat")
        case TelegramBadRequest():
            return refusal(error.message)
        case TelegramNetworkError():
            never_sent = isinstance(error.__cause__, aiohttp.ClientConnectorError)
            cause = type(error.__cause__ or error).__name__
            return Unreachable(cause, maybe_done=not never_sent)
        case TelegramEntityTooLarge():
            return Refused("Request Entity Too Large")
        case TelegramAPIError() if not isinstance(error, TelegramServerError):
            return refusal(error.message)
        case aiohttp.ClientConnectorError():
            return Unreachable(type(error).__name__, maybe_done=False)
    return Unreachable(type(error).__name__, maybe_done=True)
