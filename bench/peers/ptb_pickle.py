"""python-telegram-bot's ConversationHandler with PicklePersistence, flushed every 60 seconds.

Between two flushes nothing survives a killed process.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)
from telegram.request import BaseRequest, RequestData

from bench.contestant import Bot
from bench.form import NOT_READ, QUESTIONS, ask, summary
from bench.platform import TOKEN, Platform

App = Application[Any, Any, Any, Any, Any, Any]


class LocalRequest(BaseRequest):
    """Encodes every call's parameters as the library does; the platform answers."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    @property
    def read_timeout(self) -> float | None:
        """See ``BaseRequest``."""
        return None

    async def initialize(self) -> None:
        """See ``BaseRequest``."""

    async def shutdown(self) -> None:
        """See ``BaseRequest``."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """See ``BaseRequest``."""
        parameters = request_data.json_parameters if request_data else {}
        return 200, self._platform.answer(url.rpartition("/")[2], parameters)


@dataclass(frozen=True, slots=True)
class _Pickled:
    application: App

    async def feed(self, raw: bytes) -> None:
        update = Update.de_json(json.loads(raw), self.application.bot)
        await self.application.process_update(update)

    async def kept(self) -> int:
        return sum(len(data) for data in self.application.user_data.values())


@asynccontextmanager
async def ptb_pickle(platform: Platform, folder: Path) -> AsyncIterator[Bot]:
    """See ``Contestant``."""
    application = (
        Application.builder()
        .token(TOKEN)
        .request(LocalRequest(platform))
        .get_updates_request(LocalRequest(platform))
        .persistence(PicklePersistence(folder / "conversations.pickle"))
        .updater(None)
        .build()
    )
    application.add_handler(_conversation())
    await application.initialize()
    await application.start()
    yield _Pickled(application)
    await application.stop()
    await application.shutdown()


def _conversation() -> ConversationHandler[ContextTypes.DEFAULT_TYPE]:
    return ConversationHandler(
        entry_points=[CommandHandler("start", _start)],
        states={
            number: [MessageHandler(filters.TEXT & ~filters.COMMAND, _answer(number))]
            for number in range(len(QUESTIONS))
        },
        fallbacks=[],
        name="form",
        persistent=True,
    )


async def _start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    assert update.message is not None
    await update.message.reply_text(ask(0), reply_markup=_keys(0))
    return 0


def _answer(number: int) -> Any:
    question = QUESTIONS[number]
    last = number + 1 == len(QUESTIONS)

    async def handler(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        message, values = update.message, cast(dict[str, str], context.user_data)
        assert message is not None
        value = question.read(message.text or "")
        if value is None:
            await message.reply_text(NOT_READ)
            return number
        values[question.key] = value
        if last:
            await message.reply_text(summary(values))
            return ConversationHandler.END
        await message.reply_text(ask(number + 1), reply_markup=_keys(number + 1))
        return number + 1

    return handler


def _keys(number: int) -> InlineKeyboardMarkup | None:
    question = QUESTIONS[number]
    if not question.choices:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(choice, callback_data=f"{question.key}:{place}")]
            for place, choice in enumerate(question.choices)
        ]
    )
