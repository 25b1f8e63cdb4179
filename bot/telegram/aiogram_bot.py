"""The dialogue as an aiogram router, for a bot an operator already has."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from aiogram import Bot, Dispatcher, F, Router
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.types import Update
from pydantic import ValidationError

from bot.clock import real_clock
from bot.materials.receiving import Door
from bot.sending import UNHURRIED, Pace
from bot.telegram.aiogram_client import AiogramClient
from bot.telegram.attached import Attached, NotTaken
from bot.telegram.client import LONG_POLL
from bot.telegram.polling import Poller
from bot.telegram.redaction import keep_out_of_logs
from bot.telegram.service import Listened
from dialogs.ports import Outbox

logger = logging.getLogger(__name__)

OUR_KEYS = r"^[A-Za-z0-9_-]{12}\.\d{1,3}$"
"""How the data behind the dialogue's keys looks; other keys are left to other handlers."""


def router(
    assistant: Listened,
    outbox: Outbox,
    *,
    clock: Callable[[], datetime] = real_clock,
    pace: Pace = UNHURRIED,
    door: Door | None = None,
) -> Router:
    """A router for ``Dispatcher.include_router``; put it last, it takes every private message.

    It reads private chats and its own keys only; groups are none of its business. Delivery
    starts and stops with the dispatcher. Run it by :func:`poll`.
    """
    attached = Attached(assistant, outbox, clock, pace=pace, door=door)
    made = Router(name="beian")

    async def take(_event: Any, event_update: Update, bot: Bot) -> None:
        await attached.take(AiogramClient(bot), as_json(event_update))

    async def note(_event: Any, event_update: Update, bot: Bot) -> Any:
        await attached.take(AiogramClient(bot), as_json(event_update))
        return UNHANDLED  # others may want to know, too

    async def begin(bot: Bot) -> None:
        keep_out_of_logs(bot.token)
        attached.begin(AiogramClient(bot))

    in_private = F.chat.type == "private"
    made.message.register(take, in_private)
    made.edited_message.register(take, in_private)
    made.callback_query.register(take, F.message.chat.type == "private", F.data.regexp(OUR_KEYS))
    made.my_chat_member.register(note, in_private)
    made.startup.register(begin)
    made.shutdown.register(attached.end)
    return made


async def poll(
    dispatcher: Dispatcher, bot: Bot, stop: asyncio.Event, *, long_poll: int = LONG_POLL
) -> None:
    """Like ``Dispatcher.start_polling``, but an update is confirmed when its turn is committed.

    Every handler of the dispatcher is served; what another handler raises is logged and passed
    over, as aiogram does. Ends when ``stop`` is set, with everything in hand done and the bot's
    session closed.
    """

    async def feed(raw: Any) -> None:
        try:
            update = Update.model_validate(raw, context={"bot": bot})
        except ValidationError:
            logger.warning("an update cannot be read and is passed over")
            return
        try:
            await dispatcher.feed_update(bot, update)
        except NotTaken:
            raise
        except Exception as error:
            logger.error("a handler failed: %s", type(error).__name__)

    client = AiogramClient(bot)
    await client.delete_webhook()
    await dispatcher.emit_startup(bot=bot)
    try:
        await Poller(client, feed, long_poll=long_poll).run(stop)
    finally:
        await dispatcher.emit_shutdown(bot=bot)
        await client.close()


def as_json(update: Update) -> dict[str, Any]:
    """The update as Telegram sent it: what was not there is left out."""
    return update.model_dump(mode="json", by_alias=True, exclude_unset=True)
