"""Fulfils wishes about where reminders go: codes by e-mail, stops, private calendars."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from bot.pacing import Buckets, Rate
from bot.reminding.mail import MailServer, hand_over, letter
from bot.sending import Delivered
from dialogs.message import Identity
from dialogs.reminding import Fulfilment, Wish
from dialogs.world import World
from scheduler.ports import ContactStore

_log = logging.getLogger(__name__)

CODE_LIFE: Final = timedelta(minutes=20)
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_CODES: Final = Rate(burst=3, per_second=1 / 300)
"""Codes somebody may have sent: nobody's mailbox is to be filled through us."""


@dataclass(slots=True)
class Addresses:
    """``AddressBook`` of the running program; without a mail server only calendars."""

    contacts: ContactStore
    world: World
    clock: Callable[[], datetime]
    calendar_url: Callable[[str], str] | None = None
    server: MailServer | None = None
    _rates: Buckets = field(init=False)

    def __post_init__(self) -> None:
        self._rates = Buckets(_CODES, lambda: self.clock().timestamp())

    async def fulfil(self, whose: Identity, wish: Wish, locale: str) -> Fulfilment:
        """See ``AddressBook``."""
        try:
            match wish.what:
                case "address":
                    return await self._send_code(whose, wish.value, locale)
                case "code":
                    return await self._prove(whose, wish.value)
                case "stop":
                    return await self._stop(whose)
                case "calendar":
                    return await self._open_calendar(whose)
        except Exception as error:  # a wish must not lose the turn it came with
            _log.error("a wish about reminders failed: %s", type(error).__name__)
        return Fulfilment("not_sent")

    async def _send_code(self, whose: Identity, address: str, locale: str) -> Fulfilment:
        if self.server is None:
            return Fulfilment("no_service")
        if not self._rates.take(whose) or not self._rates.take(address.lower()):
            return Fulfilment("not_sent")
        code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(2))
        now = self.clock()
        kept = await self.contacts.add(
            whose, "email", address, digest(code), now + CODE_LIFE, now, locale
        )
        if kept is None:
            return Fulfilment("not_sent")
        say = self.world.wording.say
        message = letter(
            self.server.sender,
            address,
            say("reminder.code_subject", locale),
            say("reminder.code_mail", locale, code=code) + "\n",
            secrets.token_urlsafe(9),
        )
        outcome = await hand_over(self.server, message)
        how = "code_sent" if isinstance(outcome, Delivered) else "not_sent"
        return Fulfilment("code_sent" if how == "code_sent" else "not_sent", address)

    async def _prove(self, whose: Identity, code: str) -> Fulfilment:
        proved = await self.contacts.prove(whose, digest(code), self.clock())
        if proved is None:
            return Fulfilment("code_wrong")
        return Fulfilment("proved", proved.address)

    async def _stop(self, whose: Identity) -> Fulfilment:
        known = [one for one in await self.contacts.of_person(whose) if one.channel == "email"]
        for one in known:
            await self.contacts.stop(one.id, self.clock())
        return Fulfilment("stopped" if known else "nothing")

    async def _open_calendar(self, whose: Identity) -> Fulfilment:
        if self.calendar_url is None:
            return Fulfilment("no_service")
        token = secrets.token_urlsafe(24)
        await self.contacts.open_feed(whose, digest(token), self.clock())
        return Fulfilment("calendar", self.calendar_url(token))


def digest(secret: str) -> str:
    """What is kept of a code or a token: SHA-256, hex."""
    return sha256(secret.encode()).hexdigest()
