"""Fulfils wishes about where reminders go: codes, stops, private calendars and links."""

import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from bot.reminding.mail import MailServer, hand_over, letter
from bot.sending import Delivered, Outcome
from desk.attempts import Attempts, Quota
from dialogs.linking import mark_of
from dialogs.message import Identity
from dialogs.reminding import LINK_CODE, Fulfilment, Wish
from dialogs.world import World
from scheduler.ports import TELEGRAM_LINK, ContactStore

_log = logging.getLogger(__name__)

CODE_LIFE: Final = timedelta(minutes=20)
LINK_LIFE: Final = timedelta(minutes=10)
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_CODES: Final = (3, timedelta(minutes=15))
"""Codes somebody may have sent, by whatever process: nobody's mailbox is to be filled by us."""


@dataclass(slots=True)
class Addresses:
    """``AddressBook`` of the running program; without servers only calendars."""

    contacts: ContactStore
    world: World
    clock: Callable[[], datetime]
    calendar_url: Callable[[str], str] | None = None
    server: MailServer | None = None
    text: Callable[[str, str, str], Awaitable[Outcome]] | None = None  # id, number, words
    bot_name: Callable[[], str] | None = None  # of the Telegram bot; empty while it is not known
    attempts: Attempts | None = None  # counts the codes sent; without it there is no limit

    async def fulfil(self, whose: Identity, wish: Wish, locale: str) -> Fulfilment:
        """See ``AddressBook``."""
        try:
            match wish.what:
                case "address":
                    return await self._send_code(whose, wish.value, locale)
                case "code":
                    return await self._prove(whose, wish.value)
                case "stop":
                    return await self._stop(whose, wish.value)
                case "link":
                    return await self._open_link(whose, locale)
                case "calendar":
                    return await self._open_calendar(whose)
        except Exception as error:  # a wish must not lose the turn it came with
            _log.error("a wish about reminders failed: %s", type(error).__name__)
        return Fulfilment("not_sent")

    async def link(self, code: str, chat: str) -> Identity | None:
        """See ``AddressBook``."""
        return await self.contacts.link(digest(code), chat, self.clock())

    async def _send_code(self, whose: Identity, address: str, locale: str) -> Fulfilment:
        channel = "email" if "@" in address else "sms"
        if (self.server if channel == "email" else self.text) is None:
            return Fulfilment("no_service")
        now = self.clock()
        if not await self._may_send(whose, address, now):
            return Fulfilment("not_sent")
        code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(2))
        kept = await self.contacts.add(
            whose, channel, address, digest(code), now + CODE_LIFE, now, locale
        )
        if kept is None:
            return Fulfilment("not_sent")
        outcome = await self._hand_over(channel, address, code, locale)
        return Fulfilment("code_sent" if isinstance(outcome, Delivered) else "not_sent", address)

    async def _may_send(self, whose: Identity, address: str, now: datetime) -> bool:
        if self.attempts is None:
            return True
        keys = (f"codes-by/{mark_of(whose)}", f"codes-to/{digest(address.lower())}")
        quotas = tuple(Quota(key, *_CODES) for key in keys)
        return await self.attempts.begin(quotas, now) is None

    async def _hand_over(self, channel: str, address: str, code: str, locale: str) -> Outcome:
        say, key = self.world.wording.say, secrets.token_urlsafe(9)
        if channel == "sms":
            assert self.text is not None
            return await self.text(key, address, say("reminder.code_sms", locale, code=code))
        assert self.server is not None
        subject = say("reminder.code_subject", locale)
        text = say("reminder.code_mail", locale, code=code) + "\n"
        return await hand_over(self.server, letter(self.server.sender, address, subject, text, key))

    async def _open_link(self, whose: Identity, locale: str) -> Fulfilment:
        name = self.bot_name() if self.bot_name is not None else ""
        if not name:
            return Fulfilment("no_service")
        code, now = LINK_CODE + secrets.token_urlsafe(24), self.clock()
        kept = await self.contacts.add(
            whose, TELEGRAM_LINK, "", digest(code), now + LINK_LIFE, now, locale
        )
        if kept is None:
            return Fulfilment("not_sent")
        return Fulfilment("link", f"https://t.me/{name}?start={code}")

    async def _prove(self, whose: Identity, code: str) -> Fulfilment:
        proved = await self.contacts.prove(whose, digest(code), self.clock())
        if proved is None:
            return Fulfilment("code_wrong")
        return Fulfilment("proved", proved.address)

    async def _stop(self, whose: Identity, channel: str) -> Fulfilment:
        known = [one for one in await self.contacts.of_person(whose) if one.channel == channel]
        for one in known:
            await self.contacts.stop(one.id, self.clock())
        return Fulfilment("stopped" if known else "nothing", channel)

    async def _open_calendar(self, whose: Identity) -> Fulfilment:
        if self.calendar_url is None:
            return Fulfilment("no_service")
        token = secrets.token_urlsafe(24)
        await self.contacts.open_feed(whose, digest(token), self.clock())
        return Fulfilment("calendar", self.calendar_url(token))


def digest(secret: str) -> str:
    """What is kept of a code or a token: SHA-256, hex."""
    return sha256(secret.encode()).hexdigest()
