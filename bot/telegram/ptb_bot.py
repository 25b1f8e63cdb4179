"""The dialogue as python-telegram-bot handlers, for an application an operator already has."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias

from telegram import Bot, Update
from telegram.ext import Application, BaseHandler

from bot.clock import real_clock
from bot.materials.receiving import Door
from bot.sending import UNHURRIED, Pace
from bot.telegram.attached import Attached, NotTaken
from bot.telegram.client import LONG_POLL
from bot.telegram.compose import read_key_data
from bot.telegram.polling import Poller
from bot.telegram.ptb_client import PtbClient
from bot.telegram.redaction import keep_out_of_logs
from bot.telegram.service import Listened
from dialogs.ports import Outbox

logger = logging.getLogger(__name__)

AnyApplication: TypeAlias = Application[Any, Any, Any, Any, Any, Any]


class DialogueHandler(BaseHandler[Update, Any, None]):
    """Takes every message of private chats, and the presses of its own keys.

    ``not_taken`` holds ids of updates that met a store that was away: they must come again.
    """

    def __init__(self, attached: Attached) -> None:
        super().__init__(self._take)
        self.attached = attached
        self.not_taken: deque[int] = deque(maxlen=1000)

    def check_update(self, update: object) -> bool:
        """Whether this update is the dialogue's."""
        if not isinstance(update, Update):
            return False
        query = update.callback_query
        if query is not None:
            message, data = query.message, query.data
            if message is None or not isinstance(data, str):
                return False
            return message.chat.type == "private" and read_key_data(data) is not None
        message = update.message or update.edited_message
        return message is not None and message.chat.type == "private"

    async def _take(self, update: Update, _context: Any) -> None:
        try:
            await self.attached.take(PtbClient(update.get_bot()), update.to_dict())
        except NotTaken:
            self.not_taken.append(update.update_id)
            raise


def handlers(
    assistant: Listened,
    outbox: Outbox,
    *,
    clock: Callable[[], datetime] = real_clock,
    pace: Pace = UNHURRIED,
    door: Door | None = None,
) -> list[BaseHandler[Update, Any, None]]:
    """Handlers for ``Application.add_handlers``; put them last, they take every private message.

    They read private chats and their own keys only. Run the application by :func:`poll`,
    which starts and stops delivery; with the library's own polling it starts with the first
    update.
    """
    return [DialogueHandler(Attached(assistant, outbox, clock, pace=pace, door=door))]


async def poll(
    application: AnyApplication, stop: asyncio.Event, *, long_poll: int = LONG_POLL
) -> None:
    """Like ``Application.run_polling``, but an update is confirmed when its turn is committed.

    Every handler of the application is served, jobs run, and errors of other handlers go to
    the application's error handlers. Ends when ``stop`` is set, with everything in hand done.
    """
    bot: Bot = application.bot
    keep_out_of_logs(bot.token)
    client = PtbClient(bot)
    ours = [
        handler
        for group in application.handlers.values()
        for handler in group
        if isinstance(handler, DialogueHandler)
    ]

    async def feed(raw: Any) -> None:
        try:
            update = Update.de_json(raw, bot)
        except Exception as error:  # the library checks nothing: anything may come of it
            logger.warning("an update cannot be read and is passed over: %s", type(error).__name__)
            return
        await application.process_update(update)
        for handler in ours:
            if update.update_id in handler.not_taken:
                handler.not_taken.remove(update.update_id)
                raise NotTaken("the store is away; the update was not taken")

    async with application:
        await client.delete_webhook()
        await application.start()
        for handler in ours:
            handler.attached.begin(client)
        try:
            await Poller(client, feed, long_poll=long_poll).run(stop)
        finally:
            await application.stop()
            for handler in ours:
                await handler.attached.end()
