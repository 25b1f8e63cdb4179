"""Handing a visitor's message to the assistant."""

from bot.metrics import Metrics
from bot.web.ports import Talks
from bot.web.problems import Problem
from desk.mishaps import log_mishap
from dialogs.assistant import Handled
from dialogs.message import Inbound


async def talk(assistant: Talks, metrics: Metrics, inbound: Inbound) -> Handled:
    """Take the turn; when this returns it is committed.

    Raises Problem 503 if it could not be stored: the page sends the message again, and the
    same id keeps it from counting twice.
    """
    try:
        with metrics.turn(inbound.identity.channel):
            return await assistant.handle(inbound)
    except Exception as error:
        metrics.refused(inbound.identity.channel, "unavailable")
        log_mishap(error, "/api/v1/chat/messages")
        raise Problem(503, "unavailable", retry_after=3) from None
