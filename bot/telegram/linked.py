"""Reminders to a Telegram chat that somebody of another channel opened by a link of theirs."""

from dataclasses import replace
from typing import Final

from bot.sending import Outcome, Undeliverable
from bot.telegram.sender import TelegramSender
from bot.telegram.texts import say
from bot.telegram.translate import CHANNEL
from dialogs.message import Identity, Reply
from dialogs.ports import Outgoing
from scheduler.ports import TELEGRAM_LINK, ContactStore, is_contact_id

_NOWHERE: Final = Undeliverable("gone")


class LinkedSender:
    """The outbox's way to connected chats. They only listen: what is done is said elsewhere."""

    def __init__(self, sender: TelegramSender, contacts: ContactStore) -> None:
        self._sender = sender
        self._contacts = contacts

    @property
    def channel(self) -> str:
        """See ``Sender``."""
        return TELEGRAM_LINK

    def is_private(self, external_id: str) -> bool:
        """See ``Sender``: it is the random id of an address that its owner proved."""
        return is_contact_id(external_id)

    async def send(self, outgoing: Outgoing) -> Outcome:
        """See ``Sender``."""
        contact = await self._contacts.get(outgoing.identity.external_id)
        if contact is None or contact.stopped or not contact.verified or outgoing.reply is None:
            return _NOWHERE
        heard = _to_be_read(outgoing.reply, contact.locale)
        return await self._sender.send(
            replace(outgoing, identity=Identity(CHANNEL, contact.address), reply=heard)
        )


def _to_be_read(reply: Reply, locale: str) -> Reply:
    """The reply without what would have to be pressed, and where to answer it."""
    links = tuple(button for button in reply.buttons if button.url)
    text = f"{reply.text}\n\n{say('answer_elsewhere', locale)}"
    return replace(reply, text=text, buttons=links)
