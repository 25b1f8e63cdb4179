"""Alerts in a Telegram group of the staff, through python-telegram-bot and its rate limiter."""

import logging
from types import TracebackType
from typing import Final, Self

from telegram import LinkPreviewOptions
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError
from telegram.ext import AIORateLimiter, ExtBot

from bot.telegram.ptb_client import DiscreetRequest
from desk.alerts.ports import Told

_log = logging.getLogger(__name__)

GROUP_RATE: Final = 20
"""Messages a minute that Telegram takes in one group."""

_TIMEOUT: Final = 20.0


class TelegramGroup:
    """``Pinger`` into one group; open while the context lasts."""

    channel = "telegram"

    def __init__(self, token: str, chat: int, api_base: str) -> None:
        self._chat = chat
        self._bot: ExtBot[int] = ExtBot(
            token,
            base_url=f"{api_base}/bot",
            request=DiscreetRequest(
                connection_pool_size=2,
                connect_timeout=_TIMEOUT,
                read_timeout=_TIMEOUT,
                write_timeout=_TIMEOUT,
            ),
            rate_limiter=AIORateLimiter(group_max_rate=GROUP_RATE, group_time_period=60),
        )

    async def __aenter__(self) -> Self:
        # The library's own start asks who the bot is: a wrong token would stop the program.
        rate_limiter = self._bot.rate_limiter
        assert rate_limiter is not None
        await rate_limiter.initialize()
        await self._bot.request.initialize()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._bot.request.shutdown()
        if self._bot.rate_limiter is not None:
            await self._bot.rate_limiter.shutdown()

    async def ping(self, recipient: str, subject: str, text: str, key: str) -> Told:
        """See ``Pinger``. A message whose answer was lost is sent again."""
        try:
            await self._bot.send_message(
                self._chat, text, link_preview_options=LinkPreviewOptions(is_disabled=True)
            )
        except (Forbidden, InvalidToken, BadRequest) as error:
            _log.error("the staff group cannot be written to: %s", type(error).__name__)
            return Told.NEVER
        except TelegramError as error:
            _log.warning("the staff group was not reached: %s", type(error).__name__)
            return Told.LATER
        return Told.SENT
