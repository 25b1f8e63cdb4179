"""Hands one outgoing message to Telegram, and says what came of it."""

import logging
from collections.abc import Sequence
from typing import Final

from bot.attachments import Kept, content_of
from bot.sending import (
    Ambiguous,
    ChannelClosed,
    Delivered,
    Outcome,
    RetryLater,
    Undeliverable,
)
from bot.telegram.client import Client
from bot.telegram.compose import FilePart, Part, TextPart, compose
from bot.telegram.errors import (
    AnotherReader,
    Blocked,
    NotModified,
    Refused,
    TelegramFault,
    TokenRefused,
    TooFast,
    Unreachable,
)
from bot.telegram.translate import CHANNEL
from dialogs.ports import Outgoing
from storage.lru import Lru

logger = logging.getLogger(__name__)

_GONE: Final = ("message to delete not found", "message_id_invalid")
_NO_CHAT: Final = ("chat not found", "peer_id_invalid", "user_is_deactivated")
_BAD_LINK: Final = ("wrong http url", "url_invalid", "is invalid: ")
_REMEMBERED: Final = 10_000
"""Replies begun: one that was withdrawn, or that another process went on with, is never done."""


class TelegramSender:
    """Delivers replies and deletions. Remembers how much of a long reply has gone out, so that
    another try goes on where the last one stopped."""

    def __init__(self, client: Client, kept: Kept | None = None) -> None:
        self._client = client
        self._kept = kept
        self._gone_out: Lru[str, list[int]] = Lru(_REMEMBERED)

    @property
    def channel(self) -> str:
        """``"telegram"``."""
        return CHANNEL

    def is_private(self, external_id: str) -> bool:
        """See ``Sender``: groups and channels have negative numbers."""
        return _private_chat(external_id) is not None

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Deliver one message or say why not. Raises ChannelClosed for a refused token."""
        chat = _private_chat(outgoing.identity.external_id)
        if chat is None:
            return Undeliverable("not_private")
        try:
            outcome = await self._deliver(chat, outgoing)
        except TelegramFault as fault:
            outcome = _outcome(fault)
        if isinstance(outcome, Delivered | Undeliverable):
            self._gone_out.drop(outgoing.id)
        return outcome

    async def _deliver(self, chat: int, outgoing: Outgoing) -> Outcome:
        if outgoing.delete is not None:
            return await self._delete(chat, outgoing.delete)
        try:
            return await self._say(chat, outgoing.id, compose(outgoing))
        except Refused as refused:
            if not _is_about(refused, _BAD_LINK):
                raise
        # Telegram opens https pages with public names only; an address in the text always goes.
        logger.warning("Telegram refuses the address of a button; is BEIAN_PUBLIC_URL public?")
        return await self._say(chat, outgoing.id, compose(outgoing, links_as_text=True))

    async def _say(self, chat: int, outgoing_id: str, parts: Sequence[Part]) -> Outcome:
        if not parts:
            return Undeliverable("empty")
        sent = self._gone_out.get(outgoing_id)
        if sent is None:
            self._gone_out.put(outgoing_id, sent := [])
        for part in parts[len(sent) :]:
            sent.append(await self._say_part(chat, part))
        return Delivered(str(sent[-1]))

    async def _say_part(self, chat: int, part: Part) -> int:
        match part:
            case TextPart(text, keyboard):
                return await self._client.send_text(chat, text, keyboard)
            case FilePart(file):
                content = await content_of(file, kept=self._kept)
                if file.picture is not None:
                    return await self._client.send_picture(chat, file.name, content)
                return await self._client.send_file(chat, file.name, content)

    async def _delete(self, chat: int, message: str) -> Outcome:
        if not (message.isascii() and message.isdecimal()):
            return Undeliverable("nothing_to_delete")
        try:
            await self._client.delete(chat, int(message))
        except Refused as refused:
            return Delivered() if _is_about(refused, _GONE) else Undeliverable("not_deletable")
        return Delivered(message)


def _private_chat(external_id: str) -> int | None:
    """The chat's number if it is a person's: those of groups and channels are negative."""
    return int(external_id) if external_id.isascii() and external_id.isdecimal() else None


def _is_about(refused: Refused, marks: Sequence[str]) -> bool:
    return any(mark in refused.description.lower() for mark in marks)


def _outcome(fault: TelegramFault) -> Outcome:
    match fault:
        case TooFast(retry_after=pause):
            return RetryLater(pause)
        case Blocked():
            return Undeliverable("blocked")
        case NotModified():
            return Delivered()
        case Refused():
            if _is_about(fault, _NO_CHAT):
                return Undeliverable("chat_not_found")
            logger.error("a message is given up: %s", fault)
            return Undeliverable("refused")
        case Unreachable(maybe_done=maybe_done):
            return Ambiguous() if maybe_done else RetryLater()
        case TokenRefused() | AnotherReader():
            raise ChannelClosed(str(fault)) from None
    return Ambiguous()
