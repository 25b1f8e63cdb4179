"""aiogram with the network taken out behind its session."""

import json
from collections.abc import AsyncGenerator
from typing import Any, TypeVar, cast

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.methods import TelegramMethod
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bench.form import Question
from bench.platform import TOKEN, Platform

T = TypeVar("T")


class LocalSession(BaseSession):
    """Prepares every call as aiogram's own session does and parses the platform's answer."""

    def __init__(self, platform: Platform) -> None:
        super().__init__()
        self._platform = platform

    async def make_request(
        self, bot: Bot, method: TelegramMethod[T], timeout: int | None = None
    ) -> T:
        """See ``BaseSession``."""
        form: dict[str, Any] = {}
        for key, value in method.model_dump(warnings=False).items():
            prepared = self.prepare_value(value, bot=bot, files={})
            if prepared:
                form[key] = prepared
        body = self._platform.answer(method.__api_method__, form)
        response = self.check_response(bot, method, 200, body.decode())
        return cast(T, response.result)

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,
        chunk_size: int = 65536,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:
        """See ``BaseSession``."""
        yield b""

    async def close(self) -> None:
        """See ``BaseSession``."""


def local_bot(platform: Platform) -> Bot:
    """A bot whose calls the platform answers."""
    return Bot(TOKEN, session=LocalSession(platform))


def keys(question: Question) -> InlineKeyboardMarkup | None:
    """The choices as inline keys."""
    if not question.choices:
        return None
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=choice, callback_data=f"{question.key}:{place}")]
            for place, choice in enumerate(question.choices)
        ]
    )


def parsed(raw: bytes) -> dict[str, Any]:
    """An update's JSON, parsed."""
    return cast(dict[str, Any], json.loads(raw))
