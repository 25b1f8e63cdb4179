"""The channel's calls made by python-telegram-bot."""

import json
import warnings
from collections.abc import Awaitable, Sequence
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

import httpx
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest
from telegram.warnings import PTBDeprecationWarning

from bot.telegram.client import MAX_DOWNLOAD, TIMEOUT, WANTED, Command, Keyboard, Me
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


class DiscreetRequest(HTTPXRequest):
    """The library's HTTP, without writing answers it cannot parse into the log."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The parsed answer; raises TelegramError for anything but a JSON object."""
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError("Invalid server response")
        return answer


def open_ptb(token: str, api_base: str) -> "PtbClient":
    """A client with connections of its own. Raises ``TokenRefused`` for an empty token."""
    requests = [
        DiscreetRequest(
            read_timeout=TIMEOUT,
            write_timeout=TIMEOUT,
            connect_timeout=TIMEOUT,
            media_write_timeout=TIMEOUT,
        )
        for _ in range(2)
    ]
    try:
        bot = Bot(
            token,
            base_url=f"{api_base.rstrip('/')}/bot",
            base_file_url=f"{api_base.rstrip('/')}/file/bot",
            request=requests[0],
            get_updates_request=requests[1],
        )
    except InvalidToken:
        raise TokenRefused from None
    return PtbClient(bot, requests)


class PtbClient:
    """``Client`` on a python-telegram-bot ``Bot``, our own or one of an operator's application."""

    def __init__(self, bot: Bot, own: Sequence[HTTPXRequest] = ()) -> None:
        self._bot = bot
        self._own = own

    async def me(self) -> Me:
        """See ``Client``."""
        user = await _faults(self._bot.get_me())
        return Me(user.id, user.username or "")

    async def updates(self, offset: int | None, wait: int) -> Sequence[Any]:
        """See ``Client``."""
        # Not get_updates: it fails as a whole on one odd update.
        ask = {"timeout": wait, "allowed_updates": json.dumps(WANTED)}
        if offset is not None:
            ask["offset"] = offset
        url = f"{self._bot.base_url}/getUpdates?{urlencode(ask)}"
        found: Any = await _faults(self._bot.request.post(url, read_timeout=TIMEOUT + wait))
        return found if isinstance(found, list) else []

    async def send_text(self, chat: int, text: str, keyboard: Keyboard | None) -> int:
        """See ``Client``."""
        sent = await _faults(
            self._bot.send_message(
                chat,
                text,
                parse_mode=None,
                reply_markup=_markup(keyboard),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        )
        return sent.message_id

    async def send_file(self, chat: int, name: str, content: bytes) -> int:
        """See ``Client``."""
        sent = await _faults(self._bot.send_document(chat, content, filename=name))
        return sent.message_id

    async def send_picture(self, chat: int, name: str, content: bytes) -> int:
        """See ``Client``."""
        sent = await _faults(self._bot.send_photo(chat, content, filename=name))
        return sent.message_id

    async def set_keyboard(self, chat: int, message: int, keyboard: Keyboard | None) -> None:
        """See ``Client``."""
        await _faults(
            self._bot.edit_message_reply_markup(
                chat_id=chat, message_id=message, reply_markup=_markup(keyboard)
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
                [BotCommand(one.name, one.description) for one in commands],
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
        return bytes(await _faults(file.download_as_bytearray()))

    async def close(self) -> None:
        """See ``Client``. An operator's own bot is left open."""
        for request in self._own:
            await request.shutdown()


def _markup(keyboard: Keyboard | None) -> InlineKeyboardMarkup | None:
    if keyboard is None:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(key.label, callback_data=key.data, url=key.url) for key in row]
            for row in keyboard.rows
        ]
    )


async def _faults(call: Awaitable[T]) -> T:
    """The call's result; the library's errors as ours, without causes: those may quote a URL."""
    fault: TelegramFault
    try:
        return await call
    except TelegramError as error:
        fault = _fault(error)
    raise fault


def _fault(error: TelegramError) -> TelegramFault:
    match error:
        case RetryAfter():
            return TooFast(_pause(error))
        case Forbidden():
            return Blocked()
        case Conflict():
            return AnotherReader()
        case InvalidToken():
            return TokenRefused()
        case ChatMigrated():
            return Refused("group chat was upgraded to a supergroup chat")
        case BadRequest():  # a NetworkError too, so it comes first
            return refusal(error.message)
        case NetworkError():
            cause = error.__cause__
            never_sent = isinstance(
                cause, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout
            )
            return Unreachable(type(cause or error).__name__, maybe_done=not never_sent)
    return Unreachable(type(error).__name__, maybe_done=True)


def _pause(error: RetryAfter) -> float:
    """Seconds to wait; the library is changing the attribute's type and warns of it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PTBDeprecationWarning)
        pause = error.retry_after
    return pause.total_seconds() if isinstance(pause, timedelta) else pause
